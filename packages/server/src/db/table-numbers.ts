import { sql } from 'drizzle-orm';
import type { Db } from './db.js';

/** The number of the next row in each numbered table. */
export type NextNumbers = Readonly<Record<string, number>>;

/** The tables with numbered rows, and their sequences. */
export async function numberedTables(db: Db): Promise<{ name: string; sequence: string }[]> {
  const { rows } = await db.execute<{ name: string; sequence: string }>(
    sql`select relname as name, pg_get_serial_sequence(quote_ident(relname), attname) as sequence
      from pg_class join pg_attribute on attrelid = pg_class.oid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attname = 'id' and attidentity <> ''`,
  );
  return rows;
}

/** Reads the numbers of the next rows. */
export async function nextNumbers(db: Db): Promise<NextNumbers> {
  const counts = (await numberedTables(db)).map(
    ({ name, sequence }) =>
      `select '${name}' as name, (last_value + is_called::int)::int as next from ${sequence}`,
  );
  const { rows } = await db.execute<{ name: string; next: number }>(sql.raw(counts.join(' union all ')));
  return Object.fromEntries(rows.map(({ name, next }) => [name, next]));
}

/**
 * Sets the numbers of the next rows, never to one that a row has.
 *
 * @param next - Whole numbers, by tables. Default: the one after the last row.
 */
export async function setNextNumbers(db: Db, next: NextNumbers = {}): Promise<void> {
  const numbers = (await numberedTables(db)).map(
    ({ name, sequence }) =>
      `select setval('${sequence}', greatest(coalesce(max(id), 0) + 1, ${next[name] ?? 1}), false) from "${name}"`,
  );
  await db.execute(sql.raw(numbers.join(' union all ')));
}

/** @throws Error that names a number that is not one for a row. */
export function checkNextNumbers(next: unknown, path = 'next'): NextNumbers {
  if (typeof next !== 'object' || next === null || Array.isArray(next))
    throw new Error(`${path}: expected an object with a number for each table`);
  for (const [name, number] of Object.entries(next)) {
    if (!Number.isSafeInteger(number) || number < 1)
      throw new Error(`${path}.${name}: found ${JSON.stringify(number)}, expected a whole number from 1`);
  }
  return next as NextNumbers;
}
