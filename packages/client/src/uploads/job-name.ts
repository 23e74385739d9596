import { randomBytes } from 'node:crypto';
import type { Caller } from '../caller.js';
import { findJobByName } from './find-job.js';

/**
 * Returns a unique name for a job, which identifies it after an interrupted submission.
 *
 * @param wanted - The name from the caller.
 * @param isFirst - Whether the job is the first of an upload. It gets the name unchanged unless another job has it.
 *
 * @internal
 */
export async function newJobName(
  caller: Caller,
  wanted: string | undefined,
  isFirst: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (wanted !== undefined && isFirst) {
    const other = await findJobByName(caller, wanted, { patience: 0, minDelay: 0, signal });
    if (other === undefined) return wanted;
  }
  return `${wanted ?? 'upload'} ${new Date().toISOString()} ${randomBytes(4).toString('hex')}`;
}
