import { and, asc, eq, lte, or, sql } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { removeUnusedFiles } from '../files/unused-files.js';
import type { Services } from '../services.js';

/** Days that assets stay in the trash before they are permanently deleted. */
const TRASH_DAYS = 7;

const DAY = 86_400_000;

/** Assets deleted in one transaction. */
const CHUNK = 500;

/** What a cleanup removed. */
export interface CleanupOutcome {
  readonly assets: number;
  readonly files: number;
  /** The number of removed assets, by company number. */
  readonly companies: ReadonlyMap<number, number>;
}

/**
 * Permanently deletes the assets emptied from the trash or in it for too long, along with their data,
 * publications and otherwise unused files.
 */
export async function cleanUpTrash(
  { db, files, keepsFile, clock, log }: Pick<Services, 'db' | 'files' | 'keepsFile' | 'clock' | 'log'>,
  options: { readonly fileGrace?: number } = {},
): Promise<CleanupOutcome> {
  const until = new Date(clock.now().getTime() - TRASH_DAYS * DAY);
  const hashes = new Set<string>();
  const companies = new Map<number, number>();
  let removed = 0;
  for (;;) {
    const chunk = await db.transaction((tx) => removeChunk(tx, until));
    for (const hash of chunk.hashes) hashes.add(hash);
    for (const id of chunk.companyIds) companies.set(id, (companies.get(id) ?? 0) + 1);
    removed += chunk.companyIds.length;
    if (chunk.companyIds.length < CHUNK) break;
  }
  const removedFiles = await removeUnusedFiles({ db, files, keepsFile }, hashes, options.fileGrace);
  if (removed > 0) log.info({ assets: removed, files: removedFiles }, 'the trash was cleaned up');
  return { assets: removed, files: removedFiles, companies };
}

/** The companies of the removed assets, one entry for each asset, and their files. */
async function removeChunk(tx: Db, until: Date): Promise<{ companyIds: number[]; hashes: string[] }> {
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
  if (ids.length === 0) return { companyIds: [], hashes: [] };
  const published = await tx
    .select({ file: t.publications.file })
    .from(t.publications)
    .where(anyOf(t.publications.assetId, ids));
  await tx.update(t.assets).set({ ownerId: null, engine: null }).where(anyOf(t.assets.ownerId, ids));
  await tx.update(t.assets).set({ thumbAssetId: null }).where(anyOf(t.assets.thumbAssetId, ids));
  await tx.delete(t.assets).where(anyOf(t.assets.id, ids));
  await countRemovals(tx, rows);
  const hashes = rows.flatMap((row) => [row.originalFile, row.optimizedFile, row.thumbFile, row.maskFile]);
  return {
    companyIds: rows.map(({ companyId }) => companyId),
    hashes: [...hashes.filter((hash) => hash !== null), ...published.map(({ file }) => file)],
  };
}

/** Counts removed assets for the mail, which is written after the last one. */
async function countRemovals(tx: Db, removed: readonly { readonly companyId: number }[]): Promise<void> {
  const counts = new Map<number, number>();
  for (const { companyId } of removed) counts.set(companyId, (counts.get(companyId) ?? 0) + 1);
  // In a fixed order, so that two cleanups cannot block each other.
  for (const [id, count] of [...counts].sort(([a], [b]) => a - b))
    await tx
      .update(t.companies)
      .set({ unreportedRemovals: sql`${t.companies.unreportedRemovals} + ${count}` })
      .where(eq(t.companies.id, id));
}
