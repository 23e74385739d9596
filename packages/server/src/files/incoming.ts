import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { StorageError, storageProblem } from '../storage-problem.js';
import { handleChunks } from './file-chunks.js';
import { makeDirectory } from './make-directory.js';
import { type FileContent, FileTooLargeError, type PutOptions, type StoredFile } from './stored-files.js';

/** Only the owner can read stored files. */
const PRIVATE = { mode: 0o600 } as const;
const PRIVATE_DIRECTORY = { mode: 0o700 } as const;

/** The folder of files that are being received. */
const INCOMING = 'incoming';

/** Bytes written to check for free space. */
const PROBE_BYTES = 4096;

/** A file that was received, at a path that nothing else uses. */
export interface ReceivedFile extends StoredFile {
  readonly path: string;
}

/** A directory on the local disk that receives files, and computes their hashes while they arrive. */
export class IncomingFiles {
  readonly #root: string;
  readonly #check: (reads?: boolean) => Promise<void>;
  #opened: Promise<unknown> | undefined;

  /** @param check - Throws if the directory is not the expected one. */
  constructor(root: string, check: (reads?: boolean) => Promise<void> = async () => undefined) {
    this.#root = root;
    this.#check = check;
  }

  /**
   * Creates the directory if it is missing. It is never recreated later: a missing directory, for example of
   * an unmounted volume, must not be replaced by an empty one.
   */
  async open(): Promise<void> {
    this.#opened ??= makeDirectory(this.#root, PRIVATE_DIRECTORY.mode);
    await this.#opened;
  }

  /**
   * Receives a file.
   *
   * @throws FileTooLargeError if it is too large, StorageError if the directory is missing or not writable. Nothing is left then.
   */
  async receive(content: FileContent, options: PutOptions = {}): Promise<ReceivedFile> {
    const maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    // A stream can fail before it is read, which must not end the process. Reading it reports the error.
    if (content instanceof Readable) content.on('error', () => undefined);
    const path = this.#newPath();
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
      await this.discard(path).catch(() => undefined);
      throw this.errorOf(error);
    }
    return { path, hash: hash.digest('hex'), size };
  }

  /** Receives a file that something else writes at a path, where there is an empty file. */
  async receiveWritten(write: (path: string) => Promise<unknown>): Promise<ReceivedFile> {
    const path = this.#newPath();
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
      await this.discard(path).catch(() => undefined);
      throw this.errorOf(error);
    }
    return { path, hash: hash.digest('hex'), size };
  }

  /** Deletes a received file, if it is still there. */
  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Deletes files received before a time, because their process died. */
  async discardBefore(before: Date): Promise<void> {
    await this.checked();
    const directory = join(this.#root, INCOMING);
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      const { mtime } = await stat(path).catch(() => ({ mtime: undefined }));
      if (mtime !== undefined && mtime < before) await rm(path, { force: true });
    }
  }

  /** The reason why files cannot be received, or `undefined` if they can. */
  async problem(): Promise<string | undefined> {
    const path = this.#newPath();
    try {
      await this.#check(true);
      const file = await this.#create(path);
      try {
        await file.writeFile(Buffer.alloc(PROBE_BYTES));
      } finally {
        await file.close();
        await rm(path, { force: true });
      }
      return undefined;
    } catch (error) {
      const known = this.errorOf(error);
      return storageProblem(known) ?? (known as Error).message;
    }
  }

  /**
   * @param reads - Whether to read the identity of the directory in any case.
   * @throws StorageError if the directory is missing, or is not the expected one.
   */
  async checked(reads = true): Promise<void> {
    try {
      await this.#check(reads);
    } catch (error) {
      throw this.errorOf(error);
    }
  }

  /** Does something in folders below the root. If one is missing, they are created, and the work is done again. */
  async inFolder<Result>(work: () => Promise<Result>, ...folders: readonly string[]): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await this.#check(true);
      for (const folder of folders) await makeFolder(folder);
      return work();
    }
  }

  /** The error, converted to a StorageError if the directory itself failed. */
  errorOf(error: unknown): unknown {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined || !path.startsWith(this.#root)) return error;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return new StorageError('the directory of the files is missing', { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      return new StorageError('the server may not use the directory of the files: permission denied', {
        cause: error,
      });
    return error;
  }

  #newPath(): string {
    return join(this.#root, INCOMING, randomUUID());
  }

  async #create(path: string): Promise<FileHandle> {
    await this.open();
    await this.#check();
    return this.inFolder(() => open(path, 'wx', PRIVATE.mode), dirname(path));
  }
}

/** Creates a directory, but not the one above it. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, PRIVATE_DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Names in a directory; empty if it is missing. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
