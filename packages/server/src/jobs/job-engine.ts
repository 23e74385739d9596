// The life of jobs: submitted, fired as runs, carried out, stopped, paused, deleted. Kinds of jobs and the nightly work are passed
// in; nothing here knows what a job does.
//
// A submitted job is a trigger (table `triggers`):
//
//   Normal    Will fire at `nextFireTime`. A job without a time or schedule is never in this state.
//   Paused    Was Normal; does not fire until it is resumed. A schedule then continues; a missed single time fires at once.
//   Complete  Will not fire again: it ran on submission, its one time has come, or its schedule has ended. The row stays, so that
//             the handle of the submitted job still names its runs.
//
//   (submitted) → Normal ⇄ Paused        (submitted, no time) → Complete
//                 Normal → Complete       Normal, Paused → (deleted)
//
// While its last run is active, a Normal trigger that is due is retried every second; clients see it as Blocked.
//
// Each firing creates a run (table `runs`), which `getActiveJobs` shows until it is Done, and `getJobLogs` from the start:
//
//   New                 In the queue. No worker has claimed it yet; or it waits until an earlier run of its kind has ended, where a
//                       company has one at a time.
//   WaitingClient       An upload by POST that waits for files: just opened, or suspended after the files so far.
//   Running             A worker of the process `serverName` is carrying it out.
//   Stopping            Running, but told to stop.
//   WaitingCoordinator  Released by a process that shut down, and the queue gives it to another; or paused after it had begun.
//   Done                Ended, well or badly: the log says how, and its `run_items` are deleted.
//
//   New → Running → Done                  Running → WaitingClient → Running
//         Running → Stopping → Done       Running, Stopping → WaitingCoordinator → Running
//
// A run can be paused in any of these states: the column `paused` keeps workers from claiming it until it is resumed. One that is
// Running finishes the items that it has begun and becomes WaitingCoordinator; the others keep their state. Stopping it still ends it.
//
// A worker that claims a run increments `attempt`, and writes only while that number is still its own (`RunContext.transaction`): a
// worker that was believed lost can do no harm when it comes back. A run that the next worker finds Running or Stopping was lost
// with its worker; after more than three such losses it ends with a FatalError. Finished items are rows of `run_items`, written in
// the transaction of their effect, and are not done again.
//
// The tables are the truth and the queue is a hint: `rebuildQueue` recreates entries for runs and triggers from rows.
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken } from '../faults.js';
import { triggerHandle } from '../handles.js';
import type { EngineParts } from './engine-parts.js';
import { type FoundJob, findJob } from './find-job.js';
import { followOnOf, notificationsOf } from './follow-on.js';
import { deliver } from './notifications.js';
import { pauseRun, resumeRun } from './pausing.js';
import { enqueueCleanup, rebuildQueue, requeueStranded, SWEEP } from './recovery.js';
import { RunExecutor } from './run-executor.js';
import { createFollowOn, createRun } from './run-rows.js';
import { checkSubmission, type Submission } from './submission.js';
import { createTrigger, fireTrigger, pauseTrigger, resumeTrigger } from './triggers.js';
import { nextInTurn } from './turns.js';
import { closeIdleUpload, findUpload, openUpload, type PostedFile, recordPost } from './uploads.js';

/** What the engine is built from. */
export interface JobEngineOptions extends EngineParts {
  /** The nightly work besides jobs. */
  readonly housekeeping: () => Promise<void>;
}

