import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Directories that this process holds. */
const held = new Set<string>();

/** Keeps two processes from opening the same data directory, which would destroy the embedded database. */
export class DirectoryLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
    held.add(file);
  }

  /**
   * Takes the lock of a directory. One that a dead process left behind is taken over.
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
        // Another process took it over in this moment; the next round tells.
      }
    }
  }

  release(): void {
    held.delete(this.#file);
    try {
      if (readHolder(this.#file).pid === process.pid) unlinkSync(this.#file);
    } catch {
      // Somebody removed the directory.
    }
  }
}

interface Holder {
  readonly pid: number;
  /** When it began, so that another process that got the same number is told apart. Empty where that cannot be known. */
  readonly beginning: string;
}

function readHolder(file: string): Holder {
  let text = '';
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    // It was removed in this moment.
  }
  const [pid, began = ''] = text.split(' ');
  return { pid: Number(pid), beginning: began };
}

function isAlive(holder: Holder, file: string): boolean {
  const { pid } = holder;
  if (!Number.isInteger(pid) || pid <= 0) return false;
  // In a container every process is number 1: one that left the file behind had our number, too.
  if (pid === process.pid) return held.has(file);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = beginning(pid);
  return holder.beginning === '' || now === '' || now === holder.beginning;
}

/** When a process began, in the units of the system; empty where the system does not tell. */
function beginning(pid: number): string {
  try {
    // The name, in parentheses, can hold blanks; the start time is the 20th field after it.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
