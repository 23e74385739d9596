import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import type { ServerLimits } from '../config.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import type { KindLogTypes } from './log-types.js';
import type { RunContext } from './run-context.js';

/**
 * How a run's work ended: `done`, or `suspended` when it waits for more and will be continued, as an upload by POST does.
 */
export type RunResult = 'done' | 'suspended';

/** What the details of a job are checked against when it is submitted. */
export interface SubmissionPlace {
  readonly db: Db;
  readonly limits: ServerLimits;
  readonly company: CompanyRow;
  readonly submitter: UserRow;
}

/** The work of one kind of job. */
export interface JobKind<Kind extends KindName = KindName> {
  /** The field of `submitJob` that holds its details. */
  readonly kind: Kind;
  /** The value of `ActiveJob.type`. */
  readonly type: string;
  readonly logTypes: KindLogTypes;
  /** Whether a company has one run of this kind at a time. */
  readonly oneAtATime?: boolean;
  /** The value of `JobLog.jobSubType`. */
  subType?(details: JobPayloads[Kind]): string;
  /**
   * Checks details when a job is submitted, besides what the contract says.
   *
   * @throws IpsFault for details that cannot be carried out.
   */
  check?(details: JobPayloads[Kind], place: SubmissionPlace): Promise<void>;
  /**
   * The details as `getActiveJobs` and `getScheduledJobs` show them, in a company with these settings; as they were submitted unless
   * given.
   */
  shown?(details: JobPayloads[Kind], settings: CompanyRow['settings']): JobPayloads[Kind];
  /**
   * Does the work. After a crash it is called again for the same run; items that `context.item` recorded are not done again.
   *
   * @throws RunFailure when the run as a whole cannot continue.
   */
  run(context: RunContext<Kind>): Promise<RunResult>;
}

/** An implementation of every kind of job in the contract. */
export type JobKinds = { readonly [Kind in KindName]: JobKind<Kind> };
