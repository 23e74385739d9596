/** Milliseconds that a result may be older than the database, where another process changed it. */
const AGE = 1000;

/** Most results to remember. */
const REMEMBERED = 5000;

interface Remembered {
  readonly value: unknown;
  readonly until: number;
}

/**
 * Results of queries that every request for an image repeats. A change by this process is seen at once, because whoever makes one calls
 * {@link forget}; one by another process that shares the database, within a second. What was not found is not remembered.
 */
export class RecentLookups {
  readonly #results = new Map<string, Remembered>();
  #changes = 0;

  /** The result for a key: the remembered one, or that of a query. */
  async get<Result>(key: string, query: () => Promise<Result | undefined>): Promise<Result | undefined> {
    const now = performance.now();
    const known = this.#results.get(key);
    // The same key has results of the same type.
    if (known !== undefined && known.until > now) return known.value as Result;
    const changes = this.#changes;
    const value = await query();
    // A result from before a change must not be remembered after it.
    if (value !== undefined && changes === this.#changes) {
      if (this.#results.size >= REMEMBERED) this.#results.clear();
      this.#results.set(key, { value, until: now + AGE });
    }
    return value;
  }

  /** Forgets everything, because something was changed. */
  forget(): void {
    this.#changes += 1;
    this.#results.clear();
  }
}
