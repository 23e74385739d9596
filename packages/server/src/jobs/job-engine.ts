// The life cycle of jobs: submitted, fired as runs, executed, stopped, paused, deleted. Kinds of jobs and the nightly housekeeping are
// passed in; the engine does not know what a job does.
//
// A submitted job is a trigger (table `triggers`):
//
//   Normal    Will fire at `nextFireTime`. A job without a time or schedule is never in this state.
//   Paused    Was Normal; does not fire until it is resumed. A schedule then continues; a missed single time fires at once.
//   Complete  Will not fire again: it ran on submission, its single time has passed, or its schedule has ended. The row remains, and
//             with it the link from the handle of the submitted job to its runs.
//
//   (submitted) → Normal ⇄ Paused        (submitted, no time) → Complete
//                 Normal → Complete       Normal, Paused → (deleted)
//
// While its last run is active, a Normal trigger that is due is retried every second; clients see it as Blocked.
//
// Each firing creates a run (table `runs`). `getActiveJobs` lists it until it is Done, `getJobLogs` from the start:
//
//   New                 In the queue, not yet claimed by a worker; or, for kinds that run one at a time in a company, waiting for an
//                       earlier run to end.
//   WaitingClient       An upload by POST that waits for files: just opened, or suspended after the files so far.
//   Running             A worker of the process `serverName` is executing it.
//   Stopping            Running, but a stop was requested.
//   WaitingCoordinator  Released by a process that shut down, until the queue gives it to another; or paused after it had begun.
//   Done                Ended, successfully or not, as the log shows; its `run_items` are deleted.
//
//   New → Running → Done                  Running → WaitingClient → Running
//         Running → Stopping → Done       Running, Stopping → WaitingCoordinator → Running
//
// A run can be paused in any of these states: the column `paused` prevents workers from claiming it until it is resumed. A Running run
// finishes its items in progress and becomes WaitingCoordinator; other runs keep their state. A stop ends a paused run.
//
// A worker that claims a run increments `attempt`, and can write only while the number is unchanged (`RunContext.transaction`), so a
// worker that was considered lost does no harm when it returns. While it works, it reports to the row (`run-lease.ts`), and no other
// worker claims the run. If a worker has not reported for some seconds, its run counts as lost. After more than three losses without
// progress in between, the run ends with a FatalError. Finished items are rows of `run_items`, written in the transaction of their
// effect, and are not repeated. A worker that loses the database waits for it and claims its run again, which does not count as a loss.
//
// The tables are authoritative and the queue is a hint: `reconcile` does the work recorded in the tables even if entries are lost.
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken } from '../faults.js';
import { triggerHandle } from '../handles.js';
import type { EngineParts } from './engine-parts.js';
import { EngineStart } from './engine-start.js';
import { type FoundJob, type FoundRun, findJob, findUnfinished } from './find-job.js';
import { followOnOf, notificationsOf } from './follow-on.js';
import { isLate } from './in-time.js';
import { addToOutbox } from './outbox.js';
import { pauseRun, resumeRun } from './pausing.js';
import { Reconciler } from './reconciler.js';
import { forgetWorkers, rebuildQueue, runCleanup } from './recovery.js';
import { RunExecutor } from './run-executor.js';
import { createFollowOn, createRun } from './run-rows.js';
import { settle } from './settling.js';
import { checkSubmission, type Submission } from './submission.js';
import { createTrigger, fireTrigger, pauseTrigger, resumeTrigger } from './triggers.js';
import { nextInTurn } from './turns.js';
import { findUpload, openUpload, type PostedFile, recordPost } from './uploads.js';

/** The parts of the engine. */
export interface JobEngineOptions extends EngineParts {
  /** The nightly housekeeping. */
  readonly housekeeping: () => Promise<void>;
  /** Whether this process is the leader of those that share the database. Default: true, because no other process uses it. */
  readonly leads?: () => Promise<boolean>;
}

