import { type Paint, painter, wantsColor } from './output/colors.js';
import { printable } from './output/sanitize.js';
import { widthOf, wrap } from './output/wrap.js';

/** A process as commands see it. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborts the command: the user pressed Ctrl-C, or the reader of stdout has gone. */
  readonly signal: AbortSignal;
}

/** How much a command reports apart from its result. */
export interface TerminalOptions {
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly debugHttp?: boolean | undefined;
}

/** The streams of a command, and its messages to the user. */
export class Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly options: TerminalOptions;
  /** Colors for stderr. */
  readonly paint: Paint;

  constructor(surroundings: Surroundings, options: TerminalOptions) {
    this.env = surroundings.env;
    this.stdin = surroundings.stdin;
    this.stdout = surroundings.stdout;
    this.stderr = surroundings.stderr;
    this.signal = surroundings.signal;
    this.options = options;
    this.paint = painter(wantsColor(this.stderr, this.env));
  }

  /** Whether the command can prompt the user. */
  get canAsk(): boolean {
    return this.stdin.isTTY === true && this.stderr.isTTY === true;
  }

  /** Whether the terminal can be redrawn in place. */
  get canRedraw(): boolean {
    return this.stderr.isTTY === true && this.env['TERM'] !== 'dumb' && !this.options.quiet;
  }

  /** What is drawn at the end of the terminal at the moment. Messages go above it. */
  live: { readonly above: (lines: string) => void } | undefined;

  /** Whether the command has ended: what its last requests still say is of no use. */
  protected isOver = false;

  /** A message to the user, on stderr. */
  note(text: string): void {
    if (!this.options.quiet) this.#message(printable(text));
  }

  /** A message about something that succeeded. */
  done(text: string): void {
    if (!this.options.quiet) this.#message(`${this.paint('green', '✓')} ${printable(text)}`);
  }

  /** A message about something that failed; shown even when quiet. */
  failed(text: string): void {
    this.#message(`${this.paint('red', '✗')} ${printable(text)}`);
  }

  warn(text: string): void {
    if (!this.options.quiet) this.#message(`${this.paint('yellow', 'warning:')} ${printable(text)}`);
  }

  /** A detail that is only shown with `--verbose`. */
  detail(text: string): void {
    if (this.options.verbose && !this.options.quiet) this.#message(this.paint('dim', printable(text)));
  }

  /** Lines on stderr as they are, above what is drawn. */
  lines(text: string): void {
    if (this.isOver) return;
    if (this.live === undefined) this.stderr.write(`${text}\n`);
    else this.live.above(text);
  }

  /** A message, whose lines break between words. */
  #message(text: string): void {
    this.lines(wrap(text, widthOf(this.stderr), 2));
  }
}

/** Writes, and waits when the reader is slower. */
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
