import type { ActiveJob } from '@ips-sdk/types';
import { jobDetails } from '@ips-sdk/types/jobs';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { printDryRun } from './print-dry-run.js';

/** What to do if another publish of the company is running. */
export type IfRunning = 'wait' | 'skip' | 'stop';

/**
 * Waits for or stops other publishes. A company can run one publish to image serving at a time; the service queues or refuses a
 * second one.
 *
 * @returns Whether to publish now.
 * @throws TimeoutError if the other publishes do not end in time.
 */
export async function makeWay(context: Context, how: IfRunning, options: FollowOptions): Promise<boolean> {
  const until = options.timeout === undefined ? undefined : Date.now() + options.timeout;
  for (let others = await runningPublishes(context); others.length > 0; ) {
    const names = others.map(({ originalName }) => printableLine(originalName)).join(', ');
    if (how === 'skip') {
      context.note(`skipped; another publish is running: ${names}`);
      return false;
    }
    if (how === 'stop') await stopAll(context, others);
    else context.note(`waiting for another publish to end: ${names}`);
    // A dry run does not wait either.
    if (context.options.dryRun) return true;
    for (const { jobHandle } of others) {
      const { jobs } = await context.client();
      const timeout = until === undefined ? undefined : Math.max(1, until - Date.now());
      try {
        await followJob(context, jobs.get(jobHandle), { ...options, timeout });
      } catch (error) {
        // A job in no list has ended.
        if ((error as Error).name !== 'JobNotFoundError') throw error;
      }
    }
    // Another publish may have started in the meantime.
    others = await runningPublishes(context);
  }
  return true;
}

/** Running and queued publishes to image serving. */
export async function runningPublishes(context: Context): Promise<ActiveJob[]> {
  const { jobs } = await context.client();
  const active = await jobs.active({ includeWaitingJobs: true }, { signal: context.signal });
  return active.filter(
    (job) => job.type === 'ImageServingPublish' || jobDetails(job)?.kind === 'imageServingPublishJob',
  );
}

async function stopAll(context: Context, others: readonly ActiveJob[]): Promise<void> {
  for (const { jobHandle } of others) await printDryRun(context, 'stopJob', { jobHandle });
  if (context.options.dryRun) return;
  await context.confirm(
    'stop',
    others.length === 1 ? 'a publish' : `${others.length} publishes`,
    others.map(({ jobHandle: handle, originalName: name }) => ({ handle, name })),
  );
  const { jobs } = await context.client();
  for (const { jobHandle, originalName } of others) {
    try {
      await jobs.get(jobHandle).stop({ signal: context.signal });
    } catch (error) {
      // The job may have ended in the meantime.
      if ((await runningPublishes(context)).some((job) => job.jobHandle === jobHandle)) throw error;
    }
    context.note(`stopped ${printableLine(originalName)}`);
  }
}

/** The hint for a refused publish if another one is running. */
export async function refusedHint(context: Context): Promise<string | undefined> {
  const [other] = await runningPublishes(context).catch(() => []);
  return other === undefined
    ? undefined
    : `another publish is running: ${other.originalName}; --if-running wait waits for it to end`;
}
