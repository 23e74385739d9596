import { setTimeout as delay } from 'node:timers/promises';
import { and, eq, ne, sql } from 'drizzle-orm';
import { isDatabaseLoss, lossReason } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { RunFailure, reasonOf } from '../failures.js';
import type { Services } from '../services.js';
import type { TraceSpan } from '../traces/traces.js';
import { type ActiveRun, type Control, newControl } from './active-run.js';
import { type Claim, checkRun, claimRun, releaseRun } from './claims.js';
import type { EngineParts } from './engine-parts.js';
import { RunPausedError, RunStoppedError, RunTakenOverError } from './interruptions.js';
import type { LogRow } from './item.js';
import type { JobKind, JobKinds, RunResult } from './job-kind.js';
import { leavePaused } from './pausing.js';
import { beginLog } from './run-beginning.js';
import { RunContext } from './run-context.js';
import { REPORT } from './run-lease.js';
import { countEnd, inRunSpan } from './run-span.js';
import { waitForStorage } from './storage-wait.js';

/** Number of workers that a run may lose before the run itself counts as the cause. */
const MAX_LOSSES = 3;

/** Milliseconds between checks for a stop or a pause requested by another process. */
const STOP_POLL = 400;

/** Milliseconds between attempts to reach a lost database: the first delay and the longest. */
const WAIT = { first: 250, longest: 4000 } as const;

/** Executes runs in this process. */
export class RunExecutor {
  readonly #services: Services;
  readonly #kinds: JobKinds;
  readonly #onFinish: (tx: Db, run: RunRow) => Promise<void>;
  readonly #active = new Map<number, ActiveRun>();
  /** Active runs to check again when they end here. */
  readonly #again = new Set<number>();
  #releasing = false;

  /** `onFinish` is called in the transaction that ends a run. */
  constructor({ services, kinds }: EngineParts, onFinish: (tx: Db, run: RunRow) => Promise<void>) {
    this.#services = services;
    this.#kinds = kinds;
    this.#onFinish = onFinish;
  }

