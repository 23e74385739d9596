import type { Job, JobEvent, JobVerdict, WaitOptions } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
import { quoted } from '../quoted.js';
import { contactLines } from './contact-line.js';
import { eventLine, JobView } from './job-view.js';
import { Live } from './live.js';

/** Options for watching a job. */
export interface FollowOptions {
  readonly timeout?: number | undefined;
  readonly interval?: number | undefined;
  /** Whether to show no progress. */
  readonly silent?: boolean | undefined;
  /** How long to retry while the service does not respond, in milliseconds. */
  readonly maxOutage?: number | undefined;
}

/** The wait options of the client for the options of the command. */
export function waitOptions({ timeout, interval, maxOutage }: FollowOptions): WaitOptions {
  return {
    timeout,
    maxOutage,
    ...(interval === undefined ? {} : { minDelay: interval, maxDelay: Math.max(interval, 30_000) }),
  };
}

/** The display of a job's events. */
export interface ShownJob {
  readonly onEvent: (event: JobEvent) => void;
  /** Removes the display, if there is one. */
  readonly end: () => void;
}

/**
 * Shows the events of consecutive jobs on stderr: redrawn in place in a terminal, a line per change otherwise.
 */
export async function showJob(context: Context, name: string, isSilent = false): Promise<ShownJob> {
  const silent = isSilent || context.options.quiet === true;
  const contactLine = await contactLines(context);
  let view = new JobView(name, context.paint);
  const live =
    !silent && context.canRedraw
      ? await Live.start(context, (spinner) => view.draw(spinner, context.stderr.columns ?? 80))
      : undefined;
  let lastLine = '';
  const onEvent = (event: JobEvent): void => {
    const contact = contactLine(event);
    if (contact !== undefined) {
      // Shown even without progress, to explain why the command is waiting.
      if (live === undefined) context.note(contact);
      else live.above(contact);
      return;
    }
    view.see(event);
    // The next job starts with no failures and no speed.
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
 * Watches a job until it ends, and shows it with {@link showJob}.
 *
 * @throws TimeoutError if the job takes longer than the timeout; the job continues.
 */
export async function followJob(context: Context, job: Job, options: FollowOptions): Promise<JobVerdict> {
  const name = job.name ?? job.handle;
  const shown = await showJob(context, name, options.silent);
  try {
    return await job.wait({
      ...waitOptions(options),
      signal: context.signal,
      onEvent: shown.onEvent,
    });
  } catch (error) {
    // Remove the display first; otherwise it would erase the message.
    shown.end();
    if (context.signal.aborted)
      context.note(`stopped watching; the job continues: ips job watch ${quoted(name)}`);
    throw error;
  } finally {
    shown.end();
  }
}
