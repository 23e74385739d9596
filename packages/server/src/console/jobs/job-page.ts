import type { JobPage, StageInfo } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import { withoutSecrets } from '../secrets.js';
import type { Session } from '../session.js';
import { shellLine } from '../shell-text.js';
import { factsOf } from './facts.js';
import type { StoredRow } from './job-row.js';
import { countsOf } from './log-page.js';
import { payloadOf } from './run-again.js';
import { rowShower } from './shown-row.js';

/** Runs of the same job on the page. */
const MOST_RUNS = 20;

/** The row of a job by the handle of its trigger or its run. @throws ConsoleError for a handle without a job. */
export function rowOf(feed: Feed, handle: string): StoredRow {
  const row = findRow(feed, handle);
  if (row !== undefined) return row;
  throw new ConsoleError('notFound', `no job has the handle ${handle}, or it ended too long ago`);
}

function findRow({ board }: Feed, handle: string): StoredRow | undefined {
  return board.rows.get(handle) ?? latestOf(board.rows.values(), handle);
}

/** The latest run of a submitted job whose trigger has fired: `j|6|Nightly||` and `j|6|Nightly|`. */
function latestOf(rows: Iterable<StoredRow>, handle: string): StoredRow | undefined {
  const [, name] = /^j\|\d+\|([^|]+)\|{1,2}$/.exec(handle) ?? [];
  if (name === undefined) return undefined;
  const runs = [...rows].filter(({ originalName }) => originalName === name);
  return runs.sort((one, other) => timeOf(other) - timeOf(one))[0];
}

function timeOf({ startDate, nextFireTime }: StoredRow): number {
  return Date.parse(startDate ?? nextFireTime ?? '') || 0;
}

/** Everything about one job. */
export async function jobPage(
  options: ConsoleOptions,
  session: Session,
  feed: Feed,
  handle: string,
): Promise<JobPage> {
  const { board, logs, samples } = feed;
  if (findRow(feed, handle) === undefined) await feed.live.catchUp();
  const row = rowOf(feed, handle);
  const now = board.now;
  const show = rowShower(options, session, now);
  const active = board.active.find(({ jobHandle }) => jobHandle === row.handle);
  const scheduled = board.scheduled.find(({ jobHandle }) => jobHandle === row.handle);
  const read = row.stage === 'scheduled' ? undefined : await logs.read(row.handle);
  const facts =
    options.own === undefined
      ? undefined
      : await options.own.runFacts(session.company.companyHandle, [row.handle]);
  const known = facts?.get(row.handle);
  const found = await payloadOf(session, feed, row.handle);
  const runs = [...board.rows.values()]
    .filter(({ originalName, handle: one }) => originalName === row.originalName && one !== row.handle)
    .sort((one, other) => timeOf(other) - timeOf(one))
    .slice(0, MOST_RUNS);
  const rate = row.state === 'running' ? currentRate(samples.of(row.handle)) : undefined;
  const estimatedEnd = row.state === 'running' ? estimate(row, rate, now) : undefined;
  // Texts are replaced by texts, so each value keeps its type, which is that of the field it is for.
  const kept = (value: object | undefined): never => withoutSecrets(value) as never;
  return {
    row: show(row),
    ...(active === undefined ? {} : { active: kept(active) }),
    ...(scheduled === undefined ? {} : { scheduled: kept(scheduled) }),
    ...(read?.head === undefined ? {} : { log: read.head }),
    stages: stagesOf(row, active?.triggerTime ?? known?.triggerTime.toISOString(), now),
    tasks: active?.taskProgressArray ?? [],
    ...(found === undefined ? {} : { details: { kind: found.kind, details: withoutSecrets(found.details) } }),
    facts: found === undefined ? [] : factsOf(found.kind, found.details),
    ...(rate === undefined ? {} : { rate }),
    ...(estimatedEnd === undefined ? {} : { estimatedEnd }),
    runs: runs.map(show),
    logCounts: countsOf(read?.rows ?? []),
    shell: shellOf(row),
  };
}

/** Items per second, over the last few samples. */
function currentRate(samples: readonly { readonly at: string; readonly done: number }[]): number | undefined {
  const latest = samples.slice(-6);
  const [first, last] = [latest[0], latest.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  return seconds <= 0 ? undefined : Math.round(((last.done - first.done) / seconds) * 100) / 100;
}

function estimate(
  { counts, progress, startDate }: StoredRow,
  rate: number | undefined,
  now: number,
): string | undefined {
  const { total, done = 0 } = counts;
  if (rate !== undefined && rate > 0 && total !== undefined)
    return new Date(now + ((total - done) / rate) * 1000).toISOString();
  const start = Date.parse(startDate ?? '');
  if (progress === undefined || progress < 5 || Number.isNaN(start)) return undefined;
  return new Date(start + ((now - start) * 100) / progress).toISOString();
}

/** The path of a job, from submission to completion. */
function stagesOf(row: StoredRow, triggerTime: string | undefined, now: number): StageInfo[] {
  const by = row.submitUserEmail === '' ? {} : { detail: `by ${row.submitUserEmail}` };
  if (row.stage === 'scheduled') {
    return [
      { name: 'Submitted', status: 'done', ...by },
      {
        name: 'NextRun',
        status: row.state === 'scheduled' ? 'ahead' : 'skipped',
        ...(row.nextFireTime === undefined ? {} : { at: row.nextFireTime }),
        detail: row.detail,
      },
    ];
  }
  const submitted = triggerTime ?? row.startDate;
  const waits = row.state === 'waiting' || (row.state === 'paused' && row.progress === undefined);
  const end = row.endDate === undefined ? now : Date.parse(row.endDate);
  const start = Date.parse(row.startDate ?? '');
  const queuedUntil = waits ? now : start;
  const span = (from: number, to: number) =>
    Number.isFinite(to - from) ? { duration: Math.max(0, to - from) } : {};
  const isOver = row.stage === 'completed';
  const failed = row.state === 'fatal' || row.state === 'failed';
  return [
    { name: 'Submitted', status: 'done', ...(submitted === undefined ? {} : { at: submitted }), ...by },
    {
      name: 'Queued',
      status: waits ? 'current' : 'done',
      ...(submitted === undefined ? {} : { at: submitted, ...span(Date.parse(submitted), queuedUntil) }),
      ...(waits ? { detail: row.detail } : {}),
    },
    {
      name: 'Running',
      status: waits ? 'ahead' : isOver ? 'done' : 'current',
      ...(waits || row.startDate === undefined ? {} : { at: row.startDate, ...span(start, end) }),
      ...(row.serverName === undefined ? {} : { detail: `on ${row.serverName}` }),
    },
    {
      name: 'Completed',
      status: !isOver ? 'ahead' : failed ? 'failed' : row.state === 'stopped' ? 'skipped' : 'done',
      ...(row.endDate === undefined ? {} : { at: row.endDate }),
      ...(isOver ? { detail: row.detail } : {}),
    },
  ];
}

function shellOf({ stage, originalName, handle }: StoredRow): string[] {
  if (stage === 'scheduled') return [shellLine('ips', 'job', 'get', handle)];
  if (stage === 'active')
    return [shellLine('ips', 'job', 'watch', originalName), shellLine('ips', 'job', 'log', handle)];
  return [shellLine('ips', 'job', 'log', handle)];
}
