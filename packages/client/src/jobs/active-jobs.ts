import type { ActiveJob } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import type { CallOptions } from '../options.js';
import type { ActiveJobFilter } from './job-options.js';

/**
 * The runs that are active, those that wait among them. A contract that cannot ask for these has them anyway.
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
