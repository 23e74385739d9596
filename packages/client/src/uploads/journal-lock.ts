import { type FileHandle, open, readFile, rename, unlink } from 'node:fs/promises';
import { JournalError } from './journal-error.js';

/** The locks of this process. A lock file does not distinguish two uploads in the same process. */
const held = new Set<string>();

/**
 * Locks a journal against concurrent use. The lock is a file next to the journal that contains a process ID. The lock of a process that has
 * ended is taken over.
 *
 * @returns A function that releases the lock.
 * @throws JournalError when another upload uses the journal.
 */
export async function lockJournal(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  if (held.has(lock)) throw new JournalError(path, undefined, 'another upload in this process is using it');
  held.add(lock);
  try {
    await acquire(path, lock);
  } catch (error) {
    held.delete(lock);
    throw error;
  }
  return async () => {
    await unlink(lock).catch(ignoreMissing);
    held.delete(lock);
  };
}

async function acquire(path: string, lock: string): Promise<void> {
  for (;;) {
    const file = await createNew(lock);
    if (file !== undefined) {
      try {
        await file.writeFile(String(process.pid));
      } finally {
        await file.close();
      }
      return;
    }
    const owner = await ownerOf(lock);
    if (owner === undefined) continue;
    if (isRunning(owner)) throw new JournalError(path, undefined, `process ${owner} is using it (${lock})`);
    // Only one process can rename the lock. If it gets the new lock of a faster process, it restores it.
    const aside = `${lock}.${process.pid}`;
    try {
      await rename(lock, aside);
    } catch (error) {
      ignoreMissing(error);
      continue;
    }
    if ((await ownerOf(aside)) === owner) await unlink(aside).catch(ignoreMissing);
    else await rename(aside, lock);
  }
}

async function createNew(lock: string): Promise<FileHandle | undefined> {
  try {
    return await open(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** The ID of the process that holds a lock; `undefined` if the lock is gone, 0 while the lock is being written. */
async function ownerOf(lock: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(lock, 'utf8'), 10) || 0;
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  // The locks of this process are known, so a file with its ID is from an earlier process with the same ID.
  if (pid === process.pid || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
