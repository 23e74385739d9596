import { createReadStream, type Stats } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { DirectoryIdentity } from './directory-identity.js';
import { IncomingFiles, namesIn } from './incoming.js';
import {
  type FileContent,
  type FileStore,
  keyOf,
  type PutOptions,
  type StagedFile,
  type StoredFile,
} from './stored-files.js';
import { recordInFile, recordUnused } from './unused-record.js';

export {
  type FileContent,
  type FileStore,
  FileTooLargeError,
  type PutOptions,
  type StagedFile,
  type StoredFile,
} from './stored-files.js';

/** Whether the store in a directory contains files. */
export async function holdsFiles(root: string): Promise<boolean> {
  for await (const _ of new DirectoryFileStore(root).list()) return true;
  return false;
}

/** A store in a directory: `ab/cd/abcd…`. */
export class DirectoryFileStore implements FileStore {
  readonly #root: string;
  readonly #identity: DirectoryIdentity;
  readonly #incoming: IncomingFiles;

  constructor(root: string) {
    this.#root = root;
    this.#identity = new DirectoryIdentity(root);
    this.#incoming = new IncomingFiles(root, (reads) => this.#identity.check(reads));
  }

  /**
   * Creates the directory if it is missing. It is never recreated later: a missing directory, for example of
   * an unmounted volume, must not be replaced by an empty one.
   */
  open(): Promise<void> {
    return this.#incoming.open();
  }

  async put(content: FileContent, options: PutOptions = {}): Promise<StoredFile> {
    const staged = await this.stage(content, options);
    await staged.keep();
    return { hash: staged.hash, size: staged.size };
  }

  async stage(content: FileContent, options: PutOptions = {}): Promise<StagedFile> {
    const { path, hash, size } = await this.#incoming.receive(content, options);
    return { hash, size, keep: () => this.#keep(path, hash), discard: () => this.#incoming.discard(path) };
  }

  async putWritten(write: (path: string) => Promise<unknown>): Promise<StoredFile> {
    const { path, hash, size } = await this.#incoming.receiveWritten(write);
    await this.#keep(path, hash);
    return { hash, size };
  }

  /** Moves a received file to its place. Once there are many files, its folder exists. */
  async #keep(received: string, hash: string): Promise<void> {
    const path = this.#path(hash);
    try {
      await this.#incoming.inFolder(() => rename(received, path), dirname(dirname(path)), dirname(path));
      // A row is about to name it.
      await this.#identity.check();
    } catch (error) {
      throw this.#incoming.errorOf(error);
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
    await this.#incoming.checked(false);
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
    await this.#incoming.discardBefore(before);
  }

  async recordUnused(hashes: Iterable<string>, at: Date): Promise<ReadonlyMap<string, Date>> {
    return recordUnused(recordInFile(join(this.#root, 'unused.json')), hashes, at);
  }

  identity(): Promise<string | undefined> {
    return this.#identity.read();
  }

  identify(identity: string): Promise<void> {
    return this.#identity.write(identity);
  }

  expect(identity: string): void {
    this.#identity.expect(identity);
  }

  async check(): Promise<void> {
    await this.#incoming.checked();
  }

  problem(): Promise<string | undefined> {
    return this.#incoming.problem();
  }

  async downloadUrl(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    // It keeps nothing open.
  }

  async #stat(hash: string): Promise<Stats | undefined> {
    try {
      return await stat(this.#path(hash));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw this.#incoming.errorOf(error);
    }
    await this.check();
    return undefined;
  }

  #path(hash: string): string {
    return join(this.#root, keyOf(hash));
  }
}
