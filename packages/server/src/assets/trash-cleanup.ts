import { and, asc, eq, lte, or, sql } from 'drizzle-orm';
import { anyOf, anyTextOf } from '../db/any-of.js';
import * as t from '../db/schema.js';
import type { Db } from '../db/store.js';
import type { Services } from '../services.js';

/** Days that assets stay in the trash before they are removed for good. */
export const TRASH_DAYS = 7;

const DAY = 86_400_000;

/** Milliseconds that a file must have been in the store before it is removed: a younger one may be about to be used. */
const FILE_GRACE = 3_600_000;

/** Assets that are removed in one transaction. */
const CHUNK = 500;

/** What a cleanup removed. */
export interface CleanupOutcome {
  readonly assets: number;
  readonly files: number;
}

/**
 * Removes for good what was emptied from the trash, and what has been in it for too long: the assets with all that belongs to
 * them, what is published of them, and the files that nothing else uses.
 */
export async function cleanUpTrash(
  { db, files, clock, log }: Pick<Services, 'db' | 'files' | 'clock' | 'log'>,
  options: { readonly fileGrace?: number } = {},
): Promise<CleanupOutcome> {
  const until = new Date(clock.now().getTime() - TRASH_DAYS * DAY);
  const hashes = new Set<string>();
  let removed = 0;
  for (;;) {
    const chunk = await db.transaction((tx) => removeChunk(tx as unknown as Db, until));
    for (const hash of chunk.hashes) hashes.add(hash);
    removed += chunk.count;
    if (chunk.count < CHUNK) break;
  }
  let removedFiles = 0;
  for (const hash of await unused(db, [...hashes])) {
    const stored = await files.modified(hash);
    if (stored === undefined || Date.now() - stored.getTime() < (options.fileGrace ?? FILE_GRACE)) continue;
    await files.delete(hash);
    removedFiles += 1;
  }
  if (removed > 0) log.info({ assets: removed, files: removedFiles }, 'the trash was cleaned up');
  return { assets: removed, files: removedFiles };
}

async function removeChunk(tx: Db, until: Date): Promise<{ count: number; hashes: string[] }> {
  const rows = await tx
    .select()
    .from(t.assets)
    .where(
      or(
        eq(t.assets.trashState, 'InEmptiedTrash'),
        and(eq(t.assets.trashState, 'InTrash'), lte(t.assets.trashedAt, until)),
      ),
    )
    .orderBy(asc(t.assets.id))
    .limit(CHUNK)
    .for('update');
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return { count: 0, hashes: [] };
  const published = await tx
    .select({ file: t.publications.file })
    .from(t.publications)
    .where(anyOf(t.publications.assetId, ids));
  await tx.update(t.assets).set({ ownerId: null, engine: null }).where(anyOf(t.assets.ownerId, ids));
  await tx.update(t.assets).set({ thumbAssetId: null }).where(anyOf(t.assets.thumbAssetId, ids));
  await tx.delete(t.assets).where(anyOf(t.assets.id, ids));
  const hashes = rows.flatMap((row) => [row.originalFile, row.optimizedFile, row.thumbFile, row.maskFile]);
  return {
    count: ids.length,
    hashes: [...hashes.filter((hash) => hash !== null), ...published.map(({ file }) => file)],
  };
}

/** Which of some files no row names. */
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
