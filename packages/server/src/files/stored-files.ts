import type { Readable } from 'node:stream';

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

/**
 * The key of a file in a store, and in a backup: `ab/cd/abcd…`.
 *
 * @throws TypeError if it is not a hash, because it becomes part of paths.
 */
export function keyOf(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError(`"${hash}" is not the hash of a stored file`);
  return `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}`;
}

/** The name of a store's identity among its keys. */
export const IDENTITY = 'store-id';

/** The identity that a text has; `undefined` if it is not one, so that it counts as missing. */
export const identityIn = (text: string): string | undefined => /^[0-9a-f-]{36}(?=\n?$)/.exec(text)?.[0];

/** Limits on received files. */
export interface PutOptions {
  readonly maxBytes?: number | undefined;
  /** Called with the length of each chunk before it is written. If it throws, nothing is stored. */
  readonly admit?: ((bytes: number) => void) | undefined;
}

/** The content of a file, all of it or in chunks. A chunk is not used after the next one was requested. */
export type FileContent = Uint8Array | Readable | AsyncIterable<Uint8Array>;

/** A download that goes to the store itself. */
export interface DownloadOptions {
  /** The `content-type` of the response. */
  readonly mediaType: string;
  /** The `content-disposition` of the response. */
  readonly disposition: string;
}

/**
 * Stores files by the hash of their content. The same content is stored once, and never changes. There are two: in a directory, and in an
 * S3-compatible service.
 */
export interface FileStore {
  /**
   * Receives a file into the store.
   *
   * @throws FileTooLargeError if it is too large, StorageError if the store is missing or not writable.
   * Nothing is stored then.
   */
  put(content: FileContent, options?: PutOptions): Promise<StoredFile>;
  /**
   * Receives a file provisionally, to be kept or discarded.
   *
   * @throws As `put`.
   */
  stage(content: FileContent, options?: PutOptions): Promise<StagedFile>;
  /**
   * Receives a file that something else writes, without its content passing through memory.
   *
   * @param write - Writes the file at a path on the local disk, where there is an empty file.
   * @throws As `put`, and what `write` throws. Nothing is stored then.
   */
  putWritten(write: (path: string) => Promise<unknown>): Promise<StoredFile>;
  /** Reads a file, or the part from `start` up to but not including `end`. */
  read(hash: string, range?: { readonly start: number; readonly end: number }): Readable;
  /**
   * A path on the local disk to read the file from. Never write to it. It is valid for a quarter of an hour: a remote store makes a copy,
   * which it may remove later. Call this again before each use. If the store does not have the file, there is none at the path.
   */
  path(hash: string): Promise<string>;
  /**
   * Size in bytes, or `undefined` if the store does not have the file.
   *
   * @throws StorageError if the store is missing, or is not the expected one.
   */
  size(hash: string): Promise<number | undefined>;
  /**
   * The time when a file was last stored, by the machine's clock, or `undefined` if the store does not have it.
   *
   * @throws As `size`.
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
  /** The identity of the store; `undefined` if it has none. */
  identity(): Promise<string | undefined>;
  /** Gives the store an identity, in place of the one that it has. */
  identify(identity: string): Promise<void>;
  /** From now on, the store works only while it has this identity. With another, it throws a StorageError, and `problem` reports it. */
  expect(identity: string): void;
  /**
   * Checks that the files that it has can be there. Cheaper than `problem`, and a full disk passes.
   *
   * @throws StorageError if the store is missing, or is not the expected one.
   */
  check(): Promise<void>;
  /** The reason why the store cannot store files, or `undefined` if it can. */
  problem(): Promise<string | undefined>;
  /** A URL that downloads the file from the store itself, for a few minutes; `undefined` if the store has none or is not to be used so. */
  downloadUrl(hash: string, options: DownloadOptions): Promise<string | undefined>;
  /** Prepares it for storing files. */
  open(): Promise<void>;
  /** Ends its connections. */
  close(): Promise<void>;
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
