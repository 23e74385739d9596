import { parseJobHandle, sameJob } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import type { CallOptions } from '../options.js';

/** The job to watch. */
export interface WatchTarget {
  /** The submitted name; `undefined` while only the handle of a run is known. */
  name: string | undefined;
  /** The handle of the run, once it is known. */
  runHandle: string | undefined;
  /** The given handle, or the one from `submitJob`. */
  readonly handle: string | undefined;
  /** Time of the submission by the service's clock. Earlier runs belong to an earlier job of the same name. */
  readonly submittedAt: number | undefined;
  /** Whether it was just submitted and may take a moment to appear. */
  readonly isNew: boolean;
  stopRequested: boolean;
  /** Whether it has been in one of the service's lists. */
  seen: boolean;
  /** Start of the time without the job in any list, by `performance.now()`, once several looks have missed it. */
  missingSince: number | undefined;
}

/** Options of a request for a list. It is sent once, because a watch does its own retries. */
export function oneLook(signal: AbortSignal | undefined): CallOptions {
  return { signal, retry: false };
}

/** The tolerated clock difference, in milliseconds, between the start of a run and its submission. */
export const CLOCK_SLACK = 2000;
/** The tolerance while the service's clock is unknown. */
const UNKNOWN_SLACK = 600_000;

/** The job in a row of a list. */
export interface ListedRun {
  readonly jobHandle: string;
  /** The submitted name. Older services leave it out. */
  readonly name: string | undefined;
  readonly startedAt?: string | undefined;
}

/** The part of a target that identifies it. */
type Identity = Pick<WatchTarget, 'name' | 'runHandle' | 'handle'>;

/** Whether a row belongs to a job. A service that ignores a filter returns the rows of other jobs too. */
export function isOf({ name, runHandle, handle = '' }: Identity, row: ListedRun): boolean {
  if (runHandle !== undefined) return sameJob(row.jobHandle, runHandle);
  const found = parseJobHandle(row.jobHandle);
  // A handle of an unknown form cannot be compared with that of a run.
  if (name === undefined) return parseJobHandle(handle) === undefined || sameJob(row.jobHandle, handle);
  if (row.name) return row.name.trim() === name.trim();
  // The name of a run begins with that of its job.
  return (
    found === undefined ||
    found.name === name ||
    found.run === name ||
    found.run?.startsWith(`${name}_`) === true
  );
}

/** Whether a run is the one to watch: it belongs to the job, and it has the same handle or started after the submission. */
export function isWanted(caller: Caller, target: WatchTarget, run: ListedRun): boolean {
  if (!isOf(target, run)) return false;
  if (target.runHandle !== undefined || target.submittedAt === undefined) return true;
  const started = time(run.startedAt);
  const slack = caller.exchanger.clockKnown ? CLOCK_SLACK : UNKNOWN_SLACK;
  return Number.isNaN(started) || started >= target.submittedAt - slack;
}

export function time(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(text);
}
