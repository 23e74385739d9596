import type { Job, JobEvent, JobVerdict } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
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

/**
 * Follows a job until it has ended: drawn in place in a terminal, a line for each change elsewhere, all of it on stderr.
 *
 * @throws TimeoutError when it takes longer than it is given; the job goes on.
 */
export async function followJob(context: Context, job: Job, options: FollowOptions): Promise<JobVerdict> {
  const name = job.name ?? job.handle;
  const silent = options.silent === true || context.options.quiet === true;
  const view = new JobView(name, context.paint);
  const live =
    !silent && context.canRedraw
      ? await Live.start(context, (spinner) => view.draw(spinner, context.stderr.columns ?? 80))
      : undefined;
  let lastLine = '';
  const onEvent = (event: JobEvent): void => {
    view.see(event);
    live?.redraw();
    const line = eventLine(event, name);
    if (live !== undefined || silent || line === undefined || line === lastLine) return;
    lastLine = line;
    context.note(printableLine(line));
  };
  try {
    return await job.wait({
      timeout: options.timeout,
      ...(options.isThere ? { lostAfter: LOST_AFTER } : {}),
      signal: context.signal,
      ...(options.interval === undefined
        ? {}
        : { minDelay: options.interval, maxDelay: Math.max(options.interval, 30_000) }),
      onEvent,
    });
  } catch (error) {
    // The picture goes first, or it would take the message with it.
    live?.end();
    if (context.signal.aborted)
      context.note(`stopped watching; the job goes on: ips job watch ${quoted(name)}`);
    throw error;
  } finally {
    live?.end();
  }
}

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
