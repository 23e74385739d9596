/** How long to wait between tries. Times in milliseconds. */
export interface Backoff {
  /** The first wait. */
  readonly minDelay: number;
  /** The longest wait. */
  readonly maxDelay: number;
}

/**
 * The wait before a try: doubling from `minDelay` up to `maxDelay`, the upper half of it random, so that clients that were
 * interrupted together do not return together.
 *
 * @param attempt - How many tries there were before, from 0.
 */
export function backoffDelay(
  { minDelay, maxDelay }: Backoff,
  attempt: number,
  random: () => number = Math.random,
): number {
  const full = Math.min(maxDelay, minDelay * 2 ** Math.min(attempt, 30));
  return full / 2 + (random() * full) / 2;
}

/**
 * Waits.
 *
 * @throws The signal's reason when it is aborted.
 */
export function delay(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
