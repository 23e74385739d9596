import { parseJobHandle } from '@ips-sdk/types/jobs';
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken, unknownHandle } from '../faults.js';
import { ACTIVE_STATES } from './run-states.js';

/** The columns of a run that the operations on its job need. Others, such as its details, may be large. */
const FOUND_COLUMNS = {
  id: t.runs.id,
  companyId: t.runs.companyId,
  name: t.runs.name,
  state: t.runs.state,
  lastPostAt: t.runs.lastPostAt,
  endRequested: t.runs.endRequested,
  sourceAddress: t.runs.sourceAddress,
  submitUserId: t.runs.submitUserId,
};

/** A run as far as the operations on its job need it. */
export type FoundRun = Pick<RunRow, keyof typeof FOUND_COLUMNS>;

/** The job of a handle: its trigger, if there is one, and its runs, latest first. */
export interface FoundJob {
  readonly trigger?: TriggerRow;
  /** Of the runs with the name of the job, those that are active and the latest {@link LATEST_RUNS}. */
  readonly runs: readonly FoundRun[];
}

/** Runs of a job that its handle leads to, besides active ones: a job that fires each minute has half a million in a year. */
export const LATEST_RUNS = 100;

/**
 * Finds the job of a handle in a company.
 *
 * @throws IpsFault 30001 if there is none.
 */
export async function findJob(db: Db, company: CompanyRow, handle: string): Promise<FoundJob> {
  const reference = parseJobHandle(handle);
  if (reference === undefined || Number(reference.company) !== company.id)
    throw unknownHandle('jobHandle', handle);
  const { name = '', run } = reference;
  const runs = (condition: SQL | undefined) =>
    db
      .select(FOUND_COLUMNS)
      .from(t.runs)
      .where(and(eq(t.runs.companyId, company.id), condition))
      .orderBy(desc(t.runs.id));
  if (run !== undefined) {
    const named = await runs(eq(t.runs.name, run));
    if (named.length === 0) throw unknownHandle('jobHandle', handle);
    return { runs: named };
  }
  const [trigger] = await db
    .select()
    .from(t.triggers)
    .where(and(eq(t.triggers.companyId, company.id), eq(t.triggers.name, name)))
    .orderBy(sql`(${t.triggers.state} <> 'Complete') desc`, desc(t.triggers.id))
    .limit(1);
  const ofName = eq(t.runs.originalName, name);
  const latest = await runs(ofName).limit(LATEST_RUNS);
  if (trigger === undefined && latest.length === 0) throw unknownHandle('jobHandle', handle);
  const known = new Set(latest.map(({ id }) => id));
  const active =
    latest.length < LATEST_RUNS ? [] : await runs(and(ofName, inArray(t.runs.state, [...ACTIVE_STATES])));
  const found = [...latest, ...active.filter(({ id }) => !known.has(id))];
  return trigger === undefined ? { runs: found } : { trigger, runs: found };
}

/**
 * Finds the unfinished parts of a job: its trigger, if it will fire again, and its active runs.
 *
 * @throws IpsFault 30000 if there are none, 30001 if there is no job.
 */
export async function findUnfinished(db: Db, company: CompanyRow, handle: string): Promise<FoundJob> {
  const { trigger, runs } = await findJob(db, company, handle);
  const active = runs.filter(({ state }) => state !== 'Done');
  if (trigger !== undefined && trigger.state !== 'Complete') return { trigger, runs: active };
  if (active.length > 0) return { runs: active };
  throw ruleBroken(`jobHandle: '${handle}' is neither scheduled nor active`);
}
