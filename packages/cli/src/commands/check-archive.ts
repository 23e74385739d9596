import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** The content of a verified archive. */
export interface CheckedArchive {
  readonly files: number;
}

/**
 * Reads an entire archive and verifies the checksum of every file in it.
 *
 * @returns `undefined` for a file that is not a ZIP archive, which cannot be verified.
 * @throws Error naming the damaged file.
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
    throw new Error(`incomplete or invalid ZIP archive: ${(error as Error).message}`, { cause: error });
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
    throw new Error(`cannot read ${entry.fileName} in the archive: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (check !== entry.crc32) throw new Error(`checksum mismatch for ${entry.fileName} in the archive`);
}
