import { sql } from 'drizzle-orm';
import { anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { FileStore } from './file-store.js';

/** Milliseconds that a file must have been in the store before it is removed: a newer one may be about to be used. */
const FILE_GRACE = 3_600_000;

/** The same for files found by scanning the store. */
const STRAY_GRACE = 86_400_000;

/** Files that one query looks up. */
const CHUNK = 1000;

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

/**
 * Removes all files that no row names: those of uploads that failed, or of assets that were removed just after their file was
 * stored. Files newer than a day stay, because the request or job that brought them may still be running.
 *
 * @returns How many were removed.
 */
export async function removeStrayFiles(
  { db, files }: { readonly db: Db; readonly files: FileStore },
  fileGrace: number = STRAY_GRACE,
): Promise<number> {
  await files.discardStaged(new Date(Date.now() - fileGrace));
  let removed = 0;
  let chunk: string[] = [];
  for await (const hash of files.list()) {
    chunk.push(hash);
    if (chunk.length < CHUNK) continue;
    removed += await removeUnusedFiles({ db, files }, chunk, fileGrace);
    chunk = [];
  }
  return removed + (await removeUnusedFiles({ db, files }, chunk, fileGrace));
}

/** Those of the given files that no row names. */
async function unused(db: Db, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return [];
  const used = new Set<string>();
  for (const column of [
    t.assets.originalFile,
    t.assets.optimizedFile,
    t.assets.thumbFile,
    t.assets.maskFile,
    t.publications.file,
    t.postedFiles.file,
    t.exportFiles.file,
    t.exportArchives.file,
  ]) {
    const rows = await db
      .selectDistinct({ hash: sql<string>`${column}` })
      .from(column.table)
      .where(anyTextOf(column, hashes));
    for (const { hash } of rows) used.add(hash);
  }
  return hashes.filter((hash) => !used.has(hash));
}
