/** Work in progress, by keys: those who ask for the same share it. */
export class SharedWork {
  readonly #pending = new Map<string, Promise<unknown>>();

  /** Does work, unless it is in progress. The same key has results of the same type. */
  async share<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const pending = this.#pending.get(key);
    // See above.
    if (pending !== undefined) return (await pending) as Result;
    const begun = work();
    this.#pending.set(key, begun);
    try {
      return await begun;
    } finally {
      this.#pending.delete(key);
    }
  }
}
