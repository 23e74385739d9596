import { sep } from 'node:path';

/** Milliseconds that bytes are used without looking whether their file is still there. */
const AGE = 5000;

/** Most bytes in all, and of one file. */
const MAX_TOTAL = 32 * 1024 * 1024;
const MAX_ONE = 1024 * 1024;

interface Hot {
  readonly data: Uint8Array;
  readonly until: number;
}

/** Contents of files that were read or written in the last seconds, the latest ones up to a limit. Files by other processes are seen after that. */
export class HotBytes {
  readonly #kept = new Map<string, Hot>();
  #total = 0;

  get(path: string): Uint8Array | undefined {
    const found = this.#kept.get(path);
    if (found === undefined) return undefined;
    if (found.until > performance.now()) return found.data;
    this.#remove(path, found);
    return undefined;
  }

  set(path: string, data: Uint8Array): void {
    this.delete(path);
    if (data.length > MAX_ONE) return;
    this.#kept.set(path, { data, until: performance.now() + AGE });
    this.#total += data.length;
    for (const [oldest, kept] of this.#kept) {
      if (this.#total <= MAX_TOTAL) break;
      this.#remove(oldest, kept);
    }
  }

  delete(path: string): void {
    const found = this.#kept.get(path);
    if (found !== undefined) this.#remove(path, found);
  }

  /** Forgets all files of a folder; without one, everything. */
  forget(folder?: string): void {
    for (const [path, kept] of this.#kept)
      if (folder === undefined || path.startsWith(folder + sep)) this.#remove(path, kept);
  }

  #remove(path: string, { data }: Hot): void {
    this.#kept.delete(path);
    this.#total -= data.length;
  }
}
