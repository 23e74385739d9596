import type { JobDetails } from '@ips-sdk/types/jobs';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { parseCompanyHandle } from '../../handles.js';
import type { RunFacts } from './own-server.js';

/** Runs in a query. */
const AT_ONCE = 1000;

/** What the tables know of runs of a company. */
export async function runFacts(
  db: Db,
  companyHandle: string,
  handles: readonly string[],
): Promise<ReadonlyMap<string, RunFacts>> {
  const companyId = parseCompanyHandle(companyHandle);
  const byId = new Map<number, string>();
  for (const handle of handles) {
    const id = Number(/\|(\d{1,9})$/.exec(handle)?.[1]);
    if (Number.isInteger(id)) byId.set(id, handle);
  }
  const found = new Map<string, RunFacts>();
  if (companyId === undefined) return found;
  const ids = [...byId.keys()];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const chunk = ids.slice(start, start + AT_ONCE);
    const rows = await db
      .select({
        id: t.runs.id,
        kind: t.runs.kind,
        details: t.runs.details,
        serverName: t.runs.serverName,
        triggerTime: t.runs.triggerTime,
        wasStopped: t.runs.stopRequested,
        isPaused: t.runs.paused,
        counters: t.runs.counters,
        fatalError: t.runs.fatalError,
      })
      .from(t.runs)
      .where(and(eq(t.runs.companyId, companyId), inArray(t.runs.id, chunk)));
    const troubled = rows.filter(
      ({ counters, fatalError }) => fatalError || counters.error + counters.warning > 0,
    );
    const reasons = await reasonsOf(
      db,
      troubled.map(({ id }) => id),
    );
    for (const { id, counters: _, fatalError: __, ...facts } of rows) {
      const handle = byId.get(id);
      if (handle !== undefined) found.set(handle, { ...facts, reason: reasons.get(id) });
    }
  }
  return found;
}

/** The payload of the latest submitted job of a name. */
export async function triggerPayload(
  db: Db,
  companyHandle: string,
  name: string,
): Promise<JobDetails | undefined> {
  const companyId = parseCompanyHandle(companyHandle);
  if (companyId === undefined) return undefined;
  const [row] = await db
    .select({ kind: t.triggers.kind, details: t.triggers.details })
    .from(t.triggers)
    .where(and(eq(t.triggers.companyId, companyId), eq(t.triggers.name, name)))
    .orderBy(desc(t.triggers.id))
    .limit(1);
  // The table pairs each kind with its own details.
  return row as JobDetails | undefined;
}

/** The message of the first error of each run or, without errors, of the first warning. */
async function reasonsOf(db: Db, runIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const reasons = new Map<number, string>();
  if (runIds.length === 0) return reasons;
  const rank = sql<number>`case when ${t.logRows.logType} ~ '(Error|Failure)$' then 0 else 1 end`;
  const rows = await db
    .selectDistinctOn([t.logRows.runId], {
      runId: t.logRows.runId,
      message: t.logRows.message,
      name: t.logRows.assetName,
    })
    .from(t.logRows)
    .where(and(inArray(t.logRows.runId, [...runIds]), sql`${t.logRows.logType} ~ '(Error|Failure|Warning)$'`))
    .orderBy(t.logRows.runId, rank, asc(t.logRows.id));
  for (const { runId, message, name } of rows) {
    const prefix = `${name ?? ''}: `;
    reasons.set(
      runId,
      (name !== null && message.startsWith(prefix) ? message.slice(prefix.length) : message).slice(0, 200),
    );
  }
  return reasons;
}
