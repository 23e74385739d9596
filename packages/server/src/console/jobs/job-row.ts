import { createHash } from 'node:crypto';
import { parseSchedule } from '@ips-sdk/client';
import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import { type JobKind, jobDetails } from '@ips-sdk/types/jobs';
import type { JobAction, JobCounts, JobRow, JobVerdictState } from '../api.js';
import { destinationOf } from './destination.js';
import { KIND_WORDS, kindOfLogType, wordsOf } from './kind-words.js';

/** What is known of a run in addition to what its list shows. */
export interface KnownRun {
  readonly kind?: JobKind | undefined;
  readonly destination?: string | undefined;
  readonly serverName?: string | undefined;
  readonly wasStopped?: boolean | undefined;
  readonly isPaused?: boolean | undefined;
  /** The message of the first error. */
  readonly reason?: string | undefined;
}

/** A row without what depends on the session and on the time of reading. */
export type StoredRow = Omit<JobRow, 'actions' | 'duration'>;

const TONES: Readonly<Record<JobVerdictState, JobRow['tone']>> = {
  scheduled: 'wait',
  paused: 'warn',
  scheduleError: 'bad',
  waiting: 'wait',
  running: 'accent',
  stopping: 'warn',
  completed: 'ok',
  warnings: 'warn',
  failed: 'bad',
  fatal: 'bad',
  stopped: 'wait',
};

const LABELS: Readonly<Record<JobVerdictState, string>> = {
  scheduled: 'Scheduled',
  paused: 'Paused',
  scheduleError: 'Schedule error',
  waiting: 'Waiting',
  running: 'Running',
  stopping: 'Stopping',
  completed: 'Completed',
  warnings: 'Warnings',
  failed: 'Failed',
  fatal: 'Failed',
  stopped: 'Stopped',
};

/** The row of a scheduled job. */
export function scheduledRow(job: ScheduledJob): StoredRow {
  const found = jobDetails(job);
  const state: JobVerdictState =
    job.triggerState === 'Paused' ? 'paused' : job.triggerState === 'Error' ? 'scheduleError' : 'scheduled';
  return finished({
    ...typeOf(found?.kind, job.type),
    handle: job.jobHandle,
    stage: 'scheduled',
    state,
    label: LABELS[state],
    originalName: job.originalName || job.name,
    name: job.name,
    detail: scheduleWords(job),
    destination: found && destinationOf(found.kind, found.details),
    submitUserEmail: job.submitUserEmail,
    nextFireTime: job.nextFireTime,
    execSchedule: job.execSchedule,
    counts: { warnings: 0, errors: 0 },
  });
}

/** The row of an active run. */
export function activeRow(job: ActiveJob, known: KnownRun, waitsFor: string | undefined): StoredRow {
  const found = jobDetails(job);
  const state = activeState(job, known);
  const counts = countsOfTasks(job);
  const isAtWork = state === 'running' || state === 'stopping';
  return finished({
    ...typeOf(found?.kind, job.type),
    handle: job.jobHandle,
    stage: 'active',
    state,
    label: LABELS[state],
    originalName: job.originalName || job.name,
    name: job.name,
    detail: activeWords(job, state, waitsFor),
    destination: found && destinationOf(found.kind, found.details),
    submitUserEmail: job.submitUserEmail,
    serverName: job.serverName || undefined,
    startDate: job.startDate,
    progress: isAtWork ? job.progress : undefined,
    progressMessage: job.progressMessage || undefined,
    counts,
  });
}

/** The row of a run that has ended. */
export function completedRow(log: JobLog, known: KnownRun): StoredRow {
  const kind = known.kind ?? kindOfLogType(log.logType);
  const errors = (log.fileErrorCount ?? 0) + (log.transferErrorCount ?? 0);
  const warnings = (log.fileWarningCount ?? 0) + (log.transferWarningCount ?? 0);
  const state: JobVerdictState = log.fatalError
    ? 'fatal'
    : known.wasStopped
      ? 'stopped'
      : errors > 0
        ? 'failed'
        : warnings > 0
          ? 'warnings'
          : 'completed';
  const total = log.totalFileCount ?? 0;
  const label =
    state === 'failed'
      ? `${errors} failed`
      : state === 'warnings'
        ? plural(warnings, 'warning')
        : LABELS[state];
  return finished({
    ...typeOf(kind, log.logType.replace(/^Begin/, '')),
    jobSubType: log.jobSubType || undefined,
    handle: log.jobHandle,
    stage: 'completed',
    state,
    label,
    originalName: log.originalJobName || log.jobName,
    name: log.jobName,
    detail: completedWords(log, errors, warnings, known),
    destination: known.destination,
    submitUserEmail: log.submitUserEmail,
    serverName: known.serverName,
    startDate: log.startDate,
    endDate: log.endDate,
    counts: { total, done: (log.fileSuccessCount ?? 0) + errors, warnings, errors },
  });
}

