import type { ActiveJob, JobLog, JobLogDetail, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import { sameJob } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import { type Backoff, backoffDelay, delay } from '../delay.js';
import { JobNotFoundError } from '../errors.js';
import { isUnknownJob } from './unknown-job.js';
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
  /**
   * Milliseconds after which a job that is in none of the service's lists counts as gone; it may be between two of them. 30,000
   * unless given.
   */
  readonly lostAfter?: number | undefined;
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
/** The same where the service does not tell its time. */
const UNKNOWN_SLACK = 600_000;
const LOST_AFTER = 30_000;
/** Looks without a trace of the job, at least, before it counts as gone. */
const MISSES = 3;
/** Looks at the log of a run that has left the active jobs, and that nothing is added to, before it counts as ended. */
const SILENT = 6;
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
  const lostAfter = options.lostAfter ?? LOST_AFTER;
  let quiet = 0;
  let misses = 0;
  let lastSeen = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const events: JobEvent[] = [];
    const active = await findActive(caller, target, signal);
    if (active !== undefined) {
      if (active.state === 'Stopping') target.stopRequested = true;
      events.push(...seen.active(active));
      if (options.log !== false) events.push(...(await reader.newRows()));
    }
    // One that is done may stay in the list for a while.
    const log = active === undefined || active.state === 'Done' ? await reader.find() : undefined;
    if (log !== undefined && (isFinished(log) || (active === undefined && reader.isSilent(log)))) {
      yield* events;
      if (options.log !== false) yield* await reader.newRows();
      yield { type: 'done', verdict: verdictOf(log, await reader.failures(), target.stopRequested) };
      return;
    }
    if (active === undefined && log === undefined) {
      const scheduled = await findScheduled(caller, target, signal);
      if (scheduled !== undefined) events.push(...seen.scheduled(scheduled));
      misses = scheduled === undefined ? misses + 1 : 0;
    } else {
      misses = 0;
    }
    if (misses === 0) lastSeen = performance.now();
    else if (misses >= MISSES && performance.now() - lastSeen >= lostAfter)
      throw new JobNotFoundError(target.name ?? target.runHandle ?? target.handle ?? '');
    yield* events;
    quiet = events.length > 0 ? 0 : quiet + 1;
    // Between two lists it is soon in the next one.
    await delay(backoffDelay(backoff, misses > 0 ? 0 : quiet), signal);
  }
}

/** What a look at a list answers; nothing where the service says that it does not know the job. */
async function unlessUnknown<T>(look: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look;
  } catch (error) {
    if (isUnknownJob(error)) return [];
    throw error;
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
  const look = caller.call('getActiveJobs', { ...filter, includeWaitingJobs: true }, { signal });
  const jobArray = await unlessUnknown(look.then((answer) => answer.jobArray));
  const run = jobArray
    .filter((job) => isWanted(caller, target, job.jobHandle, job.triggerTime ?? job.startDate))
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
  const filter = target.name === undefined ? { jobHandle: target.handle } : { originalName: target.name };
  const look = caller.call('getScheduledJobs', filter, { signal });
  const jobArray = await unlessUnknown(look.then((answer) => answer.jobArray));
  return jobArray.find(
    (job) => target.name === undefined || (job.originalName ?? target.name) === target.name,
  );
}

/** Whether a run is the one: the same handle, or of the time after the submission. */
function isWanted(
  caller: Caller,
  target: WatchTarget,
  handle: string,
  startedAt: string | undefined,
): boolean {
  if (target.runHandle !== undefined) return sameJob(handle, target.runHandle);
  if (target.submittedAt === undefined) return true;
  const started = time(startedAt);
  const slack = caller.exchanger.clockKnown ? SLACK : UNKNOWN_SLACK;
  return Number.isNaN(started) || started >= target.submittedAt - slack;
}

function time(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(text);
}

function isFinished(log: JobLog): boolean {
  return log.endDate !== undefined || log.fatalError === true;
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
  #told: string | undefined;
  #silence = 0;

  constructor(caller: Caller, target: WatchTarget, options: WatchOptions) {
    this.#caller = caller;
    this.#target = target;
    this.#signal = options.signal;
    this.#maxFailures = options.maxFailures ?? 1000;
  }

  /** The log of the run, without its rows. */
  async find(): Promise<JobLog | undefined> {
    const { name, runHandle, handle } = this.#target;
    const filter =
      runHandle === undefined && name !== undefined
        ? { originalName: name }
        : { jobHandle: runHandle ?? handle };
    // One row is the least that can be asked for; the last one, since of several runs the last counts.
    const newest = { recordsPerPage: 1, sortBy: 'Date', sortDirection: 'Descending' };
    const logs = await this.#logs({ ...filter, ...newest });
    const wanted = logs.filter((log) => isWanted(this.#caller, this.#target, log.jobHandle, log.startDate));
    wanted.sort((a, b) => time(a.startDate) - time(b.startDate));
    const last = wanted.at(-1);
    const first =
      last !== undefined && runHandle === undefined ? await this.#firstSinceSubmission() : undefined;
    const log = first ?? last;
    if (log !== undefined) {
      this.#target.runHandle = log.jobHandle;
      this.#target.name ??= log.originalJobName;
    }
    return log;
  }

  /** A recurring job may have run more than once since; the first run is the one that was submitted. */
  async #firstSinceSubmission(): Promise<JobLog | undefined> {
    const { name, submittedAt } = this.#target;
    if (name === undefined || submittedAt === undefined) return undefined;
    const input = {
      startDate: new Date(submittedAt - SLACK),
      numRows: PAGE,
      sortBy: 'StartDate',
      sortDirection: 'Ascending',
    };
    const { jobLogArray } = await this.#caller.call('getJobLogs', input, { signal: this.#signal });
    return jobLogArray.find(
      (log) =>
        log.originalJobName === name && isWanted(this.#caller, this.#target, log.jobHandle, log.startDate),
    );
  }

  /** Whether nothing was added to a log for several looks. Not every log has an end. */
  isSilent(log: JobLog): boolean {
    const told = JSON.stringify({ ...log, detailArray: log.detailArray?.at(-1) });
    this.#silence = told === this.#told ? this.#silence + 1 : 0;
    this.#told = told;
    return this.#silence >= SILENT;
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

  #logs(filter: object): Promise<readonly JobLog[]> {
    const look = this.#caller.call('getJobLogDetails', filter, { signal: this.#signal });
    return unlessUnknown(look.then((answer) => answer.jobLogArray));
  }
}
