// The worker that reported to a run's row within the lease holds the run. The time is that of the database, the same for all workers.
import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';

/** States of runs that a worker holds, or held when it was lost. */
export const AT_WORK: readonly string[] = ['Running', 'Stopping'];

/** Milliseconds after its latest report for which a worker holds a run. Less than the queue's wait before it hands out the run again. */
export const LEASE = 8000;

/** Milliseconds between reports. */
export const REPORT = 2000;

/** The time of a report. */
export const seenNow: SQL<Date> = sql`now()`;

/** Whether a worker holds a run. A report in the future was made before the clock was set back. */
export const hasWorker: SQL<boolean> = sql<boolean>`coalesce(${t.runs.seenAt} between
  now() - ${LEASE} * interval '1 millisecond' and now() + ${LEASE} * interval '1 millisecond', false)`;
