import { type SQLWrapper, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Db } from './db.js';

/** Milliseconds after which a result is computed again, even if nothing changed. */
const AGE = 60_000;

/** Most results to remember. */
const REMEMBERED = 500;

/** Most rows that all remembered results may have. */
const ROWS = 200_000;

/** Results of a database in one state. */
interface State {
  rows: number;
  readonly snapshot: string;
  readonly until: number;
  readonly results: Map<string, unknown>;
}

const states = new WeakMap<Db, State>();

/**
 * A result that holds until anything in the database changes, by this process or another: the remembered one, or that of a query. The
 * database numbers its transactions; as long as it would show the same ones as before, it contains the same rows. Inside a transaction
 * that has changed something, nothing is remembered.
 *
 * @param key - Names the result. The same key has results of the same type.
 * @param rowsOf - The rows that a result has, if it has many.
 */
export async function unchangedResult<Result>(
  db: Db,
  key: string,
  query: () => Promise<Result> | Result,
  rowsOf: (result: Result) => number = () => 1,
): Promise<Result> {
  const before = await snapshotOf(db);
  const state = states.get(db);
  if (state !== undefined && state.snapshot === before && state.until > performance.now()) {
    // The same key has results of the same type.
    if (state.results.has(key)) return state.results.get(key) as Result;
  }
  const result = await query();
  // A result that shows a change must not be remembered for the state before it.
  if (before !== undefined && (await snapshotOf(db)) === before)
    remember(db, before, key, result, rowsOf(result));
  return result;
}

function remember(db: Db, snapshot: string, key: string, result: unknown, rows: number): void {
  if (rows > ROWS) return;
  let state = states.get(db);
  if (state === undefined || state.snapshot !== snapshot || state.until <= performance.now()) {
    state = { snapshot, until: performance.now() + AGE, rows: 0, results: new Map() };
    states.set(db, state);
  }
  if (state.results.size >= REMEMBERED || state.rows + rows > ROWS) {
    state.results.clear();
    state.rows = 0;
  }
  state.rows += rows;
  state.results.set(key, result);
}

/** The transactions whose changes a query would show now; `undefined` if some of these are not yet committed. */
async function snapshotOf(db: Db): Promise<string | undefined> {
  const { rows } = await db.execute<{ snapshot: string | null }>(
    sql`select case when pg_current_xact_id_if_assigned() is null then pg_current_snapshot()::text end as snapshot`,
  );
  return rows[0]?.snapshot ?? undefined;
}

const dialect = new PgDialect();

/** A part of a key that is the same for the same condition with the same values. It must not depend on anything but rows and values. */
export function conditionKey(condition: SQLWrapper | undefined): string {
  if (condition === undefined) return '';
  const { sql: text, params } = dialect.sqlToQuery(condition.getSQL());
  return JSON.stringify([text, params]);
}
