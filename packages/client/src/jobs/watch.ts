import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { type Backoff, backoffDelay, delay } from '../delay.js';
import { JobNotFoundError } from '../errors.js';
import { JobChanges } from './job-changes.js';
import type { JobEvent } from './job-event.js';
import { JobLogReader } from './job-log-reader.js';
import { unlessUnknown } from './unknown-job.js';
import { verdictOf } from './verdict.js';
import { isWanted, time, type WatchTarget } from './watch-target.js';

/** How a job is watched. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two looks while something changes; 1000 by default. */
  readonly minDelay?: number | undefined;
  /** Milliseconds between two looks while nothing changes; 30,000 by default. */
  readonly maxDelay?: number | undefined;
  /** Whether rows of the log are read while the job runs; `true` by default. */
  readonly log?: boolean | undefined;
  /**
   * Milliseconds after which a job that is in none of the service's lists counts as lost, since it may be between two of them;
   * 30,000 by default.
   */
  readonly lostAfter?: number | undefined;
  /** How many rows of errors and warnings the verdict holds at most; 1000 by default. */
  readonly maxFailures?: number | undefined;
}

const LOST_AFTER = 30_000;
/** At least this many looks must miss the job before it counts as lost. */
const MISSES = 3;

/**
 * Watches a job until it ends. A job passes through three lists: scheduled, active and the logs; in between it may briefly be in
 * none of them. The log decides: a run has ended when its log says so.
 *
 * @internal
 */
export async function* watchJob(
  caller: Caller,
  target: WatchTarget,
  options: WatchOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { signal } = options;
  const backoff: Backoff = { minDelay: options.minDelay ?? 1000, maxDelay: options.maxDelay ?? 30_000 };
  const changes = new JobChanges();
  const reader = new JobLogReader(caller, target, options);
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
      events.push(...changes.active(active));
      if (options.log !== false) events.push(...(await reader.newRows()));
    }
    // A job that is done may stay in the list for a while.
    const log = active === undefined || active.state === 'Done' ? await reader.find() : undefined;
    if (log !== undefined && (isFinished(log) || (active === undefined && reader.isSilent(log)))) {
      yield* events;
      if (options.log !== false) yield* await reader.newRows();
      yield { type: 'done', verdict: verdictOf(log, await reader.failures(), target.stopRequested) };
      return;
    }
    if (active === undefined && log === undefined) {
      const scheduled = await findScheduled(caller, target, signal);
      if (scheduled !== undefined) events.push(...changes.scheduled(scheduled));
      misses = scheduled === undefined ? misses + 1 : 0;
    } else {
      misses = 0;
    }
    if (misses === 0) lastSeen = performance.now();
    else if (misses >= MISSES && performance.now() - lastSeen >= lostAfter)
      throw new JobNotFoundError(target.name ?? target.runHandle ?? target.handle ?? '');
    yield* events;
    quiet = events.length > 0 ? 0 : quiet + 1;
    // A job between two lists will soon be in the next one.
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

function isFinished(log: JobLog): boolean {
  return log.endDate !== undefined || log.fatalError === true;
}
