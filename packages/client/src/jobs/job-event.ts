import type { ActiveJob, JobLogDetail, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import type { JobVerdict } from './verdict.js';

/** What happens to a job while it is watched. */
export type JobEvent =
  /** It waits for its scheduled time. */
  | { readonly type: 'scheduled'; readonly job: ScheduledJob }
  /** A run began, or its state changed. */
  | {
      readonly type: 'state';
      readonly state: string;
      readonly previous: string | undefined;
      readonly job: ActiveJob;
    }
  /** Its progress, 0 to 100, or its progress message changed. */
  | {
      readonly type: 'progress';
      readonly progress: number;
      readonly message: string;
      readonly job: ActiveJob;
    }
  /** One of its tasks progressed. */
  | { readonly type: 'task'; readonly task: TaskProgress; readonly index: number; readonly job: ActiveJob }
  /** A row was written to its log. */
  | { readonly type: 'log'; readonly row: JobLogDetail }
  /**
   * The service has not answered since a time; `error` is what failed last. The watch keeps trying, and the job is not affected. It is
   * reported once for each outage.
   */
  | { readonly type: 'lost-contact'; readonly since: Date; readonly error: Error }
  /** The service answers again, after so many milliseconds. */
  | { readonly type: 'regained-contact'; readonly since: Date; readonly duration: number }
  /** It ended. This is the last event. */
  | { readonly type: 'done'; readonly verdict: JobVerdict };
