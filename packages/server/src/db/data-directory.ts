import { makeDirectory } from '../files/make-directory.js';

/** Names in a data directory. */
export const DATABASE = 'database';
export const FILES = 'files';

/** The error for a data directory with files whose database is missing or cannot be read. */
export function lostDatabase(directory: string, problem: string, cause?: unknown): Error {
  return new Error(
    `${problem}. The server does not start, because it would treat the files in ${directory}/${FILES} as unused. ` +
      `Restore a backup: ips-server restore --from BACKUP --data ${directory} --replace. ` +
      `Without a backup, move ${directory} away to start empty, and keep it: its files are named by the SHA-256 of their content`,
    { cause },
  );
}

/**
 * Creates a data directory if it is missing. Only its owner can read it.
 *
 * @throws Error that names the directory and the reason.
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await makeDirectory(directory, 0o700);
  } catch (error) {
    throw new Error(`the data directory ${directory} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
