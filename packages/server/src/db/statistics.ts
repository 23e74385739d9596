import { sql } from 'drizzle-orm';
import type { Db } from './db.js';

/** Rows below which every plan is fast enough. */
const FEW = 1000;

const atWork = new WeakSet<Db>();

/**
 * Updates the planner's statistics on assets once their number has changed much. A PostgreSQL server does
 * this by itself; the embedded one has no background worker, and without statistics it sorts all assets to
 * return one page.
 *
 * @param assets - The number of assets found by a recent query.
 */
export async function keepStatistics(db: Db, assets: number): Promise<void> {
  if (assets < FEW || atWork.has(db)) return;
  atWork.add(db);
  try {
    const {
      rows: [row],
    } = await db.execute<{ known: number }>(
      sql`select reltuples::int as known from pg_class where oid = 'assets'::regclass`,
    );
    const known = row?.known ?? -1;
    if (assets > 2 * Math.max(known, FEW / 2))
      await db.execute(sql`analyze assets, metadata_values, folders`);
  } finally {
    atWork.delete(db);
  }
}
