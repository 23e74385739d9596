import { sql } from 'drizzle-orm';
import { anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { FileStore } from './file-store.js';

/** Milliseconds that a file must have been in the store before it is removed: a newer one may be about to be used. */
const FILE_GRACE = 3_600_000;

/** The same for files found by scanning the store. */
const STRAY_GRACE = 86_400_000;

/** Milliseconds after a file was first found to be a stray. */
const FOUND_GRACE = 7 * 86_400_000;

/** With fewer files, a large share of strays means little. */
const FEW_FILES = 20;

/** Files that one query looks up. */
const CHUNK = 1000;

/** All columns that name files in the store. */
export const fileColumns = [
  t.assets.originalFile,
  t.assets.optimizedFile,
  t.assets.thumbFile,
  t.assets.maskFile,
  t.publications.file,
  t.postedFiles.file,
  t.exportFiles.file,
  t.exportArchives.file,
] as const;

/**
 * Removes those of the given files that no row names any more.
 *
 * @param fileGrace - Milliseconds that a file must have been in the store. Default: an hour.
 * @returns How many were removed.
 */
export async function removeUnusedFiles(
  { db, files }: { readonly db: Db; readonly files: FileStore },
  hashes: Iterable<string>,
  fileGrace: number = FILE_GRACE,
): Promise<number> {
  let removed = 0;
  for (const hash of await unused(db, [...new Set(hashes)])) {
    const stored = await files.modified(hash);
    if (stored === undefined || Date.now() - stored.getTime() < fileGrace) continue;
    await files.delete(hash);
    removed += 1;
  }
  return removed;
}

/** The result of a search for stray files. */
export interface StrayFiles {
  readonly files: number;
  /** Files that no row names. */
  readonly strays: number;
  readonly removed: number;
  /** Why none were removed although there are some. */
  readonly kept?: string | undefined;
}

/** How long stray files are kept, in milliseconds. */
export interface StrayGrace {
  /** Default: the machine's time, which is also that of the files. */
  readonly now?: number | undefined;
  /** Since they were stored: the request or job that brought them may still be running. Default: a day. */
  readonly stored?: number | undefined;
  /**
   * Since they were first found to be strays. When the database turns out to be an old one, there is time to restore the right one.
   * Default: a week.
   */
  readonly found?: number | undefined;
}

/**
 * Removes files that no row names: those of uploads that failed, or of assets that were removed just after their file was stored. Never
 * believes a catalogue that names nothing, or less than half of many files: that is the wrong catalogue, rather than so many strays.
 */
export async function removeStrayFiles(
  { db, files }: { readonly db: Db; readonly files: FileStore },
  { now = Date.now(), stored = STRAY_GRACE, found = FOUND_GRACE }: StrayGrace = {},
): Promise<StrayFiles> {
  await files.discardStaged(new Date(now - stored));
  const strays: string[] = [];
  let total = 0;
  for await (const chunk of chunksOf(files.list(), CHUNK)) {
    total += chunk.length;
    strays.push(...(await unused(db, chunk)));
  }
  const since = await files.recordUnused(strays, new Date(now));
  const counts = { files: total, strays: strays.length };
  if (strays.length === 0) return { ...counts, removed: 0 };
  if (strays.length === total) return { ...counts, removed: 0, kept: 'the database refers to no files' };
  if (total >= FEW_FILES && strays.length * 2 > total)
    return { ...counts, removed: 0, kept: 'the database refers to fewer than half of the files' };
  const due = strays.filter((hash) => now - (since.get(hash)?.getTime() ?? now) >= found);
  return { ...counts, removed: await removeUnusedFiles({ db, files }, due, stored) };
}

async function* chunksOf<T>(source: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const each of source) {
    chunk.push(each);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Those of the given files that no row names. */
async function unused(db: Db, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return [];
  const used = new Set<string>();
  for (const column of fileColumns) {
    const rows = await db
      .selectDistinct({ hash: sql<string>`${column}` })
      .from(column.table)
      .where(anyTextOf(column, hashes));
    for (const { hash } of rows) used.add(hash);
  }
  return hashes.filter((hash) => !used.has(hash));
}
