import { rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type IncomingFiles, namesIn, type ReceivedFile } from './incoming.js';
import { keyOf } from './stored-files.js';

/** Milliseconds after its last use for which a copy stays, because something may still read it. */
const GRACE = 15 * 60_000;

/** Milliseconds after which a use is noted again. */
const NOTED = 60_000;

/** Parts of the limit that arrive before the directory is measured again. */
const SLACK = 20;

/** How much of the limit remains when the oldest are removed. */
const REMAINS = 0.8;

/** Uses to remember. */
const REMEMBERED = 50_000;

/**
 * Copies on the local disk of files of a remote store. What was not used for longest is removed when a limit is exceeded, but nothing that was
 * used in the last quarter of an hour. Several processes may share the directory.
 */
export class LocalCopies {
  readonly #root: string;
  readonly #limit: number;
  readonly #incoming: IncomingFiles;
  readonly #grace: number;
  /** When the use of a copy was noted on disk, by hash. */
  readonly #noted = new Map<string, number>();
  #unmeasured = Number.POSITIVE_INFINITY;
  #measuring: Promise<void> | undefined;

  /** @param limit - Most bytes of all copies. */
  constructor(root: string, incoming: IncomingFiles, limit: number, grace = GRACE) {
    this.#root = root;
    this.#incoming = incoming;
    this.#limit = limit;
    this.#grace = grace;
  }

  /** Where the copy of a file is, if there is one. */
  pathOf(hash: string): string {
    return join(this.#root, keyOf(hash));
  }

  /** Whether there is a copy. It stays for a quarter of an hour from now. */
  async has(hash: string): Promise<boolean> {
    const now = Date.now();
    // Nothing removes what was used so lately, and looking would wait behind the reading of others.
    if (now - (this.#noted.get(hash) ?? 0) < Math.min(NOTED, this.#grace)) return true;
    const path = this.pathOf(hash);
    try {
      await utimes(path, new Date(now), new Date(now));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw this.#incoming.errorOf(error);
    }
    this.#note(hash, now);
    return true;
  }

  /** Makes a received file a copy. */
  async adopt({ path: received, hash, size }: ReceivedFile): Promise<void> {
    const path = this.pathOf(hash);
    const folder = dirname(path);
    try {
      await this.#incoming.inFolder(() => rename(received, path), this.#root, dirname(folder), folder);
    } catch (error) {
      throw this.#incoming.errorOf(error);
    }
    this.#note(hash, Date.now());
    this.#unmeasured += size;
    if (this.#unmeasured <= this.#limit / SLACK) return;
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined;
    });
    await this.#measuring;
  }

  async remove(hash: string): Promise<void> {
    this.#noted.delete(hash);
    await rm(this.pathOf(hash), { force: true });
  }

  #note(hash: string, at: number): void {
    if (this.#noted.size >= REMEMBERED) this.#noted.clear();
    this.#noted.set(hash, at);
  }

  /** Measures all copies, and removes the oldest where they exceed the limit. */
  async #measure(): Promise<void> {
    this.#unmeasured = 0;
    const copies: {
      readonly hash: string;
      readonly path: string;
      readonly size: number;
      readonly used: number;
    }[] = [];
    for (const first of await namesIn(this.#root)) {
      for (const second of await namesIn(join(this.#root, first))) {
        for (const hash of await namesIn(join(this.#root, first, second))) {
          const path = join(this.#root, first, second, hash);
          const found = await stat(path).catch(() => undefined);
          if (found !== undefined) copies.push({ hash, path, size: found.size, used: found.mtimeMs });
        }
      }
    }
    let total = copies.reduce((sum, { size }) => sum + size, 0);
    if (total <= this.#limit) return;
    const kept = Date.now() - this.#grace;
    for (const { hash, path, size, used } of copies.sort((a, b) => a.used - b.used)) {
      if (total <= this.#limit * REMAINS || used > kept) break;
      this.#noted.delete(hash);
      // An open copy cannot be removed on Windows.
      await rm(path, { force: true }).then(
        () => {
          total -= size;
        },
        () => undefined,
      );
    }
  }
}
