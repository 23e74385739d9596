import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents. The recursive mkdir of Node.js never returns in a file system that refuses new folders
 * with ENOENT, such as `/proc`.
 *
 * @returns The topmost folder that was created; `undefined` if the folder exists.
 * @throws The error of the system if a folder cannot be created, or if the path exists and is not a folder.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another program may have created it in the meantime.
    if (code === 'EEXIST' && (await isFolder(path))) return undefined;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    const created = await makeFolder(parent);
    await mkdir(path).catch(async (again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST' || !(await isFolder(path))) throw again;
    });
    return created ?? path;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
