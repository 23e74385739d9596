import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What prevents a directory from being created, by the error code of the system. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'its file system does not permit it',
  EROFS: 'its file system is read-only',
  ENOENT: 'its file system does not permit it',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full: the quota is used up',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its links refer to each other',
};

/**
 * Creates a directory and its parents, unless it exists. Node's own recursive `mkdir` does not end where a file system reports that a
 * parent is missing which exists, as `/proc` does.
 *
 * @param mode - Of the directories that are created.
 * @throws Error with the reason and the system's code.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<void> {
  await make(resolve(path), mode);
}

async function make(path: string, mode: number): Promise<void> {
  try {
    if (await isDirectory(path)) return;
    const parent = dirname(path);
    if (parent !== path) await make(parent, mode);
    await mkdir(path, { mode });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    // Another process was faster.
    if (code === 'EEXIST' && (await isDirectory(path).catch(() => false))) return;
    if (error instanceof DirectoryError) throw error;
    const reason = code === 'EEXIST' ? 'it is a link to nothing' : REASONS[code];
    throw new DirectoryError(`${path} cannot be created: ${reason ?? message}`, code, error);
  }
}

/** @returns `false` if nothing is there. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The parent that is a file is named.
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
  throw new DirectoryError(`${path} is a file, expected a directory`, 'ENOTDIR');
}

class DirectoryError extends Error {
  readonly code: string;

  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
