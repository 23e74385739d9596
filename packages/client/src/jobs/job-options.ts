import type { ActiveJob, DateTimeInput, JobLog, ScheduledJob } from '@ips-sdk/types';
import type { JobKind } from '@ips-sdk/types/jobs';
import type { CallOptions } from '../options.js';
import type { JobEvent } from './job-event.js';

/** Options of `job.watch`. */
export interface WatchOptions {
  /** Ends the watch. The job continues. */
  readonly signal?: AbortSignal | undefined;
  /** Polling interval in milliseconds while the job changes. Default: 1000. */
  readonly minDelay?: number | undefined;
  /** Longest polling interval in milliseconds while nothing changes. Default: 30,000. */
  readonly maxDelay?: number | undefined;
  /** Whether to read log rows while the job runs. Default: `true`. */
  readonly log?: boolean | undefined;
  /**
   * Milliseconds after which a job that is in none of the service's lists counts as not found. A job may briefly be between two lists.
   * Default: 30,000 for a job that was just submitted or has been found before, otherwise 3000.
   */
  readonly lostAfter?: number | undefined;
  /**
   * Longest outage in milliseconds. While the service does not respond, or responds with a status such as 503, the watch retries. It also
   * ends a request that is still running when this time is over. 0 ends the watch at the first failure. Replaces the client's `retry`.
   * Default: 300,000.
   *
   * Permanent errors end the watch immediately: a fault, an untrusted certificate, an unreadable response, and a status from 400 to 499
   * other than 408 and 429.
   */
  readonly maxOutage?: number | undefined;
  /** Maximum number of error and warning rows in the verdict, from 0. Default: 1000. */
  readonly maxFailures?: number | undefined;
}

/** Options of `job.wait`. */
export interface WaitOptions extends Omit<WatchOptions, 'log'> {
  /** Time limit in milliseconds, above 0. After it, the wait ends with a `TimeoutError` and the job continues. Default: no limit. */
  readonly timeout?: number | undefined;
  /** Receives every event of the watch. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

/** Options of `jobs.submit`. */
export interface SubmitOptions {
  /** Name of the job. It identifies runs and logs, so it should be unique. Default: kind, time and a random suffix. */
  readonly name?: string | undefined;
  /** Time to run once. Without `execTime` and `execSchedule`, the job runs immediately. */
  readonly execTime?: DateTimeInput | undefined;
  /** Schedule of a recurring job: a Quartz expression in the time zone of the service. See `schedule`. */
  readonly execSchedule?: string | undefined;
  readonly description?: string | undefined;
  /** Language of the job's log and e-mails. */
  readonly locale?: string | undefined;
  /** Handle of the user who gets e-mails. Default: the caller. */
  readonly userHandle?: string | undefined;
  /** Handle of the company. Default: the client's. */
  readonly companyHandle?: string | undefined;
  /** Options of the `submitJob` call. */
  readonly call?: CallOptions | undefined;
}

/** Options of `jobs.history`. */
export interface HistoryOptions {
  /** Start of the period. */
  readonly from: Date | string;
  /** End of the period. Default: now. */
  readonly to?: Date | string | undefined;
  /** Handle of a user. Lists only this user's jobs. */
  readonly userHandle?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Number of logs per request, from 1 to 100,000. Default: 1000. */
  readonly pageSize?: number | undefined;
}

/** Options of `jobs.list`. */
export interface ListOptions {
  /** Earliest start of completed jobs. Default: one day ago. */
  readonly since?: Date | string | undefined;
  /** Lists only the jobs in this stage. */
  readonly only?: ListedJob['stage'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A job in one of the three lists of the service. */
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

/** Filter of `jobs.active`. */
export interface ActiveJobFilter {
  /** The submitted name. */
  readonly originalName?: string | undefined;
  /** Handle of a job or a run. */
  readonly jobHandle?: string | undefined;
  /** Whether to include runs that wait to start. Default: `true`. */
  readonly includeWaitingJobs?: boolean | undefined;
}
