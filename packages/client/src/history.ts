import { redactXml } from './redact.js';

/** One attempt of a call and its outcome, with secrets removed. */
export interface Exchange {
  readonly operation: string;
  readonly url: string;
  /** When the attempt began. */
  readonly startedAt: Date;
  /** How long the attempt took, in milliseconds. */
  readonly duration: number;
  /** Which attempt of the call it was, from 1. */
  readonly attempts: number;
  /** The HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  /** The request's XML, or its beginning where it is long. */
  readonly request: string;
  /** The answer's XML, or its beginning where it is long; absent when it was streamed or there was none. */
  readonly response: string | undefined;
  /** The error of a failed attempt. */
  readonly error: unknown;
}

/** Characters of a body that are kept. */
const KEPT = 16_384;

/** The last exchanges, up to a number. */
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

/** The beginning of a body. Secrets are removed before it is cut, so that no cut leaves part of one behind. */
export function keptBody(xml: string | undefined): string | undefined {
  if (xml === undefined) return undefined;
  // A little beyond the cut is enough to find a secret that the cut would divide.
  const window = redactXml(xml.slice(0, KEPT * 2));
  return window.length > KEPT ? `${window.slice(0, KEPT)}…` : window;
}
