/** The longest delay of a Node timer, in milliseconds. A timer with a longer delay fires immediately. */
const LONGEST = 2 ** 31 - 1;

/** A timer for any number of milliseconds. */
export interface LongTimer {
  /** Starts the time over. */
  restart(): void;
  stop(): void;
}

/** Calls a function after any number of milliseconds. After `Infinity` it is never called, but the process stays alive. */
export function startTimer(milliseconds: number, call: () => void): LongTimer {
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const start = (left: number): void => {
    timer = setTimeout(
      () => (left > LONGEST ? start(left - LONGEST) : call()),
      Math.min(Math.max(left, 0), LONGEST),
    );
  };
  start(milliseconds);
  return {
    restart: () => {
      // A timer that is refreshed after it was cleared would run again.
      if (isStopped) return;
      // Refreshing the running timer is cheap, and uploads do it for every chunk.
      if (milliseconds <= LONGEST) timer.refresh();
      else {
        clearTimeout(timer);
        start(milliseconds);
      }
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Delays between attempts, in milliseconds. */
export interface Backoff {
  /** The first delay. */
  readonly minDelay: number;
  /** The longest delay. */
  readonly maxDelay: number;
}

/**
 * The delay before an attempt. It doubles from `minDelay` up to `maxDelay`. The upper half is random, so that clients that failed together
 * do not retry together.
 *
 * @param attempt - The number of attempts so far, from 0.
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
      timer.stop();
      reject(signal?.reason);
    };
    const timer = startTimer(milliseconds, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Settles like a promise, unless a signal is aborted first.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // After an abort, nothing else handles a rejection of the promise.
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
