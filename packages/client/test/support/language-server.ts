import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The language server of TypeScript, as editors use it. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #input = Buffer.alloc(0);
  #id = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Starts it for a folder. */
  static async start(folder: string): Promise<LanguageServer> {
    const require = createRequire(join(folder, 'package.json'));
    const bin = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const server = new LanguageServer(
      spawn(process.execPath, [bin, '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    const capabilities = { textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] } } };
    await server.#request('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities,
    });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  /** Opens a document, which need not exist as a file. */
  open(file: string, text: string): void {
    const textDocument = { uri: pathToFileURL(file).href, languageId: 'typescript', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
  }

  /** What is shown at a place of a document, lines and columns from 0. */
  async hover(file: string, line: number, character: number): Promise<string> {
    const params = { textDocument: { uri: pathToFileURL(file).href }, position: { line, character } };
    const found = (await this.#request('textDocument/hover', params)) as {
      contents?: string | { value?: string };
    } | null;
    const contents = found?.contents ?? '';
    return typeof contents === 'string' ? contents : (contents.value ?? '');
  }

  /** The errors in a document, each with the text that it marks. */
  async errors(file: string, text: string): Promise<{ readonly marked: string; readonly message: string }[]> {
    const params = { textDocument: { uri: pathToFileURL(file).href } };
    const { items } = (await this.#request('textDocument/diagnostic', params)) as {
      readonly items: readonly { readonly message: string; readonly range: Range }[];
    };
    const lines = text.split('\n');
    return items.map(({ message, range: { start, end } }) => ({
      marked: lines[start.line]?.slice(start.character, end.character) ?? '',
      message,
    }));
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#process.once('close', () => resolve()));
    this.#process.kill();
    await closed;
  }

  #request(method: string, params: object): Promise<unknown> {
    this.#id += 1;
    const id = this.#id;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    for (;;) {
      const end = this.#input.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#input.toString('latin1', 0, Math.max(0, end)))?.[1],
      );
      if (end < 0 || this.#input.length < end + 4 + length) return;
      const message = JSON.parse(this.#input.toString('utf8', end + 4, end + 4 + length)) as Message;
      this.#input = this.#input.subarray(end + 4 + length);
      this.#handle(message);
    }
  }

  #handle({ id, method, result, error }: Message): void {
    if (id === undefined) return;
    if (method !== undefined) {
      // What it asks its editor, such as for settings.
      this.#send({ id, result: method === 'workspace/configuration' ? [null] : null });
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
