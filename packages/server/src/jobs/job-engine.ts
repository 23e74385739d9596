import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import { parseSchedule } from '@ips-sdk/wire/schedule';
import { and, desc, eq, inArray, lt, ne, sql } from 'drizzle-orm';
import { cleanUpTrash } from '../assets/trash-cleanup.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken, unknownHandle } from '../faults.js';
import { removeStrayFiles } from '../files/unused-files.js';
import { parseJobHandle, triggerHandle } from '../handles.js';
import { jobKindOf } from '../job-kinds/registry.js';
import { removeExpiredExports } from '../publish/export-archive.js';
import type { Services } from '../services.js';
import { deliver } from './notifications.js';
import type { JobQueue } from './queue.js';
import { RunExecutor } from './run-executor.js';
import { runName } from './run-names.js';

/** A job to submit. */
export interface Submission {
  readonly company: CompanyRow;
  readonly submitter: UserRow;
  /** Who gets mails; the submitter unless given. */
  readonly mailUserId?: number | undefined;
  readonly kind: KindName;
  readonly details: JobPayloads[KindName];
  readonly name: string;
  readonly locale?: string | undefined;
  readonly description?: string | undefined;
  readonly execTime?: Date | undefined;
  readonly execSchedule?: string | undefined;
}

/** When the trash is cleaned up: at midnight. */
const CLEANUP_SCHEDULE = '0 0 0 * * ?';

/** States of runs that are not over. */
export const ACTIVE_STATES = ['New', 'WaitingClient', 'WaitingCoordinator', 'Running', 'Stopping'] as const;

/** Milliseconds between two searches for stranded runs. */
const SWEEP = 30_000;

export const NO_COUNTS: t.RunCounters = {
  success: 0,
  error: 0,
  warning: 0,
  duplicate: 0,
  update: 0,
  total: 0,
  transferSuccess: 0,
  transferError: 0,
  transferWarning: 0,
};

