import { spawn } from 'node:child_process';
import { chmodSync, statfsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a lock held by another connection. */
const BUSY = 5;

/** Milliseconds to wait for other contenders: simultaneous attempts block each other briefly. */
const CONTENTION = 500;

/** Time limit of a probe, in milliseconds. */
const PROBE_TIMEOUT = 20_000;

/** How a probe ends: the exit codes of its process. Others mean that it was not tried. */
export const PROBE_EXIT = { refused: 10, acquired: 11 } as const;

/** What a second holder was answered: `unknown` when it could not be tried. */
export type ProbeResult = keyof typeof PROBE_EXIT | 'unknown';

/**
 * An operating system lock on a file. It ends with the process that holds it, however that ends, and
 * identifies that process reliably. It is SQLite's exclusive lock (`fcntl`, on Windows `LockFileEx`).
 *
 * Nothing else in this process may open the file: closing any descriptor of a file drops the POSIX locks that
 * the process holds on it. SQLite takes care of that for its own connections, in all threads. The file is
 * never deleted, because a process could hold a lock on a deleted file.
 */
export class OsLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Locks a file, which is created if it is missing.
   *
   * @returns `undefined` if the lock is already held.
   * @throws Error when the file cannot be opened, or its file system has no locks.
   */
  static async tryAcquire(file: string): Promise<OsLock | undefined> {
    const { DatabaseSync } = await sqlite();
    const database = new DatabaseSync(file);
    try {
      // Without a journal file.
      database.exec(`pragma busy_timeout = ${CONTENTION}; pragma journal_mode = memory; begin exclusive`);
      if (process.platform !== 'win32') chmodSync(file, 0o600);
      return new OsLock(database);
    } catch (error) {
      database.close();
      if (codeOf(error) === BUSY) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}

/**
 * What another process is answered that tries to lock a file.
 *
 * That process can outlive this one, and must not be taken for an owner by the next: it does nothing once this one has ended, and
 * takes the weakest lock for no longer than one statement.
 */
export function probeLock(file: string): Promise<ProbeResult> {
  // Options of this process, such as those of a debugger, are not for that one.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, probeArguments(file, process.pid), {
      env,
      stdio: 'ignore',
      timeout: PROBE_TIMEOUT,
      windowsHide: true,
    });
    child.once('error', () => resolve('unknown'));
    child.once('close', (code) =>
      resolve(
        code === PROBE_EXIT.acquired ? 'acquired' : code === PROBE_EXIT.refused ? 'refused' : 'unknown',
      ),
    );
  });
}

/**
 * The arguments of a process that probes a lock.
 *
 * @param parent - Number of the process without which it does nothing.
 */
export function probeArguments(file: string, parent: number): string[] {
  const script = `const { DatabaseSync } = require('node:sqlite');
    let code = 1;
    try {
      const database = new DatabaseSync(process.argv[1]);
      if (process.ppid === Number(process.argv[2])) {
        database.exec('select count(*) from sqlite_master');
        code = ${PROBE_EXIT.acquired};
      }
      database.close();
    } catch (error) {
      if (error.errcode % 256 === ${BUSY}) code = ${PROBE_EXIT.refused};
    }
    process.exit(code);`;
  return ['--no-warnings', '-e', script, file, String(parent)];
}

/** File systems in which the kernel of Linux itself keeps all locks of all processes, by their number in `statfs`. */
const KERNEL_LOCKED: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xf2f52010, // F2FS
  0x01021994, // tmpfs
]);

/** Whether locks certainly hold in the file system of a path, so that none has to be tried. */
export function holdsLocks(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'linux') return false;
  try {
    return KERNEL_LOCKED.has(statfsSync(path).type);
  } catch {
    return false;
  }
}

/** Node's SQLite, without the warning that older versions of Node print when it is loaded. */
async function sqlite(): Promise<typeof import('node:sqlite')> {
  const { emitWarning } = process;
  // The overloads of emitWarning cannot be written as one function.
  process.emitWarning = ((warning: string | Error, ...more: never[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning(warning, ...more);
  }) as typeof emitWarning;
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** SQLite's primary code of an error. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) % 256 : undefined;
}
