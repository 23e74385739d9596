import type { Caller } from '../caller.js';
import { delay } from '../delay.js';
import { activeJobs } from '../jobs/active-jobs.js';
import { isUnknownJob } from '../jobs/unknown-job.js';

/** Time limit and interval of a search for a job. */
export interface Patience {
  /** Milliseconds after which a job that is in no list counts as not submitted. */
  readonly patience: number;
  readonly minDelay: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Finds a scheduled, active or completed job by name. This shows whether an interrupted submission reached the service.
 *
 * @returns The handle of the job, and whether it is active.
 */
export async function findJobByName(
  caller: Caller,
  name: string,
  { patience, minDelay, signal }: Patience,
): Promise<{ readonly handle: string; readonly active: boolean } | undefined> {
  const end = performance.now() + patience;
  for (;;) {
    const found = await lookOnce(caller, name, signal);
    if (found !== undefined || performance.now() >= end) return found;
    await delay(minDelay, signal);
  }
}

async function lookOnce(
  caller: Caller,
  originalName: string,
  signal: AbortSignal | undefined,
): Promise<{ handle: string; active: boolean } | undefined> {
  const call = { signal };
  const wanted = (job: { originalName?: string; originalJobName?: string }): boolean =>
    (job.originalName ?? job.originalJobName ?? originalName) === originalName;
  try {
    // In this order, a job that moves between lists is not missed.
    const scheduled = await caller.call('getScheduledJobs', { originalName }, call);
    const trigger = scheduled.jobArray.find(wanted);
    if (trigger !== undefined) return { handle: trigger.jobHandle, active: false };
    const run = (await activeJobs(caller, { originalName }, call)).find(wanted);
    if (run !== undefined) return { handle: run.jobHandle, active: true };
    const ended = await caller.call('getJobLogDetails', { originalName, recordsPerPage: 1 }, call);
    const log = ended.jobLogArray.find(wanted);
    return log === undefined ? undefined : { handle: log.jobHandle, active: false };
  } catch (error) {
    if (isUnknownJob(error)) return undefined;
    throw error;
  }
}
