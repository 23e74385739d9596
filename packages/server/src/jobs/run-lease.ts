// Which worker has a run: the one that reported to its row within the lease. The clock is that of the database, the same for all.
import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';

/** States of runs that a worker has, or had when it was lost. */
export const AT_WORK: readonly string[] = ['Running', 'Stopping'];

/** Milliseconds after its latest report for which a worker has a run. Less than the queue waits before it gives the run away. */
export const LEASE = 8000;

/** Milliseconds between reports. */
export const REPORT = 2000;

/** The time of a report. */
export const seenNow: SQL<Date> = sql`now()`;

/** Whether a worker has a run. A report that lies ahead is one by a clock that has been set back since. */
export const hasWorker: SQL<boolean> = sql<boolean>`coalesce(${t.runs.seenAt} between
  now() - ${LEASE} * interval '1 millisecond' and now() + ${LEASE} * interval '1 millisecond', false)`;
