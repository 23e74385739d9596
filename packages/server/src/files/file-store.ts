import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { StorageError, storageProblem } from '../storage-problem.js';
import { handleChunks } from './file-chunks.js';
import {
  type FileContent,
  type FileStore,
  FileTooLargeError,
  type PutOptions,
  type StagedFile,
  type StoredFile,
} from './stored-files.js';
import { recordUnused } from './unused-record.js';

export {
  type FileContent,
  type FileStore,
  FileTooLargeError,
  type PutOptions,
  type StagedFile,
  type StoredFile,
} from './stored-files.js';

/** Only the owner can read stored files. */
const PRIVATE = { mode: 0o600 } as const;
const PRIVATE_DIRECTORY = { mode: 0o700 } as const;

/** The folder of files that are being received. */
const INCOMING = 'incoming';

/** Bytes written to check for free space. */
const PROBE_BYTES = 4096;

/** Whether the store in a directory contains files. */
export async function holdsFiles(root: string): Promise<boolean> {
  for await (const _ of new DirectoryFileStore(root).list()) return true;
  return false;
}

/** A store in a directory: `ab/cd/abcd…`. */
export class DirectoryFileStore implements FileStore {
  readonly #root: string;
  #opened: Promise<unknown> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Creates the directory if it is missing. It is never recreated later: a missing directory, for example of
   * an unmounted volume, must not be replaced by an empty one.
   */
  async open(): Promise<void> {
    this.#opened ??= mkdir(this.#root, { recursive: true, ...PRIVATE_DIRECTORY });
    await this.#opened;
  }

  async put(content: FileContent, options: PutOptions = {}): Promise<StoredFile> {
    const staged = await this.stage(content, options);
    await staged.keep();
    return { hash: staged.hash, size: staged.size };
  }

  async stage(content: FileContent, options: PutOptions = {}): Promise<StagedFile> {
    const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    // A stream can fail before it is read, which must not end the process. Reading it reports the error.
    if (content instanceof Readable) content.on('error', () => undefined);
    const path = join(this.#root, INCOMING, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    try {
      const file = await this.#create(path);
      try {
        for await (const chunk of content instanceof Uint8Array ? [content] : content) {
          size += chunk.length;
          if (size > maxBytes) throw new FileTooLargeError(maxBytes);
          options.admit?.(chunk.length);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        // Flushed, so that no row references a file lost in a crash.
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if (content instanceof Readable) content.destroy();
      await rm(path, { force: true }).catch(() => undefined);
      throw this.#errorOf(error);
    }
    const digest = hash.digest('hex');
    return {
      hash: digest,
      size,
      keep: () => this.#keep(path, digest),
      discard: () => rm(path, { force: true }),
    };
  }

  async putWritten(write: (path: string) => Promise<unknown>): Promise<StoredFile> {
    const path = join(this.#root, INCOMING, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    try {
      // Created first, so that nobody else can read it.
      await (await this.#create(path)).close();
      await write(path);
      const file = await open(path, 'r+');
      try {
        for await (const chunk of handleChunks(file)) {
          hash.update(chunk);
          size += chunk.length;
        }
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw this.#errorOf(error);
    }
    const digest = hash.digest('hex');
    await this.#keep(path, digest);
    return { hash: digest, size };
  }

  /** Moves a received file to its place. Once there are many files, its folder exists. */
  async #keep(received: string, hash: string): Promise<void> {
    const path = this.#path(hash);
    try {
      await this.#inFolder(() => rename(received, path), dirname(dirname(path)), dirname(path));
    } catch (error) {
      throw this.#errorOf(error);
    }
  }

  read(hash: string, range?: { readonly start: number; readonly end: number }): Readable {
    return createReadStream(this.#path(hash), range ? { start: range.start, end: range.end - 1 } : {});
  }

  async path(hash: string): Promise<string> {
    return this.#path(hash);
  }

  async size(hash: string): Promise<number | undefined> {
    return (await this.#stat(hash))?.size;
  }

  async modified(hash: string): Promise<Date | undefined> {
    return (await this.#stat(hash))?.mtime;
  }

  async delete(hash: string): Promise<void> {
    await rm(this.#path(hash), { force: true });
  }

  async *list(): AsyncIterable<string> {
    // One directory at a time: there may be millions of files.
    for (const first of await namesIn(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue;
      for (const second of await namesIn(join(this.#root, first))) {
        for (const name of await namesIn(join(this.#root, first, second))) {
          if (/^[0-9a-f]{64}$/.test(name)) yield name;
        }
      }
    }
  }

  async discardStaged(before: Date): Promise<void> {
    const directory = join(this.#root, INCOMING);
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      const { mtime } = await stat(path).catch(() => ({ mtime: undefined }));
      if (mtime !== undefined && mtime < before) await rm(path, { force: true });
    }
  }

  recordUnused(hashes: Iterable<string>, at: Date): Promise<ReadonlyMap<string, Date>> {
    return recordUnused(join(this.#root, 'unused.json'), hashes, at);
  }

  async problem(): Promise<string | undefined> {
    const path = join(this.#root, INCOMING, randomUUID());
    try {
      const file = await this.#create(path);
      try {
        await file.writeFile(Buffer.alloc(PROBE_BYTES));
      } finally {
        await file.close();
        await rm(path, { force: true });
      }
      return undefined;
    } catch (error) {
      const known = this.#errorOf(error);
      return storageProblem(known) ?? (known as Error).message;
    }
  }

  /** Creates a file for content that is being received. */
  async #create(path: string): Promise<FileHandle> {
    await this.open();
    return this.#inFolder(() => open(path, 'wx', PRIVATE.mode), dirname(path));
  }

  /** Does something in a folder. If that is missing, it is created, and the work is done again. */
  async #inFolder<Result>(work: () => Promise<Result>, ...folders: readonly string[]): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      for (const folder of folders) await this.#makeDirectory(folder);
      return work();
    }
  }

  /** Creates a directory below the root, but never the root. */
  async #makeDirectory(path: string): Promise<void> {
    try {
      await mkdir(path, PRIVATE_DIRECTORY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }

  /** The error, converted to a StorageError if the store itself failed. */
  #errorOf(error: unknown): unknown {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined || !path.startsWith(this.#root)) return error;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return new StorageError('the directory of the files is missing', { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      return new StorageError('the directory of the files may not be written', { cause: error });
    return error;
  }

  async #stat(hash: string): Promise<Stats | undefined> {
    try {
      return await stat(this.#path(hash));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError(`"${hash}" is not the hash of a stored file`);
    return join(this.#root, hash.slice(0, 2), hash.slice(2, 4), hash);
  }
}

/** Names in a directory; empty if it is missing. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
