import { redactXml } from './redact.js';

/** One call as it went, secrets taken out. */
export interface Exchange {
  readonly operation: string;
  readonly url: string;
  /** When the last try began. */
  readonly startedAt: Date;
  /** Milliseconds of the last try. */
  readonly duration: number;
  /** Which try it was, from 1. */
  readonly attempts: number;
  /** The HTTP status; absent when no answer came. */
  readonly status: number | undefined;
  /** The request's XML, its beginning where it is long. */
  readonly request: string;
  /** The answer's XML, its beginning where it is long; absent when it was streamed or did not come. */
  readonly response: string | undefined;
  /** What the call failed with. */
  readonly error: unknown;
}

/** Characters of a body that are kept. */
const KEPT = 16_384;

/** The last exchanges, at most as many as asked for. */
export class History {
  readonly #exchanges: Exchange[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  add(exchange: Exchange): void {
    if (this.#size <= 0) return;
    this.#exchanges.push(exchange);
    if (this.#exchanges.length > this.#size) this.#exchanges.shift();
  }

  list(): readonly Exchange[] {
    return [...this.#exchanges];
  }
}

/** The beginning of a body, with its secrets taken out before it is cut, so that no cut leaves one open. */
export function keptBody(xml: string | undefined): string | undefined {
  if (xml === undefined) return undefined;
  // Secrets go before the cut, so that none is cut in two; a little beyond it is enough to find them.
  const window = redactXml(xml.slice(0, KEPT * 2));
  return window.length > KEPT ? `${window.slice(0, KEPT)}…` : window;
}
