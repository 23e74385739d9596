/** Nobody can be let in: too many wait already. */
export class TooManyWaitingError extends Error {
  override readonly name = 'TooManyWaitingError';
}

/** Lets some of those who come work at once, and the others wait for their turn: what each needs of the memory is bounded then. */
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
   * Does work when its turn comes.
   *
   * @throws TooManyWaitingError at once, when too many wait.
   */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#atWork >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting) throw new TooManyWaitingError('too many wait already');
      // Whoever ends hands its place on.
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
