/** A call that the server received, as it was on the wire: with its secrets. */
export interface JournalRecord {
  readonly id: number;
  readonly at: Date;
  readonly operation: string;
  readonly transport: 'soap' | 'plain';
  readonly status: number;
  readonly fault: { readonly code: number; readonly reason: string } | undefined;
  /** Milliseconds. */
  readonly duration: number;
  readonly request: string;
  readonly response: string;
  readonly isTruncated: boolean;
}

/** Characters of a document that are kept. */
const KEPT = 100_000;

/** The latest calls, in memory, for those who test clients. */
export class RequestJournal {
  /** How many calls it keeps. */
  static readonly capacity = 200;
  readonly #records: JournalRecord[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #ignored: RegExp;
  #next = 1;

  /** @param ignoredApp - Calls with this `appName` are omitted. */
  constructor(ignoredApp: string) {
    this.#ignored = new RegExp(`<(?:[\\w.-]+:)?appName>${ignoredApp}<`);
  }

  /** The latest first. */
  get records(): readonly JournalRecord[] {
    return this.#records.toReversed();
  }

  add(record: Omit<JournalRecord, 'id' | 'isTruncated'>): void {
    const { request, response } = record;
    // The header comes first.
    if (this.#ignored.test(request.slice(0, 5000))) return;
    const isTruncated = request.length > KEPT || response.length > KEPT;
    const kept = { request: request.slice(0, KEPT), response: response.slice(0, KEPT) };
    this.#records.push({ ...record, ...kept, id: this.#next, isTruncated });
    this.#next += 1;
    if (this.#records.length > RequestJournal.capacity) this.#records.shift();
    for (const listener of [...this.#listeners]) listener();
  }

  clear(): void {
    this.#records.length = 0;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
