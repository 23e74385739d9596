/** A task was refused because too many are waiting. */
export class TooManyWaitingError extends Error {
  override readonly name = 'TooManyWaitingError';
}

/** Runs a limited number of tasks at once and queues the others, which bounds their total memory. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Runs a task when its turn comes.
   *
   * @param signal - Aborts when nobody needs the result: a task that waits gives up its place.
   * @throws TooManyWaitingError at once if too many are waiting; the signal's reason when it aborts before the turn comes.
   */
  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#atWork >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting)
        throw new TooManyWaitingError('too many tasks are waiting');
      // A finished task hands its slot to the next one.
      await this.#turn(signal);
    } else this.#atWork += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork -= 1;
      else next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = this.#waiting.indexOf(begin);
        if (place < 0) return;
        this.#waiting.splice(place, 1);
        reject(signal?.reason);
      };
      this.#waiting.push(begin);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