  /**
   * Claims and executes a run, like {@link execute}, but does not wait for a run that this process is already executing: that run is
   * checked again when it ends.
   *
   * @throws RunTakenOverError when this process is shutting down, so that the queue gives the run to another.
   */
  async take(runId: number): Promise<void> {
    if (this.#active.has(runId)) this.#again.add(runId);
    else await this.execute(runId);
  }

  /**
   * Claims and executes a run. Does nothing if the run is done.
   *
   * @throws RunTakenOverError when this process is shutting down, so that the queue gives the run to another.
   */
  async execute(runId: number): Promise<void> {
    if (this.#releasing) throw new RunTakenOverError('the server is shutting down');
    // If this process is already running it, check again when that ends: more work may have arrived.
    for (let other = this.#active.get(runId); other !== undefined; other = this.#active.get(runId))
      await other.done;
    const entry: ActiveRun = { control: newControl(), done: Promise.resolve(), reported: 0, atWork: false };
    const done = this.#persist(runId, entry).finally(() => {
      this.#active.delete(runId);
      this.#services.metrics.runsAtWork.set(this.#active.size);
      // After a failure, the reconciliation picks it up.
      if (this.#again.delete(runId) && !this.#releasing) void this.take(runId).catch(() => undefined);
    });
    entry.done = done.catch(() => undefined);
    this.#active.set(runId, entry);
    this.#services.metrics.runsAtWork.set(this.#active.size);
    await done;
  }

  /** Whether this process is executing a run. */
  has(runId: number): boolean {
    return this.#active.has(runId);
  }

  /** Requests a stop of a run in this process. */
  stop(runId: number): void {
    this.#active.get(runId)?.control.stop.abort(new RunStoppedError());
  }

  /** Requests a pause of a run in this process: it finishes its items in progress and is released. */
  pause(runId: number): void {
    this.#active.get(runId)?.control.pause.abort();
  }

  /** Releases all runs unchanged, to continue in another process or after a restart. */
  releaseAll(): void {
    this.#releasing = true;
    for (const { control } of this.#active.values())
      control.stop.abort(new RunTakenOverError('the server is shutting down'));
  }

  /** Aborts all runs of this process without recording anything, because the database is about to be emptied. */
  async abortAll(): Promise<void> {
    this.releaseAll();
    await this.idle();
    this.#releasing = false;
  }

  /** Whether this process is executing any run. */
  get busy(): boolean {
    return this.#active.size > 0;
  }

  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map(({ done }) => done));
  }

  /** Executes a run. If it loses the database, it waits for it and claims the run again. */
  async #persist(runId: number, entry: ActiveRun): Promise<void> {
    for (;;) {
      let claim: Claim | undefined;
      try {
        claim = await claimRun(this.#services, (run) => this.#kindOf(run), runId);
        const claimed = claim;
        if (claimed !== undefined)
          await inRunSpan(this.#services, claimed.run, (span) => this.#execute(claimed, entry, span));
        return;
      } catch (error) {
        if (!isDatabaseLoss(error)) throw error;
        await this.#awaitDatabase(runId, claim, error);
        entry.control = newControl();
      }
    }
  }

  /** Waits until the database responds, and releases the run. */
  async #awaitDatabase(runId: number, claim: Claim | undefined, loss: unknown): Promise<void> {
    const { log, db } = this.#services;
    const run = claim?.run.name ?? runId;
    log.warn({ run, reason: lossReason(loss) }, 'a run lost the database and is waiting for it');
    for (let wait: number = WAIT.first; ; wait = Math.min(2 * wait, WAIT.longest)) {
      if (this.#releasing) throw new RunTakenOverError('the server is shutting down');
      try {
        if (claim !== undefined) await releaseRun(this.#services, claim.run);
        else await db.execute(sql`select 1`);
        log.info({ run }, 'the database is available again; the run continues');
        return;
      } catch (error) {
        if (!isDatabaseLoss(error)) throw error;
        await delay(wait);
      }
    }
  }

  async #execute({ run, before }: Claim, entry: ActiveRun, span: TraceSpan): Promise<void> {
    const { stop } = entry.control;
    entry.reported = Date.now();
    entry.atWork = true;
    const context = await this.#context(run, entry.control, span);
    const poll = setInterval(() => void this.#check(run, entry), STOP_POLL);
    try {
      await beginLog(context, this.#kindOf(run).type, before);
      if (run.stopRequested) stop.abort(new RunStoppedError());
      if (run.losses > MAX_LOSSES) {
        throw new RunFailure(`the run lost its worker ${run.losses} times and was abandoned`);
      }
      context.throwIfStopped();
      const result = await this.#kindOf(run).run(context);
      entry.atWork = false;
      await this.#end(context, result);
    } catch (error) {
      entry.atWork = false;
      await this.#fail(context, error);
    } finally {
      clearInterval(poll);
      context.endSpans();
      await context.progress.stop();
    }
  }

  #kindOf({ kind }: RunRow): JobKind {
    return this.#kinds[kind];
  }

  async #context(run: RunRow, { stop, pause }: Control, span: TraceSpan): Promise<RunContext> {
    const { db } = this.#services;
    const [company] = await db.select().from(t.companies).where(eq(t.companies.id, run.companyId));
    const [submitter] = await db.select().from(t.users).where(eq(t.users.id, run.submitUserId));
    if (company === undefined || submitter === undefined)
      throw new Error(`run ${run.id} has no company or user`);
    const done = await db
      .select({ key: t.runItems.key })
      .from(t.runItems)
      .where(eq(t.runItems.runId, run.id));
    const { logTypes } = this.#kindOf(run);
    return new RunContext({
      services: this.#services,
      run,
      span,
      company,
      submitter,
      logTypes,
      signal: stop.signal,
      pause: pause.signal,
      doneItems: done.map(({ key }) => key),
    });
  }

  async #end(context: RunContext, result: RunResult): Promise<void> {
    await context.progress.stop();
    if (result === 'suspended') {
      await context.transaction(async (tx) => {
        await tx
          .update(t.runs)
          .set({ state: 'WaitingClient', seenAt: null })
          .where(eq(t.runs.id, context.run.id));
      });
      return;
    }
    context.progress.endTasks('Done');
    await this.#close(context, [], { progress: 100 });
    countEnd(context, 'done');
  }

  async #fail(context: RunContext, error: unknown): Promise<void> {
    const { run, services, signal } = context;
    await context.progress.stop();
    if (await waitForStorage(context, error, () => releaseRun(services, run)))
      throw new RunTakenOverError('the disk is writable again');
    if (this.#releasing) {
      services.log.info({ run: run.name }, 'releasing a run to another worker');
      await releaseRun(services, run);
      // Not done, so the queue must give it to another worker.
      throw new RunTakenOverError('the server is shutting down');
    }
    if (isDatabaseLoss(error)) throw error;
    const takenOver = error instanceof RunTakenOverError || signal.reason instanceof RunTakenOverError;
    if (takenOver) {
      return services.log.info({ run: run.name }, 'a run was taken over by another worker');
    }
    try {
      const pausing = error instanceof RunPausedError;
      if (pausing && !signal.aborted && (await leavePaused(context))) return;
      if (pausing || error instanceof RunStoppedError || signal.aborted) {
        context.progress.endTasks('Stopping');
        await this.#close(context, [{ logType: 'FileCancel', message: 'The job was stopped' }], {});
        countEnd(context, 'stopped');
        return;
      }
      const { message, expected } = reasonOf(error);
      if (!expected) services.log.error({ err: error, run: run.name }, 'a run failed unexpectedly');
      context.progress.endTasks('Failed');
      await this.#close(context, [{ logType: 'FatalError', message }], { fatalError: true });
      countEnd(context, 'fatal');
    } catch (closing) {
      if (!(closing instanceof RunTakenOverError)) throw closing;
    }
  }

