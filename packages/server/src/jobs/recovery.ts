import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import type { QueuedRun } from './queue.js';
import { AT_WORK } from './run-lease.js';
import { ACTIVE_STATES } from './run-states.js';
import { nextFireTime } from './submission.js';
import { idleDeadline } from './uploads.js';

/** When the nightly cleanup begins, in the server's zone: at midnight. */
export const CLEANUP_SCHEDULE = '00 00 00 * * ';

/** The name of the nightly cleanup in the table of chores. */
export const CLEANUP = 'cleanup';

/** Milliseconds after which a failed or interrupted cleanup is retried. */
const CLEANUP_RETRY = 3_600_000;

/** Runs that are enqueued together. */
const TOGETHER = 1000;

/** Rows that one query loads. */
export const PAGE = 100;

/** Forgets the workers that hold runs, for a process that is the only one to use the database or has just replaced its contents. */
export async function forgetWorkers(db: Db): Promise<void> {
  await db
    .update(t.runs)
    .set({ seenAt: null })
    .where(inArray(t.runs.state, [...AT_WORK]));
}

/** Rebuilds the queue's entries from the tables, for a process that is the only one to use the database or has just replaced its contents. */
export async function rebuildQueue(parts: EngineParts): Promise<void> {
  const { services, queue } = parts;
  const { db, clock, config } = services;
  await queue.clear();
  await db.transaction(async (tx) => {
    const waiting: QueuedRun[] = [];
    await inPages(
      (after) =>
        tx
          .select()
          .from(t.runs)
          .where(and(inArray(t.runs.state, [...ACTIVE_STATES]), gt(t.runs.id, after)))
          .orderBy(asc(t.runs.id))
          .limit(PAGE),
      async (run) => {
        const takesPosts = run.lastPostAt !== null && !run.endRequested && !run.stopRequested;
        waiting.push(run);
        if (waiting.length === TOGETHER) await queue.enqueueRuns(tx, waiting.splice(0));
        if (takesPosts) await queue.enqueueCloseIdle(tx, run.id, idleDeadline(config, run));
      },
    );
    await queue.enqueueRuns(tx, waiting);
    await inPages(
      (after) =>
        tx
          .select({ id: t.triggers.id, next: t.triggers.nextFireTime })
          .from(t.triggers)
          .where(and(eq(t.triggers.state, 'Normal'), gt(t.triggers.id, after)))
          .orderBy(asc(t.triggers.id))
          .limit(PAGE),
      async ({ id, next }) => {
        if (next !== null) await queue.enqueueFire(tx, id, next);
      },
    );
    // The workers that were about to deliver them no longer exist.
    const now = clock.now();
    await tx.update(t.outbox).set({ dueAt: now }).where(gt(t.outbox.dueAt, now));
    await inPages(
      (after) =>
        tx
          .select({ id: t.outbox.id })
          .from(t.outbox)
          .where(gt(t.outbox.id, after))
          .orderBy(asc(t.outbox.id))
          .limit(PAGE),
      ({ id }) => queue.enqueueDelivery(tx, id),
    );
    await ensureCleanup(parts, tx);
  });
}

/** Schedules the nightly cleanup if necessary. */
export async function ensureCleanup(parts: EngineParts, tx: Db): Promise<void> {
  const now = parts.services.clock.now();
  const dueAt = nextCleanup(parts);
  await tx.insert(t.chores).values({ name: CLEANUP, dueAt, scheduledAt: now }).onConflictDoNothing();
  const [chore] = await tx.select().from(t.chores).where(eq(t.chores.name, CLEANUP));
  if (chore !== undefined) await parts.queue.enqueueCleanup(tx, chore.dueAt);
}

/**
 * Runs the nightly cleanup if it is due, in one process, and schedules the next one. After a failure or a crash, it is retried an hour
 * later.
 */
export async function runCleanup(parts: EngineParts, work: () => Promise<void>): Promise<void> {
  const { services, queue } = parts;
  const { db, clock, log } = services;
  const now = clock.now();
  const again = new Date(now.getTime() + CLEANUP_RETRY);
  const [taken] = await db
    .update(t.chores)
    .set({ dueAt: again, scheduledAt: now })
    .where(and(eq(t.chores.name, CLEANUP), lte(t.chores.dueAt, now)))
    .returning();
  if (taken === undefined) return;
  let next = again;
  try {
    await work();
    next = nextCleanup(parts);
  } catch (error) {
    log.error({ err: error, again }, 'the nightly cleanup failed');
  }
  await db.transaction(async (tx) => {
    await tx
      .update(t.chores)
      .set({ dueAt: next, scheduledAt: clock.now() })
      .where(eq(t.chores.name, CLEANUP));
    await queue.enqueueCleanup(tx, next);
  });
}

/** The next time of the nightly cleanup. */
export function nextCleanup({ services }: EngineParts): Date {
  const { clock, config } = services;
  const next = nextFireTime(CLEANUP_SCHEDULE, clock.now(), config.timeZone);
  if (next === undefined) throw new Error('the schedule of the cleanup has no next time');
  return next;
}

/** Processes each row of a query, which gets the number after which a page begins. */
export async function inPages<Row extends { readonly id: number }>(
  page: (after: number) => PromiseLike<readonly Row[]>,
  work: (row: Row) => Promise<unknown>,
): Promise<void> {
  for (let after = -1; ; ) {
    const rows = await page(after);
    for (const row of rows) await work(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

/** The number of invalid schedules. */
export async function unreadableSchedules(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(t.triggers)
    .where(eq(t.triggers.state, 'Error'));
  return row?.count ?? 0;
}