/** Milliseconds from start to end, or until now. */
export function durationOf({ stage, state, startDate, endDate }: StoredRow, now: number): number | undefined {
  if (startDate === undefined || stage === 'scheduled' || state === 'waiting') return undefined;
  const end = endDate === undefined ? now : Date.parse(endDate);
  const duration = end - Date.parse(startDate);
  return Number.isFinite(duration) ? Math.max(0, duration) : undefined;
}

/** What the state of a job allows, regardless of roles. */
export function possibleActions({ stage, state, execSchedule, kind }: StoredRow): JobAction[] {
  if (stage === 'scheduled') {
    if (kind === undefined) return [];
    const pausing: JobAction = state === 'paused' ? 'resume' : 'pause';
    return state === 'scheduleError' ? ['delete', 'runAgain'] : ['runNow', pausing, 'delete', 'runAgain'];
  }
  const again: JobAction[] = kind === undefined || kind === 'uploadPostJob' ? [] : ['runAgain'];
  if (stage === 'completed') return [...again];
  if (state === 'stopping') return again;
  return ['stop', state === 'paused' ? 'resume' : 'pause', ...(execSchedule === undefined ? [] : again)];
}

function finished(row: Omit<StoredRow, 'tone' | 'revision'>): StoredRow {
  const defined = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
  const revision = createHash('sha1').update(JSON.stringify(defined)).digest('base64url').slice(0, 12);
  // Only absent fields were removed.
  return { ...(defined as typeof row), tone: TONES[row.state], revision };
}

function typeOf(kind: JobKind | undefined, type: string): Pick<StoredRow, 'type' | 'kind' | 'typeLabel'> {
  if (kind !== undefined) return { kind, type: KIND_WORDS[kind].type, typeLabel: KIND_WORDS[kind].label };
  return { kind: undefined, type, typeLabel: wordsOf(type) };
}

function activeState({ state }: ActiveJob, { isPaused }: KnownRun): JobVerdictState {
  if (state === 'Stopping') return 'stopping';
  if (isPaused) return 'paused';
  return state === 'Running' ? 'running' : 'waiting';
}

function countsOfTasks({ taskProgressArray }: ActiveJob): JobCounts {
  const [task] = taskProgressArray ?? [];
  if (task === undefined) return { warnings: 0, errors: 0 };
  const done = task.numProcessed ?? 0;
  return { total: done + (task.numProcessing ?? 0) + (task.numPending ?? 0), done, warnings: 0, errors: 0 };
}

function activeWords(job: ActiveJob, state: JobVerdictState, waitsFor: string | undefined): string {
  if (state === 'waiting') return waitsFor === undefined ? 'waits for a worker' : `waits for ${waitsFor}`;
  if (state === 'paused') return 'paused; resume it to continue';
  const items = (job.taskProgressArray ?? []).flatMap((task) => task.taskItemProgressArray ?? []);
  const phase = job.progressMessage === '' ? undefined : wordsOf(job.progressMessage ?? '');
  return [phase, items[0]?.itemName].filter((word) => word !== undefined && word !== '').join(' · ');
}

function completedWords(
  log: JobLog,
  errors: number,
  warnings: number,
  { wasStopped, reason }: KnownRun,
): string {
  if (log.fatalError) return reason ?? 'the job failed';
  const total = log.totalFileCount ?? 0;
  if (wasStopped) return `stopped after ${log.fileSuccessCount ?? 0} of ${plural(total, 'file')}`;
  if (errors > 0) {
    const what = `${errors} of ${plural(Math.max(total, errors), 'file')} failed`;
    return reason === undefined ? what : `${what}: ${reason}`;
  }
  if (warnings > 0) return reason ?? `${plural(warnings, 'warning')} in ${plural(total, 'file')}`;
  const parts = [
    plural(total, 'file'),
    ...((log.fileUpdateCount ?? 0) > 0 ? [`${log.fileUpdateCount} replaced`] : []),
    ...((log.fileDuplicateCount ?? 0) > 0 ? [plural(log.fileDuplicateCount ?? 0, 'duplicate')] : []),
  ];
  return log.description ? `${parts.join(', ')} · ${log.description}` : parts.join(', ');
}

function scheduleWords({ execSchedule, triggerState, description }: ScheduledJob): string {
  if (triggerState === 'Error') return 'its schedule cannot be read';
  if (execSchedule === undefined) return description || 'runs once';
  try {
    return parseSchedule(execSchedule).describe();
  } catch {
    return execSchedule;
  }
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