  /** Ends the run: writes the last rows, the state and its consequences in one transaction. */
  async #close(context: RunContext, rows: readonly LogRow[], changes: Partial<RunRow>): Promise<void> {
    await context.transaction(async (tx) => {
      await context.addRows(tx, [
        ...rows,
        { logType: context.logTypes.end, message: `Job ${context.run.name} ended.` },
      ]);
      const [run] = await tx
        .update(t.runs)
        .set({
          ...context.progress.changes(),
          progressMessage: '',
          ...changes,
          state: 'Done',
          seenAt: null,
          endDate: this.#services.clock.now(),
        })
        .where(and(eq(t.runs.id, context.run.id), ne(t.runs.state, 'Done')))
        .returning();
      if (run === undefined) return;
      // It will not run again, so the record of its items is no longer needed.
      await tx.delete(t.runItems).where(eq(t.runItems.runId, run.id));
      await this.#onFinish(tx, run);
    });
  }

  /** Reports to the run. Stops or pauses it if another process requested that, and stops it if another worker has taken it over. */
  async #check(run: RunRow, entry: ActiveRun): Promise<void> {
    const { stop, pause } = entry.control;
    const reports = Date.now() - entry.reported >= REPORT;
    try {
      const requests = await checkRun(this.#services, run, reports);
      if (reports) entry.reported = Date.now();
      // A run that is ending is no longer at work.
      if (requests === undefined && entry.atWork)
        stop.abort(new RunTakenOverError(`run ${run.id} was taken over`));
      else if (requests?.stopRequested) stop.abort(new RunStoppedError());
      else if (requests?.paused) pause.abort();
    } catch (error) {
      // The run's own work has the same error, and waits.
      if (!isDatabaseLoss(error))
        this.#services.log.warn({ err: error, run: run.name }, 'could not check a run');
    }
  }
}
