import type { RunCounters } from '../db/schema/run-counters.js';

/** The JSON body of a notification. The service does not document its own format. */
export interface CompletionNotice {
  readonly jobHandle: string;
  readonly jobName: string;
  readonly originalJobName: string;
  readonly companyHandle: string;
  readonly type: string;
  readonly startDate: string;
  readonly endDate: string | undefined;
  readonly fatalError: boolean;
  readonly counts: RunCounters;
}
