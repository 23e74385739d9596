import { IpsFault } from '@ips-sdk/wire';
import { type Backoff, backoffDelay, delay, unlessAborted } from '../delay.js';
import { HttpError, TimeoutError } from '../errors.js';
import { worthRetrying } from '../retry.js';
import type { JobEvent } from './job-event.js';

/** So many looks in a row must fail before it is reported: one reset connection is not an outage. */
const FAILURES = 3;
const MAX_OUTAGE = 300_000;

/** Status codes after which a later look may succeed, besides those after which any call is repeated. */
const PASSING: ReadonlySet<number> = new Set([408, 500]);

/** How a watch keeps in contact. */
export interface ContactOptions extends Backoff {
  /** Milliseconds of an outage after which the watch ends. */
  readonly maxOutage: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The contact of a watch with the service. A watch only reads, so whatever fails can be tried again, for minutes. */
export class Contact {
  readonly #options: ContactOptions;
  readonly #maxOutage: number;
  #outages = 0;

  /** @throws RangeError when the longest outage is not a number of milliseconds. */
  constructor(options: ContactOptions) {
    const { maxOutage = MAX_OUTAGE } = options;
    if (!(maxOutage >= 0)) throw new RangeError(`maxOutage is ${maxOutage}; expected a number from 0`);
    this.#options = options;
    this.#maxOutage = maxOutage;
  }

  /** How many outages there were. */
  get outages(): number {
    return this.#outages;
  }

  /**
   * Reads until it succeeds, and reports when contact is lost and regained.
   *
   * @throws What cannot pass by itself, at once; after the longest outage, what the last attempt failed with.
   */
  async *reading<T>(read: () => Promise<T>): AsyncGenerator<JobEvent, T, undefined> {
    const { signal } = this.#options;
    const began = performance.now();
    const since = new Date();
    let reported = false;
    for (let failures = 1; ; failures += 1) {
      try {
        // What a read waits for need not know the signal.
        const value = await unlessAborted(read(), signal);
        if (reported) yield { type: 'regained-contact', since, duration: performance.now() - began };
        return value;
      } catch (error) {
        signal?.throwIfAborted();
        const left = this.#maxOutage - (performance.now() - began);
        if (!mayPass(error) || left <= 0) throw error;
        if (failures === 1) this.#outages += 1;
        // A service that said nothing for as long as a call may take is lost already.
        if (!reported && (failures >= FAILURES || error instanceof TimeoutError)) {
          reported = true;
          yield { type: 'lost-contact', since, error };
        }
        const asked = error instanceof HttpError ? (error.retryAfter ?? 0) : 0;
        const wait = Math.max(asked, backoffDelay(this.#options, failures - 1));
        // The last attempt is made when the time is up.
        await delay(Math.min(wait, left), signal);
      }
    }
  }
}

/** Whether a failed read may succeed later, with nothing changed: the service or the way to it is down, or busy. */
function mayPass(error: unknown): error is Error {
  if (error instanceof HttpError && PASSING.has(error.status)) return true;
  if (error instanceof IpsFault) return error.kind === 'soap' && error.httpStatus === 503;
  return worthRetrying(error, true);
}
