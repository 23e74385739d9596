import type { ZipEntry } from '@ips-sdk/types';
import { type Entry, open } from 'yauzl';
import { momentAt } from '../zoned-date-time.js';

/** The archive cannot be listed. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/**
 * Lists the entries of a ZIP archive. Reads only its directory.
 *
 * @param timeZone - For times without a zone in the archive.
 * @throws ArchiveError when the file is not a ZIP archive, or has more entries than allowed.
 */
export function zipEntries(file: string, maxEntries: number, timeZone: string): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    // Names are only listed, never used as paths, so any name will do.
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
          lastModified: modified(entry, timeZone).toISOString(),
          compressedSize: entry.compressedSize,
          uncompressedSize: entry.uncompressedSize,
        });
        archive.readEntry();
      });
      archive.readEntry();
    });
  });
}

/** Extra fields for UTC times: those of Info-ZIP and of NTFS. */
const MOMENT_FIELDS: readonly number[] = [0x5455, 0x000a];

/** Without such a field, an entry has the local time of its creator. */
function modified(entry: Entry, timeZone: string): Date {
  if (entry.extraFields.some(({ id }) => MOMENT_FIELDS.includes(id))) return entry.getLastModDate();
  return momentAt(entry.getLastModDate({ timezone: 'UTC' }).getTime(), timeZone);
}
