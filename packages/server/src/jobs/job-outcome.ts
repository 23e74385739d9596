import { setTimeout as delay } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { CompanyRow } from '../db/rows.js';
import type { RunCounters } from '../db/schema/run-counters.js';
import * as t from '../db/schema.js';
import { runHandle } from '../handles.js';
import type { Services } from '../services.js';
import { type FoundJob, findJob } from './find-job.js';

/** How a job ended. */
export interface JobOutcome {
  /** The handle of its latest run, for `getJobLogDetails`. */
  readonly jobHandle: string;
  /** The name of its latest run, such as `Nightly_2026-03-01-12:00:00.000`. */
  readonly jobName: string;
  /** The name that it was submitted with. */
  readonly originalName: string;
  /** Whether it ended without a fatal error and without an error of a file. */
  readonly ok: boolean;
  readonly fatalError: boolean;
  /** Files by result. */
  readonly counts: RunCounters;
}

/** Milliseconds between two looks at a job. */
const INTERVAL = 20;

/**
 * Waits until a job has ended: all of its runs are done, and there is at least one.
 *
 * @param handle - Of a submitted job, an active job or a log.
 * @param timeout - Milliseconds.
 * @throws Error if the job does not end in time or waits for a clock that stands still; IpsFault 30001 if there is no such job.
 *
 * @internal
 */
export async function outcomeOf(
  services: Services,
  company: CompanyRow,
  handle: string,
  timeout: number,
): Promise<JobOutcome> {
  const { db, clock } = services;
  for (const deadline = performance.now() + timeout; ; ) {
    const job = await findJob(db, company, handle);
    const isDone = job.runs.length > 0 && job.runs.every(({ state }) => state === 'Done');
    const [latest] = job.runs;
    if (isDone && latest !== undefined) {
      const [run] = await db.select().from(t.runs).where(eq(t.runs.id, latest.id));
      if (run !== undefined) {
        const { counters, fatalError, name, originalName } = run;
        return {
          jobHandle: runHandle(run),
          jobName: name,
          originalName,
          ok: !fatalError && counters.error === 0,
          fatalError,
          counts: counters,
        };
      }
    }
    const next = job.trigger?.nextFireTime;
    if (clock.mode === 'manual' && next instanceof Date && next > clock.now())
      throw new Error(
        `waitForJob: ${handle} runs at ${next.toISOString()}, and the clock is at ${clock.now().toISOString()}; advance it by ${next.getTime() - clock.now().getTime()} milliseconds`,
      );
    if (performance.now() >= deadline)
      throw new Error(`waitForJob: ${handle} did not end within ${timeout} milliseconds: ${stateOf(job)}`);
    await delay(INTERVAL);
  }
}

function stateOf({ trigger, runs }: FoundJob): string {
  const states = runs.filter(({ state }) => state !== 'Done').map(({ name, state }) => `${name} is ${state}`);
  if (states.length > 0) return states.slice(0, 3).join(', ');
  return trigger === undefined ? 'it has no run' : `it is ${trigger.state} and has no run`;
}
