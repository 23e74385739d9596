import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metrics } from '../metrics.js';
import { HotBytes } from './hot-bytes.js';
import { makeDirectory } from './make-directory.js';
import { sealed, unsealed } from './sealed-bytes.js';

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

/** The making of a derivative, for all who wait for it. */
interface Work {
  readonly folder: string;
  readonly data: Promise<Uint8Array>;
  /** Aborted when nobody waits any more. */
  readonly abandoned: AbortController;
  waiting: number;
  /** Whether the image was dropped since the work began. */
  isDropped: boolean;
}

/**
 * Delivered images on disk. What was not used for longest is removed when a limit is exceeded. Several processes may share the directory:
 * each counts what it writes, and measures the whole after a twentieth of the limit. A file that is damaged, or missing, is not kept.
 */
export class DerivativeCache {
  readonly #root: string;
  readonly #limit: number;
  readonly #metrics: Metrics;
  readonly #hot = new HotBytes();
  readonly #noted = new Map<string, number>();
  readonly #atWork = new Map<string, Work>();
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
   * @param make - Its signal aborts when all who waited have left.
   * @param use - `update` makes it again; `bypass` neither reads nor keeps it.
   * @param client - Aborts when the one who asks has left.
   * @throws The reason of `client`, when it aborts before there is a result.
   */
  async get(
    key: DerivativeKey,
    make: (signal: AbortSignal) => Promise<Uint8Array>,
    use: 'keep' | 'update' | 'bypass' = 'keep',
    client: AbortSignal = new AbortController().signal,
  ): Promise<Uint8Array> {
    const path = this.#pathOf(key);
    if (use === 'keep') {
      const kept = await this.#read(path);
      if (kept !== undefined) {
        this.#metrics.derivatives.inc({ outcome: 'hit' });
        return kept;
      }
    }
    client.throwIfAborted();
    if (use === 'bypass') return this.#counted(make(client), client);
    const running = this.#atWork.get(path);
    this.#metrics.derivatives.inc({ outcome: running === undefined ? 'miss' : 'shared' });
    if (running !== undefined) return this.#share(path, running, client);
    const abandoned = new AbortController();
    const work: Work = {
      folder: dirname(path),
      data: this.#counted(make(abandoned.signal), abandoned.signal),
      abandoned,
      waiting: 0,
      isDropped: false,
    };
    this.#atWork.set(path, work);
    const shared = this.#share(path, work, client);
    // The memory of the work counts for the client that began it, until the work ends.
    shared.catch(() => undefined);
    try {
      const data = await work.data;
      if (!work.isDropped) await this.#write(path, data, work);
      return await shared;
    } finally {
      this.#forgetWork(path, work);
    }
  }

  /** Waits for work until it ends or the client leaves. The last one to leave ends the work. */
  async #share(path: string, work: Work, client: AbortSignal): Promise<Uint8Array> {
    work.waiting += 1;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      leave = (): void => {
        work.waiting -= 1;
        if (work.waiting === 0) {
          // Whoever asks from now on begins again.
          this.#forgetWork(path, work);
          work.abandoned.abort(client.reason);
        }
        reject(client.reason);
      };
      if (client.aborted) leave();
      else client.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([work.data, left]);
    } finally {
      if (leave !== undefined) client.removeEventListener('abort', leave);
    }
  }

  /** Counts work that was abandoned. */
  async #counted(work: Promise<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted) this.#metrics.derivatives.inc({ outcome: 'abandoned' });
      throw error;
    }
  }

  #forgetWork(path: string, work: Work): void {
    if (this.#atWork.get(path) === work) this.#atWork.delete(path);
  }

  /** Whether a derivative is kept, with its size in bytes. */
  async sizeOf(key: DerivativeKey): Promise<number | undefined> {
    const kept = await this.#read(this.#pathOf(key));
    return kept?.length;
  }

  /** Removes all derivatives of an image. */
  async drop(companyId: number, name: string): Promise<void> {
    const folder = this.#folderOf(companyId, name);
    for (const [path, work] of this.#atWork) {
      if (work.folder !== folder) continue;
      work.isDropped = true;
      this.#forgetWork(path, work);
    }
    this.#hot.forget(folder);
    await rm(folder, { recursive: true, force: true });
  }

  /** Removes everything. */
  async clear(): Promise<void> {
    this.#hot.forget();
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
    let data = this.#hot.get(path);
    if (data === undefined) {
      const file = await readFile(path).catch(() => undefined);
      if (file === undefined) return undefined;
      data = unsealed(file);
      if (data === undefined) {
        // A full disk, a crash or a hand has damaged it.
        this.#metrics.derivatives.inc({ outcome: 'damaged' });
        await rm(path, { force: true }).catch(() => undefined);
        return undefined;
      }
      this.#hot.set(path, data);
    }
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
  async #write(path: string, data: Uint8Array, work: Work): Promise<void> {
    if (data.length > this.#limit / 4 || data.length === 0) return;
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await makeDirectory(dirname(path));
      await writeFile(temporary, sealed(data));
      if (work.isDropped) throw new Error('the image was dropped');
      await rename(temporary, path);
    } catch {
      if (!work.isDropped) this.#metrics.derivatives.inc({ outcome: 'unwritten' });
      await rm(temporary, { force: true }).catch(() => undefined);
      return;
    }
    this.#hot.set(path, data);
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
        this.#hot.delete(path);
        this.#metrics.derivatives.inc({ outcome: 'removed' });
        total -= size;
      }
    }
    this.#metrics.derivativeBytes.set(total);
  }
}
