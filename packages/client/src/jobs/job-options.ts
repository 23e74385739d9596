import type { ActiveJob, DateTimeInput, JobLog, ScheduledJob } from '@ips-sdk/types';
import type { JobKind } from '@ips-sdk/types/jobs';
import type { CallOptions } from '../options.js';
import type { JobEvent } from './job-event.js';

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
   * Milliseconds after which a job that is in none of the service's lists counts as lost, since it may be between two of them. By
   * default 30,000 for a job that was just submitted or has been seen, 3000 for one that has not.
   */
  readonly lostAfter?: number | undefined;
  /**
   * Milliseconds for which a service that does not answer, or only with a status such as 503, is tried again; 300,000 by default. 0
   * ends the watch at the first failure. It replaces the client's `retry`. What cannot pass by itself ends the watch at once: a fault, an
   * untrusted certificate, an answer that cannot be read, any other status of 400 to 499 than 408 and 429.
   */
  readonly maxOutage?: number | undefined;
  /** How many rows of errors and warnings the verdict holds at most; 1000 by default. */
  readonly maxFailures?: number | undefined;
}

/** How to wait for a job. */
export interface WaitOptions extends Omit<WatchOptions, 'log'> {
  /** Milliseconds after which waiting ends with a `TimeoutError`, while the job continues; no limit by default. */
  readonly timeout?: number | undefined;
  /** Receives every event until then. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

/** What a job is submitted with, apart from its details. */
export interface SubmitOptions {
  /**
   * The job's name, made of the kind and the time by default. Runs and logs are found by it, so it should be unique.
   */
  readonly name?: string | undefined;
  /** When to run once. Without this or a schedule, the job runs immediately. */
  readonly execTime?: DateTimeInput | undefined;
  /** When to run repeatedly, as a Quartz expression in the time zone of the service. */
  readonly execSchedule?: string | undefined;
  readonly description?: string | undefined;
  /** The language of log lines and mails. */
  readonly locale?: string | undefined;
  /** The user who gets mails; the caller by default. */
  readonly userHandle?: string | undefined;
  readonly companyHandle?: string | undefined;
  readonly call?: CallOptions | undefined;
}

/** A period of time. */
export interface HistoryOptions {
  readonly from: Date | string;
  /** Now by default. */
  readonly to?: Date | string | undefined;
  /** Only logs of this user's jobs. */
  readonly userHandle?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many logs to request at a time; 1000 by default. */
  readonly pageSize?: number | undefined;
}

/** Which jobs to list. */
export interface ListOptions {
  /** The earliest start of completed jobs; a day ago by default. */
  readonly since?: Date | string | undefined;
  /** Only jobs of this list. The other lists are not requested. */
  readonly only?: ListedJob['stage'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A job, whichever of the three lists it is in. */
export type ListedJob =
  | {
      readonly stage: 'scheduled';
      readonly name: string;
      readonly handle: string;
      readonly kind: JobKind | undefined;
      readonly job: ScheduledJob;
    }
  | {
      readonly stage: 'active';
      readonly name: string;
      readonly handle: string;
      readonly kind: JobKind | undefined;
      readonly job: ActiveJob;
    }
  | {
      readonly stage: 'completed';
      readonly name: string;
      readonly handle: string;
      readonly kind: undefined;
      readonly job: JobLog;
    };

/** Which runs to list. */
export interface ActiveJobFilter {
  readonly originalName?: string | undefined;
  readonly jobHandle?: string | undefined;
  readonly includeWaitingJobs?: boolean | undefined;
}
