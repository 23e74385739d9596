// How workers claim runs, report to them and release them.
import { and, eq, inArray, ne } from 'drizzle-orm';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import type { JobKind } from './job-kind.js';
import { keepPaused } from './pausing.js';
import { AT_WORK, hasWorker, seenNow } from './run-lease.js';
import { waitsForTurn } from './turns.js';

/** A run that this worker claimed, and its previous worker. */
export interface Claim {
  readonly run: RunRow;
  readonly before: { readonly server: string; readonly lost: boolean } | undefined;
}

/**
 * Claims a run. From then on, no other worker can write for it.
 *
 * @returns `undefined` if the run is done, paused, waiting for its turn or held by another worker.
 */
export async function claimRun(
  { db, config, clock }: Services,
  kindOf: (run: RunRow) => JobKind,
  runId: number,
): Promise<Claim | undefined> {
  return db.transaction(async (tx) => {
    const [found] = await tx
      .select({ before: t.runs, hasWorker })
      .from(t.runs)
      .where(eq(t.runs.id, runId))
      .for('update');
    if (found === undefined || found.before.state === 'Done') return undefined;
    const { before } = found;
    const atWork = AT_WORK.includes(before.state);
    // Does not rely on the queue: its entries expire, and their heartbeats can be late.
    if (atWork && found.hasWorker) return undefined;
    if (before.paused && !before.stopRequested) {
      await keepPaused(tx, before);
      return undefined;
    }
    if (!before.stopRequested && (await waitsForTurn(tx, before, kindOf(before)))) {
      // It has no entry from here on, so that the further runs of its company do not come after it.
      if (before.turn !== 0) await tx.update(t.runs).set({ turn: 0 }).where(eq(t.runs.id, runId));
      return undefined;
    }
    const first = before.attempt === 0;
    // A run that was waiting for files, or was released by a worker that shut down, continues. A run that was running was lost with
    // its worker.
    const lost = !first && atWork;
    const [run] = await tx
      .update(t.runs)
      .set({
        attempt: before.attempt + 1,
        losses: before.losses + (lost ? 1 : 0),
        state: before.stopRequested ? 'Stopping' : 'Running',
        serverName: config.serverName,
        seenAt: seenNow,
        awaitsWorker: false,
        ...(first ? { startDate: clock.now() } : {}),
      })
      .where(eq(t.runs.id, runId))
      .returning();
    return run === undefined
      ? undefined
      : { run, before: first ? undefined : { server: before.serverName, lost } };
  });
}

/** The requests that a worker receives when it reports to its run; `undefined` if another worker has claimed the run. */
export type RunRequests = Pick<RunRow, 'stopRequested' | 'paused'> | undefined;

/** Reports that this worker still holds a run, or only reads its requests. */
export async function checkRun({ db }: Services, run: RunRow, reports: boolean): Promise<RunRequests> {
  const ours = and(eq(t.runs.id, run.id), eq(t.runs.attempt, run.attempt));
  const requests = { stopRequested: t.runs.stopRequested, paused: t.runs.paused };
  const [row] = reports
    ? await db
        .update(t.runs)
        .set({ seenAt: seenNow })
        .where(and(ours, inArray(t.runs.state, [...AT_WORK])))
        .returning(requests)
    : await db.select(requests).from(t.runs).where(ours);
  return row;
}

/** Marks a run as waiting for a worker, unless another worker holds it. */
export async function releaseRun({ db }: Services, run: RunRow): Promise<void> {
  await db
    .update(t.runs)
    .set({ state: 'WaitingCoordinator', seenAt: null })
    .where(and(eq(t.runs.id, run.id), eq(t.runs.attempt, run.attempt), ne(t.runs.state, 'Done')));
}
