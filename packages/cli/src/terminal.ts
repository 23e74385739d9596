import { type Paint, painter, wantsColor } from './output/colors.js';
import { printable } from './output/sanitize.js';
import { widthOf, wrap } from './output/wrap.js';

/** The parts of the process that a command uses. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborts the command, for example when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Options that control messages on stderr. */
export interface TerminalOptions {
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly debugHttp?: boolean | undefined;
}

/** The streams of a command and its messages to the user. */
export class Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly #surroundings: Surroundings;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly options: TerminalOptions;
  /** Colors for stderr. */
  readonly paint: Paint;

  constructor(surroundings: Surroundings, options: TerminalOptions) {
    this.env = surroundings.env;
    this.#surroundings = surroundings;
    this.stdout = surroundings.stdout;
    this.stderr = surroundings.stderr;
    this.signal = surroundings.signal;
    this.options = options;
    this.paint = painter(wantsColor(this.stderr, this.env));
  }

  /** Opened on first use. */
  get stdin(): NodeJS.ReadStream {
    return this.#surroundings.stdin;
  }

  /** Whether the command can prompt the user. */
  get canAsk(): boolean {
    return this.stdin.isTTY === true && this.stderr.isTTY === true;
  }

  /** Whether the terminal can be redrawn in place. */
  get canRedraw(): boolean {
    return this.stderr.isTTY === true && this.env['TERM'] !== 'dumb' && !this.options.quiet;
  }

  /** The display currently drawn at the bottom of the terminal. Messages are written above it. */
  live: { readonly above: (lines: string) => void } | undefined;

  /** Whether the command has ended. Messages from requests still in flight are dropped. */
  protected isOver = false;

  /** Prints a message to stderr. */
  note(text: string): void {
    if (!this.options.quiet) this.#message(printable(text));
  }

  /** Prints a success message. */
  done(text: string): void {
    if (!this.options.quiet) this.#message(`${this.paint('green', '✓')} ${printable(text)}`);
  }

  /** Prints a failure message, even with `--quiet`. */
  failed(text: string): void {
    this.#message(`${this.paint('red', '✗')} ${printable(text)}`);
  }

  warn(text: string): void {
    if (!this.options.quiet) this.#message(`${this.paint('yellow', 'warning:')} ${printable(text)}`);
  }

  /** Prints a detail, only with `--verbose`. */
  detail(text: string): void {
    if (this.options.verbose && !this.options.quiet) this.#message(this.paint('dim', printable(text)));
  }

  /** Writes lines to stderr unchanged, above the current display. */
  lines(text: string): void {
    if (this.isOver) return;
    if (this.live === undefined) this.stderr.write(`${text}\n`);
    else this.live.above(text);
  }

  /** Writes a message, wrapped between words. */
  #message(text: string): void {
    this.lines(wrap(text, widthOf(this.stderr), 2));
  }
}

/** Writes to a stream, and waits while its buffer is full. */
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
