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

/**
 * What a promise comes to, unless a signal is aborted before.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // When the signal is first, nobody waits for how the promise ends.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
