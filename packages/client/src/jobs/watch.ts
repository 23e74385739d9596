import type { ActiveJob, JobLog, JobLogDetail, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { type Backoff, backoffDelay, delay } from '../delay.js';
import { JobNotFoundError } from '../errors.js';
import { sameRun } from './job-handle.js';
import { type JobVerdict, verdictOf } from './verdict.js';

/** What happens to a job while it is watched. */
export type JobEvent =
  /** It waits for its time. */
  | { readonly type: 'scheduled'; readonly job: ScheduledJob }
  /** A run began, or its state changed. */
  | {
      readonly type: 'state';
      readonly state: string;
      readonly previous: string | undefined;
      readonly job: ActiveJob;
    }
  /** Its progress, 0 to 100, or the message beside it changed. */
  | {
      readonly type: 'progress';
      readonly progress: number;
      readonly message: string;
      readonly job: ActiveJob;
    }
  /** One of its tasks moved on. */
  | { readonly type: 'task'; readonly task: TaskProgress; readonly index: number; readonly job: ActiveJob }
  /** A row was written to its log. */
  | { readonly type: 'log'; readonly row: JobLogDetail }
  /** It ended. Nothing comes after this. */
  | { readonly type: 'done'; readonly verdict: JobVerdict };

/** How a job is watched. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks while something happens; 1000 unless given. */
  readonly minDelay?: number | undefined;
  /** Milliseconds between two looks while nothing happens; 30,000 unless given. */
  readonly maxDelay?: number | undefined;
  /** Whether rows of the log are read while the job runs; `true` unless given. */
  readonly log?: boolean | undefined;
  /** How many rows of errors and warnings the verdict holds at most; 1000 unless given. */
  readonly maxFailures?: number | undefined;
}

/** The job that is looked for. */
export interface WatchTarget {
  /** The submitted name. `undefined` while only a run's handle is known. */
  name: string | undefined;
  /** The handle of the run, once it is known. */
  runHandle: string | undefined;
  /** The handle as it was given or answered. */
  readonly handle: string | undefined;
  /** When the job was submitted, by the service's clock; runs before that are of an earlier job of the same name. */
  readonly submittedAt: number | undefined;
  stopRequested: boolean;
}

/** Clocks and the time between submitting and starting may differ by as much, in milliseconds. */
const SLACK = 2000;
/** Looks without a trace of the job before it counts as gone: it may be between two lists. */
const MISSES = 6;
const PAGE = 1000;

/**
 * Looks at a job until it ends. A job passes through three lists: scheduled, active, and the logs; in between it may be in none of
 * them for a moment. The log decides: a run has ended when its log has an end.
 */
export async function* watchJob(
  caller: Caller,
  target: WatchTarget,
  options: WatchOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { signal } = options;
  const backoff: Backoff = { minDelay: options.minDelay ?? 1000, maxDelay: options.maxDelay ?? 30_000 };
  const seen = new Seen();
  const reader = new LogReader(caller, target, options);
  let quiet = 0;
  let misses = 0;
  for (;;) {
    signal?.throwIfAborted();
    const events: JobEvent[] = [];
    const active = await findActive(caller, target, signal);
    if (active !== undefined) {
      misses = 0;
      if (active.state === 'Stopping') target.stopRequested = true;
      events.push(...seen.active(active));
      if (options.log !== false) events.push(...(await reader.newRows()));
    } else {
      const log = await reader.find();
      if (log !== undefined && isFinished(log)) {
        if (options.log !== false) yield* await reader.newRows();
        yield { type: 'done', verdict: verdictOf(log, await reader.failures(), target.stopRequested) };
        return;
      }
      const scheduled = log === undefined ? await findScheduled(caller, target, signal) : undefined;
      if (scheduled !== undefined) events.push(...seen.scheduled(scheduled));
      if (log === undefined && scheduled === undefined) {
        misses += 1;
        if (misses >= MISSES)
          throw new JobNotFoundError(target.name ?? target.runHandle ?? target.handle ?? '');
      } else {
        misses = 0;
      }
    }
    yield* events;
    quiet = events.length > 0 ? 0 : quiet + 1;
    // Between two lists it is soon in the next one.
    await delay(backoffDelay(backoff, misses > 0 ? 0 : quiet), signal);
  }
}

/** The run among the active jobs. */
async function findActive(
  caller: Caller,
  target: WatchTarget,
  signal: AbortSignal | undefined,
): Promise<ActiveJob | undefined> {
  const filter =
    target.name === undefined
      ? { jobHandle: target.runHandle ?? target.handle }
      : { originalName: target.name };
  const { jobArray } = await caller.call(
    'getActiveJobs',
    { ...filter, includeWaitingJobs: true },
    { signal },
  );
  const run = jobArray
    .filter((job) => isWanted(target, job.jobHandle, job.triggerTime ?? job.startDate))
    .sort((a, b) => time(a.startDate) - time(b.startDate))[0];
  if (run !== undefined) {
    target.runHandle = run.jobHandle;
    target.name ??= run.originalName;
  }
  return run;
}

