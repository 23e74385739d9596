import { setTimeout as sleep } from 'node:timers/promises';
import { storageProblem } from '../storage-problem.js';
import { awayStore } from './away-store.js';
import type { RunContext } from './run-context.js';

/** Milliseconds before the first check of a disk that was full, and at most between further checks. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/**
 * If a run failed and its end cannot be recorded either, for example because the disk is full, waits until this is resolved, so that the
 * run can continue with the remaining work.
 *
 * @param release - Returns the run to the queue; fails while the disk is not writable.
 * @returns False if there is nothing to wait for or the run was interrupted.
 */
export async function waitForStorage(
  { services, run, signal }: RunContext,
  error: unknown,
  release: () => Promise<void>,
): Promise<boolean> {
  const problem = storageProblem(error) ?? (await awayStore(services, error))?.message;
  // Other clocks do not wait.
  if (problem === undefined || services.clock.mode !== 'real') return false;
  services.log.error({ err: error, run: run.name }, `a run is waiting: ${problem}`);
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
