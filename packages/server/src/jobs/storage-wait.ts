import { setTimeout as sleep } from 'node:timers/promises';
import { storageProblem } from '../storage-problem.js';
import type { RunContext } from './run-context.js';

/** Milliseconds before the first look at a disk that was full, and between further ones at most. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/**
 * When a run failed because its end cannot be recorded either, such as on a full disk, waits until that is resolved, so that the run can
 * be continued with what is left to do.
 *
 * @param release - Gives the run back to the queue; fails while the disk cannot be written.
 * @returns False when there is nothing to wait for, or the run was interrupted.
 */
export async function waitForStorage(
  { services, run, signal }: RunContext,
  error: unknown,
  release: () => Promise<void>,
): Promise<boolean> {
  const problem = storageProblem(error);
  // Other clocks have no time to wait.
  if (problem === undefined || services.clock.mode !== 'real') return false;
  services.log.error({ err: error, run: run.name }, `a run waits, because ${problem}`);
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      await sleep(wait, undefined, { signal });
    } catch {
      return false;
    }
    if ((await services.files.problem()) !== undefined) continue;
    try {
      await release();
      return true;
    } catch (again) {
      if (storageProblem(again) === undefined) throw again;
    }
  }
}
