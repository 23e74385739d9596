import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { holdsLocks, OsLock, type ProbeResult, probeLock } from './os-lock.js';

/** The file whose lock determines the owner of the directory. Its content has no meaning. */
const LOCK = 'owner.lock';

/**
 * Describes the owner of the directory, for messages and for commands that contact the server. It does not
 * determine ownership.
 */
const OWNER = 'owner.json';

/** The process that uses a data directory, by its own description. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** The URL for commands that can read the directory, and the token to present. */
  readonly control?: { readonly url: string; readonly token: string } | undefined;
}

/** The data directory is in use by another process. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  /** `undefined` if the process has written no description. */
  readonly owner: Owner | undefined;

  constructor(directory: string, owner: Owner | undefined) {
    const who =
      owner === undefined
        ? 'another process'
        : `process ${owner.pid} on host ${owner.host} since ${owner.since}`;
    super(`the data directory ${directory} is in use by ${who}; stop it, or choose another directory`);
    this.owner = owner;
  }
}

/** Whether a name in a data directory is a file about its owner. */
export const isOwnersFile = (name: string): boolean => name.startsWith('owner.');

/** Devices with working locks: they refused a second holder. */
const probed = new Set<number>();

/** Restricts a data directory to one process at a time, because two would destroy the embedded database. */
export class DirectoryLock {
  readonly #directory: string;
  readonly #lock: OsLock;
  readonly #owner: Owner;

  private constructor(directory: string, lock: OsLock) {
    this.#directory = directory;
    this.#lock = lock;
    this.#owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    try {
      this.#write(this.#owner);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Locks a directory.
   *
   * @param probe - Tries to lock a locked file from another process. Default: starts such a process, unless the kernel keeps the locks
   *   of the file system.
   * @throws DirectoryInUseError if another process owns it, Error if the file system has no working locks.
   */
  static async acquire(
    directory: string,
    probe: (file: string) => Promise<ProbeResult> = probeLock,
  ): Promise<DirectoryLock> {
    const file = join(directory, LOCK);
    let lock: OsLock | undefined;
    try {
      lock = await OsLock.tryAcquire(file);
    } catch (error) {
      throw new Error(
        `the data directory ${directory} cannot be locked: ${(error as Error).message}; use a writable file system with support for locks`,
        { cause: error },
      );
    }
    if (lock === undefined) throw new DirectoryInUseError(directory, readOwner(directory));
    const { dev } = statSync(file);
    const owned = new DirectoryLock(directory, lock);
    if (probe === probeLock && (probed.has(dev) || holdsLocks(directory))) return owned;
    if ((await probe(file)) === 'acquired') {
      owned.release();
      throw new Error(
        `the data directory ${directory} is on a file system with unreliable locks: a second process acquired the same lock; choose a directory on a local disk`,
      );
    }
    if (probe === probeLock) probed.add(dev);
    return owned;
  }

  /** Publishes the URL for commands to this process. */
  announce(control: NonNullable<Owner['control']>): void {
    this.#write({ ...this.#owner, control });
  }

  release(): void {
    try {
      rmSync(join(this.#directory, OWNER), { force: true });
    } catch {
      // The directory is missing or read-only.
    }
    this.#lock.release();
  }

  #write(owner: Owner): void {
    const file = join(this.#directory, OWNER);
    // Written atomically, for readers. Only the owner of the lock writes it. It can contain a token.
    writeFileSync(`${file}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** The description by the process that uses a directory, or `undefined` if there is none. */
function readOwner(directory: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(directory, OWNER), 'utf8')) as Partial<Owner> | null;
    const { pid, host, since, control } = owner ?? {};
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return undefined;
    return { pid, host, since, control };
  } catch {
    return undefined;
  }
}
