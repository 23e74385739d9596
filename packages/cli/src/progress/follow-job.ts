import type { Job, JobEvent, JobVerdict } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
import { quoted } from '../quoted.js';
import { eventLine, JobView } from './job-view.js';
import { Live } from './live.js';

/** How long and how often to look. */
export interface FollowOptions {
  readonly timeout?: number | undefined;
  readonly interval?: number | undefined;
  /** Whether to show nothing. */
  readonly silent?: boolean | undefined;
  /** Whether the job must be there already, so that one that is nowhere is soon given up. */
  readonly isThere?: boolean | undefined;
}

/** Milliseconds after which a job that must be there already, and is in no list, is given up. */
export const LOST_AFTER = 3000;

/** A job's events as they are seen. */
export interface ShownJob {
  readonly onEvent: (event: JobEvent) => void;
  /** Takes the picture away, where there is one. */
  readonly end: () => void;
}

/**
 * Shows the events of jobs, one job after the other: drawn in place in a terminal, a line for each change elsewhere, all of it on
 * stderr.
 */
export async function showJob(context: Context, name: string, isSilent = false): Promise<ShownJob> {
  const silent = isSilent || context.options.quiet === true;
  let view = new JobView(name, context.paint);
  const live =
    !silent && context.canRedraw
      ? await Live.start(context, (spinner) => view.draw(spinner, context.stderr.columns ?? 80))
      : undefined;
  let lastLine = '';
  const onEvent = (event: JobEvent): void => {
    view.see(event);
    // The next job begins with nothing failed, and with no speed.
    if (event.type === 'done') view = new JobView(name, context.paint);
    live?.redraw();
    const line = eventLine(event, 'job' in event ? (event.job.originalName ?? name) : name);
    if (live !== undefined || silent || line === undefined || line === lastLine) return;
    lastLine = line;
    context.note(printableLine(line));
  };
  return { onEvent, end: () => live?.end() };
}

/**
 * Follows a job until it has ended; shown as {@link showJob} does.
 *
 * @throws TimeoutError when it takes longer than it is given; the job goes on.
 */
export async function followJob(context: Context, job: Job, options: FollowOptions): Promise<JobVerdict> {
  const name = job.name ?? job.handle;
  const shown = await showJob(context, name, options.silent);
  try {
    return await job.wait({
      timeout: options.timeout,
      ...(options.isThere ? { lostAfter: LOST_AFTER } : {}),
      signal: context.signal,
      ...(options.interval === undefined
        ? {}
        : { minDelay: options.interval, maxDelay: Math.max(options.interval, 30_000) }),
      onEvent: shown.onEvent,
    });
  } catch (error) {
    // The picture goes first, or it would take the message with it.
    shown.end();
    if (context.signal.aborted)
      context.note(`stopped watching; the job goes on: ips job watch ${quoted(name)}`);
    throw error;
  } finally {
    shown.end();
  }
}
