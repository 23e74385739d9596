import { sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import * as t from '../db/schema.js';
import type { ItemResult, LogRow } from './item.js';
import { countersPlus } from './run-counters.js';

/** Rows of one statement. */
const ROWS_AT_ONCE = 5000;

/** Adds rows to the log of a run. */
export async function addLogRows(tx: Db, runId: number, rows: readonly LogRow[], now: Date): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await tx.execute(insertOf(t.logRows, logRows(runId, rows.slice(start, start + ROWS_AT_ONCE), now)));
}

/** A finished item. */
export interface FinishedItem {
  readonly key: string;
  readonly result: ItemResult;
}

/** Records in one statement that items of a run are done, with their log rows and what they count. */
export async function recordItems(
  tx: Db,
  runId: number,
  items: readonly FinishedItem[],
  now: Date,
): Promise<void> {
  const rows = items.flatMap(({ result }) => result.rows);
  const logged =
    rows.length === 0 ? sql`` : sql`, logged as (${insertOf(t.logRows, logRows(runId, rows, now))})`;
  const keys = sql.param(items.map(({ key }) => key));
  await tx.execute(
    sql`with done as (insert into ${t.runItems} (run_id, key) select ${runId}::int, unnest(${keys}::text[]))${logged} update ${t.runs} set counters = ${countersPlus(countsOf(items))}, losses = 0 where ${t.runs.id} = ${runId}`,
  );
}

const logRows = (
  runId: number,
  rows: readonly LogRow[],
  dateCreated: Date,
): (typeof t.logRows.$inferInsert)[] =>
  rows.map(({ logType, message, assetName, assetType, assetId, aux }) => ({
    runId,
    logType,
    message,
    dateCreated,
    assetName: assetName ?? null,
    assetType: assetType ?? null,
    assetId: assetId ?? null,
    aux: aux ?? [],
  }));

/** What items add to the counters of their run. */
function countsOf(items: readonly FinishedItem[]): Partial<t.RunCounters> {
  const counts = new Map<keyof t.RunCounters, number>();
  const add = (name: keyof t.RunCounters, count = 0): unknown =>
    counts.set(name, (counts.get(name) ?? 0) + count);
  for (const { outcome, warned, transfers } of items.map(({ result }) => result)) {
    // An outcome that is itself a warning counts once.
    if (warned && outcome !== 'warning') add('warning', 1);
    add(outcome, 1);
    add('transferSuccess', transfers?.success);
    add('transferError', transfers?.error);
    add('transferWarning', transfers?.warning);
  }
  return Object.fromEntries(counts);
}
