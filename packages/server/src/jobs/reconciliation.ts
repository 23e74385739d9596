// Does the work recorded in the tables even if the queue fails: entries can be lost, fail repeatedly, or wait for a time set before the
// clock was set back. One process does this for all that share a database, in short queries on indexes.
import { parseSchedule } from '@ips-sdk/wire/schedule';
import { and, asc, eq, gt, isNotNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { anyTextOf } from '../db/any-of.js';
import { isDatabaseLoss } from '../db/connection-loss.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import { ATTEMPT, CLOCK_SKEW, MAX_ATTEMPTS, nextAttempt } from './outbox.js';
import { CLEANUP, ensureCleanup, inPages, nextCleanup, PAGE } from './recovery.js';
import { hasWorker } from './run-lease.js';
import { rescheduleTrigger } from './triggers.js';
import { closeIdleUpload } from './uploads.js';

/** Waiting runs that one pass looks at. */
const LOOKS_AT = 1000;

/** Milliseconds after which a waiting run counts as stranded. Before that, its entry may not be in the queue yet. */
const STRANDED = 30_000;

/**
 * Milliseconds by which a recorded time may lie ahead before the clock counts as set back. The clocks of processes that share a database
 * differ by less.
 */
const SET_BACK = 60_000;

/** The parts of the reconciliation that the engine does. */
export interface ReconciliationWork {
  /** Fires a due trigger, and executes its run if the clock requires that. */
  fire(triggerId: number, at: Date): Promise<void>;
  /** Whether this process is executing a run. */
  carriesOut(runId: number): boolean;
}

/**
 * Does all work that is due according to the tables. A failure of one row or step does not affect the others.
 *
 * @param round - What the passes of a process remember.
 */
export async function reconcile(parts: EngineParts, work: ReconciliationWork, round: Round): Promise<void> {
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    'times from before the clock was set back': () => correctTimes(parts),
    'due schedules': () => fireDue(parts, work),
    'stranded runs': () => requeueStranded(parts, round, work.carriesOut),
    'idle uploads': () => closeIdle(parts),
    'undelivered notifications': () => deliverDue(parts),
    'the nightly cleanup': () => remindOfCleanup(parts),
  };
  for (const [step, run] of Object.entries(steps)) await attempt(parts, { step }, run);
}

/** Checks all schedules when the server starts. Reports invalid schedules and reactivates those that have become valid. */
export async function checkSchedules(parts: EngineParts): Promise<void> {
  const { db } = parts.services;
  const { id, name, execSchedule } = t.triggers;
  for (const state of ['Error', 'Normal'] as const) {
    await inPages(
      (after) =>
        db
          .select({ id, name, schedule: execSchedule })
          .from(t.triggers)
          .where(and(eq(t.triggers.state, state), gt(id, after), isNotNull(execSchedule)))
          .orderBy(asc(id))
          .limit(PAGE),
      async (row) => {
        if (state === 'Error' || !isReadable(row.schedule))
          await attempt(parts, { job: row.name }, () => rescheduleTrigger(parts, row.id, state));
      },
    );
  }
}

/** Corrects times that were computed with a clock that was ahead, because their work would be delayed. */
async function correctTimes(parts: EngineParts): Promise<void> {
  const { services, queue } = parts;
  const { db, clock } = services;
  const now = clock.now();
  const ahead = new Date(now.getTime() + SET_BACK);
  const { id, name, state, scheduledAt } = t.triggers;
  await inPages(
    (after) =>
      db
        .select({ id, name })
        .from(t.triggers)
        .where(and(eq(state, 'Normal'), gt(scheduledAt, ahead), gt(id, after)))
        .orderBy(asc(id))
        .limit(PAGE),
    (row) => attempt(parts, { job: row.name }, () => rescheduleTrigger(parts, row.id, 'Normal')),
  );
  await db
    .update(t.runs)
    .set({ lastPostAt: now })
    .where(and(ne(t.runs.state, 'Done'), eq(t.runs.endRequested, false), gt(t.runs.lastPostAt, ahead)));
  const latest = Math.max(nextAttempt(MAX_ATTEMPTS, now).getTime(), now.getTime() + ATTEMPT) + SET_BACK;
  await db
    .update(t.outbox)
    .set({ dueAt: now })
    .where(gt(t.outbox.dueAt, new Date(latest)));
  const dueAt = nextCleanup(parts);
  const moved = await db
    .update(t.chores)
    .set({ dueAt, scheduledAt: now })
    .where(gt(t.chores.scheduledAt, ahead))
    .returning();
  if (moved.length > 0) await db.transaction((tx) => queue.enqueueCleanup(tx, dueAt));
}

/** Fires the due triggers. */
async function fireDue(parts: EngineParts, work: ReconciliationWork): Promise<void> {
  const { db, clock } = parts.services;
  const { id, name, state, nextFireTime } = t.triggers;
  await inPages(
    (after) =>
      db
        .select({ id, name, at: nextFireTime })
        .from(t.triggers)
        .where(and(eq(state, 'Normal'), lte(nextFireTime, clock.now()), gt(id, after)))
        .orderBy(asc(id))
        .limit(PAGE),
    async (row) => {
      const { at } = row;
      if (at !== null) await attempt(parts, { job: row.name }, () => work.fire(row.id, at));
    },
  );
}

/** Where the next look for stranded runs begins: after the number of this run. */
export interface Round {
  after: number;
}

