import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { EngineParts } from './engine-parts.js';
import type { FollowOn } from './follow-on.js';
import type { JobKind } from './job-kind.js';
import { NO_COUNTS } from './run-counters.js';
import { runName } from './run-names.js';
import { isUrgent } from './run-order.js';
import { type Submission, submissionColumns } from './submission.js';

/**
 * Creates a run of a trigger and enqueues it.
 *
 * @param isScheduled - Whether the schedule fires it, so that nobody waits for it.
 * @returns Its number.
 */
export async function createRun(
  parts: EngineParts,
  tx: Db,
  trigger: TriggerRow,
  triggerTime: Date,
  isScheduled = false,
): Promise<number> {
  const [company] = await tx.select().from(t.companies).where(eq(t.companies.id, trigger.companyId));
  const [submitter] = await tx.select().from(t.users).where(eq(t.users.id, trigger.submitUserId));
  if (company === undefined || submitter === undefined)
    throw new Error(`trigger ${trigger.id} has no company or user`);
  const { mailUserId, kind, details, name } = trigger;
  const locale = trigger.locale ?? undefined;
  const description = trigger.description ?? undefined;
  const run = await insertRun(
    parts,
    tx,
    { company, submitter, mailUserId, kind, details, name, locale, description },
    triggerTime,
    { triggerId: trigger.id, urgent: isUrgent(sizeOf(parts, trigger), isScheduled) },
  );
  await parts.queue.enqueueRun(tx, run);
  return run.id;
}

/** Creates the follow-on run of a run, in the transaction that ends that run. */
export async function createFollowOn(
  parts: EngineParts,
  tx: Db,
  run: RunRow,
  { kind, details, name }: FollowOn,
): Promise<void> {
  const [company] = await tx.select().from(t.companies).where(eq(t.companies.id, run.companyId));
  const [submitter] = await tx.select().from(t.users).where(eq(t.users.id, run.submitUserId));
  if (company === undefined || submitter === undefined) return;
  const { mailUserId } = run;
  const locale = run.locale ?? undefined;
  const follow = await insertRun(
    parts,
    tx,
    { company, submitter, mailUserId, kind, details, name, locale },
    parts.services.clock.now(),
    // Whoever waits for a run waits for what follows it.
    { initiatingJobName: run.name, urgent: run.urgent },
  );
  await parts.queue.enqueueRun(tx, follow);
}

/** Creates a run with a name that is unique in the company. */
export async function insertRun(
  { services, kinds, queue }: EngineParts,
  tx: Db,
  submission: Submission,
  triggerTime: Date,
  more: Partial<typeof t.runs.$inferInsert>,
): Promise<RunRow> {
  const { clock, config } = services;
  const kind: JobKind = kinds[submission.kind];
  const now = clock.now();
  const { urgent = false, state = 'New' } = more;
  // A run in another state is enqueued later, and gets its turn then.
  const turn = state === 'New' ? queue.turnOf({ companyId: submission.company.id, urgent }) : 0;
  for (let attempt = 0; ; attempt += 1) {
    // If two runs would have the same name in one millisecond, the later one gets the next millisecond.
    const name = runName(submission.name, new Date(now.getTime() + attempt), config.timeZone);
    const [run] = await tx
      .insert(t.runs)
      .values({
        ...submissionColumns(submission),
        name,
        originalName: submission.name,
        state,
        turn,
        triggerTime,
        startDate: now,
        lastProgressUpdate: now,
        counters: NO_COUNTS,
        logType: kind.logTypes.begin,
        jobSubType: kind.subType?.(submission.details) ?? '',
        trace: services.traces.here(),
        ...more,
      })
      .onConflictDoNothing()
      .returning();
    if (run !== undefined) return run;
  }
}

/** Number of files or assets that a job names, if its kind has one. */
export function sizeOf({ kinds }: EngineParts, { kind, details }: Pick<TriggerRow, 'kind' | 'details'>) {
  const found: JobKind = kinds[kind];
  return found.size?.(details);
}
