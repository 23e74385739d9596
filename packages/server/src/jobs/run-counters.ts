import { type SQL, sql } from 'drizzle-orm';
import type { RunCounters } from '../db/schema.js';
import * as t from '../db/schema.js';

/** The counters of a run that has not started. */
export const NO_COUNTS: RunCounters = {
  success: 0,
  error: 0,
  warning: 0,
  duplicate: 0,
  update: 0,
  total: 0,
  transferSuccess: 0,
  transferError: 0,
  transferWarning: 0,
};

/** The counters of a row of `runs` with something added, in the database: nothing has to be read first. */
export function countersPlus(changes: Partial<RunCounters>): SQL<RunCounters> {
  const pairs = Object.keys(NO_COUNTS).map(
    (name) =>
      sql`'${sql.raw(name)}', coalesce((${t.runs.counters}->>'${sql.raw(name)}')::int, 0) + ${changes[name as keyof RunCounters] ?? 0}::int`,
  );
  return sql<RunCounters>`${t.runs.counters} || jsonb_build_object(${sql.join(pairs, sql`, `)})`;
}
