// Kinds that a company runs one at a time: further runs wait as New, in order of creation.
import { and, asc, eq, lt, ne } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { JobKind } from './job-kind.js';
import type { QueuedRun } from './queue.js';

/** Whether an earlier run of the company has to end before this one begins. */
export async function waitsForTurn(tx: Db, run: RunRow, { oneAtATime }: JobKind): Promise<boolean> {
  if (oneAtATime !== true) return false;
  const [earlier] = await tx
    .select({ id: t.runs.id })
    .from(t.runs)
    .where(and(sameKind(run), lt(t.runs.id, run.id), ne(t.runs.state, 'Done')))
    .limit(1)
    // Waits for a run that is ending right now; otherwise this run would never be picked up.
    .for('share');
  return earlier !== undefined;
}

/** The run whose turn comes when this run has ended. */
export async function nextInTurn(
  tx: Db,
  run: RunRow,
  { oneAtATime }: JobKind,
): Promise<QueuedRun | undefined> {
  if (oneAtATime !== true) return undefined;
  const [next] = await tx
    .select({ id: t.runs.id, companyId: t.runs.companyId, urgent: t.runs.urgent, turn: t.runs.turn })
    .from(t.runs)
    .where(and(sameKind(run), ne(t.runs.id, run.id), eq(t.runs.state, 'New')))
    .orderBy(asc(t.runs.id))
    .limit(1);
  return next;
}

const sameKind = ({ companyId, kind }: RunRow) => and(eq(t.runs.companyId, companyId), eq(t.runs.kind, kind));
