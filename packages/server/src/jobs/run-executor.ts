import { and, eq, ne } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { RunFailure, reasonOf } from '../failures.js';
import type { Services } from '../services.js';
import type { EngineParts } from './engine-parts.js';
import { RunPausedError, RunStoppedError, RunTakenOverError } from './interruptions.js';
import type { JobKind, JobKinds, RunResult } from './job-kind.js';
import { keepPaused, leavePaused } from './pausing.js';
import { type LogRow, RunContext } from './run-context.js';
import { waitForStorage } from './storage-wait.js';
import { waitsForTurn } from './turns.js';

/** How many workers a run may lose before the run itself counts as the cause. */
const MAX_LOSSES = 3;

/** Milliseconds between checks for a stop or a pause requested by another process. */
const STOP_POLL = 400;

/** How this process interrupts a run that it carries out. */
interface Control {
  readonly stop: AbortController;
  readonly pause: AbortController;
}

/** A run that this worker claimed, and who had it before. */
interface Claim {
  readonly run: RunRow;
  readonly before: { readonly server: string; readonly lost: boolean } | undefined;
}

/** Carries out runs in this process. */
export class RunExecutor {
  readonly #services: Services;
  readonly #kinds: JobKinds;
  readonly #onFinish: (tx: Db, run: RunRow) => Promise<void>;
  readonly #active = new Map<number, Control & { readonly done: Promise<void> }>();
  #releasing = false;

  /** `onFinish` is called in the transaction that ends a run. */
  constructor({ services, kinds }: EngineParts, onFinish: (tx: Db, run: RunRow) => Promise<void>) {
    this.#services = services;
    this.#kinds = kinds;
    this.#onFinish = onFinish;
  }

  /**
   * Claims a run and carries it out. Does nothing for one that is done.
   *
   * @throws RunTakenOverError when this process is shutting down, so that the queue gives the run to another.
   */
  async execute(runId: number): Promise<void> {
    if (this.#releasing) throw new RunTakenOverError('the server is shutting down');
    // If this process is running it already, look again when that ends: more work may have arrived.
    for (let other = this.#active.get(runId); other !== undefined; other = this.#active.get(runId))
      await other.done;
    const control: Control = { stop: new AbortController(), pause: new AbortController() };
    const done = this.#execute(runId, control).finally(() => {
      this.#active.delete(runId);
      this.#services.metrics.runsAtWork.set(this.#active.size);
    });
    this.#active.set(runId, { ...control, done: done.catch(() => undefined) });
    this.#services.metrics.runsAtWork.set(this.#active.size);
    await done;
  }

  /** Asks a run of this process to stop. */
  stop(runId: number): void {
    this.#active.get(runId)?.stop.abort(new RunStoppedError());
  }

  /** Asks a run of this process to finish the items that it has begun, and to let go. */
  pause(runId: number): void {
    this.#active.get(runId)?.pause.abort();
  }

  /** Releases all runs as they are, to be continued by another process or after a restart. */
  releaseAll(): void {
    this.#releasing = true;
    for (const { stop } of this.#active.values())
      stop.abort(new RunTakenOverError('the server is shutting down'));
  }

  /** Ends all runs of this process without recording anything, because the database is about to be emptied. */
  async abortAll(): Promise<void> {
    this.releaseAll();
    await this.idle();
    this.#releasing = false;
  }

  /** Whether this process carries out any run. */
  get busy(): boolean {
    return this.#active.size > 0;
  }

  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.all([...this.#active.values()].map(({ done }) => done));
  }

  async #execute(runId: number, control: Control): Promise<void> {
    const claimed = await this.#claim(runId);
    if (claimed === undefined) return;
    const { run, before } = claimed;
    const { stop } = control;
    const context = await this.#context(run, control);
    const poll = setInterval(() => void this.#check(run, control), STOP_POLL);
    try {
      await this.#begin(context, before);
      if (run.stopRequested) stop.abort(new RunStoppedError());
      if (run.losses > MAX_LOSSES) {
        throw new RunFailure(`the run was lost with its worker ${run.losses} times and is given up`);
      }
      context.throwIfStopped();
      const result = await this.#kindOf(run).run(context);
      await this.#end(context, result);
    } catch (error) {
      await this.#fail(context, error);
    } finally {
      clearInterval(poll);
      await context.progress.stop();
    }
  }

  #kindOf({ kind }: RunRow): JobKind {
    return this.#kinds[kind];
  }

  /** Claims the run: from now on no other worker can write for it. */
  async #claim(runId: number): Promise<Claim | undefined> {
    const { db, config, clock } = this.#services;
    return db.transaction(async (tx) => {
      const [before] = await tx.select().from(t.runs).where(eq(t.runs.id, runId)).for('update');
      if (before === undefined || before.state === 'Done') return undefined;
      if (before.paused && !before.stopRequested) {
        await keepPaused(tx, before);
        return undefined;
      }
      if (!before.stopRequested && (await waitsForTurn(tx, before, this.#kindOf(before)))) return undefined;
      const first = before.attempt === 0;
      // A run that was waiting for files, or was released by a worker that shut down, simply continues; one that was running was
      // lost with its worker.
      const lost = !first && (before.state === 'Running' || before.state === 'Stopping');
      const [run] = await tx
        .update(t.runs)
        .set({
          attempt: before.attempt + 1,
          losses: before.losses + (lost ? 1 : 0),
          state: before.stopRequested ? 'Stopping' : 'Running',
          serverName: config.serverName,
          ...(first ? { startDate: clock.now() } : {}),
        })
        .where(eq(t.runs.id, runId))
        .returning();
      return run === undefined
        ? undefined
        : { run, before: first ? undefined : { server: before.serverName, lost } };
    });
  }

  async #context(run: RunRow, { stop, pause }: Control): Promise<RunContext> {
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
      company,
      submitter,
      logTypes,
      signal: stop.signal,
      pause: pause.signal,
      doneItems: done.map(({ key }) => key),
    });
  }

