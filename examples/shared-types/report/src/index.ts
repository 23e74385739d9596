import type { JobSummary } from '@example/contracts';

/** One line for each job, for the morning mail. */
export function report(jobs: readonly JobSummary[]): string {
  return jobs
    .map(({ originalName, state, progress }) => `${originalName}: ${state}, ${progress} %`)
    .join('\n');
}
