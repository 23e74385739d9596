import { ScheduleError } from '@ips-sdk/wire/schedule';
import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { type SpanOptions, traced } from '../traces/traces.js';
import type { EngineParts } from './engine-parts.js';
import { CLOCK_SKEW } from './outbox.js';
import { createRun } from './run-rows.js';
import { ACTIVE_STATES } from './run-states.js';
import { firstFireTime, nextFireTime, type Submission, submissionColumns } from './submission.js';

/** Milliseconds after which a trigger is retried if its last run is still active. */
const BLOCKED_RETRY = 1000;

/**
 * Creates the trigger of a job.
 *
 * @returns The number of its run, if it runs immediately.
 */
export function createTrigger(parts: EngineParts, submission: Submission): Promise<number | undefined> {
  const name = `submit ${submission.kind}`;
  return traced(parts.services.traces, name, { kind: 'producer' }, () => storeTrigger(parts, submission));
}

async function storeTrigger(parts: EngineParts, submission: Submission): Promise<number | undefined> {
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
        scheduledAt: now,
        state: next === undefined ? 'Complete' : 'Normal',
        createdAt: now,
        trace: parts.services.traces.here(),
      })
      .returning();
    if (trigger === undefined) throw new Error('the trigger was not stored');
    if (next === undefined) return createRun(parts, tx, trigger, now);
    await parts.queue.enqueueFire(tx, trigger.id, next);
    return undefined;
  });
}

/**
 * Fires a trigger, if it is still due at that time. A trigger with an invalid schedule does not fire: its state becomes `Error`.
 *
 * @returns The number of the run that it created.
 */
export async function fireTrigger(
  parts: EngineParts,
  triggerId: number,
  at: Date,
): Promise<number | undefined> {
  const { db, clock, config, traces } = parts.services;
  return db.transaction(async (tx) => {
    const [trigger] = await tx.select().from(t.triggers).where(eq(t.triggers.id, triggerId)).for('update');
    if (trigger?.state !== 'Normal' || trigger.nextFireTime?.getTime() !== at.getTime()) return undefined;
    const now = clock.now();
    // The queue uses another clock. The reconciliation fires the trigger when it is due by this clock.
    if (at.getTime() > now.getTime() + CLOCK_SKEW) return undefined;
    // Runs of a job do not overlap: while the last run is active, the trigger is blocked.
    if (await isBusy(tx, triggerId)) {
      await moveTrigger(parts, tx, trigger, { next: new Date(now.getTime() + BLOCKED_RETRY), from: now });
      return undefined;
    }
    const from = now < at ? at : now;
    const following = trigger.execSchedule === null ? { from } : scheduled(trigger, from, config.timeZone);
    await moveTrigger(parts, tx, trigger, following);
    if (following.error !== undefined) return undefined;
    return traced(traces, `fire ${trigger.kind}`, firing(trigger), () =>
      createRun(parts, tx, trigger, at, true),
    );
  });
}

/** A job for one time continues the trace of its submission. Each run of a schedule has a separate trace, with a link to it. */
function firing({ execSchedule, trace }: TriggerRow): SpanOptions {
  return execSchedule === null
    ? { kind: 'producer', from: trace }
    : { kind: 'producer', from: null, link: trace };
}

/** Pauses a trigger. Its entry in the queue has no effect when it comes up. */
export async function pauseTrigger({ services }: EngineParts, trigger: TriggerRow): Promise<void> {
  await services.db
    .update(t.triggers)
    .set({ state: 'Paused', error: null })
    .where(eq(t.triggers.id, trigger.id));
}

/** Resumes a paused trigger. A one-time job whose time has passed fires now; missed times of a schedule are skipped. */
export async function resumeTrigger(parts: EngineParts, trigger: TriggerRow): Promise<void> {
  if (trigger.state !== 'Paused') return;
  const { db, clock, config } = parts.services;
  const now = clock.now();
  const following: Following =
    trigger.execSchedule === null
      ? { next: trigger.nextFireTime ?? now, from: now }
      : scheduled(trigger, now, config.timeZone);
  await db.transaction((tx) => moveTrigger(parts, tx, trigger, following));
}

/**
 * Recomputes when a trigger with a schedule fires next: after the clock was set back, or if an invalid schedule may have become valid.
 * Does nothing if the trigger has changed in the meantime.
 */
export async function rescheduleTrigger(
  parts: EngineParts,
  triggerId: number,
  state: 'Normal' | 'Error',
): Promise<void> {
  const { db, clock, config } = parts.services;
  await db.transaction(async (tx) => {
    const [trigger] = await tx.select().from(t.triggers).where(eq(t.triggers.id, triggerId)).for('update');
    if (trigger?.state !== state) return;
    const now = clock.now();
    const following: Following =
      trigger.execSchedule === null
        ? { next: trigger.nextFireTime ?? now, from: now }
        : scheduled(trigger, now, config.timeZone);
    await moveTrigger(parts, tx, trigger, following);
  });
}

/** When a trigger fires next: never without `next`. `error` is the reason if this is unknown. `from` is the base of the computation. */
interface Following {
  readonly next?: Date | undefined;
  readonly error?: string;
  readonly from: Date;
}

function scheduled({ execSchedule }: TriggerRow, from: Date, timeZone: string): Following {
  try {
    return { next: nextFireTime(execSchedule ?? '', from, timeZone), from };
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { error: error.message, from };
  }
}

/** Sets when a trigger fires next. Without a time, it is complete. */
async function moveTrigger(
  { queue, services }: EngineParts,
  tx: Db,
  { id, name, execSchedule }: TriggerRow,
  { next, error, from }: Following,
): Promise<void> {
  const state = error !== undefined ? 'Error' : next === undefined ? 'Complete' : 'Normal';
  await tx
    .update(t.triggers)
    .set({ nextFireTime: next ?? null, scheduledAt: from, state, error: error ?? null })
    .where(eq(t.triggers.id, id));
  if (error !== undefined)
    services.log.error(
      { job: name, execSchedule, reason: error },
      'the schedule of a job is invalid; the job does not run',
    );
  if (next !== undefined) await queue.enqueueFire(tx, id, next);
}

async function isBusy(tx: Db, triggerId: number): Promise<boolean> {
  const [busy] = await tx
    .select({ id: t.runs.id })
    .from(t.runs)
    .where(and(eq(t.runs.triggerId, triggerId), inArray(t.runs.state, [...ACTIVE_STATES])))
    .limit(1);
  return busy !== undefined;
}
