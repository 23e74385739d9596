import { relative, sep } from 'node:path';
import type { LeftOut, LeftOutRule, UploadEvent, UploadProgress, UploadReport } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { count, localTime } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { Live } from '../progress/live.js';
import { UploadView } from '../progress/upload-view.js';

type Events = {
  readonly onEvent: (event: UploadEvent) => void;
  readonly onProgress: (progress: UploadProgress) => void;
};

/** Shows the progress of an upload: redrawn in place in a terminal, a line for each step elsewhere. */
export async function followUpload(
  context: Context,
  upload: (events: Events) => Promise<UploadReport>,
): Promise<UploadReport> {
  const view = new UploadView(context.paint);
  const live = context.canRedraw
    ? await Live.start(context, (spinner) => view.draw(spinner, context.stderr.columns ?? 80))
    : undefined;
  const note = (line: string): void => {
    if (live === undefined) context.note(line);
    else live.above(printableLine(line));
  };
  const onEvent = (event: UploadEvent): void => {
    if (event.type === 'warning') {
      if (live === undefined) context.warn(event.message);
      else live.above(`${context.paint('yellow', 'warning:')} ${printableLine(event.message)}`);
    } else if (event.type === 'leftOut') {
      for (const line of leftOutLines(event.leftOut)) note(line);
    } else if (event.type === 'resumed') {
      for (const line of resumedLines(event)) note(line);
    } else {
      const line = lineOf(event);
      view.log(line);
      if (live === undefined) context.note(line);
      else if (event.type === 'file' && event.outcome.status === 'failed')
        live.above(`${context.paint('red', '✗')} ${line}`);
    }
  };
  try {
    return await upload({
      onEvent,
      onProgress: (progress) => {
        view.see(progress);
        live?.redraw();
      },
    });
  } catch (error) {
    // The display is removed first, since it would remove the message too.
    live?.end();
    if (context.signal.aborted)
      context.note(
        'interrupted; the same command continues where it stopped, and jobs that have begun continue',
      );
    throw error;
  } finally {
    live?.end();
  }
}

type StepEvent = Exclude<UploadEvent, { type: 'warning' | 'leftOut' | 'resumed' }>;

function lineOf(event: StepEvent): string {
  switch (event.type) {
    case 'job':
      return printableLine(
        `${event.found ? 'found' : 'started'} job ${event.name} with ${count(event.files, 'file')}`,
      );
    case 'sent':
      return printableLine(`sent ${event.destPath}`);
    case 'file': {
      const { status, destPath, reason } = event.outcome;
      return printableLine(`${status} ${destPath}${reason === undefined ? '' : `: ${reason}`}`);
    }
    case 'done':
      return printableLine(`job ${event.name} ${event.verdict?.status ?? 'ended'}`);
  }
}

function resumedLines({ since, sent, missing }: Extract<UploadEvent, { type: 'resumed' }>): string[] {
  const known = sent - missing;
  const when = since === undefined ? '' : ` on ${localTime(since)}`;
  const lines = [
    `resuming an interrupted upload: ${known === 0 ? 'nothing sent yet' : `${known} already sent${when}, skipped`}`,
  ];
  if (missing > 0)
    lines.push(`${count(missing, 'file')} sent before, but no longer in the service: sending again`);
  return lines;
}

/** How many paths are named. */
const NAMED = 5;

/** What rules left out, in words. What patterns leave out was asked for, so it is only counted. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const by = (...rules: LeftOutRule[]): LeftOut[] => leftOut.filter(({ rule }) => rules.includes(rule));
  const lines: string[] = [];
  const hidden = by('system', 'hidden');
  if (hidden.length > 0) {
    const named = hidden.slice(0, NAMED).map(({ path }) => shortPath(path));
    const more = hidden.length > NAMED ? `, and ${hidden.length - NAMED} more` : '';
    lines.push(`skipped ${count(hidden.length, 'hidden or system file')}; --hidden sends them:`);
    lines.push(`  ${named.join(', ')}${more}`);
  }
  const excluded = by('exclude').length;
  if (excluded > 0) lines.push(`skipped ${count(excluded, 'path')} that --exclude matches`);
  const others = by('include').length;
  if (others > 0) lines.push(`skipped ${count(others, 'file')} that --include does not match`);
  return lines;
}

/** A path as a user would write it: below the working directory, or else in full. */
export function shortPath(path: string): string {
  const short = relative('', path);
  if (short === '' || short.startsWith('..')) return path;
  return path.endsWith(sep) ? `${short}${sep}` : short;
}

/** Prints how many files ended in which way. */
export function printCounts(context: Context, { counts, ok, ended, files }: UploadReport): void {
  const parts = (['succeeded', 'updated', 'duplicate', 'failed', 'unknown'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  if (counts.skipped > 0) parts.push(skippedText(files, counts.skipped));
  const text = `${count(counts.total, 'file')}: ${parts.join(', ') || 'nothing to do'}`;
  if (ok) context.done(text);
  else context.failed(text);
  if (counts.duplicate > 0)
    context.note('  a duplicate already exists with the same content, and was not changed');
  if (!ended)
    context.note('  a job still runs; the same command waits for it again, and sends nothing twice');
}

/** `31 already sent on 2026-03-01 12:00:00, skipped` */
function skippedText(files: UploadReport['files'], skipped: number): string {
  const times = files.flatMap(({ sentOn }) => sentOn ?? []).sort();
  const last = times.at(-1);
  return `${skipped} already sent${last === undefined ? '' : ` on ${localTime(last)}`}, skipped`;
}
