import type { Job, JobEvent, JobVerdict } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
import { quoted } from '../quoted.js';
import { contactLines } from './contact-line.js';
import { type FollowOptions, waitOptions } from './follow-job.js';
import { eventLine, JobView } from './job-view.js';
import { Live } from './live.js';

/** The result of watching a job: its verdict, or the error that prevented one. */
export type Followed =
  | { readonly job: Job; readonly verdict: JobVerdict }
  | { readonly job: Job; readonly error: unknown };

/** A job on the display. */
interface Shown {
  readonly job: Job;
  readonly view: JobView;
  lastLine: string;
  ended: string | undefined;
}

/** The maximum number of lines that a job takes in the display. */
const VIEW_HEIGHT = 4;

/**
 * Watches several jobs at once until all have ended: one below the other in a terminal, a line per change otherwise. If one job
 * cannot be watched, the others still are.
 */
export async function followJobs(
  context: Context,
  jobs: readonly Job[],
  options: FollowOptions,
): Promise<Followed[]> {
  const all = jobs.map((job): Shown => {
    return { job, view: new JobView(nameOf(job), context.paint), lastLine: '', ended: undefined };
  });
  const live = context.canRedraw
    ? await Live.start(context, (spinner) => drawAll(context, all, spinner))
    : undefined;
  const contact = await onceForAll(context);
  try {
    return await Promise.all(
      all.map(async (shown) => {
        const followed = await follow(context, shown, options, contact);
        shown.ended = endLine(context, followed);
        live?.redraw();
        return followed;
      }),
    );
  } finally {
    live?.end();
    if (context.signal.aborted) {
      const left = all.filter(({ ended }) => ended === undefined).map(({ job }) => quoted(nameOf(job)));
      context.note(`stopped watching; the jobs continue: ips job watch ${left.join(' ')}`);
    }
  }
}

async function follow(
  context: Context,
  shown: Shown,
  options: FollowOptions,
  contact: (event: JobEvent) => boolean,
): Promise<Followed> {
  const { job, view } = shown;
  const onEvent = (event: JobEvent): void => {
    if (contact(event)) return;
    view.see(event);
    const line = eventLine(event, nameOf(job));
    if (context.live !== undefined || line === undefined || line === shown.lastLine) return;
    shown.lastLine = line;
    context.note(printableLine(line));
  };
  try {
    const verdict = await job.wait({ ...waitOptions(options), signal: context.signal, onEvent });
    return { job, verdict };
  } catch (error) {
    // An interruption affects all jobs.
    if (context.signal.aborted) throw error;
    return { job, error };
  }
}

/** Reports lost and restored contact with the service once, not once per job. */
async function onceForAll(context: Context): Promise<(event: JobEvent) => boolean> {
  const contactLine = await contactLines(context);
  let isLost = false;
  return (event) => {
    const line = contactLine(event);
    if (line === undefined) return false;
    const loses = event.type === 'lost-contact';
    if (loses !== isLost) context.note(line);
    isLost = loses;
    return true;
  };
}

function drawAll(context: Context, all: readonly Shown[], spinner: string): string {
  const { columns = 80, rows = 24 } = context.stderr;
  // If not all jobs fit, show each on one line.
  const isTight = all.length * VIEW_HEIGHT >= rows;
  return all
    .map(({ view, ended }) => {
      if (ended !== undefined) return ended;
      const text = view.draw(spinner, columns);
      return isTight ? (text.split('\n', 1)[0] ?? '') : text;
    })
    .join('\n');
}

function endLine(context: Context, followed: Followed): string {
  const name = printableLine(nameOf(followed.job));
  if ('error' in followed) return `${context.paint('red', '✗')} ${name}`;
  const { ok, status } = followed.verdict;
  return `${ok ? context.paint('green', '✓') : context.paint('red', '✗')} ${name}  ${status}`;
}

function nameOf(job: Job): string {
  return job.name ?? job.handle;
}
