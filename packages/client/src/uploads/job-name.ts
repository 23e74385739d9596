import { randomBytes } from 'node:crypto';
import type { Caller } from '../caller.js';
import { findJobByName } from './find-job.js';

/**
 * A name that no other job has, so that a job whose submission was interrupted is found by it.
 *
 * @param wanted - The name that the caller gave.
 * @param isFirst - Whether it is for the first job of an upload, which gets the very name unless another job has it.
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
