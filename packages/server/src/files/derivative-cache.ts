import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metrics } from '../metrics.js';

/** Where a derivative is kept: what it is of, and which one of it. */
export interface DerivativeKey {
  readonly companyId: number;
  /** The name of the image, regardless of case. */
  readonly name: string;
  /** Which derivative of the image: 64 hexadecimal digits or fewer. */
  readonly variant: string;
}

/** Milliseconds after which a use is noted again. */
const NOTED = 60_000;

/** Parts of the limit that are written before the directory is measured again. */
const SLACK = 20;

/** How much of the limit remains when the oldest are removed. */
const REMAINS = 0.8;

/**
 * Delivered images on disk. What was not used for longest is removed when a limit is exceeded. Several processes may share the directory:
 * each counts what it writes, and measures the whole after a twentieth of the limit. A damaged or missing file is one that is not kept.
 */
export class DerivativeCache {
  readonly #root: string;
  readonly #limit: number;
  readonly #metrics: Metrics;
  readonly #noted = new Map<string, number>();
  readonly #atWork = new Map<string, Promise<Uint8Array>>();
  #unmeasured = Number.POSITIVE_INFINITY;
  #measuring: Promise<void> | undefined;

  /** @param limit - Most bytes of all files; 0 keeps nothing. */
  constructor(root: string, limit: number, metrics: Metrics) {
    this.#root = root;
    this.#limit = limit;
    this.#metrics = metrics;
  }

  /**
   * A derivative: the one that is kept, or the result of making it. Those who ask for it meanwhile wait for the same result.
   *
   * @param use - `update` makes it again; `bypass` neither reads nor keeps it.
   */
  async get(
    key: DerivativeKey,
    make: () => Promise<Uint8Array>,
    use: 'keep' | 'update' | 'bypass' = 'keep',
  ): Promise<Uint8Array> {
    const path = this.#pathOf(key);
    if (use === 'keep') {
      const kept = await this.#read(path);
      if (kept !== undefined) {
        this.#metrics.derivatives.inc({ outcome: 'hit' });
        return kept;
      }
    }
    if (use === 'bypass') return make();
    const running = this.#atWork.get(path);
    if (running !== undefined) {
      this.#metrics.derivatives.inc({ outcome: 'shared' });
      return running;
    }
    this.#metrics.derivatives.inc({ outcome: 'miss' });
    const work = make();
    this.#atWork.set(path, work);
    try {
      const data = await work;
      await this.#write(path, data);
      return data;
    } finally {
      this.#atWork.delete(path);
    }
  }

  /** Whether a derivative is kept, with its size in bytes. */
  async sizeOf(key: DerivativeKey): Promise<number | undefined> {
    const found = await stat(this.#pathOf(key)).catch(() => undefined);
    return found?.size;
  }

  /** Removes all derivatives of an image. */
  async drop(companyId: number, name: string): Promise<void> {
    await rm(this.#folderOf(companyId, name), { recursive: true, force: true });
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  #folderOf(companyId: number, name: string): string {
    const hash = createHash('sha256').update(name.toLowerCase()).digest('hex');
    return join(this.#root, String(companyId), hash.slice(0, 2), hash.slice(2, 34));
  }

  #pathOf({ companyId, name, variant }: DerivativeKey): string {
    return join(this.#folderOf(companyId, name), variant);
  }

  async #read(path: string): Promise<Uint8Array | undefined> {
    if (this.#limit === 0) return undefined;
    const data = await readFile(path).catch(() => undefined);
    // An empty file is what a full disk leaves.
    if (data === undefined || data.length === 0) return undefined;
    const now = Date.now();
    if (now - (this.#noted.get(path) ?? 0) > NOTED) {
      if (this.#noted.size > 10_000) this.#noted.clear();
      this.#noted.set(path, now);
      const time = new Date(now);
      // The file may have been removed in between.
      await utimes(path, time, time).catch(() => undefined);
    }
    return data;
  }

  /** Keeps a derivative. Failing to is no failure of the request: it is made again next time. */
  async #write(path: string, data: Uint8Array): Promise<void> {
    if (data.length > this.#limit / 4 || data.length === 0) return;
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporary, data);
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
      return;
    }
    this.#unmeasured += data.length;
    if (this.#unmeasured > this.#limit / SLACK) {
      this.#measuring ??= this.#measure().finally(() => {
        this.#measuring = undefined;
      });
      await this.#measuring;
    }
  }

  /** Measures all files, and removes the oldest where they exceed the limit. */
  async #measure(): Promise<void> {
    this.#unmeasured = 0;
    const names = await readdir(this.#root, { recursive: true }).catch(() => []);
    const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
    for (const name of names) {
      const path = join(this.#root, name);
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() === true) files.push({ path, size: found.size, used: found.mtimeMs });
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    if (total > this.#limit) {
      for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
        if (total <= this.#limit * REMAINS) break;
        await rm(path, { force: true });
        this.#metrics.derivatives.inc({ outcome: 'removed' });
        total -= size;
      }
    }
    this.#metrics.derivativeBytes.set(total);
  }
}
