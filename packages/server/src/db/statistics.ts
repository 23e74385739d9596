import { sql } from 'drizzle-orm';
import type { Db } from './db.js';

/** Rows below which every plan is fast enough. */
const FEW = 1000;

const atWork = new WeakSet<Db>();

/**
 * Tells the planner how many assets there are, once that has changed much. A PostgreSQL server finds out by itself; the
 * embedded one has no worker for it, and without statistics it sorts all assets for one page of them.
 *
 * @param assets - As many as were found just now.
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
