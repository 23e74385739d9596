import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

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

/** Limits on what is received. */
export interface PutOptions {
  readonly maxBytes?: number | undefined;
  /** Called with the length of each piece before it is written; what it throws ends the receiving, and nothing is stored. */
  readonly admit?: ((bytes: number) => void) | undefined;
}

/**
 * Stores files by the hash of their content. The same content is stored once, and never changes. Another store, such as one on S3,
 * would implement this interface.
 */
export interface FileStore {
  /**
   * Receives a file into the store.
   *
   * @throws FileTooLargeError when it has more bytes than allowed; nothing is stored then.
   */
  put(content: Readable | Uint8Array, options?: PutOptions): Promise<StoredFile>;
  /**
   * Receives a file before it is decided whether to keep it.
   *
   * @throws FileTooLargeError when it has more bytes than allowed; nothing is stored then.
   */
  stage(content: Readable | Uint8Array, options?: PutOptions): Promise<StagedFile>;
  /** Reads a file, or the part from `start` up to but not including `end`. */
  read(hash: string, range?: { readonly start: number; readonly end: number }): Readable;
  /** A path on the local disk to read the file from; remote stores make a copy. Never write to it. */
  path(hash: string): Promise<string>;
  /** Size in bytes; `undefined` when the store does not have the file. */
  size(hash: string): Promise<number | undefined>;
  /** When a file was last put into the store, by the machine's clock; `undefined` when the store does not have it. */
  modified(hash: string): Promise<Date | undefined>;
  delete(hash: string): Promise<void>;
  /** All hashes. */
  list(): AsyncIterable<string>;
  /** Deletes what was received before a time and neither kept nor discarded, because its process died. */
  discardStaged(before: Date): Promise<void>;
}

/** A file had more bytes than allowed. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';
  /** The limit that it exceeded. */
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the file has more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** A store in a directory: `ab/cd/abcd…`. */
export class DirectoryFileStore implements FileStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(content: Readable | Uint8Array, options: PutOptions = {}): Promise<StoredFile> {
    const staged = await this.stage(content, options);
    await staged.keep();
    return { hash: staged.hash, size: staged.size };
  }

  async stage(content: Readable | Uint8Array, options: PutOptions = {}): Promise<StagedFile> {
    const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    // A stream may fail before it is read. That must not end the process; the pipeline reports it.
    if (!(content instanceof Uint8Array)) content.on('error', () => undefined);
    const temporary = join(this.#root, 'incoming', randomUUID());
    await mkdir(dirname(temporary), { recursive: true });
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        size += chunk.length;
        if (size > maxBytes) return done(new FileTooLargeError(maxBytes));
        try {
          options.admit?.(chunk.length);
        } catch (error) {
          return done(error as Error); // Nothing throws anything else.
        }
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      const source = content instanceof Uint8Array ? [content] : content;
      // Flushed, so that no row names a file that a crash lost.
      await pipeline(source, measure, createWriteStream(temporary, { flush: true }));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    const digest = hash.digest('hex');
    const path = this.#path(digest);
    return {
      hash: digest,
      size,
      keep: async () => {
        await mkdir(dirname(path), { recursive: true });
        await rename(temporary, path);
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

/** Names in a directory; none if it is missing. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