/** Accepts and executes jobs. */
export class JobEngine {
  readonly #parts: JobEngineOptions;
  readonly #executor: RunExecutor;
  readonly #reconciler: Reconciler;
  readonly #start: EngineStart;

  constructor(options: JobEngineOptions) {
    this.#parts = options;
    this.#executor = new RunExecutor(options, (tx, run) => this.#finished(tx, run));
    this.#reconciler = new Reconciler(
      options,
      {
        fire: (triggerId, at) => this.#fire(triggerId, at),
        carriesOut: (runId) => this.#executor.has(runId),
      },
      options.leads ?? (async () => true),
    );
    this.#start = new EngineStart(
      options,
      {
        run: (runId) => this.#executor.take(runId),
        fire: (triggerId, at) => this.#fire(triggerId, at),
        cleanUp: () => runCleanup(options, options.housekeeping),
      },
      this.#reconciler,
    );
  }

  /**
   * Prepares the engine to accept jobs. They wait until `start`.
   *
   * @param exclusive - Whether no other process uses the database. If so, every run that seems to be running was lost with its process.
   */
  open(exclusive: boolean): Promise<void> {
    return this.#start.prepare(exclusive);
  }

  /**
   * Starts executing jobs, if that is a role of this process. Calls may submit jobs in the meantime.
   *
   * @param exclusive - As for `open`.
   * @throws StartInterruptedError if the engine is stopped in the meantime.
   */
  start(exclusive: boolean): Promise<void> {
    return this.#start.begin(exclusive);
  }

  /** Waits until jobs are executed. Throws the error of `start`. */
  started(): Promise<void> {
    return this.#start.done();
  }

  /** Does the work that the tables record and the queue has not done, if this process is the leader. */
  reconcile(): Promise<void> {
    return this.#reconciler.pass();
  }

  /**
   * Stops executing jobs. When items in progress are done, active runs are released to others. After `drainTimeout`, they are abandoned.
   */
  async stop(): Promise<void> {
    const { config, log } = this.#parts.services;
    await isLate(this.#start.stop(), config.limits.drainTimeout);
    this.#reconciler.stop();
    // From here on, the queue hands out nothing, so this process does not pick up the runs that it releases.
    const stopped = this.#parts.queue.stop();
    this.#executor.releaseAll();
    const drained = Promise.all([stopped, this.#executor.idle(), this.#reconciler.idle()]);
    if (await isLate(drained, config.limits.drainTimeout)) log.warn('runs were abandoned');
  }

  /** Aborts all runs and empties the queue, for a server that is being reset. */
  async clear(): Promise<void> {
    await this.started();
    await this.#executor.abortAll();
    await this.#parts.queue.clear();
  }

  /** Rebuilds the queue after the contents of the database were replaced. */
  async requeue(): Promise<void> {
    await forgetWorkers(this.#parts.services.db);
    await rebuildQueue(this.#parts);
  }

  /** Waits until no run is active in this process. */
  async idle(): Promise<void> {
    await this.started();
    await this.#executor.idle();
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
   * Opens an upload by POST: a run that waits for files until a post ends the upload.
   *
   * @throws IpsFault for what cannot be submitted; see {@link checkSubmission}.
   */
  async openUpload(submission: Submission, sourceAddress: string): Promise<FoundRun> {
    await checkSubmission(this.#parts, submission);
    return openUpload(this.#parts, submission, sourceAddress);
  }

  /**
   * Finds the upload by POST of a handle, if it accepts files from an address.
   *
   * @throws IpsFault 30001 for any other handle, 30000 if the upload is closed or was opened from another address.
   */
  findUpload(company: CompanyRow, handle: string, sourceAddress: string): Promise<FoundRun> {
    return findUpload(this.#parts.services.db, company, handle, sourceAddress);
  }

  /**
   * Records files that were posted for an upload, and whether they are the last ones.
   *
   * @throws IpsFault 30000 if another post has ended the upload in the meantime.
   */
  async takePost(
    run: Pick<RunRow, 'id' | 'name'>,
    files: readonly PostedFile[],
    end: boolean,
  ): Promise<void> {
    await recordPost(this.#parts, run, files, end);
    await this.#settle(run.id);
  }

  /**
   * Finds the job of a handle.
   *
   * @throws IpsFault 30001 if there is none.
   */
  find(company: CompanyRow, handle: string): Promise<FoundJob> {
    return findJob(this.#parts.services.db, company, handle);
  }

  /**
   * Stops the active runs of a job.
   *
   * @throws IpsFault 30000 if it has none.
   */
  async stopRuns(company: CompanyRow, handle: string): Promise<void> {
    const { runs } = await this.find(company, handle);
    const active = runs.filter((run) => run.state !== 'Done');
    if (active.length === 0) throw ruleBroken(`jobHandle: no run of '${handle}' is active`);
    for (const run of active) await this.#stopRun(run.id);
  }

  /**
   * Pauses a job: its trigger does not fire, and its active runs begin no other items.
   *
   * @throws IpsFault 30000 when it is neither scheduled nor active.
   */
  async pause(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await findUnfinished(this.#parts.services.db, company, handle);
    if (trigger !== undefined) await pauseTrigger(this.#parts, trigger);
    for (const { id } of runs) {
      await pauseRun(this.#parts, id);
      this.#executor.pause(id);
    }
  }

  /**
   * Resumes a paused job: its trigger fires again, and its paused runs continue.
   *
   * @throws IpsFault 30000 when it is neither scheduled nor active.
   */
  async resume(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await findUnfinished(this.#parts.services.db, company, handle);
    if (trigger !== undefined) await resumeTrigger(this.#parts, trigger);
    for (const { id } of runs) if (await resumeRun(this.#parts, id)) await this.#settle(id);
  }

  /** Runs a scheduled job now, in addition to its schedule. */
  async executeNow(company: CompanyRow, handle: string): Promise<void> {
    const { db, clock } = this.#parts.services;
    const found = await this.#waitingTrigger(company, handle);
    await this.#settle(await db.transaction((tx) => createRun(this.#parts, tx, found, clock.now())));
  }

  /**
   * Deletes the trigger of a job and stops its runs.
   *
   * @throws IpsFault 30000 if the job has ended. Its log is kept.
   */
  async delete(company: CompanyRow, handle: string): Promise<void> {
    const { trigger, runs } = await findUnfinished(this.#parts.services.db, company, handle);
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
    // No worker holds it, so it is closed here.
    else await this.#executor.execute(runId);
  }

  async #waitingTrigger(company: CompanyRow, handle: string): Promise<TriggerRow> {
    const { trigger } = await this.find(company, handle);
    if (trigger === undefined || trigger.state === 'Complete')
      throw ruleBroken(`jobHandle: '${handle}' is not scheduled`);
    return trigger;
  }

  #settle(runId: number | undefined): Promise<void> {
    return settle(this.#parts.services, this.#executor, runId);
  }

  /** Creates the follow-on run and notifications of a run, in the transaction that ends it. */
  async #finished(tx: Db, run: RunRow): Promise<void> {
    const { kinds, queue, services } = this.#parts;
    const next = await nextInTurn(tx, run, kinds[run.kind]);
    if (next !== undefined) await queue.enqueueRun(tx, next);
    const follow = followOnOf(run);
    if (follow !== undefined) await createFollowOn(this.#parts, tx, run, follow);
    const now = services.clock.now();
    for (const notification of await notificationsOf(tx, run))
      await queue.enqueueDelivery(tx, await addToOutbox(tx, notification, now, services.traces.here()));
  }

  async #fire(triggerId: number, at: Date): Promise<void> {
    await this.#settle(await fireTrigger(this.#parts, triggerId, at));
  }
}
