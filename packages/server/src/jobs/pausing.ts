// Pausing runs. The column `paused` is authoritative: no worker claims a paused run, and a worker that is executing it finishes its items
// in progress and releases it.
import { and, eq, ne } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import type { RunContext } from './run-context.js';

/** Pauses a run. If this process is executing it, call `RunExecutor.pause` as well. */
export async function pauseRun({ services }: EngineParts, runId: number): Promise<void> {
  await services.db
    .update(t.runs)
    .set({ paused: true })
    .where(and(eq(t.runs.id, runId), ne(t.runs.state, 'Done')));
}

/**
 * Lets a paused run continue.
 *
 * @returns Whether it was paused.
 */
export async function resumeRun({ services, queue }: EngineParts, runId: number): Promise<boolean> {
  return services.db.transaction(async (tx) => {
    const [resumed] = await tx
      .update(t.runs)
      // Updates the time of its progress; otherwise it would seem to have waited for a worker since it was paused.
      .set({ paused: false, lastProgressUpdate: services.clock.now() })
      .where(and(eq(t.runs.id, runId), eq(t.runs.paused, true), ne(t.runs.state, 'Done')))
      .returning({ id: t.runs.id, companyId: t.runs.companyId, urgent: t.runs.urgent, turn: t.runs.turn });
    if (resumed === undefined) return false;
    await queue.enqueueRun(tx, resumed);
    return true;
  });
}

/**
 * Releases a paused run, with its progress, until it is resumed.
 *
 * @returns Whether it was released; if a stop was requested in the meantime, the run has to be ended instead.
 */
export function leavePaused(context: RunContext): Promise<boolean> {
  return context.transaction(async (tx) => {
    const left = await tx
      .update(t.runs)
      .set({ ...context.progress.changes(), state: 'WaitingCoordinator', seenAt: null })
      .where(and(eq(t.runs.id, context.run.id), eq(t.runs.stopRequested, false)))
      .returning({ id: t.runs.id });
    return left.length > 0;
  });
}

/** Prevents a paused run from being claimed. A run that lost its worker in the meantime waits like the others, and the loss counts. */
export async function keepPaused(tx: Db, run: RunRow): Promise<void> {
  if (run.state !== 'Running') return;
  await tx
    .update(t.runs)
    .set({ state: 'WaitingCoordinator', seenAt: null, attempt: run.attempt + 1, losses: run.losses + 1 })
    .where(eq(t.runs.id, run.id));
}
