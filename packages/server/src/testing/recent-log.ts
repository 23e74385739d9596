import pino, { type Logger } from 'pino';

/** Lines that are kept. */
const MOST_LINES = 200;

/** Characters of a line. */
const MOST_CHARACTERS = 2000;

/** The latest lines that a server logs. */
export class RecentLog {
  readonly logger: Logger;
  readonly #lines: string[] = [];

  constructor() {
    this.logger = pino({ level: 'info', base: null }, { write: (line) => this.#add(line) });
  }

  get lines(): readonly string[] {
    return [...this.#lines];
  }

  clear(): void {
    this.#lines.length = 0;
  }

  #add(line: string): void {
    this.#lines.push(readable(line.trimEnd()).slice(0, MOST_CHARACTERS));
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
  }
}

/** `warn: the message {"more":"values"}` */
function readable(line: string): string {
  try {
    const { level, time: _time, msg, ...more } = JSON.parse(line) as Record<string, unknown>;
    const values = Object.keys(more).length === 0 ? '' : ` ${JSON.stringify(more)}`;
    return `${pino.levels.labels[Number(level)] ?? String(level)}: ${String(msg ?? '')}${values}`;
  } catch {
    return line;
  }
}
