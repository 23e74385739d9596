import { TimeoutError } from './errors.js';

/** A longer time does not fit into a timer, which would end at once; it is as good as none. */
const LONGEST = 2 ** 31 - 1;

/** A time in milliseconds as a timer takes it. */
export function timerTime(milliseconds: number): number {
  return Math.min(milliseconds, LONGEST);
}

/** How long to wait between attempts, in milliseconds. */
export interface Backoff {
  /** The first wait. */
  readonly minDelay: number;
  /** The longest wait. */
  readonly maxDelay: number;
}

/**
 * The wait before an attempt. It doubles from `minDelay` up to `maxDelay`; the upper half of it is random, so that clients that
 * failed together do not retry together.
 *
 * @param attempt - How many attempts there were before, from 0.
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
    }, timerTime(milliseconds));
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Resolves as a promise does, unless a signal is aborted first.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // If the signal comes first, nothing else handles a rejection of the promise.
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

/**
 * Resolves as a promise does, unless time runs out or a signal is aborted first.
 *
 * @throws TimeoutError after `timeout` milliseconds, and the signal's reason when it is aborted.
 */
export async function withinTime<T>(
  promise: Promise<T>,
  what: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(what, timeout)), timerTime(timeout));
  });
  try {
    return await unlessAborted(Promise.race([promise, late]), signal);
  } finally {
    clearTimeout(timer);
  }
}
