import type { ActiveJob, JobLogDetail, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import type { JobVerdict } from './verdict.js';

/** An event of a watched job. */
export type JobEvent =
  /** The job waits for its scheduled time. */
  | { readonly type: 'scheduled'; readonly job: ScheduledJob }
  /** A run started, or its state changed. */
  | {
      readonly type: 'state';
      readonly state: string;
      readonly previous: string | undefined;
      readonly job: ActiveJob;
    }
  /** The progress (0 to 100) or the progress message changed. */
  | {
      readonly type: 'progress';
      readonly progress: number;
      readonly message: string;
      readonly job: ActiveJob;
    }
  /** A task of the job changed. */
  | { readonly type: 'task'; readonly task: TaskProgress; readonly index: number; readonly job: ActiveJob }
  /** A row was added to the log. */
  | { readonly type: 'log'; readonly row: JobLogDetail }
  /**
   * The service has not responded since the given time. `error` is the last error. The watch retries, and the job is not affected. Reported
   * once per outage.
   */
  | { readonly type: 'lost-contact'; readonly since: Date; readonly error: Error }
  /** The service responds again. `duration` is the length of the outage in milliseconds. */
  | { readonly type: 'regained-contact'; readonly since: Date; readonly duration: number }
  /** The job ended. This is the last event. */
  | { readonly type: 'done'; readonly verdict: JobVerdict };