/** The life of jobs: submitted, fired as runs, carried out, stopped, paused, deleted. */
export class JobEngine {
  readonly #services: Services;
  readonly #queue: JobQueue;
  readonly #executor: RunExecutor;
  /** Runs of this process that go on after the call that began them. */
  readonly #background = new Set<Promise<unknown>>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(services: Services, queue: JobQueue) {
    this.#services = services;
    this.#queue = queue;
    this.#executor = new RunExecutor(services, (tx, run) => this.#finished(tx, run));
  }

  /** Makes it ready to take jobs; they wait until `start`. */
  open(): Promise<void> {
    return this.#queue.open();
  }

  /**
   * Begins to carry jobs out. `exclusive` tells that no other process uses the database: then every run that seems to be at
   * work was lost with the process that had it, and is taken up again.
   */
  async start(exclusive: boolean): Promise<void> {
    await this.#queue.start({
      run: (runId) => this.#executor.execute(runId),
      fire: (triggerId, at) => this.#fire(triggerId, at),
      deliver: (delivery) => deliver(this.#services, delivery),
      closeIdle: (runId) => this.#closeIdle(runId),
      cleanUp: () => this.#cleanUp(),
    });
    if (exclusive) await this.#recover();
    else await this.#enqueueCleanup(this.#services.db);
    this.#sweep = setInterval(() => {
      void this.#requeueStranded().catch((error: unknown) =>
        this.#services.log.warn({ err: error }, 'the search for stranded runs failed'),
      );
    }, SWEEP).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    // The queue hands nothing out from here on, so that a run that is left is not taken up again by this process.
    const stopped = this.#queue.stop();
    this.#executor.leaveAll();
    await stopped;
    await this.#executor.idle();
    await Promise.allSettled(this.#background);
  }

  /** Forgets everything that waits in the queue, for a server that is reset. */
  async clear(): Promise<void> {
    await this.#executor.abandonAll();
    await this.#queue.clear('everything');
    await this.#enqueueCleanup(this.#services.db);
  }

  /** Puts what the database has into the queue again, after its content was replaced. */
  async requeue(): Promise<void> {
    await this.#recover();
  }

  /**
   * Submits a job.
   *
   * @returns The handle of the submitted job, `j|6|name|`.
   */
  async submit(submission: Submission): Promise<string> {
    const { db, clock } = this.#services;
    const now = clock.now();
    const next =
      submission.execSchedule === undefined
        ? submission.execTime
        : this.#nextFireTime(submission.execSchedule, now);
    if (submission.execSchedule !== undefined && next === undefined) {
      throw ruleBroken(`execSchedule: '${submission.execSchedule}' never fires again`);
    }
    const runId = await db.transaction(async (tx) => {
      const immediate = next === undefined;
      const [trigger] = await tx
        .insert(t.triggers)
        .values({
          companyId: submission.company.id,
          name: submission.name,
          kind: submission.kind,
          details: submission.details,
          submitUserId: submission.submitter.id,
          mailUserId: submission.mailUserId ?? submission.submitter.id,
          locale: submission.locale ?? null,
          description: submission.description ?? null,
          execTime: submission.execTime ?? null,
          execSchedule: submission.execSchedule ?? null,
          nextFireTime: next ?? null,
          state: immediate ? 'Complete' : 'Normal',
          createdAt: now,
        })
        .returning();
      if (trigger === undefined) throw new Error('the trigger was not kept');
      if (immediate) return this.#createRun(tx, trigger, now);
      await this.#queue.enqueueFire(tx, trigger.id, next);
      return undefined;
    });
    if (runId !== undefined) await this.#settle(runId);
    return triggerHandle(submission.company.id, submission.name);
  }

  /** Begins an upload by POST: a run that waits for files until it is told that there are no more. */
  async openUpload(submission: Submission, sourceAddress: string): Promise<RunRow> {
    const { db, clock, config } = this.#services;
    const now = clock.now();
    return db.transaction(async (tx) => {
      const run = await this.#insertRun(tx, submission, now, {
        state: 'WaitingClient',
        sourceAddress,
        lastPostAt: now,
      });
      await this.#queue.enqueueCloseIdle(tx, run.id, new Date(now.getTime() + config.limits.uploadIdle));
      return run;
    });
  }

  /** Tells that files were posted for a run, and whether they were the last. */
  async uploadPosted(runId: number, end: boolean): Promise<void> {
    const { db, clock } = this.#services;
    await db.transaction(async (tx) => {
      await tx
        .update(t.runs)
        .set({ lastPostAt: clock.now(), ...(end ? { endRequested: true } : {}) })
        .where(eq(t.runs.id, runId));
      await this.#queue.enqueueRun(tx, runId);
    });
    await this.#settle(runId);
  }

  /** Submits a job that follows on a run, in the transaction that ends the run. */
  async submitFollowOn(
    tx: Db,
    run: RunRow,
    kind: KindName,
    details: JobPayloads[KindName],
    name: string,
  ): Promise<void> {
    const [company] = await tx.select().from(t.companies).where(eq(t.companies.id, run.companyId));
    const [submitter] = await tx.select().from(t.users).where(eq(t.users.id, run.submitUserId));
    if (company === undefined || submitter === undefined) return;
    const submission: Submission = {
      company,
      submitter,
      mailUserId: run.mailUserId,
      kind,
      details,
      name,
      locale: run.locale ?? undefined,
    };
    const follow = await this.#insertRun(tx, submission, this.#services.clock.now(), {
      initiatingJobName: run.name,
    });
    await this.#queue.enqueueRun(tx, follow.id);
  }

  /**
   * The job that a handle names.
   *
   * @throws IpsFault 30001 when there is none.
   */
  async find(company: CompanyRow, handle: string): Promise<{ trigger?: TriggerRow; runs: RunRow[] }> {
    const { db } = this.#services;
    const reference = parseJobHandle(handle);
    if (reference === undefined || reference.companyId !== company.id)
      throw unknownHandle('jobHandle', handle);
    if ('run' in reference) {
      const runs = await db
        .select()
        .from(t.runs)
        .where(and(eq(t.runs.companyId, company.id), eq(t.runs.name, reference.run)));
      if (runs.length === 0) throw unknownHandle('jobHandle', handle);
      return { runs };
    }
    const [trigger] = await db
      .select()
      .from(t.triggers)
      .where(and(eq(t.triggers.companyId, company.id), eq(t.triggers.name, reference.trigger)))
      .orderBy(sql`(${t.triggers.state} <> 'Complete') desc`, desc(t.triggers.id))
      .limit(1);
    const runs = await db
      .select()
      .from(t.runs)
      .where(and(eq(t.runs.companyId, company.id), eq(t.runs.originalName, reference.trigger)))
      .orderBy(desc(t.runs.id));
    if (trigger === undefined && runs.length === 0) throw unknownHandle('jobHandle', handle);
    return trigger === undefined ? { runs } : { trigger, runs };
  }

  /**
   * Stops the runs of a job that are on their way.
   *
   * @throws IpsFault 30000 when none is.
   */
  async stopRuns(company: CompanyRow, handle: string): Promise<void> {
    const { runs } = await this.find(company, handle);
    const active = runs.filter((run) => run.state !== 'Done');
    if (active.length === 0) throw ruleBroken(`jobHandle: no run of '${handle}' is active`);
    for (const run of active) await this.#stopRun(run.id);
  }

  /** Pauses the trigger of a job. */
  async pause(company: CompanyRow, handle: string): Promise<void> {
    const trigger = await this.#waitingTrigger(company, handle);
    await this.#services.db.update(t.triggers).set({ state: 'Paused' }).where(eq(t.triggers.id, trigger.id));
  }

  /** Lets a paused trigger go on. A time that passed meanwhile is made up for once, if the job runs once only. */
  async resume(company: CompanyRow, handle: string): Promise<void> {
    const trigger = await this.#waitingTrigger(company, handle);
    if (trigger.state !== 'Paused') return;
    const now = this.#services.clock.now();
    const next =
      trigger.execSchedule === null
        ? (trigger.nextFireTime ?? now)
        : this.#nextFireTime(trigger.execSchedule, now);
    await this.#services.db.transaction(async (tx) => {
      await tx
        .update(t.triggers)
        .set({ state: next === undefined ? 'Complete' : 'Normal', nextFireTime: next ?? null })
        .where(eq(t.triggers.id, trigger.id));
      if (next !== undefined) await this.#queue.enqueueFire(tx, trigger.id, next);
    });
  }

  /** Runs a scheduled job now; its schedule stays. */
  async executeNow(company: CompanyRow, handle: string): Promise<void> {
    const trigger = await this.#waitingTrigger(company, handle);
    const now = this.#services.clock.now();
    const runId = await this.#services.db.transaction((tx) => this.#createRun(tx, trigger, now));
    await this.#settle(runId);
  }

  /**
   * Deletes the trigger of a job and stops its runs.
   *
   * @throws IpsFault 30000 when the job has ended: its log stays.
   */
  async delete(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await this.find(company, handle);
    const active = runs.filter((run) => run.state !== 'Done');
    const waiting = trigger !== undefined && trigger.state !== 'Complete';
    if (!waiting && active.length === 0)
      throw ruleBroken(`jobHandle: '${handle}' is neither scheduled nor active`);
    if (waiting) await this.#services.db.delete(t.triggers).where(eq(t.triggers.id, trigger.id));
    for (const run of active) await this.#stopRun(run.id);
  }

  /** Waits until the runs that this process has at work are done. */
  async idle(): Promise<void> {
    await this.#executor.idle();
    await Promise.allSettled(this.#background);
  }

  async #stopRun(runId: number): Promise<void> {
    const { db } = this.#services;
    const [run] = await db
      .update(t.runs)
      .set({
        stopRequested: true,
        state: sql`case when ${t.runs.state} = 'Running' then 'Stopping' else ${t.runs.state} end`,
      })
      .where(and(eq(t.runs.id, runId), ne(t.runs.state, 'Done')))
      .returning();
    if (run === undefined) return;
    if (run.state === 'Stopping') this.#executor.stop(runId);
    // It is not at work: there is nobody who would close it.
    else await this.#executor.execute(runId);
  }

  async #waitingTrigger(company: CompanyRow, handle: string): Promise<TriggerRow> {
    const { trigger } = await this.find(company, handle);
    if (trigger === undefined || trigger.state === 'Complete') {
      throw ruleBroken(`jobHandle: '${handle}' is not scheduled`);
    }
    return trigger;
  }

  /** Fires a trigger, if it still is to fire at that time. */
  async #fire(triggerId: number, at: Date): Promise<void> {
    const { db, clock } = this.#services;
    const runId = await db.transaction(async (tx) => {
      const [trigger] = await tx.select().from(t.triggers).where(eq(t.triggers.id, triggerId)).for('update');
      if (trigger?.state !== 'Normal' || trigger.nextFireTime?.getTime() !== at.getTime()) return undefined;
      const [busy] = await tx
        .select({ id: t.runs.id })
        .from(t.runs)
        .where(and(eq(t.runs.triggerId, triggerId), inArray(t.runs.state, [...ACTIVE_STATES])))
        .limit(1);
      const now = clock.now();
      // A job does not overtake itself: while its last run is at work the trigger is blocked.
      if (busy !== undefined) {
        const later = new Date(now.getTime() + 1000);
        await tx.update(t.triggers).set({ nextFireTime: later }).where(eq(t.triggers.id, triggerId));
        await this.#queue.enqueueFire(tx, triggerId, later);
        return undefined;
      }
      const from = now < at ? at : now;
      const next = trigger.execSchedule === null ? undefined : this.#nextFireTime(trigger.execSchedule, from);
      await tx
        .update(t.triggers)
        .set({ nextFireTime: next ?? null, state: next === undefined ? 'Complete' : 'Normal' })
        .where(eq(t.triggers.id, triggerId));
      if (next !== undefined) await this.#queue.enqueueFire(tx, triggerId, next);
      return this.#createRun(tx, trigger, at);
    });
    if (runId !== undefined) await this.#settle(runId);
  }

  async #createRun(tx: Db, trigger: TriggerRow, triggerTime: Date): Promise<number> {
    const [company] = await tx.select().from(t.companies).where(eq(t.companies.id, trigger.companyId));
    const [submitter] = await tx.select().from(t.users).where(eq(t.users.id, trigger.submitUserId));
    if (company === undefined || submitter === undefined)
      throw new Error(`trigger ${trigger.id} has lost its company or user`);
    const run = await this.#insertRun(
      tx,
      {
        company,
        submitter,
        mailUserId: trigger.mailUserId,
        kind: trigger.kind,
        details: trigger.details,
        name: trigger.name,
        locale: trigger.locale ?? undefined,
        description: trigger.description ?? undefined,
      },
      triggerTime,
      { triggerId: trigger.id },
    );
    await this.#queue.enqueueRun(tx, run.id);
    return run.id;
  }

  async #insertRun(
    tx: Db,
    submission: Submission,
    triggerTime: Date,
    more: Partial<typeof t.runs.$inferInsert>,
  ): Promise<RunRow> {
    const { clock, config } = this.#services;
    const kind = jobKindOf(submission.kind);
    const now = clock.now();
    for (let attempt = 0; ; attempt += 1) {
      // Two runs of one name in one millisecond: the later one is a millisecond late.
      const name = runName(submission.name, new Date(now.getTime() + attempt), config.timeZone);
      const [run] = await tx
        .insert(t.runs)
        .values({
          companyId: submission.company.id,
          name,
          originalName: submission.name,
          kind: submission.kind,
          details: submission.details,
          submitUserId: submission.submitter.id,
          mailUserId: submission.mailUserId ?? submission.submitter.id,
          locale: submission.locale ?? null,
          description: submission.description ?? null,
          state: 'New',
          triggerTime,
          startDate: now,
          lastProgressUpdate: now,
          counters: NO_COUNTS,
          logType: kind.logTypes.begin,
          jobSubType: kind.subType?.(submission.details) ?? '',
          ...more,
        })
        .onConflictDoNothing()
        .returning();
      if (run !== undefined) return run;
    }
  }

  /** With the instant clock a run is done before the call that made it answers. */
  async #settle(runId: number): Promise<void> {
    if (this.#services.clock.mode !== 'instant') return;
    await this.#executor.execute(runId);
    // What follows on it is done too.
    const { db } = this.#services;
    const [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
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
    for (const { id } of follows) await this.#settle(id);
  }

  /** What a run's end brings about, in the transaction of the end. */
  async #finished(tx: Db, run: RunRow): Promise<void> {
    const { notificationsOf, followOnOf } = await import('./follow-on.js');
    const follow = followOnOf(run);
    if (follow !== undefined) await this.submitFollowOn(tx, run, follow.kind, follow.details, follow.name);
    for (const delivery of await notificationsOf(tx, run)) await this.#queue.enqueueDelivery(tx, delivery);
  }

  /** Closes an upload that got no POST for too long. */
  async #closeIdle(runId: number): Promise<void> {
    const { db, clock, config } = this.#services;
    const [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
    if (run === undefined || run.state === 'Done' || run.endRequested) return;
    const due = new Date((run.lastPostAt ?? run.startDate).getTime() + config.limits.uploadIdle);
    await db.transaction(async (tx) => {
      if (due > clock.now()) return this.#queue.enqueueCloseIdle(tx, runId, due);
      await tx.update(t.runs).set({ endRequested: true }).where(eq(t.runs.id, runId));
      await this.#queue.enqueueRun(tx, runId);
    });
  }

  /** Enqueues everything that the database says is to be done, in place of what the queue had. */
  async #recover(): Promise<void> {
    const { db, config } = this.#services;
    await this.#queue.clear('what-can-be-told-anew');
    await db.transaction(async (tx) => {
      const open = await tx
        .select()
        .from(t.runs)
        .where(inArray(t.runs.state, [...ACTIVE_STATES]));
      for (const run of open) {
        const waitsForPosts = run.kind === 'uploadPostJob' && !run.endRequested && !run.stopRequested;
        await this.#queue.enqueueRun(tx, run.id);
        if (!waitsForPosts) continue;
        const due = new Date((run.lastPostAt ?? run.startDate).getTime() + config.limits.uploadIdle);
        await this.#queue.enqueueCloseIdle(tx, run.id, due);
      }
      const waiting = await tx.select().from(t.triggers).where(eq(t.triggers.state, 'Normal'));
      for (const { id, nextFireTime } of waiting) {
        if (nextFireTime !== null) await this.#queue.enqueueFire(tx, id, nextFireTime);
      }
      await this.#enqueueCleanup(tx);
    });
  }

  async #enqueueCleanup(tx: Db): Promise<void> {
    const next = this.#nextFireTime(CLEANUP_SCHEDULE, this.#services.clock.now());
    if (next !== undefined) await this.#queue.enqueueCleanup(tx, next);
  }

  /** The cleanup of this night. The next one is enqueued first: a failure must not end them. */
  async #cleanUp(): Promise<void> {
    await this.#enqueueCleanup(this.#services.db);
    await cleanUpTrash(this.#services);
    await removeExpiredExports(this.#services);
    await removeStrayFiles(this.#services);
  }

  /**
   * Gives runs to the queue that are not over and that it does not have any more, because it gave up on them or was restored
   * from an older copy.
   */
  async #requeueStranded(): Promise<void> {
    const { db, clock, log } = this.#services;
    const held = await this.#queue.runsHeld(db);
    if (held === undefined) return;
    const open = await db
      .select({ id: t.runs.id, name: t.runs.name })
      .from(t.runs)
      .where(
        and(
          inArray(t.runs.state, ['New', 'WaitingCoordinator', 'Running', 'Stopping']),
          lt(t.runs.lastProgressUpdate, new Date(clock.now().getTime() - SWEEP)),
        ),
      );
    for (const { id, name } of open) {
      if (held.has(id)) continue;
      log.warn({ run: name }, 'a run was stranded and is given to the queue again');
      await db.transaction((tx) => this.#queue.enqueueRun(tx, id));
    }
  }

  #nextFireTime(execSchedule: string, from: Date): Date | undefined {
    return parseSchedule(execSchedule).nextFireTime({ from, timeZone: this.#services.config.timeZone });
  }
}
