import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type FileStore, FileTooLargeError, type StoredFile } from '../files/file-store.js';
import { SeedError } from './seed-error.js';

/** The folder whose files a seed can name. */
export interface SeedDirectory {
  readonly path: string;
  /** Bytes of a file. */
  readonly maxBytes: number;
}

/**
 * Stores a file that a seed names. Neither its path nor symbolic links lead outside of the folder of the seed.
 *
 * @param path - The place in the seed.
 * @throws SeedError when the file cannot be used, with the reason.
 */
export async function storeSeedFile(
  files: FileStore,
  directory: SeedDirectory | undefined,
  path: string,
  file: string,
): Promise<StoredFile> {
  const shown = JSON.stringify(file);
  if (directory === undefined)
    throw new SeedError(
      path,
      `found ${shown}, but only a seed file can name files, which are relative to it`,
    );
  const found = await insideOf(directory.path, path, file);
  // The path was resolved: if it is now a link, somebody has just replaced the file.
  const handle = await open(found, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      throw unreadable(path, shown, error);
    },
  );
  try {
    if (!(await handle.stat()).isFile()) throw new SeedError(path, `${shown} is not a file`);
    return await files.put(handle.createReadStream({ autoClose: false }), { maxBytes: directory.maxBytes });
  } catch (error) {
    if (error instanceof FileTooLargeError)
      throw new SeedError(path, `${shown} has more than ${directory.maxBytes} bytes`, error);
    throw error;
  } finally {
    await handle.close();
  }
}

/** The real path of a file in a folder. */
async function insideOf(directory: string, path: string, file: string): Promise<string> {
  const shown = JSON.stringify(file);
  const outside = (): SeedError =>
    new SeedError(path, `${shown} is a path outside the folder of the seed file, ${directory}`);
  if (isAbsolute(file) || leaves(relative(directory, resolve(directory, file)))) throw outside();
  try {
    const found = await realpath(resolve(directory, file));
    if (leaves(relative(await realpath(directory), found))) throw outside();
    return found;
  } catch (error) {
    if (error instanceof SeedError) throw error;
    throw unreadable(path, shown, error);
  }
}

function leaves(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function unreadable(path: string, shown: string, error: unknown): SeedError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${code === '' ? message : code}`;
  return new SeedError(path, `${shown} ${reason}`, error);
}
