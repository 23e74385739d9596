import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import { ACTIVE_STATES, createRun } from './run-rows.js';
import { firstFireTime, nextFireTime, type Submission, submissionColumns } from './submission.js';

/** Milliseconds after which a trigger is retried whose last run is still active. */
const BLOCKED_RETRY = 1000;

/**
 * Creates the trigger of a job.
 *
 * @returns The number of its run, if it runs immediately.
 */
export async function createTrigger(parts: EngineParts, submission: Submission): Promise<number | undefined> {
  const { db, clock, config } = parts.services;
  const now = clock.now();
  const next = firstFireTime(submission, now, config.timeZone);
  return db.transaction(async (tx) => {
    const [trigger] = await tx
      .insert(t.triggers)
      .values({
        ...submissionColumns(submission),
        name: submission.name,
        execTime: submission.execTime ?? null,
        execSchedule: submission.execSchedule ?? null,
        nextFireTime: next ?? null,
        state: next === undefined ? 'Complete' : 'Normal',
        createdAt: now,
      })
      .returning();
    if (trigger === undefined) throw new Error('the trigger was not stored');
    if (next === undefined) return createRun(parts, tx, trigger, now);
    await parts.queue.enqueueFire(tx, trigger.id, next);
    return undefined;
  });
}

/**
 * Fires a trigger, if it is still due to fire at that time.
 *
 * @returns The number of the run that it created.
 */
export async function fireTrigger(
  parts: EngineParts,
  triggerId: number,
  at: Date,
): Promise<number | undefined> {
  const { db, clock, config } = parts.services;
  return db.transaction(async (tx) => {
    const [trigger] = await tx.select().from(t.triggers).where(eq(t.triggers.id, triggerId)).for('update');
    if (trigger?.state !== 'Normal' || trigger.nextFireTime?.getTime() !== at.getTime()) return undefined;
    const now = clock.now();
    // A job does not overtake itself: while its last run is active, the trigger is blocked.
    if (await isBusy(tx, triggerId)) {
      await moveTrigger(parts, tx, triggerId, new Date(now.getTime() + BLOCKED_RETRY));
      return undefined;
    }
    const from = now < at ? at : now;
    const next =
      trigger.execSchedule === null ? undefined : nextFireTime(trigger.execSchedule, from, config.timeZone);
    await moveTrigger(parts, tx, triggerId, next);
    return createRun(parts, tx, trigger, at);
  });
}

/** Pauses a trigger. Its entry in the queue has no effect when it comes up. */
export async function pauseTrigger({ services }: EngineParts, trigger: TriggerRow): Promise<void> {
  await services.db.update(t.triggers).set({ state: 'Paused' }).where(eq(t.triggers.id, trigger.id));
}

/** Lets a paused trigger fire again. A one-time job whose time has passed fires now; missed times of a schedule are skipped. */
export async function resumeTrigger(parts: EngineParts, trigger: TriggerRow): Promise<void> {
  if (trigger.state !== 'Paused') return;
  const { db, clock, config } = parts.services;
  const now = clock.now();
  const next =
    trigger.execSchedule === null
      ? (trigger.nextFireTime ?? now)
      : nextFireTime(trigger.execSchedule, now, config.timeZone);
  await db.transaction((tx) => moveTrigger(parts, tx, trigger.id, next));
}

/** Sets when a trigger fires next; without a time it is complete. */
async function moveTrigger(
  { queue }: EngineParts,
  tx: Db,
  triggerId: number,
  next: Date | undefined,
): Promise<void> {
  await tx
    .update(t.triggers)
    .set({ nextFireTime: next ?? null, state: next === undefined ? 'Complete' : 'Normal' })
    .where(eq(t.triggers.id, triggerId));
  if (next !== undefined) await queue.enqueueFire(tx, triggerId, next);
}

async function isBusy(tx: Db, triggerId: number): Promise<boolean> {
  const [busy] = await tx
    .select({ id: t.runs.id })
    .from(t.runs)
    .where(and(eq(t.runs.triggerId, triggerId), inArray(t.runs.state, [...ACTIVE_STATES])))
    .limit(1);
  return busy !== undefined;
}
