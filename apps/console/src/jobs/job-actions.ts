import type { JobAction, JobRow } from '../api/contract.ts';
import { formatCount } from '../format/number.ts';

/** The words of an action. */
export interface ActionWords {
  readonly label: string;
  /** What follows from it. */
  readonly effect: string;
  readonly isDangerous: boolean;
}

export const ACTION_WORDS: Readonly<Record<JobAction, ActionWords>> = {
  pause: {
    label: 'Pause',
    effect: 'A run stops between two files, and a schedule does not fire, until it is resumed.',
    isDangerous: false,
  },
  resume: { label: 'Resume', effect: 'It continues where it paused.', isDangerous: false },
  runNow: {
    label: 'Run now',
    effect: 'It runs once at the next opportunity. Its schedule stays.',
    isDangerous: false,
  },
  runAgain: {
    label: 'Run again',
    effect: 'A new job with the same payload is submitted.',
    isDangerous: false,
  },
  stop: {
    label: 'Stop',
    effect:
      'A run ends after the current file. Files that are done stay, and a stopped run cannot be resumed.',
    isDangerous: true,
  },
  delete: {
    label: 'Delete',
    effect: 'The job and its schedule are deleted. This cannot be undone.',
    isDangerous: true,
  },
};

/** In the order of their buttons. */
export const ACTIONS: readonly JobAction[] = ['pause', 'resume', 'runNow', 'runAgain', 'stop', 'delete'];

/** Which of the rows allow an action. */
export function rowsAllowing(rows: readonly JobRow[], action: JobAction): readonly JobRow[] {
  return rows.filter(({ actions }) => actions.includes(action));
}

/** `Stop 2 jobs`. */
export function describeAction(action: JobAction, count: number): string {
  return `${ACTION_WORDS[action].label} ${formatCount(count, 'job')}`;
}
