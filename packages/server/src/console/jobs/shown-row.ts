import type { OperationName } from '@ips-sdk/types';
import type { JobAction, JobRow } from '../api.js';
import { mayCall, readOnlyReason } from '../capabilities.js';
import type { ConsoleOptions } from '../console-options.js';
import type { Session } from '../session.js';
import { durationOf, possibleActions, type StoredRow } from './job-row.js';

const OPERATIONS: Readonly<Record<JobAction, OperationName>> = {
  stop: 'stopJob',
  pause: 'pauseJob',
  resume: 'resumeJob',
  runNow: 'executeJob',
  delete: 'deleteJob',
  runAgain: 'submitJob',
};

/** Makes rows for a session: with the actions that its role allows, and with durations until now. */
export function rowShower(
  options: ConsoleOptions,
  session: Session,
  now: number,
): (row: StoredRow) => JobRow {
  const isOwn = options.own !== undefined;
  const isReadOnly = readOnlyReason(options, session) !== undefined;
  const allowed = new Set(
    (Object.keys(OPERATIONS) as JobAction[]).filter(
      (action) => !isReadOnly && mayCall(session, OPERATIONS[action], isOwn),
    ),
  );
  return (row) => {
    const duration = durationOf(row, now);
    return {
      ...row,
      ...(duration === undefined ? {} : { duration }),
      actions: possibleActions(row).filter((action) => allowed.has(action)),
    };
  };
}
