import { and, eq, inArray, lt, or } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import { ACTIVE_STATES } from './run-rows.js';
import { nextFireTime } from './submission.js';
import { idleDeadline } from './uploads.js';

/** When the nightly cleanup begins, in the server's zone: at midnight. */
export const CLEANUP_SCHEDULE = '00 00 00 * * ';

/** Milliseconds between searches for stranded runs. */
export const SWEEP = 30_000;

/** Replaces the queue's entries by those that follow from the database. */
export async function rebuildQueue(parts: EngineParts): Promise<void> {
  const { services, queue } = parts;
  await queue.clear('rebuildable');
  await services.db.transaction(async (tx) => {
    const open = await tx
      .select()
      .from(t.runs)
      .where(inArray(t.runs.state, [...ACTIVE_STATES]));
    for (const run of open) {
      const takesPosts = run.lastPostAt !== null && !run.endRequested && !run.stopRequested;
      await queue.enqueueRun(tx, run.id);
      if (takesPosts) await queue.enqueueCloseIdle(tx, run.id, idleDeadline(services.config, run));
    }
    const waiting = await tx.select().from(t.triggers).where(eq(t.triggers.state, 'Normal'));
    for (const { id, nextFireTime: next } of waiting) {
      if (next !== null) await queue.enqueueFire(tx, id, next);
    }
    await enqueueCleanup(parts, tx);
  });
}

/** Enqueues the next nightly cleanup. */
export async function enqueueCleanup({ services, queue }: EngineParts, tx: Db): Promise<void> {
  const next = nextFireTime(CLEANUP_SCHEDULE, services.clock.now(), services.config.timeZone);
  if (next !== undefined) await queue.enqueueCleanup(tx, next);
}

/**
 * Enqueues active runs that the queue has lost, because it gave up on them or was restored from an older copy.
 */
export async function requeueStranded({ services, queue }: EngineParts): Promise<void> {
  const { db, clock, log } = services;
  const held = await queue.runsHeld(db);
  if (held === undefined) return;
  const open = await db
    .select({ id: t.runs.id, name: t.runs.name })
    .from(t.runs)
    .where(
      and(
        inArray(t.runs.state, ['New', 'WaitingCoordinator', 'Running', 'Stopping']),
        // Nobody is to have these, unless they are to be ended.
        or(eq(t.runs.paused, false), eq(t.runs.stopRequested, true)),
        lt(t.runs.lastProgressUpdate, new Date(clock.now().getTime() - SWEEP)),
      ),
    );
  for (const { id, name } of open) {
    if (held.has(id)) continue;
    log.warn({ run: name }, 'a run was stranded and is enqueued again');
    await db.transaction((tx) => queue.enqueueRun(tx, id));
  }
}