  /** Writes the first rows of the log, once; when another worker continues the run, rows that say so, and why. */
  async #begin(context: RunContext, before: Claim['before']): Promise<void> {
    const { run, services } = context;
    const [begun] = await services.db
      .select({ id: t.logRows.id })
      .from(t.logRows)
      .where(eq(t.logRows.runId, run.id))
      .limit(1);
    if (begun === undefined) {
      const rows: LogRow[] = [
        {
          logType: context.logTypes.begin,
          message: context.logTypes.beginMessage ?? `Job ${run.name} started.`,
        },
        // The run's own name, as in the documented sample, although the head of the log calls another one original.
        { logType: 'OriginalJobName', message: run.name },
        { logType: 'JobClient', message: services.config.serverName },
        { logType: 'JobType', message: this.#kindOf(run).type },
      ];
      if (run.initiatingJobName !== null)
        rows.push({ logType: 'InitiatingJobName', message: run.initiatingJobName });
      await context.log(...rows);
      return;
    }
    if (before === undefined || run.stopRequested) return;
    const rows: LogRow[] = [];
    if (before.lost) {
      services.log.warn(
        { run: run.name, lost: before.server },
        'a run was lost with its worker and continues here',
      );
      rows.push({
        logType: context.logTypes.warning,
        message: `The worker ${before.server} was lost; the run continues`,
      });
    }
    if (before.lost || before.server !== run.serverName)
      rows.push({ logType: 'JobClient', message: run.serverName });
    await context.log(...rows);
  }

  async #end(context: RunContext, result: RunResult): Promise<void> {
    await context.progress.stop();
    if (result === 'suspended') {
      await context.transaction(async (tx) => {
        await tx.update(t.runs).set({ state: 'WaitingClient' }).where(eq(t.runs.id, context.run.id));
      });
      return;
    }
    context.progress.endTasks('Done');
    await this.#close(context, [], { progress: 100 });
    this.#services.metrics.runs.inc({ kind: context.run.kind, outcome: 'done' });
  }

  async #fail(context: RunContext, error: unknown): Promise<void> {
    const { run, services, signal } = context;
    await context.progress.stop();
    if (await waitForStorage(context, error, () => this.#release(run)))
      throw new RunTakenOverError('the disk can be written again');
    if (this.#releasing) {
      await this.#release(run);
      // Not done: the queue must give it to another worker.
      throw new RunTakenOverError('the server is shutting down');
    }
    const takenOver = error instanceof RunTakenOverError || signal.reason instanceof RunTakenOverError;
    if (takenOver) {
      return services.log.info({ run: run.name }, 'another worker has taken over a run');
    }
    try {
      const pausing = error instanceof RunPausedError;
      if (pausing && !signal.aborted && (await leavePaused(context))) return;
      if (pausing || error instanceof RunStoppedError || signal.aborted) {
        context.progress.endTasks('Stopping');
        await this.#close(context, [{ logType: 'FileCancel', message: 'The job was stopped' }], {});
        services.metrics.runs.inc({ kind: run.kind, outcome: 'stopped' });
        return;
      }
      const { message, expected } = reasonOf(error);
      if (!expected) services.log.error({ err: error, run: run.name }, 'a run failed unexpectedly');
      context.progress.endTasks('Failed');
      await this.#close(context, [{ logType: 'FatalError', message }], { fatalError: true });
      services.metrics.runs.inc({ kind: run.kind, outcome: 'fatal' });
    } catch (closing) {
      if (!(closing instanceof RunTakenOverError)) throw closing;
    }
  }

  /** Marks a run as waiting for another worker, unless another has it already. */
  async #release(run: RunRow): Promise<void> {
    this.#services.log.info({ run: run.name }, 'a run is released to another worker');
    await this.#services.db
      .update(t.runs)
      .set({ state: 'WaitingCoordinator' })
      .where(and(eq(t.runs.id, run.id), eq(t.runs.attempt, run.attempt), ne(t.runs.state, 'Done')));
  }

  /** Ends the run: the last rows, the state and what follows from the end, in one transaction. */
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

  /** Stops or pauses the run if another process requested that, and stops it if one has taken it over. */
  async #check(run: RunRow, { stop, pause }: Control): Promise<void> {
    try {
      const [row] = await this.#services.db
        .select({ stopRequested: t.runs.stopRequested, paused: t.runs.paused, attempt: t.runs.attempt })
        .from(t.runs)
        .where(eq(t.runs.id, run.id));
      if (row?.attempt !== run.attempt) stop.abort(new RunTakenOverError(`run ${run.id} was taken over`));
      else if (row.stopRequested) stop.abort(new RunStoppedError());
      else if (row.paused) pause.abort();
    } catch (error) {
      this.#services.log.warn({ err: error, run: run.name }, 'the database did not answer');
    }
  }
}
