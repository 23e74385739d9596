import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Directories that this process has locked. */
const held = new Set<string>();

/** Keeps two processes from opening the same data directory, which would corrupt the embedded database. */
export class DirectoryLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
    held.add(file);
  }

  /**
   * Locks a directory. Takes over a lock that a dead process left behind.
   *
   * @throws Error naming the process that holds it.
   */
  static acquire(directory: string): DirectoryLock {
    const file = resolve(join(directory, 'server.pid'));
    for (let attempt = 0; ; attempt += 1) {
      try {
        const handle = openSync(file, 'wx');
        writeSync(handle, `${process.pid} ${beginning(process.pid)}\n`);
        closeSync(handle);
        return new DirectoryLock(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (attempt > 1 || isAlive(holder, file)) {
        throw new Error(
          `the data directory ${directory} is in use by process ${holder.pid}; stop it, or choose another directory`,
        );
      }
      try {
        unlinkSync(file);
      } catch {
        // Another process has just taken it over; the next round will see that.
      }
    }
  }

  release(): void {
    held.delete(this.#file);
    try {
      if (readHolder(this.#file).pid === process.pid) unlinkSync(this.#file);
    } catch {
      // The directory was removed.
    }
  }
}

interface Holder {
  readonly pid: number;
  /** When the process started, which tells it from a later one with the same number. Empty where the system does not say. */
  readonly beginning: string;
}

function readHolder(file: string): Holder {
  let text = '';
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    // It has just been removed.
  }
  const [pid, began = ''] = text.split(' ');
  return { pid: Number(pid), beginning: began };
}

function isAlive(holder: Holder, file: string): boolean {
  const { pid } = holder;
  if (!Number.isInteger(pid) || pid <= 0) return false;
  // In containers, the process that left the file behind often had the number of this one.
  if (pid === process.pid) return held.has(file);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = beginning(pid);
  return holder.beginning === '' || now === '' || now === holder.beginning;
}

/** When a process started, in units of the system; empty where the system does not say. */
function beginning(pid: number): string {
  try {
    // The name, in parentheses, can contain spaces; the start time is the 20th field after it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
