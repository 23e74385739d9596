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
   * @throws TooManyWaitingError at once if too many are waiting.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#atWork >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting)
        throw new TooManyWaitingError('too many tasks are waiting');
      // A finished task hands its slot to the next one.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#atWork += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork -= 1;
      else next();
    }
  }
}
