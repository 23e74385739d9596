import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Replaces the record of unused files.
 *
 * @returns The time since which each has been in the record without interruption.
 */
export async function recordUnused(
  file: string,
  hashes: Iterable<string>,
  at: Date,
): Promise<ReadonlyMap<string, Date>> {
  const known = await readUnused(file);
  const now = new Map<string, Date>();
  for (const hash of hashes) now.set(hash, known.get(hash) ?? at);
  if (now.size === 0) await rm(file, { force: true });
  else {
    await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(now)), { flush: true, mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return now;
}

/** The record. Empty if it cannot be read, which only delays the removal of files. */
async function readUnused(file: string): Promise<ReadonlyMap<string, Date>> {
  try {
    const since = Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>);
    return new Map(
      since.map(([hash, date]) => [hash, new Date(date)] as const).filter(([, date]) => date.getTime() > 0),
    );
  } catch {
    return new Map();
  }
}
