import type { Clock } from '../clock.js';
import type { ManualQueue } from './queue.js';

/** Advances the clock from one due entry to the next, so that each happens at its own time. */
export async function advance(clock: Clock, queue: ManualQueue | undefined, until: Date): Promise<void> {
  const manual = needManual(queue);
  await manual.runPending(clock.now());
  for (let next = manual.nextTime(); next !== undefined && next <= until; next = manual.nextTime()) {
    clock.set(next > clock.now() ? next : clock.now());
    await manual.runPending(clock.now());
  }
  clock.set(until);
}

/** @throws Error when the clock is not the manual one. */
export function needManual(queue: ManualQueue | undefined): ManualQueue {
  if (queue === undefined) throw new Error('only the job clock "manual" can be moved');
  return queue;
}
