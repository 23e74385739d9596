/** A bounded waiting list that serves its keys in turn: keys with many entries do not delay keys with few. */
export class FairQueue<Entry> {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #waiting = new Map<string, Entry[]>();
  #size = 0;

  /**
   * @param most - Entries of all keys together.
   * @param mostOfOne - Entries of one key.
   */
  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds an entry, or returns false when too many wait. */
  add(key: string, entry: Entry): boolean {
    const own = this.#waiting.get(key) ?? [];
    if (this.#size >= this.#most || own.length >= this.#mostOfOne) return false;
    own.push(entry);
    this.#waiting.set(key, own);
    this.#size += 1;
    return true;
  }

  /** Removes the oldest entry of the key whose turn it is. */
  take(): Entry | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [key, own] = first;
    const entry = own.shift();
    // To the end of the line.
    this.#waiting.delete(key);
    if (own.length > 0) this.#waiting.set(key, own);
    this.#size -= 1;
    return entry;
  }

  /** Removes all entries. */
  clear(): Entry[] {
    const entries = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return entries;
  }
}
