import { IpsFault } from '@ips-sdk/wire';
import { isUnknownJob } from '../jobs/unknown-job.js';

/** Whether the service rejected a request because the job accepts no more files. */
export function isClosedJob(error: unknown): boolean {
  if (!(error instanceof IpsFault) || error.kind !== 'api') return false;
  // A job that has ended is unknown to the service. A rejected file has another reason.
  return /\bclosed\b/i.test(error.reason) || (isUnknownJob(error) && /jobHandle/.test(error.reason));
}
