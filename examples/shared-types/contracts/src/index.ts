// What the apps of this company say to each other about jobs, made of the service's own types.
import type { ActiveJob, JobLog } from '@ips-sdk/types';

/** A job in the company's dashboards. */
export interface JobSummary extends Pick<ActiveJob, 'jobHandle' | 'originalName' | 'state' | 'progress'> {
  readonly failedFiles?: JobLog['fileErrorCount'];
}

export function summaryOf(job: ActiveJob): JobSummary {
  const { jobHandle, originalName, state, progress } = job;
  return { jobHandle, originalName, state, progress };
}