async function findScheduled(
  caller: Caller,
  target: WatchTarget,
  signal: AbortSignal | undefined,
): Promise<ScheduledJob | undefined> {
  if (target.name === undefined) return undefined;
  const { jobArray } = await caller.call('getScheduledJobs', { originalName: target.name }, { signal });
  return jobArray[0];
}

/** Whether a run is the one: the same handle, or of the time after the submission. */
function isWanted(target: WatchTarget, handle: string, startedAt: string | undefined): boolean {
  if (target.runHandle !== undefined) return sameRun(handle, target.runHandle);
  if (target.submittedAt === undefined) return true;
  const started = time(startedAt);
  return Number.isNaN(started) || started >= target.submittedAt - SLACK;
}

function time(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(text);
}

function isFinished(log: JobLog): boolean {
  return log.endDate !== undefined || log.fatalError;
}

/** What was told already, so that only news are told. */
class Seen {
  #state: string | undefined;
  #progress = '';
  #next: string | undefined;
  readonly #tasks: string[] = [];

  *active(job: ActiveJob): Generator<JobEvent> {
    if (job.state !== this.#state) {
      yield { type: 'state', state: job.state, previous: this.#state, job };
      this.#state = job.state;
    }
    const progress = `${job.progress} ${job.progressMessage}`;
    if (progress !== this.#progress) {
      this.#progress = progress;
      yield { type: 'progress', progress: job.progress, message: job.progressMessage, job };
    }
    for (const [index, task] of (job.taskProgressArray ?? []).entries()) {
      const {
        taskType,
        taskState,
        numProcessed,
        numProcessing,
        numPending,
        progress: done,
        progressMessage,
      } = task;
      const told = JSON.stringify([
        taskType,
        taskState,
        numProcessed,
        numProcessing,
        numPending,
        done,
        progressMessage,
      ]);
      if (this.#tasks[index] === told) continue;
      this.#tasks[index] = told;
      yield { type: 'task', task, index, job };
    }
  }

  *scheduled(job: ScheduledJob): Generator<JobEvent> {
    const told = `${job.nextFireTime} ${job.triggerState}`;
    if (told === this.#next) return;
    this.#next = told;
    yield { type: 'scheduled', job };
  }
}

/** Reads the log of the watched run: its head, rows as they come, and at the end those of errors. */
class LogReader {
  readonly #caller: Caller;
  readonly #target: WatchTarget;
  readonly #signal: AbortSignal | undefined;
  readonly #maxFailures: number;
  #rows = 0;

  constructor(caller: Caller, target: WatchTarget, options: WatchOptions) {
    this.#caller = caller;
    this.#target = target;
    this.#signal = options.signal;
    this.#maxFailures = options.maxFailures ?? 1000;
  }

  /** The log of the run, without its rows. */
  async find(): Promise<JobLog | undefined> {
    const { name, runHandle, handle } = this.#target;
    const filter = name === undefined ? { jobHandle: runHandle ?? handle } : { originalName: name };
    const logs = await this.#logs({ ...filter, recordsPerPage: 1 });
    const wanted = logs.filter((log) => isWanted(this.#target, log.jobHandle, log.startDate));
    // Of several runs the first after a submission, else the last one.
    wanted.sort((a, b) => time(a.startDate) - time(b.startDate));
    const log = this.#target.submittedAt === undefined ? wanted.at(-1) : wanted[0];
    if (log !== undefined) {
      this.#target.runHandle = log.jobHandle;
      this.#target.name ??= log.originalJobName;
    }
    return log;
  }

  /** Rows that were written since the last time. */
  async newRows(): Promise<JobEvent[]> {
    if (this.#target.runHandle === undefined) return [];
    const events: JobEvent[] = [];
    for (;;) {
      const page = Math.floor(this.#rows / PAGE) + 1;
      const rows = await this.#page(page);
      const fresh = rows.slice(this.#rows % PAGE);
      events.push(...fresh.map((row) => ({ type: 'log', row }) as const));
      this.#rows += fresh.length;
      if (rows.length < PAGE) return events;
    }
  }

  /** The rows of errors and warnings. */
  async failures(): Promise<JobLogDetail[]> {
    const found: JobLogDetail[] = [];
    for (let page = 1; ; page += 1) {
      const rows = await this.#page(page);
      for (const row of rows) {
        if (/(?:Error|Failure|Warning|FileCancel)$/.test(row.logType)) found.push(row);
        if (found.length >= this.#maxFailures) return found;
      }
      if (rows.length < PAGE) return found;
    }
  }

  async #page(page: number): Promise<readonly JobLogDetail[]> {
    const paging = { recordsPerPage: PAGE, resultsPage: page, sortBy: 'Date', sortDirection: 'Ascending' };
    const [log] = await this.#logs({ jobHandle: this.#target.runHandle, ...paging });
    return log?.detailArray ?? [];
  }

  async #logs(filter: object): Promise<JobLog[]> {
    const { jobLogArray } = await this.#caller.call('getJobLogDetails', filter, { signal: this.#signal });
    return jobLogArray;
  }
}