/** Accepts jobs and carries them out. */
export class JobEngine {
  readonly #parts: JobEngineOptions;
  readonly #executor: RunExecutor;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: JobEngineOptions) {
    this.#parts = options;
    this.#executor = new RunExecutor(options, (tx, run) => this.#finished(tx, run));
  }

  /** Makes it ready to accept jobs; they wait until `start`. */
  open(): Promise<void> {
    return this.#parts.queue.open();
  }

  /**
   * Starts carrying out jobs.
   *
   * @param exclusive - Whether no other process uses the database: then every run that seems to be running was lost with its
   *   process, and is continued here.
   */
  async start(exclusive: boolean): Promise<void> {
    const { services, queue } = this.#parts;
    await queue.start({
      run: (runId) => this.#executor.execute(runId),
      fire: async (triggerId, at) => this.#settle(await fireTrigger(this.#parts, triggerId, at)),
      deliver: (delivery) => deliver(services, delivery),
      closeIdle: (runId) => closeIdleUpload(this.#parts, runId),
      cleanUp: () => this.#cleanUp(),
    });
    if (exclusive) await rebuildQueue(this.#parts);
    else await enqueueCleanup(this.#parts, services.db);
    this.#sweep = setInterval(() => {
      void requeueStranded(this.#parts).catch((error: unknown) =>
        services.log.warn({ err: error }, 'the search for stranded runs failed'),
      );
    }, SWEEP).unref();
  }

  /** Stops carrying out jobs. Active runs are released to other processes, or to this one after a restart. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    // From here on the queue hands out nothing, so that this process does not pick up the runs that it releases.
    const stopped = this.#parts.queue.stop();
    this.#executor.releaseAll();
    await stopped;
    await this.#executor.idle();
  }

  /** Aborts all runs and empties the queue, for a server that is being reset. */
  async clear(): Promise<void> {
    await this.#executor.abortAll();
    await this.#parts.queue.clear('everything');
    await enqueueCleanup(this.#parts, this.#parts.services.db);
  }

  /** Rebuilds the queue after the contents of the database were replaced. */
  async requeue(): Promise<void> {
    await rebuildQueue(this.#parts);
  }

  /** Waits until this process carries out no run. */
  idle(): Promise<void> {
    return this.#executor.idle();
  }

  /**
   * Submits a job.
   *
   * @returns The handle of the submitted job.
   * @throws IpsFault for what cannot be submitted; see {@link checkSubmission}.
   */
  async submit(submission: Submission): Promise<string> {
    const { config } = this.#parts.services;
    await checkSubmission(this.#parts, submission);
    await this.#settle(await createTrigger(this.#parts, submission));
    return triggerHandle(submission.company.id, submission.name, config.submittedJobForm);
  }

  /**
   * Opens an upload by POST: a run that waits for files until it is told that there are no more.
   *
   * @throws IpsFault for what cannot be submitted; see {@link checkSubmission}.
   */
  async openUpload(submission: Submission, sourceAddress: string): Promise<RunRow> {
    await checkSubmission(this.#parts, submission);
    return openUpload(this.#parts, submission, sourceAddress);
  }

  /**
   * The upload by POST that a handle names, if it accepts files from an address.
   *
   * @throws IpsFault 30001 for any other handle, 30000 when the upload is closed or was opened from another address.
   */
  findUpload(company: CompanyRow, handle: string, sourceAddress: string): Promise<RunRow> {
    return findUpload(this.#parts.services.db, company, handle, sourceAddress);
  }

  /**
   * Records files that were posted for an upload, and whether they were the last.
   *
   * @throws IpsFault 30000 when another post has ended the upload meanwhile.
   */
  async takePost(run: RunRow, files: readonly PostedFile[], end: boolean): Promise<void> {
    await recordPost(this.#parts, run, files, end);
    await this.#settle(run.id);
  }

  /**
   * The job that a handle names.
   *
   * @throws IpsFault 30001 when there is none.
   */
  find(company: CompanyRow, handle: string): Promise<FoundJob> {
    return findJob(this.#parts.services.db, company, handle);
  }

  /**
   * Stops the active runs of a job.
   *
   * @throws IpsFault 30000 when it has none.
   */
  async stopRuns(company: CompanyRow, handle: string): Promise<void> {
    const { runs } = await this.find(company, handle);
    const active = runs.filter((run) => run.state !== 'Done');
    if (active.length === 0) throw ruleBroken(`jobHandle: no run of '${handle}' is active`);
    for (const run of active) await this.#stopRun(run.id);
  }

  /**
   * Pauses a job: its trigger does not fire, and its active runs begin nothing else.
   *
   * @throws IpsFault 30000 when it is neither scheduled nor active.
   */
  async pause(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await this.#unfinished(company, handle);
    if (trigger !== undefined) await pauseTrigger(this.#parts, trigger);
    for (const { id } of runs) {
      await pauseRun(this.#parts, id);
      this.#executor.pause(id);
    }
  }

  /**
   * Lets the trigger of a paused job fire again, and its paused runs continue.
   *
   * @throws IpsFault 30000 when it is neither scheduled nor active.
   */
  async resume(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await this.#unfinished(company, handle);
    if (trigger !== undefined) await resumeTrigger(this.#parts, trigger);
    for (const { id } of runs) if (await resumeRun(this.#parts, id)) await this.#settle(id);
  }

  /** Runs a scheduled job now; its schedule stays. */
  async executeNow(company: CompanyRow, handle: string): Promise<void> {
    const { db, clock } = this.#parts.services;
    const trigger = await this.#waitingTrigger(company, handle);
    await this.#settle(await db.transaction((tx) => createRun(this.#parts, tx, trigger, clock.now())));
  }

  /**
   * Deletes the trigger of a job and stops its runs.
   *
   * @throws IpsFault 30000 when the job has ended: its log stays.
   */
  async delete(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await this.#unfinished(company, handle);
    if (trigger !== undefined)
      await this.#parts.services.db.delete(t.triggers).where(eq(t.triggers.id, trigger.id));
    for (const run of runs) await this.#stopRun(run.id);
  }

  async #stopRun(runId: number): Promise<void> {
    const { db } = this.#parts.services;
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
    // No worker has it, so it is closed here.
    else await this.#executor.execute(runId);
  }

  /**
   * What is left of a job: its trigger, if that will fire again, and its active runs.
   *
   * @throws IpsFault 30000 when there is neither.
   */
  async #unfinished(company: CompanyRow, handle: string): Promise<FoundJob> {
    const { trigger, runs } = await this.find(company, handle);
    const active = runs.filter(({ state }) => state !== 'Done');
    if (trigger !== undefined && trigger.state !== 'Complete') return { trigger, runs: active };
    if (active.length > 0) return { runs: active };
    throw ruleBroken(`jobHandle: '${handle}' is neither scheduled nor active`);
  }

  async #waitingTrigger(company: CompanyRow, handle: string): Promise<TriggerRow> {
    const { trigger } = await this.find(company, handle);
    if (trigger === undefined || trigger.state === 'Complete') {
      throw ruleBroken(`jobHandle: '${handle}' is not scheduled`);
    }
    return trigger;
  }

  /** With the instant clock, carries out a run and what follows it before the call that created it answers. */
  async #settle(runId: number | undefined): Promise<void> {
    const { clock, db } = this.#parts.services;
    if (runId === undefined || clock.mode !== 'instant') return;
    let run: RunRow | undefined;
    for (let waits = true; waits; ) {
      const { busy } = this.#executor;
      await this.#executor.execute(runId);
      [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
      // One that waits for its turn gets it when the runs at work have ended; none ends a run that is paused.
      waits = busy && run?.state === 'New' && !run.paused;
      if (waits) await this.#executor.idle();
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
    for (const { id } of follows) await this.#settle(id);
  }

  /** Creates what follows a run, in the transaction that ends it. */
  async #finished(tx: Db, run: RunRow): Promise<void> {
    const { kinds, queue } = this.#parts;
    const next = await nextInTurn(tx, run, kinds[run.kind]);
    if (next !== undefined) await queue.enqueueRun(tx, next);
    const follow = followOnOf(run);
    if (follow !== undefined) await createFollowOn(this.#parts, tx, run, follow);
    for (const delivery of await notificationsOf(tx, run)) await queue.enqueueDelivery(tx, delivery);
  }

  /** Tonight's cleanup. The next one is enqueued first: a failure must not break the chain. */
  async #cleanUp(): Promise<void> {
    await enqueueCleanup(this.#parts, this.#parts.services.db);
    await this.#parts.housekeeping();
  }
}
