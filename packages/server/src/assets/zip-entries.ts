import type { ZipEntry } from '@ips-sdk/types';
import { open } from 'yauzl';

/** An archive cannot be listed. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * Lists the entries of a ZIP archive. Reads its directory, never the contents.
 *
 * @throws ArchiveError when the file is no such archive, or has more entries than allowed.
 */
export function zipEntries(file: string, maxEntries: number): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    // Names are only told, never used as paths: any of them will do.
    const options = { lazyEntries: true, autoClose: true, validateEntrySizes: false, decodeStrings: true };
    open(file, { ...options, strictFileNames: false }, (error, archive) => {
      if (error) return reject(new ArchiveError(error.message, { cause: error }));
      const entries: ZipEntry[] = [];
      archive.on('error', (problem: Error) => reject(new ArchiveError(problem.message, { cause: problem })));
      archive.on('end', () => resolve(entries));
      archive.on('entry', (entry) => {
        if (entries.length >= maxEntries) {
          archive.close();
          return reject(new ArchiveError(`the archive has more than ${maxEntries} entries`));
        }
        entries.push({
          name: entry.fileName,
          isDirectory: entry.fileName.endsWith('/'),
          lastModified: entry.getLastModDate().toISOString(),
          compressedSize: entry.compressedSize,
          uncompressedSize: entry.uncompressedSize,
        });
        archive.readEntry();
      });
      archive.readEntry();
    });
  });
}
