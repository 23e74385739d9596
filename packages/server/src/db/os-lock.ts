import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a lock held by another connection. */
const BUSY = 5;

/** Milliseconds to wait for other contenders: simultaneous attempts block each other briefly. */
const CONTENTION = 500;

/** Time limit of a probe, in milliseconds. */
const PROBE_TIMEOUT = 20_000;

/** The exit codes of a probe. */
const EXIT = { refused: 10, acquired: 11 } as const;

/** The result for a second holder: `unknown` if the attempt was not possible. */
export type ProbeResult = keyof typeof EXIT | 'unknown';

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

/** The result of another process's attempt to lock a file. */
export function probeLock(file: string): Promise<ProbeResult> {
  const script = `const { DatabaseSync } = require('node:sqlite');
    try {
      new DatabaseSync(process.argv[1]).exec('pragma journal_mode = memory; begin exclusive');
      process.exit(${EXIT.acquired});
    } catch (error) {
      process.exit(error.errcode % 256 === ${BUSY} ? ${EXIT.refused} : 1);
    }`;
  // Options of this process, such as for a debugger, are not passed on.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--no-warnings', '-e', script, file], {
      env,
      stdio: 'ignore',
      timeout: PROBE_TIMEOUT,
      windowsHide: true,
    });
    child.once('error', () => resolve('unknown'));
    child.once('close', (code) =>
      resolve(code === EXIT.acquired ? 'acquired' : code === EXIT.refused ? 'refused' : 'unknown'),
    );
  });
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
