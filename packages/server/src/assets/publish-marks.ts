import { type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';

/** The API's constants for marked and unmarked. */
export const PUBLISH_STATES = ['MarkedForPublish', 'NotMarkedForPublish'] as const;

/** A statement has a limited number of parameters. */
const ROWS_AT_ONCE = 5000;

/**
 * Whether an asset is marked for publish in a context, as a condition of a query over `assets`: its mark in the context, or
 * `readyForPublish` if it has none.
 *
 * @param context - Number of the context, or a column with the number.
 */
export function markedIn(context: number | SQL | typeof t.publishContexts.id): SQL<boolean> {
  return sql<boolean>`coalesce((select mark.marked from ${t.assetContexts} mark where mark.asset_id = ${t.assets.id} and mark.context_id = ${context}), ${t.assets.readyForPublish})`;
}

/**
 * The same condition, for a query that looks for all marked assets of a company rather than at some that are named: an index finds
 * those that are marked in every context, another those that are marked in this one.
 */
export function markedInByIndex(context: number): SQL<boolean> {
  return sql<boolean>`((${t.assets.readyForPublish} and not exists (select 1 from ${t.assetContexts} mark where mark.asset_id = ${t.assets.id} and mark.context_id = ${context} and not mark.marked)) or ${t.assets.id} = any(array(select mark.asset_id from ${t.assetContexts} mark where mark.context_id = ${context} and mark.marked)))`;
}

/** Marks or unmarks assets in every context, and removes their marks in single contexts. */
export async function markEverywhere(tx: Db, assetIds: readonly number[], marked: boolean): Promise<void> {
  if (assetIds.length === 0) return;
  await tx.delete(t.assetContexts).where(anyOf(t.assetContexts.assetId, assetIds));
  await tx.update(t.assets).set({ readyForPublish: marked }).where(anyOf(t.assets.id, assetIds));
}

/** Marks or unmarks assets in single contexts. Others are not affected. */
export async function markInContexts(
  tx: Db,
  marks: readonly { readonly assetId: number; readonly contextId: number; readonly marked: boolean }[],
): Promise<void> {
  // The last mark takes effect, as if they were set one after another.
  const last = new Map(marks.map((mark) => [`${mark.assetId}|${mark.contextId}`, mark]));
  const values = [...last.values()];
  for (let start = 0; start < values.length; start += ROWS_AT_ONCE) {
    await tx
      .insert(t.assetContexts)
      .values(values.slice(start, start + ROWS_AT_ONCE))
      .onConflictDoUpdate({
        target: [t.assetContexts.assetId, t.assetContexts.contextId],
        set: { marked: sql`excluded.marked` },
      });
  }
}
