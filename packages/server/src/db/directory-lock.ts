import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OsLock, type ProbeResult, probeLock } from './os-lock.js';

/** The file whose lock decides who owns the directory. Its content means nothing. */
const LOCK = 'owner.lock';

/** Who owns the directory: for messages, and for commands that talk to the server. It decides nothing. */
const OWNER = 'owner.json';

/** The process that uses a data directory, as it describes itself. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
  /** Where the server takes commands from those who can read the directory, and what they have to present. */
  readonly control?: { readonly url: string; readonly token: string } | undefined;
}

/** Another process uses the data directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  /** `undefined` when the process has not described itself. */
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

/** Whether a name in a data directory is that of a file about its owner. */
export const isOwnersFile = (name: string): boolean => name.startsWith('owner.');

/** Devices whose file system was seen to refuse a second holder. */
const probed = new Set<number>();

/** Gives a data directory to one process at a time: two would destroy the embedded database. */
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
   * @param probe - Tries to lock a file that is locked, from another process. Default: a process that does.
   * @throws DirectoryInUseError when another process owns it, Error when the file system has no locks that hold.
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
    if (probe === probeLock && probed.has(dev)) return owned;
    if ((await probe(file)) === 'acquired') {
      owned.release();
      throw new Error(
        `the data directory ${directory} is on a file system with unreliable locks: a second process acquired the same lock; choose a directory on a local disk`,
      );
    }
    if (probe === probeLock) probed.add(dev);
    return owned;
  }

  /** Publishes where this process takes commands. */
  announce(control: NonNullable<Owner['control']>): void {
    this.#write({ ...this.#owner, control });
  }

  release(): void {
    try {
      rmSync(join(this.#directory, OWNER), { force: true });
    } catch {
      // The directory is gone, or read-only.
    }
    this.#lock.release();
  }

  #write(owner: Owner): void {
    const file = join(this.#directory, OWNER);
    // In one step, for readers; only the owner of the lock writes it. It can contain a token.
    writeFileSync(`${file}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/** How the process that uses a directory describes itself; `undefined` when it does not. */
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
