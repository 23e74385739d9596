import { startTimer, unlessAborted } from './delay.js';
import { TimeoutError } from './errors.js';

/** A time limit for work that a caller may abort as well. */
export class Deadline {
  /** Aborted with a {@link TimeoutError} after the time limit, or with the reason of the caller's signal. */
  readonly signal: AbortSignal;
  readonly #expiry = new AbortController();
  readonly #timer: ReturnType<typeof startTimer> | undefined;

  /**
   * @param what - Names the operation, for the error.
   * @param timeout - The limit in milliseconds; no limit when absent.
   */
  constructor(what: string, timeout: number | undefined, signal: AbortSignal | undefined) {
    this.signal = signal === undefined ? this.#expiry.signal : AbortSignal.any([signal, this.#expiry.signal]);
    if (timeout !== undefined)
      this.#timer = startTimer(timeout, () => this.#expiry.abort(new TimeoutError(what, timeout)));
  }

  /** Whether the time limit, and not the caller, ended the work. */
  get hasExpired(): boolean {
    return this.signal.aborted && this.signal.reason === this.#expiry.signal.reason;
  }

  /** Starts the time over. */
  restart(): void {
    this.#timer?.restart();
  }

  /** Stops the timer. */
  stop(): void {
    this.#timer?.stop();
  }
}

/**
 * Settles like a promise, unless time runs out or a signal is aborted first.
 *
 * @throws TimeoutError after `timeout` milliseconds, and the signal's reason when it is aborted.
 */
export async function withinTime<T>(
  promise: Promise<T>,
  what: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  // A stream waits here for every chunk, so this makes no signal of its own.
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = startTimer(timeout, () => reject(new TimeoutError(what, timeout))).stop;
  });
  try {
    return await unlessAborted(Promise.race([promise, late]), signal);
  } finally {
    stop();
  }
}
