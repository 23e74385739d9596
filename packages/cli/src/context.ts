import type { IpsClient } from '@ips-sdk/client';
import { CliError } from './cli-error.js';
import type { ConnectionOptions, Settings } from './config/settings.js';
import { EXIT } from './exit-code.js';
import { type Paint, painter, wantsColor } from './output/colors.js';
import { Printer, type PrintOptions } from './output/printer.js';
import { printable } from './output/sanitize.js';

/** Options that every command may have. */
export interface CommonOptions extends ConnectionOptions, PrintOptions {
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly debugHttp?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** A process as commands see it. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Ends the command: somebody pressed Ctrl-C, or nobody reads any more. */
  readonly signal: AbortSignal;
}

/** Something that is about to be destroyed. */
export interface Doomed {
  readonly handle: string;
  /** A name for people, where it is known. */
  readonly name?: string | undefined;
}

/** How many of the things that are about to be destroyed are shown. */
const SHOWN = 200;

/** What a command works with: its options, its streams, and the service. */
export class Context {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly options: CommonOptions;
  /** Colors for stderr. */
  readonly paint: Paint;
  readonly print: Printer;
  #settings: Promise<Settings> | undefined;
  #client: Promise<IpsClient> | undefined;

  constructor(surroundings: Surroundings, options: CommonOptions) {
    this.env = surroundings.env;
    this.stdin = surroundings.stdin;
    this.stdout = surroundings.stdout;
    this.stderr = surroundings.stderr;
    this.signal = surroundings.signal;
    this.options = options;
    this.paint = painter(wantsColor(this.stderr, this.env));
    this.print = new Printer(
      {
        write: (text) => write(this.stdout, text),
        isTerminal: this.stdout.isTTY === true,
        width: this.stdout.columns ?? 80,
        paint: painter(wantsColor(this.stdout, this.env)),
      },
      options,
    );
  }

  /** Whether somebody can be asked, and sees the question. */
  get canAsk(): boolean {
    return this.stdin.isTTY === true && this.stderr.isTTY === true;
  }

  /** Whether something can be shown that changes in place. */
  get canRedraw(): boolean {
    return this.stderr.isTTY === true && this.env['TERM'] !== 'dumb' && !this.options.quiet;
  }

  /** A message for people, on stderr. */
  note(text: string): void {
    if (!this.options.quiet) this.stderr.write(`${printable(text)}\n`);
  }

  /** A message about something that went well. */
  done(text: string): void {
    if (!this.options.quiet) this.stderr.write(`${this.paint('green', '✓')} ${printable(text)}\n`);
  }

  /** A message about something that did not go well; also when quiet. */
  failed(text: string): void {
    this.stderr.write(`${this.paint('red', '✗')} ${printable(text)}\n`);
  }

  warn(text: string): void {
    if (!this.options.quiet) this.stderr.write(`${this.paint('yellow', 'warning:')} ${printable(text)}\n`);
  }

  /** A message for people who want to know more. */
  detail(text: string): void {
    if (this.options.verbose && !this.options.quiet)
      this.stderr.write(`${this.paint('dim', printable(text))}\n`);
  }

  settings(): Promise<Settings> {
    this.#settings ??= import('./config/settings.js').then(({ findSettings }) =>
      findSettings(this.options, this.env),
    );
    return this.#settings;
  }

  /** The service. Made when it is first asked for; closed when the command ends. */
  client(): Promise<IpsClient> {
    this.#client ??= Promise.all([this.settings(), import('./connect.js')]).then(([settings, { connect }]) =>
      connect(settings, this),
    );
    return this.#client;
  }

  async close(): Promise<void> {
    // A client that could not be made has nothing to close.
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  /**
   * Asks before something is destroyed, and shows exactly what.
   *
   * @param action - What is about to happen, `delete`.
   * @throws CliError when nobody can be asked and `--yes` is not given, or the answer is no.
   */
  async confirm(action: string, what: string, doomed: readonly Doomed[]): Promise<void> {
    if (this.options.yes) return;
    const lines = doomed
      .slice(0, SHOWN)
      .map(({ handle, name }) => `${handle}${name === undefined ? '' : `  ${name}`}`);
    if (doomed.length > SHOWN) lines.push(`and ${doomed.length - SHOWN} more`);
    if (!this.canAsk) {
      throw new CliError(
        EXIT.usage,
        [
          `would ${action} ${what}, but nobody can be asked: this is no terminal`,
          ...lines.map((line) => `  ${line}`),
        ].join('\n'),
        'give --yes to go on without a question, or --dry-run to see what would be sent',
      );
    }
    const { ask } = await import('./prompt.js');
    this.stderr.write(`${this.paint('yellow', '!')} This will ${action} ${what}:\n`);
    for (const line of lines) this.stderr.write(`    ${printable(line)}\n`);
    if (await ask(this, 'Go on?')) return;
    throw new CliError(EXIT.failed, 'nothing was done');
  }
}

/** Writes, and waits where the reader is slower. */
export function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.write(text)) return resolve();
    const go = (): void => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });
}
