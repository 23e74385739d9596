/** Milliseconds for which something waits for others to be committed with it: as long as between two writes of the progress. */
const WINDOW = 200;

/**
 * Collects what is ready to be committed, so that those who prepare it need not wait. Everything that came during a window of time, or
 * while the last batch was being committed, is one batch.
 */
export class CommitQueue<Entry> {
  readonly #most: number;
  readonly #commit: (entries: readonly Entry[]) => Promise<void>;
  #waiting: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #committing: Promise<void> = Promise.resolve();
  #failed: { readonly error: unknown } | undefined;

  /** @param most - Entries of one batch. */
  constructor(most: number, commit: (entries: readonly Entry[]) => Promise<void>) {
    this.#most = most;
    this.#commit = commit;
  }

  /**
   * Adds an entry. Waits while a whole batch is waiting already.
   *
   * @throws What committing an earlier batch threw.
   */
  async add(entry: Entry): Promise<void> {
    while (this.#waiting.length >= this.#most) await this.#committing;
    if (this.#failed !== undefined) throw this.#failed.error;
    this.#waiting.push(entry);
    if (this.#waiting.length >= this.#most) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), WINDOW);
  }

  /**
   * Commits what is waiting, and waits until everything is committed.
   *
   * @throws What committing a batch threw. Later batches are not committed then.
   */
  async end(): Promise<void> {
    this.#flush();
    await this.#committing;
    if (this.#failed !== undefined) throw this.#failed.error;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#committing = this.#committing.then(async () => {
      const entries = this.#waiting;
      this.#waiting = [];
      if (entries.length === 0 || this.#failed !== undefined) return;
      try {
        await this.#commit(entries);
      } catch (error) {
        this.#failed = { error };
      }
    });
  }
}
