/**
 * The types of the IPS API. Everything here is a type: importing from this module leaves nothing in a bundle.
 *
 * @example
 * ```ts
 * import type { ActiveJob, Operations } from '@ips-sdk/types';
 *
 * type Answer = Operations['getActiveJobs']['output'];
 *
 * export function running(answer: Answer): ActiveJob[] {
 *   return answer.jobArray.filter((job) => job.state === 'Running');
 * }
 * ```
 *
 * @packageDocumentation
 */
export type * from './generated/index.js';
export type { JobHandle } from './job-handle.js';
export type { JobDetails, JobKind, JobPayloads, JobWithDetails } from './jobs.js';
