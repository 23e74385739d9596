import type { ActiveJob } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import type { CallOptions } from '../options.js';
import type { ActiveJobFilter } from './job-options.js';

/**
 * Lists the active runs, including those that wait to start. Older contracts have no such filter and always include them.
 *
 * @internal
 */
export async function activeJobs(
  caller: Caller,
  filter: ActiveJobFilter,
  options?: CallOptions,
): Promise<ActiveJob[]> {
  const input = caller.hasField('getActiveJobs', 'includeWaitingJobs')
    ? { includeWaitingJobs: true, ...filter }
    : filter;
  return (await caller.call('getActiveJobs', input, options)).jobArray;
}
