// An S3-compatible service, s3rver, as a process of its own, and a proxy in front of it that fails as services and networks do. The proxy also
// checks signatures and contents, which s3rver does not. Nor does s3rver regard `If-None-Match`, list in pages, or list uploads.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSignedWith } from './s3-signature.js';

export const BUCKET = 'ips-files';

/** The keys that s3rver knows. */
export const S3_KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

const SERVE = `
const S3rver = require('s3rver');
new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: process.argv[1],
  configureBuckets: [{ name: process.argv[2] }] })
  .run().then(({ port }) => console.log(port));
process.stdin.on('end', () => process.exit(0)).resume();
`;

/** A running service. */
export interface S3Service {
  /** Its endpoint. */
  readonly url: string;
  /** The files and folders below its bucket, which it keeps in a directory. */
  paths(): string[];
  stop(): Promise<void>;
}

/** Starts a service with a bucket. It ends with this process, even if that is killed. */
export async function startS3(): Promise<S3Service> {
  const directory = mkdtempSync(join(tmpdir(), 'ips-s3rver-'));
  const child = spawn(process.execPath, ['--no-warnings', '-e', SERVE, directory, BUCKET], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [port] = await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    ended.then(() => Promise.reject(new Error('s3rver ended'))),
  ]);
  return {
    url: `http://127.0.0.1:${Number(port)}`,
    paths: () =>
      readdirSync(join(directory, BUCKET), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + BUCKET.length + 2)),
    stop: async () => {
      child.stdin.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What a proxy does with a request, instead of passing it on. */
export type Fault =
  /** Responds with an error of the service. */
  | { readonly status: number; readonly code?: string }
  /** Responds with a text. */
  | { readonly text: string }
  /** Closes the connection after some bytes of the request. */
  | { readonly cutRequestAt: number }
  /** Passes the request on, and closes the connection after some bytes of the response's body; −1: before any of it. */
  | { readonly cutResponseAt: number }
  /** Does not respond. */
  | 'hang'
  /** Changes the first byte of the body. */
  | 'damage';

/** A request at the proxy. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly range: string | undefined;
}

/** Decides what fails. */
export type Judge = (seen: SeenRequest) => Fault | undefined;

/** A proxy in front of a service. */
export class FaultProxy {
  readonly #server: Server;
  readonly #target: URL;
  /** Requests so far. */
  readonly seen: SeenRequest[] = [];
  /** Bodies that were not what their signature says. */
  readonly falsified: string[] = [];
  judge: Judge = () => undefined;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, response) => this.#handle(incoming, response));
  }

  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets all pass again, and forgets what was seen. */
  reset(): void {
    this.judge = () => undefined;
    this.seen.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const url = new URL(incoming.url ?? '', 'http://proxy');
    const seen = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      range: incoming.headers.range,
    };
    this.seen.push(seen);
    const isSigned = isSignedWith(S3_KEYS.AWS_SECRET_ACCESS_KEY, {
      method: seen.method,
      url: incoming.url ?? '',
      headers: incoming.headers,
    });
    const fault = isSigned ? this.judge(seen) : { status: 403, code: 'SignatureDoesNotMatch' };
    const expected = incoming.headers['x-amz-content-sha256'];
    if (expected !== undefined && expected !== 'UNSIGNED-PAYLOAD') {
      const digest = createHash('sha256');
      incoming.on('data', (chunk: Buffer) => digest.update(chunk));
      incoming.once('end', () => {
        if (digest.digest('hex') !== expected) this.falsified.push(`${seen.method} ${seen.path}`);
      });
    }
    // Connections that the tests cut end with errors on both sides.
    incoming.on('error', () => undefined);
    response.on('error', () => undefined);
    if (fault === 'hang') return void incoming.resume();
    if (fault instanceof Object && 'status' in fault) {
      const { status, code = 'InternalError' } = fault;
      incoming.resume().once('end', () => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(seen.method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`);
      });
      return;
    }
    if (fault instanceof Object && 'text' in fault) {
      incoming.resume().once('end', () => response.writeHead(200).end(fault.text));
      return;
    }
    if (fault instanceof Object && 'cutRequestAt' in fault) {
      let received = 0;
      incoming.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received >= fault.cutRequestAt) incoming.socket.destroy();
      });
      return;
    }
    const { hostname, port } = this.#target;
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      const cutAt = fault instanceof Object ? fault.cutResponseAt : Number.POSITIVE_INFINITY;
      answer.on('error', () => undefined);
      if (cutAt < 0) return void answer.resume().once('end', () => incoming.socket.destroy());
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        if (fault === 'damage' && sent === 0) chunk[0] = (chunk[0] ?? 0) ^ 1;
        response.write(chunk.subarray(0, Math.max(0, cutAt - sent)));
        sent += chunk.length;
        // Written first, so that the other side has these bytes.
        if (sent >= cutAt) setTimeout(() => incoming.socket.destroy(), 20);
      });
      answer.on('end', () => {
        if (sent < cutAt) response.end();
      });
    });
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  }
}
