import { and, eq, ne } from 'drizzle-orm';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import type { RunExecutor } from './run-executor.js';

/** With the instant clock, executes a run and its follow-on runs before the call that created it returns. */
export async function settle(
  services: Services,
  executor: RunExecutor,
  runId: number | undefined,
): Promise<void> {
  const { clock, db } = services;
  if (runId === undefined || clock.mode !== 'instant') return;
  let run: RunRow | undefined;
  for (let waits = true; waits; ) {
    const { busy } = executor;
    await executor.execute(runId);
    [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
    // A run that waits for its turn gets it when the active runs have ended. A paused run does not end by itself.
    waits = busy && run?.state === 'New' && !run.paused;
    if (waits) await executor.idle();
  }
  if (run === undefined) return;
  const follows = await db
    .select({ id: t.runs.id })
    .from(t.runs)
    .where(
      and(
        eq(t.runs.companyId, run.companyId),
        eq(t.runs.initiatingJobName, run.name),
        ne(t.runs.state, 'Done'),
      ),
    );
  for (const { id } of follows) await settle(services, executor, id);
}
