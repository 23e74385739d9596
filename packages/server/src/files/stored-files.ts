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

/** Limits on received files. */
export interface PutOptions {
  readonly maxBytes?: number | undefined;
  /** Called with the length of each chunk before it is written. If it throws, nothing is stored. */
  readonly admit?: ((bytes: number) => void) | undefined;
}

/** The content of a file, all of it or in chunks. A chunk is not used after the next one was requested. */
export type FileContent = Uint8Array | Readable | AsyncIterable<Uint8Array>;

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
