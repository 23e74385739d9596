import { redactXml } from './redact.js';

/** An attempt of a call and its outcome, with secrets removed. */
export interface Exchange {
  readonly operation: string;
  readonly url: string;
  /** Start of the attempt. */
  readonly startedAt: Date;
  /** Duration of the attempt in milliseconds. */
  readonly duration: number;
  /** Number of the attempt, from 1. */
  readonly attempts: number;
  /** HTTP status; `undefined` when there was no response. */
  readonly status: number | undefined;
  /** XML of the request, up to 16,384 characters. */
  readonly request: string;
  /** XML of the response, up to 16,384 characters; `undefined` when there was none or it was streamed. */
  readonly response: string | undefined;
  /** Error of a failed attempt. */
  readonly error: unknown;
}

/** The number of characters of a body that are kept. */
const KEPT = 16_384;

/** The most recent exchanges. */
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

/** The beginning of a body. Secrets are removed before it is cut, so no part of one remains. */
export function keptBody(xml: string | undefined): string | undefined {
  if (xml === undefined) return undefined;
  // Reading beyond the cut finds a secret that the cut would split.
  const window = redactXml(xml.slice(0, KEPT * 2));
  return window.length > KEPT ? `${window.slice(0, KEPT)}…` : window;
}
