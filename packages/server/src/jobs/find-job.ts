import { parseJobHandle } from '@ips-sdk/types/jobs';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { unknownHandle } from '../faults.js';

/** The job of a handle: its trigger, if there is one, and its runs, latest first. */
export interface FoundJob {
  readonly trigger?: TriggerRow;
  readonly runs: RunRow[];
}

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
  if (run !== undefined) {
    const runs = await db
      .select()
      .from(t.runs)
      .where(and(eq(t.runs.companyId, company.id), eq(t.runs.name, run)));
    if (runs.length === 0) throw unknownHandle('jobHandle', handle);
    return { runs };
  }
  const [trigger] = await db
    .select()
    .from(t.triggers)
    .where(and(eq(t.triggers.companyId, company.id), eq(t.triggers.name, name)))
    .orderBy(sql`(${t.triggers.state} <> 'Complete') desc`, desc(t.triggers.id))
    .limit(1);
  const runs = await db
    .select()
    .from(t.runs)
    .where(and(eq(t.runs.companyId, company.id), eq(t.runs.originalName, name)))
    .orderBy(desc(t.runs.id));
  if (trigger === undefined && runs.length === 0) throw unknownHandle('jobHandle', handle);
  return trigger === undefined ? { runs } : { trigger, runs };
}
