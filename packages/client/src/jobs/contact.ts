import { IpsFault } from '@ips-sdk/wire';
import { Deadline } from '../deadline.js';
import { type Backoff, backoffDelay, delay, unlessAborted } from '../delay.js';
import { HttpError, TimeoutError } from '../errors.js';
import { worthRetrying } from '../retry.js';
import type { JobEvent } from './job-event.js';

/** The number of failed looks in a row that are reported as an outage. A single reset connection is not one. */
const FAILURES = 3;
const MAX_OUTAGE = 300_000;
/** The time of the last attempt within an outage, in milliseconds; a tenth of a shorter outage. */
const LAST_ATTEMPT = 1000;

/** Status codes after which a later look may succeed, in addition to those after which any call is retried. */
const PASSING: ReadonlySet<number> = new Set([408, 500]);

/** Options for keeping a watch in contact. */
export interface ContactOptions extends Backoff {
  /** The longest outage in milliseconds; a longer one ends the watch. */
  readonly maxOutage: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The contact of a watch with the service. A watch only reads, so every failed read can be retried. */
export class Contact {
  readonly #options: ContactOptions;
  readonly #maxOutage: number;
  #outages = 0;

  constructor(options: ContactOptions) {
    this.#options = options;
    this.#maxOutage = options.maxOutage ?? MAX_OUTAGE;
  }

  /** The number of outages so far. */
  get outages(): number {
    return this.#outages;
  }

  /**
   * Retries a read until it succeeds, and reports when contact is lost and regained.
   *
   * @param read - Reads once. Its signal ends a read that is still running when the outage has lasted too long.
   * @throws Immediately, an error that a retry cannot cure. After the longest outage, the error of the last attempt that ended, or a
   * TimeoutError when none did.
   */
  async *reading<T>(read: (signal: AbortSignal) => Promise<T>): AsyncGenerator<JobEvent, T, undefined> {
    const { signal } = this.#options;
    const began = performance.now();
    const since = new Date();
    let reported = false;
    let last: unknown;
    for (let failures = 1; ; failures += 1) {
      // Without any patience, the first attempt takes the time of a call.
      const limit = this.#maxOutage === 0 ? undefined : Math.max(1, Math.round(this.#left(began)));
      const deadline = new Deadline('the service', limit, signal);
      let failure: unknown;
      try {
        const reading = read(deadline.signal);
        reading.catch((error: unknown) => {
          failure = error;
        });
        // Some promises of a read ignore the signal.
        const value = await unlessAborted(reading, deadline.signal);
        if (reported) yield { type: 'regained-contact', since, duration: performance.now() - began };
        return value;
      } catch (error) {
        signal?.throwIfAborted();
        if (deadline.hasExpired) {
          // A read that was retrying now ends with its own error.
          await delay(0);
          throw last ?? failure ?? error;
        }
        // The last attempt starts early enough to get a response.
        const left = this.#left(began) - Math.min(LAST_ATTEMPT, this.#maxOutage / 10);
        if (!mayPass(error) || left <= 0) throw error;
        last = error;
        if (failures === 1) this.#outages += 1;
        // A service that did not respond within the time limit of a call is already lost.
        if (!reported && (failures >= FAILURES || error instanceof TimeoutError)) {
          reported = true;
          yield { type: 'lost-contact', since, error };
        }
        const asked = error instanceof HttpError ? (error.retryAfter ?? 0) : 0;
        const wait = Math.max(asked, backoffDelay(this.#options, failures - 1));
        await delay(Math.min(wait, left), signal);
      } finally {
        deadline.stop();
      }
    }
  }

  /** Milliseconds that an outage may still last. */
  #left(began: number): number {
    return this.#maxOutage - (performance.now() - began);
  }
}

/** Whether a failed read may succeed later: the service, or the network in between, is down or busy. */
function mayPass(error: unknown): error is Error {
  if (error instanceof HttpError && PASSING.has(error.status)) return true;
  if (error instanceof IpsFault) return error.kind === 'soap' && error.httpStatus === 503;
  return worthRetrying(error, true);
}
