import { readFile, rm } from 'node:fs/promises';
import { replaceText } from './replace-text.js';

/** Where the record of unused files is kept. */
export interface UnusedRecord {
  /** Its text; `undefined` if there is none or it cannot be read, which only delays the removal of files. */
  read(): Promise<string | undefined>;
  /** Replaces it in one step; `undefined` removes it. */
  write(text: string | undefined): Promise<void>;
}

/** A record in a file. */
export function recordInFile(file: string): UnusedRecord {
  return {
    read: () => readFile(file, 'utf8').catch(() => undefined),
    write: async (text) => {
      if (text === undefined) return rm(file, { force: true });
      await replaceText(file, text);
    },
  };
}

/**
 * Replaces the record of unused files.
 *
 * @returns The time since which each has been in the record without interruption.
 */
export async function recordUnused(
  record: UnusedRecord,
  hashes: Iterable<string>,
  at: Date,
): Promise<ReadonlyMap<string, Date>> {
  const known = datesIn(await record.read());
  const now = new Map<string, Date>();
  for (const hash of hashes) now.set(hash, known.get(hash) ?? at);
  await record.write(now.size === 0 ? undefined : JSON.stringify(Object.fromEntries(now)));
  return now;
}

/** The dates of a record. Empty if it cannot be understood. */
function datesIn(text: string | undefined): ReadonlyMap<string, Date> {
  if (text === undefined) return new Map();
  try {
    const since = Object.entries(JSON.parse(text) as Record<string, string>);
    return new Map(
      since.map(([hash, date]) => [hash, new Date(date)] as const).filter(([, date]) => date.getTime() > 0),
    );
  } catch {
    return new Map();
  }
}
