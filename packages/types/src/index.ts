/**
 * Types of the IPS API. The module exports only types, so importing it adds nothing to a bundle.
 *
 * @example
 * ```ts
 * import type { ActiveJob, Operations } from '@ips-sdk/types';
 *
 * type ActiveJobs = Operations['getActiveJobs']['output'];
 *
 * export function running(response: ActiveJobs): ActiveJob[] {
 *   return response.jobArray.filter((job) => job.state === 'Running');
 * }
 * ```
 *
 * @packageDocumentation
 */
export type * from './generated/index.js';
export type { JobHandle } from './job-handle.js';
export type { JobDetails, JobKind, JobPayloads, JobWithDetails } from './jobs.js';
