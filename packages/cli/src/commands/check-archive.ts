import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** What an archive contains, once all of it has been read. */
export interface CheckedArchive {
  readonly files: number;
}

/**
 * Reads an archive to its end and compares every file in it with its checksum.
 *
 * @returns `undefined` for a file that is no ZIP archive, which cannot be checked.
 * @throws Error that says what is damaged.
 */
export async function checkArchive(
  path: string,
  fileName: string,
  signal: AbortSignal,
): Promise<CheckedArchive | undefined> {
  if (!/\.zip$/i.test(fileName)) return undefined;
  let archive: ZipFile;
  try {
    archive = await openPromise(path);
  } catch (error) {
    throw new Error(`it is not a whole ZIP archive: ${(error as Error).message}`, { cause: error });
  }
  try {
    let files = 0;
    for await (const entry of archive.eachEntry()) {
      signal.throwIfAborted();
      if (entry.fileName.endsWith('/')) continue;
      await checkEntry(archive, entry, signal);
      files += 1;
    }
    return { files };
  } finally {
    archive.close();
  }
}

async function checkEntry(archive: ZipFile, entry: Entry, signal: AbortSignal): Promise<void> {
  let check = 0;
  try {
    for await (const chunk of await archive.openReadStreamPromise(entry)) {
      signal.throwIfAborted();
      check = crc32(chunk, check);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${entry.fileName} in it cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (check !== entry.crc32) throw new Error(`${entry.fileName} in it does not match its checksum`);
}
