import { sameJob } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';

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
export const CLOCK_SLACK = 2000;
/** The same where the service's clock is unknown. */
const UNKNOWN_SLACK = 600_000;

/** Whether a run is the one: the same handle, or of the time after the submission. */
export function isWanted(
  caller: Caller,
  target: WatchTarget,
  handle: string,
  startedAt: string | undefined,
): boolean {
  if (target.runHandle !== undefined) return sameJob(handle, target.runHandle);
  if (target.submittedAt === undefined) return true;
  const started = time(startedAt);
  const slack = caller.exchanger.clockKnown ? CLOCK_SLACK : UNKNOWN_SLACK;
  return Number.isNaN(started) || started >= target.submittedAt - slack;
}

export function time(text: string | undefined): number {
  return text === undefined ? Number.NaN : Date.parse(text);
}
