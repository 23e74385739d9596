import { IpsFault } from '@ips-sdk/wire';
import { isUnknownJob } from '../jobs/unknown-job.js';

/** Whether the service refused a request because the job gets no more files: it has ended, or only works on those that it has. */
export function isClosedJob(error: unknown): boolean {
  if (!(error instanceof IpsFault) || error.kind !== 'api') return false;
  // A job that has ended is one that the service does not know. A refused file has another reason.
  return /\bclosed\b/i.test(error.reason) || (isUnknownJob(error) && /jobHandle/.test(error.reason));
}