/**
 * Enqueues the runs that wait for a worker without an entry in the queue, and those that were lost with their worker. Does not affect
 * runs that wait for their turn or are paused. Each pass looks at some of the waiting runs, in rounds, so that it takes no longer when
 * more of them wait.
 */
export async function requeueStranded(
  parts: EngineParts,
  round: Round = { after: -1 },
  carriesOut: (runId: number) => boolean = () => false,
): Promise<void> {
  const { services, queue } = parts;
  const { db, clock, log } = services;
  const { id, name, state, companyId, urgent, turn, lastProgressUpdate: since } = t.runs;
  const now = clock.now().getTime();
  // Literals, as in the conditions of the indexes.
  const isWaiting = sql`${state} in ('New', 'WaitingCoordinator', 'WaitingClient')`;
  const isAtWork = sql`${state} in ('Running', 'Stopping')`;
  const [last] = await db
    .select({ id })
    .from(t.runs)
    .where(and(isWaiting, gt(id, round.after)))
    .orderBy(asc(id))
    .offset(LOOKS_AT - 1)
    .limit(1);
  const waits = and(
    isWaiting,
    or(ne(state, 'WaitingClient'), eq(t.runs.awaitsWorker, true), eq(t.runs.stopRequested, true)),
    // A paused run must not be claimed unless it has to be ended.
    or(eq(t.runs.paused, false), eq(t.runs.stopRequested, true)),
    or(lt(since, new Date(now - STRANDED)), gt(since, new Date(now + SET_BACK))),
    last && lte(id, last.id),
    hasTurn(parts),
    queue.lacksRun(id),
  );
  const lost = and(isAtWork, sql`not ${hasWorker}`);
  for (const [condition, from, renew] of [
    [waits, round.after, false],
    [lost, -1, true],
  ] as const) {
    await inPages(
      (after) =>
        db
          .select({ id, name, companyId, urgent, turn })
          .from(t.runs)
          .where(and(condition, gt(id, Math.max(after, from))))
          .orderBy(asc(id))
          .limit(PAGE),
      (run) =>
        attempt(parts, { run: run.name }, async () => {
          if (carriesOut(run.id)) return;
          log.warn({ run: run.name }, renew ? 'a run lost its worker' : 'a run was stranded; enqueued again');
          await db.transaction((tx) => (renew ? queue.renewRun(tx, run) : queue.enqueueRun(tx, run)));
        }),
    );
  }
  round.after = last?.id ?? -1;
}

/** The condition that no earlier run of the same kind has to end first. */
function hasTurn({ kinds }: EngineParts): SQL | undefined {
  const alone = Object.values(kinds).flatMap(({ kind, oneAtATime }) => (oneAtATime === true ? [kind] : []));
  if (alone.length === 0) return undefined;
  const earlier = alias(t.runs, 'earlier');
  return or(
    eq(t.runs.stopRequested, true),
    sql`not (${anyTextOf(t.runs.kind, alone)} and exists (select 1 from ${t.runs} earlier where ${earlier.state} <> 'Done'
      and ${earlier.companyId} = ${t.runs.companyId} and ${earlier.kind} = ${t.runs.kind} and ${earlier.id} < ${t.runs.id}))`,
  );
}

/** Closes uploads without a post for too long. */
async function closeIdle(parts: EngineParts): Promise<void> {
  const { db, clock, config } = parts.services;
  const until = new Date(clock.now().getTime() - config.limits.uploadIdle);
  const { id, name, state, lastPostAt, endRequested } = t.runs;
  await inPages(
    (after) =>
      db
        .select({ id, name })
        .from(t.runs)
        .where(and(ne(state, 'Done'), eq(endRequested, false), lte(lastPostAt, until), gt(id, after)))
        .orderBy(asc(id))
        .limit(PAGE),
    (run) => attempt(parts, { run: run.name }, () => closeIdleUpload(parts, run.id)),
  );
}

/** Enqueues due notifications that have no entry. */
async function deliverDue(parts: EngineParts): Promise<void> {
  const { services, queue } = parts;
  const { db, clock } = services;
  const until = clock.now();
  const { id, about, dueAt } = t.outbox;
  await inPages(
    (after) =>
      db
        .select({ id, about })
        .from(t.outbox)
        .where(and(lte(dueAt, until), gt(id, after), queue.lacksDelivery(id)))
        .orderBy(asc(id))
        .limit(PAGE),
    (row) =>
      attempt(parts, { about: row.about }, () => db.transaction((tx) => queue.enqueueDelivery(tx, row.id))),
  );
}

/** Enqueues the nightly cleanup if it is due. Schedules it if its row is missing, for example after a restore of an older copy. */
async function remindOfCleanup(parts: EngineParts): Promise<void> {
  const { services, queue } = parts;
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [chore] = await tx.select().from(t.chores).where(eq(t.chores.name, CLEANUP));
    if (chore === undefined) await ensureCleanup(parts, tx);
    else if (chore.dueAt.getTime() + CLOCK_SKEW <= now.getTime()) await queue.enqueueCleanup(tx, now);
  });
}

function isReadable(schedule: string | null): boolean {
  try {
    if (schedule !== null) parseSchedule(schedule);
    return true;
  } catch {
    return false;
  }
}

/** Runs a step whose failure must not prevent the others. If the database is lost, all of them stop. */
async function attempt(
  { services }: EngineParts,
  about: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isDatabaseLoss(error)) throw error;
    services.log.error({ err: error, ...about }, 'a step of the reconciliation failed');
  }
}
