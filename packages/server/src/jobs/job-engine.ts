// The life of jobs: submitted, fired as runs, carried out, stopped, paused, deleted. Kinds of jobs and the work of the night are
// handed in; nothing here knows what a job does.
//
// A submitted job is a trigger (table `triggers`):
//
//   Normal    Will fire at `nextFireTime`. A job without a time or schedule is never in this state.
//   Paused    Was Normal; does not fire until it is resumed. A schedule goes on from then, a single time that passed fires at once.
//   Complete  Will not fire again: it ran at once, its one time has come, or its schedule has no time left. The row stays, so that
//             the handle of the submitted job still names its runs.
//
//   (submitted) → Normal ⇄ Paused        (submitted, at once) → Complete
//                 Normal → Complete       Normal, Paused → (deleted)
//
// While a run of it is not over, a Normal trigger that is due is tried again each second; clients see it as Blocked.
//
// Each firing makes a run (table `runs`), which `getActiveJobs` shows until it is Done and `getJobLogs` from its beginning:
//
//   New                 Made, and in the queue. No worker has had it yet.
//   WaitingClient       An upload by POST that waits for files: opened, or suspended when it had dealt with all it had.
//   Running             A worker of the process `serverName` is at work on it.
//   Stopping            As Running, and told to stop.
//   WaitingCoordinator  Left by a process that shut down; the queue gives it to another.
//   Done                Over, well or badly: the log says how, and the rows of its items are gone.
//
//   New → Running → Done                  Running → WaitingClient → Running
//         Running → Stopping → Done       Running, Stopping → WaitingCoordinator → Running
//
// Who takes a run up adds one to `attempt`, and writes only while the number is still its own (`RunContext.transaction`): a worker
// that was believed lost can do no harm when it comes back. A run found Running or Stopping by the next worker was lost with its
// worker; after three such losses it ends with a FatalError. Items that are done are rows of `run_items`, written in the
// transaction of their effect, and are not done again.
//
// The tables are the truth and the queue is a hint: `rebuildQueue` makes every entry again from rows.
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
import { enqueueCleanup, rebuildQueue, requeueStranded, SWEEP } from './recovery.js';
import { RunExecutor } from './run-executor.js';
import { createFollowOn, createRun } from './run-rows.js';
import { checkSubmission, type Submission } from './submission.js';
import { createTrigger, fireTrigger, pauseTrigger, resumeTrigger } from './triggers.js';
import { closeIdleUpload, findUpload, openUpload, type PostedFile, recordPost } from './uploads.js';

/** What the engine is made of. */
export interface JobEngineOptions extends EngineParts {
  /** What is to be done each night, beside jobs. */
  readonly housekeeping: () => Promise<void>;
}

/** Takes jobs in and carries them out. */
export class JobEngine {
  readonly #parts: JobEngineOptions;
  readonly #executor: RunExecutor;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: JobEngineOptions) {
    this.#parts = options;
    this.#executor = new RunExecutor(options, (tx, run) => this.#finished(tx, run));
  }

  /** Makes it ready to take jobs; they wait until `start`. */
  open(): Promise<void> {
    return this.#parts.queue.open();
  }

  /**
   * Begins to carry jobs out.
   *
   * @param exclusive - Whether no other process uses the database: then every run that seems to be at work was lost with the
   *   process that had it, and is taken up again.
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

  /** Stops to carry jobs out; runs at work are released to other processes, or to this one after a restart. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    // The queue hands nothing out from here on, so that a run that is released is not taken up again by this process.
    const stopped = this.#parts.queue.stop();
    this.#executor.releaseAll();
    await stopped;
    await this.#executor.idle();
  }

  /** Forgets everything that waits in the queue, for a server that is reset. */
  async clear(): Promise<void> {
    await this.#executor.abortAll();
    await this.#parts.queue.clear('everything');
    await enqueueCleanup(this.#parts, this.#parts.services.db);
  }

  /** Puts what the database has into the queue again, after its content was replaced. */
  async requeue(): Promise<void> {
    await rebuildQueue(this.#parts);
  }

  /** Waits until the runs that this process has at work are done. */
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
    const { db, config } = this.#parts.services;
    await checkSubmission(this.#parts.kinds, db, submission);
    await this.#settle(await createTrigger(this.#parts, submission));
    return triggerHandle(submission.company.id, submission.name, config.submittedJobForm);
  }

  /**
   * Begins an upload by POST: a run that waits for files until it hears that there are no more.
   *
   * @throws IpsFault for what cannot be submitted; see {@link checkSubmission}.
   */
  async openUpload(submission: Submission, sourceAddress: string): Promise<RunRow> {
    await checkSubmission(this.#parts.kinds, this.#parts.services.db, submission);
    return openUpload(this.#parts, submission, sourceAddress);
  }

  /**
   * The upload by POST that a handle names, open for files from an address.
   *
   * @throws IpsFault 30001 for a handle of no upload, 30000 when it takes no more files, or not from there.
   */
  findUpload(company: CompanyRow, handle: string, sourceAddress: string): Promise<RunRow> {
    return findUpload(this.#parts.services.db, company, handle, sourceAddress);
  }

  /**
   * Takes files that were posted for an upload, and whether they were the last.
   *
   * @throws IpsFault 30000 when another post ended the upload meanwhile.
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
   * Stops the runs of a job that are not over.
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
    await pauseTrigger(this.#parts, await this.#waitingTrigger(company, handle));
  }

  /** Lets a paused trigger fire again. */
  async resume(company: CompanyRow, handle: string): Promise<void> {
    await resumeTrigger(this.#parts, await this.#waitingTrigger(company, handle));
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
    const { trigger, runs } = await this.find(company, handle);
    const active = runs.filter((run) => run.state !== 'Done');
    const waiting = trigger !== undefined && trigger.state !== 'Complete';
    if (!waiting && active.length === 0)
      throw ruleBroken(`jobHandle: '${handle}' is neither scheduled nor active`);
    if (waiting) await this.#parts.services.db.delete(t.triggers).where(eq(t.triggers.id, trigger.id));
    for (const run of active) await this.#stopRun(run.id);
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
    // No worker has it that would close it.
    else await this.#executor.execute(runId);
  }

  async #waitingTrigger(company: CompanyRow, handle: string): Promise<TriggerRow> {
    const { trigger } = await this.find(company, handle);
    if (trigger === undefined || trigger.state === 'Complete') {
      throw ruleBroken(`jobHandle: '${handle}' is not scheduled`);
    }
    return trigger;
  }

  /** With the instant clock a run, and what follows on it, is done before the call that made it answers. */
  async #settle(runId: number | undefined): Promise<void> {
    const { clock, db } = this.#parts.services;
    if (runId === undefined || clock.mode !== 'instant') return;
    await this.#executor.execute(runId);
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
    const follow = followOnOf(run);
    if (follow !== undefined) await createFollowOn(this.#parts, tx, run, follow);
    for (const delivery of await notificationsOf(tx, run))
      await this.#parts.queue.enqueueDelivery(tx, delivery);
  }

  /** The cleanup of this night. The next one is enqueued first: a failure must not end them. */
  async #cleanUp(): Promise<void> {
    await enqueueCleanup(this.#parts, this.#parts.services.db);
    await this.#parts.housekeeping();
  }
}
