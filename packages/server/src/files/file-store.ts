import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StorageError, storageProblem } from '../storage-problem.js';

/** A file in the store. */
export interface StoredFile {
  /** SHA-256 of its content in hexadecimal, which is its key. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
}

/** A file that was received but is not in the store yet. Call `keep` or `discard`. */
export interface StagedFile extends StoredFile {
  /** Moves it into the store. */
  keep(): Promise<void>;
  /** Deletes it. */
  discard(): Promise<void>;
}

/** Limits on received files. */
export interface PutOptions {
  readonly maxBytes?: number | undefined;
  /** Called with the length of each chunk before it is written. If it throws, nothing is stored. */
  readonly admit?: ((bytes: number) => void) | undefined;
}

/**
 * Stores files by the hash of their content. The same content is stored once, and never changes. A different
 * store, such as one on S3, would implement this interface.
 */
export interface FileStore {
  /**
   * Receives a file into the store.
   *
   * @throws FileTooLargeError if it is too large, StorageError if the store is missing or not writable.
   * Nothing is stored then.
   */
  put(content: Readable | Uint8Array, options?: PutOptions): Promise<StoredFile>;
  /**
   * Receives a file provisionally, to be kept or discarded.
   *
   * @throws As `put`.
   */
  stage(content: Readable | Uint8Array, options?: PutOptions): Promise<StagedFile>;
  /** Reads a file, or the part from `start` up to but not including `end`. */
  read(hash: string, range?: { readonly start: number; readonly end: number }): Readable;
  /** A path on the local disk to read the file from; remote stores make a copy. Never write to it. */
  path(hash: string): Promise<string>;
  /** Size in bytes, or `undefined` if the store does not have the file. */
  size(hash: string): Promise<number | undefined>;
  /**
   * The time when a file was last stored, by the machine's clock, or `undefined` if the store does not have
   * it.
   */
  modified(hash: string): Promise<Date | undefined>;
  delete(hash: string): Promise<void>;
  /** All hashes. */
  list(): AsyncIterable<string>;
  /**
   * Deletes files received before a time that were neither kept nor discarded, because their process died.
   */
  discardStaged(before: Date): Promise<void>;
  /**
   * Records the unused files at a time, replacing the previous record.
   *
   * @returns The time since which each has been recorded without interruption.
   */
  recordUnused(hashes: Iterable<string>, at: Date): Promise<ReadonlyMap<string, Date>>;
  /** The reason why the store cannot store files, or `undefined` if it can. */
  problem(): Promise<string | undefined>;
}

/** A file is larger than allowed. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  /** The exceeded limit. */
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the file has more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** Only the owner can read stored files. */
const PRIVATE = { mode: 0o600 } as const;
const PRIVATE_DIRECTORY = { mode: 0o700 } as const;

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

  async put(content: Readable | Uint8Array, options: PutOptions = {}): Promise<StoredFile> {
    const staged = await this.stage(content, options);
    await staged.keep();
    return { hash: staged.hash, size: staged.size };
  }

  async stage(content: Readable | Uint8Array, options: PutOptions = {}): Promise<StagedFile> {
    const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    // A stream can fail before it is read, which must not end the process. The pipeline reports the error.
    if (!(content instanceof Uint8Array)) content.on('error', () => undefined);
    const temporary = await this.#temporary();
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        size += chunk.length;
        if (size > maxBytes) return done(new FileTooLargeError(maxBytes));
        try {
          options.admit?.(chunk.length);
        } catch (error) {
          return done(error as Error); // Other values are never thrown.
        }
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      const source = content instanceof Uint8Array ? [content] : content;
      // Flushed, so that no row references a file lost in a crash.
      await pipeline(source, measure, createWriteStream(temporary, { flush: true, ...PRIVATE }));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw this.#errorOf(error);
    }
    const digest = hash.digest('hex');
    const path = this.#path(digest);
    return {
      hash: digest,
      size,
      keep: async () => {
        try {
          await this.#makeDirectory(dirname(dirname(path)));
          await this.#makeDirectory(dirname(path));
          await rename(temporary, path);
        } catch (error) {
          throw this.#errorOf(error);
        }
      },
      discard: () => rm(temporary, { force: true }),
    };
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
    const directory = join(this.#root, 'incoming');
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      const { mtime } = await stat(path).catch(() => ({ mtime: undefined }));
      if (mtime !== undefined && mtime < before) await rm(path, { force: true });
    }
  }

  async recordUnused(hashes: Iterable<string>, at: Date): Promise<ReadonlyMap<string, Date>> {
    const file = join(this.#root, 'unused.json');
    const known = await readUnused(file);
    const now = new Map<string, Date>();
    for (const hash of hashes) now.set(hash, known.get(hash) ?? at);
    if (now.size === 0) await rm(file, { force: true });
    else {
      await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(now)), { flush: true, ...PRIVATE });
      await rename(`${file}.new`, file);
    }
    return now;
  }

  async problem(): Promise<string | undefined> {
    try {
      const temporary = await this.#temporary();
      try {
        await writeFile(temporary, Buffer.alloc(PROBE_BYTES), PRIVATE);
      } finally {
        await rm(temporary, { force: true });
      }
      return undefined;
    } catch (error) {
      const known = this.#errorOf(error);
      return storageProblem(known) ?? (known as Error).message;
    }
  }

  /** A temporary path for a file that is being received. */
  async #temporary(): Promise<string> {
    await this.open();
    const directory = join(this.#root, 'incoming');
    try {
      await this.#makeDirectory(directory);
    } catch (error) {
      throw this.#errorOf(error);
    }
    return join(directory, randomUUID());
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

/** The record of `recordUnused`. Empty if it cannot be read, which only delays the removal of files. */
async function readUnused(file: string): Promise<ReadonlyMap<string, Date>> {
  try {
    const since = Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>);
    return new Map(
      since.map(([hash, date]) => [hash, new Date(date)] as const).filter(([, date]) => date.getTime() > 0),
    );
  } catch {
    return new Map();
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
