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
// worker that was believed lost can do no harm when it comes back. While it works it reports to the row (`run-lease.ts`), and no
// other worker claims the run. One whose worker has not reported for some seconds was lost with it; after more than three losses
// without progress in between it ends with a FatalError. Finished items are rows of `run_items`, written in the transaction of their
// effect, and are not done again. A worker that loses the database waits for it and claims its run again, which is no loss.
//
// The tables are the truth and the queue is a hint: `reconcile` does what the tables promise, whatever became of the entries.
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ruleBroken } from '../faults.js';
import { triggerHandle } from '../handles.js';
import type { EngineParts } from './engine-parts.js';
import { type FoundJob, findJob } from './find-job.js';
import { followOnOf, notificationsOf } from './follow-on.js';
import { adoptDelivery, deliver } from './notifications.js';
import { addToOutbox } from './outbox.js';
import { pauseRun, resumeRun } from './pausing.js';
import { Reconciler } from './reconciler.js';
import { rebuildQueue, runCleanup } from './recovery.js';
import { RunExecutor } from './run-executor.js';
import { createFollowOn, createRun } from './run-rows.js';
import { settle } from './settling.js';
import { checkSubmission, type Submission } from './submission.js';
import { createTrigger, fireTrigger, pauseTrigger, resumeTrigger } from './triggers.js';
import { nextInTurn } from './turns.js';
import { closeIdleUpload, findUpload, openUpload, type PostedFile, recordPost } from './uploads.js';

/** What the engine is built from. */
export interface JobEngineOptions extends EngineParts {
  /** The nightly work besides jobs. */
  readonly housekeeping: () => Promise<void>;
  /** Whether this process leads those that share the database. Default: it does, because it uses the database alone. */
  readonly leads?: () => Promise<boolean>;
}

/** Accepts jobs and carries them out. */
export class JobEngine {
  readonly #parts: JobEngineOptions;
  readonly #executor: RunExecutor;
  readonly #reconciler: Reconciler;

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
      run: (runId) => this.#executor.take(runId),
      fire: (triggerId, at) => this.#fire(triggerId, at),
      deliver: async (notification) => {
        const id =
          typeof notification === 'number' ? notification : await adoptDelivery(services, notification);
        if (id !== undefined) await deliver(this.#parts, id);
      },
      closeIdle: (runId) => closeIdleUpload(this.#parts, runId),
      cleanUp: () => runCleanup(this.#parts, this.#parts.housekeeping),
    });
    if (exclusive) await rebuildQueue(this.#parts);
    await this.#reconciler.start();
  }

  /** Does what the tables promise and the queue has not done, if this process leads. */
  reconcile(): Promise<void> {
    return this.#reconciler.pass();
  }

  /** Stops carrying out jobs. Active runs are released to other processes, or to this one after a restart. */
  async stop(): Promise<void> {
    this.#reconciler.stop();
    // From here on the queue hands out nothing, so that this process does not pick up the runs that it releases.
    const stopped = this.#parts.queue.stop();
    this.#executor.releaseAll();
    await stopped;
    await this.#executor.idle();
    await this.#reconciler.idle();
  }

  /** Aborts all runs and empties the queue, for a server that is being reset. */
  async clear(): Promise<void> {
    await this.#executor.abortAll();
    await this.#parts.queue.clear();
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

  #settle(runId: number | undefined): Promise<void> {
    return settle(this.#parts.services, this.#executor, runId);
  }

  /** Creates what follows a run, in the transaction that ends it. */
  async #finished(tx: Db, run: RunRow): Promise<void> {
    const { kinds, queue, services } = this.#parts;
    const next = await nextInTurn(tx, run, kinds[run.kind]);
    if (next !== undefined) await queue.enqueueRun(tx, next);
    const follow = followOnOf(run);
    if (follow !== undefined) await createFollowOn(this.#parts, tx, run, follow);
    const now = services.clock.now();
    for (const notification of await notificationsOf(tx, run))
      await queue.enqueueDelivery(tx, await addToOutbox(tx, notification, now));
  }

  async #fire(triggerId: number, at: Date): Promise<void> {
    await this.#settle(await fireTrigger(this.#parts, triggerId, at));
  }
}
