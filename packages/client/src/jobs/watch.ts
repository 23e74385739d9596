import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { type Backoff, backoffDelay, delay } from '../delay.js';
import { JobNotFoundError } from '../errors.js';
import { activeJobs } from './active-jobs.js';
import { Contact } from './contact.js';
import { JobChanges } from './job-changes.js';
import type { JobEvent } from './job-event.js';
import { JobLogReader } from './job-log-reader.js';
import type { WatchOptions } from './job-options.js';
import { unlessUnknown } from './unknown-job.js';
import { verdictOf } from './verdict.js';
import { isOf, isWanted, oneLook, time, type WatchTarget } from './watch-target.js';

const LOST_AFTER = 30_000;
/** The same for a job that was neither just submitted nor found before. */
const UNKNOWN_AFTER = 3000;
/** The number of list requests without a job before the job counts as lost. */
const MISSES = 3;

/**
 * Watches a job until it ends. A job moves through three lists: scheduled, active and the logs. In between, it may briefly be in none of
 * them. A run has ended when its log has an end date or a fatal error.
 *
 * @internal
 */
export async function* watchJob(
  caller: Caller,
  target: WatchTarget,
  options: WatchOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  const { signal, maxOutage } = options;
  const backoff: Backoff = { minDelay: options.minDelay ?? 1000, maxDelay: options.maxDelay ?? 30_000 };
  const contact = new Contact({ ...backoff, maxOutage, signal });
  const changes = new JobChanges();
  const reader = new JobLogReader(caller, target, options);
  let quiet = 0;
  let misses = 0;
  let lastSeen = performance.now();
  target.missingSince = undefined;
  for (;;) {
    signal?.throwIfAborted();
    const { outages } = contact;
    let events = 0;
    const active = yield* contact.reading((ends) => findActive(caller, target, ends));
    if (active !== undefined) {
      if (active.state === 'Stopping') target.stopRequested = true;
      const news = [...changes.active(active)];
      events += news.length;
      yield* news;
      if (options.log !== false) {
        const rows = yield* contact.reading((ends) => reader.newRows(ends));
        events += rows.length;
        yield* rows;
      }
    }
    // A finished job may remain in the list for a while.
    const log =
      active === undefined || active.state === 'Done'
        ? yield* contact.reading((ends) => reader.find(ends))
        : undefined;
    if (log !== undefined && (isFinished(log) || (active === undefined && reader.isSilent(log)))) {
      if (options.log !== false) yield* yield* contact.reading((ends) => reader.newRows(ends));
      const failures = yield* contact.reading((ends) => reader.failures(ends));
      yield { type: 'done', verdict: verdictOf(log, failures, target.stopRequested) };
      return;
    }
    let isThere = active !== undefined || log !== undefined;
    if (!isThere) {
      const scheduled = yield* contact.reading((ends) => findScheduled(caller, target, ends));
      if (scheduled !== undefined) {
        isThere = true;
        const news = [...changes.scheduled(scheduled)];
        events += news.length;
        yield* news;
      }
    }
    // Lists read before and after an outage do not show the same moment.
    misses = isThere || contact.outages > outages ? 0 : misses + 1;
    if (isThere) target.seen = true;
    if (misses === 0) lastSeen = performance.now();
    const unseen = misses < MISSES ? 0 : performance.now() - lastSeen;
    target.missingSince = misses < MISSES || target.seen ? undefined : lastSeen;
    const lostAfter = options.lostAfter ?? (target.seen || target.isNew ? LOST_AFTER : UNKNOWN_AFTER);
    if (misses >= MISSES && unseen >= lostAfter) throw new JobNotFoundError(nameOf(target));
    quiet = events > 0 ? 0 : quiet + 1;
    // A job between two lists soon appears in the next one.
    await delay(backoffDelay(backoff, misses > 0 ? 0 : quiet), signal);
  }
}

/** The name of a job in errors. */
function nameOf({ name, runHandle, handle }: WatchTarget): string {
  return name ?? runHandle ?? handle ?? '';
}

/** Finds the run among the active jobs. */
async function findActive(
  caller: Caller,
  target: WatchTarget,
  signal: AbortSignal | undefined,
): Promise<ActiveJob | undefined> {
  const filter =
    target.name === undefined
      ? { jobHandle: target.runHandle ?? target.handle }
      : { originalName: target.name };
  const jobArray = await unlessUnknown(activeJobs(caller, filter, oneLook(signal)));
  const run = jobArray
    .filter(({ jobHandle, originalName: name, triggerTime, startDate }) =>
      isWanted(caller, target, { jobHandle, name, startedAt: triggerTime ?? startDate }),
    )
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
  const look = caller.call('getScheduledJobs', filter, oneLook(signal));
  const jobArray = await unlessUnknown(look.then((answer) => answer.jobArray));
  // The handle of a run is not that of its trigger.
  const { name, handle } = target;
  return jobArray.find(({ jobHandle, originalName }) =>
    isOf({ name, handle, runHandle: undefined }, { jobHandle, name: originalName }),
  );
}

function isFinished(log: JobLog): boolean {
  return log.endDate !== undefined || log.fatalError === true;
}
