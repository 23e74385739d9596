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

/** Shows the progress of an upload: redrawn in place in a terminal, a line per step otherwise. */
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
    // Remove the display first; otherwise it would erase the message.
    live?.end();
    if (context.signal.aborted)
      context.note('interrupted; run the same command again to resume; jobs that have started continue');
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
    lines.push(`${count(missing, 'file')} already sent but no longer in the service: sending again`);
  return lines;
}

/** The maximum number of paths to list. */
const NAMED = 5;

/** Lines about skipped files. Lists those that the user may not expect; only counts files skipped by patterns, which the user requested. */
export function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  const by = (...rules: LeftOutRule[]): LeftOut[] => leftOut.filter(({ rule }) => rules.includes(rule));
  const lines: string[] = [];
  const hidden = by('system', 'hidden');
  if (hidden.length > 0)
    lines.push(
      `skipped ${count(hidden.length, 'hidden or system file')}; --hidden sends them:`,
      named(hidden),
    );
  const links = by('link');
  if (links.length > 0)
    lines.push(`skipped ${count(links.length, 'link')} whose target does not exist:`, named(links));
  const special = by('special');
  if (special.length > 0)
    lines.push(`skipped ${count(special.length, 'path')} without content, such as sockets:`, named(special));
  const excluded = by('exclude').length;
  if (excluded > 0) lines.push(`skipped ${count(excluded, 'path')} matching --exclude`);
  const others = by('include').length;
  if (others > 0) lines.push(`skipped ${count(others, 'file')} not matching --include`);
  return lines;
}

function named(leftOut: readonly LeftOut[]): string {
  const some = leftOut.slice(0, NAMED).map(({ path }) => shortPath(path));
  const more = leftOut.length > NAMED ? `, and ${leftOut.length - NAMED} more` : '';
  return `  ${some.join(', ')}${more}`;
}

/** Shortens a path inside the working directory to a relative path. */
export function shortPath(path: string): string {
  const short = relative('', path);
  if (short === '' || short.startsWith('..')) return path;
  return path.endsWith(sep) ? `${short}${sep}` : short;
}

/** Prints the number of files by outcome. */
export function printCounts(context: Context, { counts, ok, ended, files }: UploadReport): void {
  const parts = (['succeeded', 'updated', 'duplicate', 'failed', 'unknown'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  if (counts.skipped > 0) parts.push(skippedText(files, counts.skipped));
  const text = `${count(counts.total, 'file')}: ${parts.join(', ') || 'nothing to do'}`;
  if (ok) context.done(text);
  else context.failed(text);
  if (counts.duplicate > 0)
    context.note('  duplicates already exist with the same content and were not changed');
  if (!ended)
    context.note(
      '  a job is still running; run the same command again to wait for it; no file is sent twice',
    );
}

/** `31 already sent on 2026-03-01 12:00:00, skipped` */
function skippedText(files: UploadReport['files'], skipped: number): string {
  const times = files.flatMap(({ sentOn }) => sentOn ?? []).sort();
  const last = times.at(-1);
  return `${skipped} already sent${last === undefined ? '' : ` on ${localTime(last)}`}, skipped`;
}
