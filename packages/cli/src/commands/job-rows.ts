import type { ListedJob } from '@ips-sdk/client';
import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import type { Paint } from '../output/colors.js';
import { type Column, localTime } from '../output/columns.js';

/** A job from any of the three lists. */
export interface JobRow {
  readonly stage: 'scheduled' | 'active' | 'completed';
  readonly name: string;
  readonly handle: string;
  readonly type: string | undefined;
  /** The state of an active run, the outcome of a completed run, or the trigger state of a scheduled job. */
  readonly state: string;
  readonly progress: number | undefined;
  readonly startDate: string | undefined;
  readonly endDate: string | undefined;
  readonly nextFireTime: string | undefined;
  readonly submitUserEmail: string | undefined;
}

/** Fields of a row. */
export const JOB_ROW_FIELDS = [
  'stage',
  'name',
  'handle',
  'type',
  'state',
  'progress',
  'startDate',
  'endDate',
  'nextFireTime',
  'submitUserEmail',
] as const;

/**
 * The row of a job from any list.
 *
 * @param stopped - The handles of completed runs that were stopped.
 */
export function jobRow(
  listed: Pick<ListedJob, 'stage' | 'name' | 'handle' | 'job'>,
  stopped: ReadonlySet<string> = new Set(),
): JobRow {
  const { stage, name, handle } = listed;
  const base = {
    stage,
    name,
    handle,
    type: undefined,
    progress: undefined,
    startDate: undefined,
    endDate: undefined,
    nextFireTime: undefined,
  };
  if (stage === 'scheduled') {
    const { type, triggerState, nextFireTime, submitUserEmail } = listed.job as ScheduledJob;
    return { ...base, type, state: triggerState ?? 'Normal', nextFireTime, submitUserEmail };
  }
  if (stage === 'active') {
    const { type, state, progress, startDate, submitUserEmail } = listed.job as ActiveJob;
    return { ...base, type, state, progress, startDate, submitUserEmail };
  }
  const log = listed.job as JobLog;
  const { startDate, endDate, submitUserEmail } = log;
  // A completed job is known only from its log, whose type is that of the first row: BeginUpload.
  return {
    ...base,
    type: log.logType.replace(/^Begin/, ''),
    state: stopped.has(log.jobHandle) ? 'stopped' : endOf(log),
    startDate,
    endDate,
    submitUserEmail,
  };
}

/** How a run ended, according to the head of its log, which does not show whether it was stopped. */
export function endOf(log: Pick<JobLog, 'fatalError' | 'fileErrorCount' | 'transferErrorCount'>): string {
  if (log.fatalError) return 'failed';
  return (log.fileErrorCount ?? 0) + (log.transferErrorCount ?? 0) > 0 ? 'completedWithErrors' : 'succeeded';
}

/** Colors the state or outcome of a run. */
export function paintState(state: string, paint: Paint, text: string = state): string {
  if (/^(?:succeeded|updated)$/.test(state)) return paint('green', text);
  if (/^(?:failed|Error)/.test(state)) return paint('red', text);
  if (/^(?:completedWithErrors|stopped|Stopping|Paused|duplicate|unknown)$/.test(state))
    return paint('yellow', text);
  if (state === 'Running') return paint('cyan', text);
  return text;
}

/** The columns of a list of jobs. */
export const JOB_COLUMNS: readonly Column<JobRow>[] = [
  { title: 'STAGE', value: ({ stage }) => stage, optional: true },
  { title: 'NAME', value: ({ name }) => name, shrinks: true, least: 24 },
  {
    title: 'STATE',
    value: ({ state }) => state,
    paint: (text, row, paint) => paintState(row.state, paint, text),
  },
  {
    title: 'PROGRESS',
    value: ({ progress }) => progress,
    human: ({ progress }) => (progress === undefined ? '' : `${progress} %`),
    align: 'right',
    optional: true,
  },
  { title: 'TYPE', value: ({ type }) => type, shrinks: true, optional: true },
  {
    title: 'TIME',
    value: (row) => row.nextFireTime ?? row.endDate ?? row.startDate,
    human: (row) => localTime(row.nextFireTime ?? row.endDate ?? row.startDate),
    optional: true,
  },
  { title: 'HANDLE', value: ({ handle }) => handle, optional: true },
];

/** A job reference from the command line. Handles contain a bar; names do not. */
export function jobReference(text: string): string | { readonly name: string } {
  return text.includes('|') ? text : { name: text };
}
