import { sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { tableNames } from '../db/store.js';
import { type NextNumbers, nextNumbers, setNextNumbers } from '../db/table-numbers.js';

/** Rows of one table. */
export interface TablePart {
  readonly table: string;
  /** A JSON array. It stays text, which the database reads: numbers are not rounded. */
  readonly rows: string;
}

/** The contents of all tables, with password hashes. */
export interface Contents {
  /** A table that others refer to is before them. Empty tables are omitted. */
  readonly parts: readonly TablePart[];
  readonly next: NextNumbers;
}

/** Characters of rows after which another part begins: the database accepts 256 MiB in one array. */
const PART_LENGTH = 2 ** 22;

/** Characters of rows that one statement inserts. */
const BATCH_LENGTH = 2 ** 22;

/**
 * Reads all tables.
 *
 * @param tx - A transaction that sees one state of the database.
 */
export async function readContents(tx: Db): Promise<Contents> {
  const parts: TablePart[] = [];
  for (const table of await orderedTables(tx)) {
    // By number if there is one, so that equal contents give equal parts.
    const { rows } = await tx.execute<{ rows: string }>(
      sql.raw(`
        select '[' || string_agg(row, ',' order by at) || ']' as rows from (
          select row, at, sum(length(row)) over (order by at) / ${PART_LENGTH} as part from (
            select row, row_number() over (order by (row::jsonb->>'id')::bigint, row) as at
              from (select to_jsonb(every_row)::text as row from "${table}" every_row) texts
          ) numbered
        ) parts group by floor(part) order by min(at)`),
    );
    for (const part of rows) parts.push({ table, rows: part.rows });
  }
  return { parts, next: await nextNumbers(tx) };
}

/**
 * Inserts contents into empty tables.
 *
 * @throws Error that names the tables that refuse their rows.
 */
export async function writeContents(tx: Db, { parts, next }: Contents): Promise<void> {
  for (const batch of batchesOf(parts)) {
    const inserts = batch.map(
      ({ table }, index) =>
        sql`insert into ${sql.identifier(table)}
          select rows.* from given, jsonb_populate_recordset(null::${sql.identifier(table)}, given.parts->${sql.raw(`${index}`)}) rows`,
    );
    const named = inserts.map((insert, index) => sql`${sql.identifier(`insert_${index}`)} as (${insert})`);
    const given = `[${batch.map(({ rows }) => rows).join(',')}]`;
    try {
      await tx.execute(
        sql`with given as materialized (select ${given}::jsonb as parts), ${sql.join(named, sql`, `)} select 1`,
      );
    } catch (error) {
      // The error's own message contains all rows.
      const { message } = ((error as Error).cause ?? error) as Error;
      const tables = [...new Set(batch.map(({ table }) => table))].join(', ');
      throw new Error(`the rows do not fit into the tables (${tables}): ${message}`, { cause: error });
    }
  }
  await setNextNumbers(tx, next);
}

/** The parts that each statement inserts. */
function* batchesOf(parts: readonly TablePart[]): Generator<readonly TablePart[]> {
  let batch: TablePart[] = [];
  let length = 0;
  for (const part of parts) {
    if (batch.length > 0 && length + part.rows.length > BATCH_LENGTH) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(part);
    length += part.rows.length;
  }
  if (batch.length > 0) yield batch;
}

/** All tables, each after those that it refers to. */
export async function orderedTables(db: Db): Promise<readonly string[]> {
  const { rows } = await db.execute<{ name: string; target: string }>(
    sql`select child.relname as name, parent.relname as target from pg_constraint
      join pg_class child on child.oid = conrelid join pg_class parent on parent.oid = confrelid
      where contype = 'f' and connamespace = 'public'::regnamespace and conrelid <> confrelid`,
  );
  const targets = Map.groupBy(rows, ({ name }) => name);
  const ordered = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.has(name)) return;
    if (above.includes(name)) throw new Error(`tables refer to each other: ${[...above, name].join(', ')}`);
    for (const { target } of targets.get(name) ?? []) visit(target, [...above, name]);
    ordered.add(name);
  };
  for (const name of await tableNames(db)) visit(name, []);
  return [...ordered];
}
