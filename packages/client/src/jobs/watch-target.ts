import { sameJob } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import type { CallOptions } from '../options.js';

/** The job to watch. */
export interface WatchTarget {
  /** The submitted name. `undefined` while only a run's handle is known. */
  name: string | undefined;
  /** The handle of the run, once it is known. */
  runHandle: string | undefined;
  /** The handle that was given, or that `submitJob` answered. */
  readonly handle: string | undefined;
  /** When the job was submitted, by the service's clock; earlier runs belong to an earlier job of the same name. */
  readonly submittedAt: number | undefined;
  /** Whether it was submitted just now, so that it may take a while to appear. */
  readonly isNew: boolean;
  stopRequested: boolean;
  /** Whether it was seen in one of the service's lists; `undefined` until all of them were looked through twice. */
  seen: boolean | undefined;
}

/** How the service is looked at: once, since a watch tries again by itself. */
export function oneLook(signal: AbortSignal | undefined): CallOptions {
  return { signal, retry: false };
}

/** How much clocks may differ, in milliseconds, when a run's start is compared with its submission. */
export const CLOCK_SLACK = 2000;
/** The same where the service's clock is unknown. */
const UNKNOWN_SLACK = 600_000;

/** Whether a run is the one to watch: it has the same handle, or started after the submission. */
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
