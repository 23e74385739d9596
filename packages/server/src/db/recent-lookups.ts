/** Milliseconds that a result may be older than the database, where another process changed it. */
const AGE = 1000;

/** Most results to remember. */
const REMEMBERED = 5000;

/** Most characters of a key that is remembered. */
const MAX_KEY = 2000;

interface Remembered {
  readonly value: unknown;
  readonly until: number;
}

/** Results of queries by keys. */
export interface Lookups {
  /** The result for a key: the remembered one, or that of a query. */
  get<Result>(key: string, query: () => Promise<Result | undefined>): Promise<Result | undefined>;
}

/**
 * Results of queries that every request for an image repeats. A change by this process is seen at once, because whoever makes one calls
 * {@link forget}; one by another process that shares the database, within a second. What was not found is not remembered.
 */
export class RecentLookups implements Lookups {
  readonly #results = new Map<string, Remembered>();
  #changes = 0;

  async get<Result>(key: string, query: () => Promise<Result | undefined>): Promise<Result | undefined> {
    return (await this.#found(key, query)).value;
  }

  /**
   * What is made of several results. It is remembered as long as the one of them that was looked up first.
   *
   * @param make - Looks up through its argument only.
   */
  async composed<Result>(key: string, make: (within: Lookups) => Promise<Result>): Promise<Result> {
    const known = this.#known<Result>(key);
    if (known !== undefined) return known.value;
    const changes = this.#changes;
    let until = performance.now() + AGE;
    const value = await make({
      get: async (part, query) => {
        const found = await this.#found(part, query);
        until = Math.min(until, found.until);
        return found.value;
      },
    });
    this.#remember(key, value, until, changes);
    return value;
  }

  /** Forgets everything, because something was changed. */
  forget(): void {
    this.#changes += 1;
    this.#results.clear();
  }

  #known<Result>(key: string): { readonly value: Result; readonly until: number } | undefined {
    const known = this.#results.get(key);
    // The same key has results of the same type.
    return known !== undefined && known.until > performance.now()
      ? { value: known.value as Result, until: known.until }
      : undefined;
  }

  async #found<Result>(
    key: string,
    query: () => Promise<Result | undefined>,
  ): Promise<{ readonly value: Result | undefined; readonly until: number }> {
    const known = this.#known<Result>(key);
    if (known !== undefined) return known;
    const changes = this.#changes;
    const until = performance.now() + AGE;
    const value = await query();
    if (value === undefined) return { value, until: 0 };
    this.#remember(key, value, until, changes);
    return { value, until };
  }

  /** A result from before a change must not be remembered after it. */
  #remember(key: string, value: unknown, until: number, changes: number): void {
    if (changes !== this.#changes || until <= performance.now() || key.length > MAX_KEY) return;
    if (this.#results.size >= REMEMBERED) this.#results.clear();
    this.#results.set(key, { value, until });
  }
}
