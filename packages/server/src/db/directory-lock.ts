import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps two processes from opening the same data directory, which would destroy the embedded database. */
export class DirectoryLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes the lock of a directory. One that a dead process left behind is taken over.
   *
   * @throws Error naming the process that holds it.
   */
  static acquire(directory: string): DirectoryLock {
    const file = join(directory, 'server.pid');
    for (let attempt = 0; ; attempt += 1) {
      try {
        const handle = openSync(file, 'wx');
        writeSync(handle, `${process.pid}\n`);
        closeSync(handle);
        return new DirectoryLock(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = Number(readHolder(file));
      if (attempt > 1 || isAlive(holder)) {
        throw new Error(
          `the data directory ${directory} is in use by process ${holder}; stop it, or choose another directory`,
        );
      }
      try {
        unlinkSync(file);
      } catch {
        // Another process took it over in this moment; the next round tells.
      }
    }
  }

  release(): void {
    try {
      if (Number(readHolder(this.#file)) === process.pid) unlinkSync(this.#file);
    } catch {
      // Somebody removed the directory.
    }
  }
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return pid === process.pid;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
