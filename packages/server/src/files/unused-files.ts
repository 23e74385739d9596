import { sql } from 'drizzle-orm';
import { anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { FileStore } from './file-store.js';

/**
 * Milliseconds that a file must have been stored before it is removed, because a newer file may be about to
 * be used.
 */
const FILE_GRACE = 3_600_000;

/** The same for files found by scanning the store. */
const STRAY_GRACE = 86_400_000;

/** Milliseconds since a file was first found unreferenced. */
const FOUND_GRACE = 7 * 86_400_000;

/** With fewer files, a large share of unreferenced ones means little. */
const FEW_FILES = 20;

/** Files in one query. */
const CHUNK = 1000;

/** All columns that reference files in the store. */
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

/** A store, and what decides which of its files are used. */
export interface FilesInUse {
  readonly db: Db;
  readonly files: FileStore;
  /** Whether a file stays although no row references it. */
  readonly keepsFile?: ((hash: string) => boolean) | undefined;
}

/**
 * Removes those of the given files that no row references any more.
 *
 * @param fileGrace - Milliseconds that a file must have been stored. Default: an hour.
 * @returns The number of removed files.
 */
export async function removeUnusedFiles(
  { db, files, keepsFile }: FilesInUse,
  hashes: Iterable<string>,
  fileGrace: number = FILE_GRACE,
): Promise<number> {
  let removed = 0;
  for (const hash of await unused(db, [...new Set(hashes)])) {
    if (keepsFile?.(hash) === true) continue;
    const stored = await files.modified(hash);
    if (stored === undefined || Date.now() - stored.getTime() < fileGrace) continue;
    await files.delete(hash);
    removed += 1;
  }
  return removed;
}

/** The result of a search for unreferenced files. */
export interface StrayFiles {
  readonly files: number;
  /** Files that no row references. */
  readonly strays: number;
  readonly removed: number;
  /** The reason why unreferenced files were kept. */
  readonly kept?: string | undefined;
}

/** Retention of unreferenced files, in milliseconds. */
export interface StrayGrace {
  /** Default: the machine's time, which the files also have. */
  readonly now?: number | undefined;
  /** Since they were stored, because their request or job may still be running. Default: a day. */
  readonly stored?: number | undefined;
  /**
   * Since they were first found unreferenced, which leaves time to restore the right database if the current
   * one is old. Default: a week.
   */
  readonly found?: number | undefined;
}

/**
 * Removes files that no row references: those of failed uploads, or of assets that were removed just after
 * their file was stored. If the database references no files, or fewer than half of many, it is probably the
 * wrong database, and nothing is removed.
 */
export async function removeStrayFiles(
  { db, files, keepsFile }: FilesInUse,
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
  return { ...counts, removed: await removeUnusedFiles({ db, files, keepsFile }, due, stored) };
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

/** Those of the given files that no row references. */
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
