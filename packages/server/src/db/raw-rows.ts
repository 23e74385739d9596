import type { SQL } from 'drizzle-orm';
import type { Db } from './db.js';

/** The rows of a statement that drizzle has no builder for; `Row` is what its select list names. */
export async function rawRows<Row>(db: Db, statement: SQL): Promise<Row[]> {
  const result = await db.execute(statement);
  // Both drivers answer an object with `rows`; `Db` names neither, so its result type says nothing.
  return (result as unknown as { rows: Row[] }).rows;
}
