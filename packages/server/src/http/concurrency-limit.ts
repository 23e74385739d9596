/** Refused: too many are waiting already. */
export class TooManyWaitingError extends Error {
  override readonly name = 'TooManyWaitingError';
}

/** Runs a few tasks at once and lets others wait their turn, which bounds the memory that they take together. */
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
   * @throws TooManyWaitingError immediately when too many are waiting.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#atWork >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting)
        throw new TooManyWaitingError('too many are waiting already');
      // A task that ends passes its place on.
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
