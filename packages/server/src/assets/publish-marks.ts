import { type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';

/** The words of the API for marked and unmarked. */
export const PUBLISH_STATES = ['MarkedForPublish', 'NotMarkedForPublish'] as const;

/** A statement has a limited number of parameters. */
const ROWS_AT_ONCE = 5000;

/**
 * Whether an asset is marked for publish in a context, as a condition of a query over `assets`: a mark of its own in the
 * context counts, and `readyForPublish` where there is none.
 *
 * @param context - Number of the context, or a column that holds it.
 */
export function markedIn(context: number | SQL | typeof t.publishContexts.id): SQL<boolean> {
  return sql<boolean>`coalesce((select mark.marked from ${t.assetContexts} mark where mark.asset_id = ${t.assets.id} and mark.context_id = ${context}), ${t.assets.readyForPublish})`;
}

/** Marks or unmarks assets in every context: marks of their own in single contexts go. */
export async function markEverywhere(tx: Db, assetIds: readonly number[], marked: boolean): Promise<void> {
  if (assetIds.length === 0) return;
  await tx.delete(t.assetContexts).where(anyOf(t.assetContexts.assetId, assetIds));
  await tx.update(t.assets).set({ readyForPublish: marked }).where(anyOf(t.assets.id, assetIds));
}

/** Marks or unmarks assets in single contexts; what holds in others stays. */
export async function markInContexts(
  tx: Db,
  marks: readonly { readonly assetId: number; readonly contextId: number; readonly marked: boolean }[],
): Promise<void> {
  // The last one counts, as when they were set one after the other.
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
