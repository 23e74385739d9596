import type { JobPayloads, JobKind as KindName } from '@ips-sdk/types/jobs';
import type { Viewer } from '../access/permissions/viewer.js';
import type { ServerConfig } from '../config.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import type { KindLogTypes } from './log-types.js';
import type { RunContext } from './run-context.js';

/**
 * How a run's work ended: `done`, or `suspended` if it waits for more files, as an upload by POST does.
 */
export type RunResult = 'done' | 'suspended';

/** The context in which the details of a submitted job are checked. */
export interface SubmissionPlace {
  readonly db: Db;
  readonly config: ServerConfig;
  readonly company: CompanyRow;
  readonly submitter: UserRow;
  /** The submitter, for checks of permissions. */
  readonly viewer: Viewer;
}

/** The work of one kind of job. */
export interface JobKind<Kind extends KindName = KindName> {
  /** The field of `submitJob` that holds its details. */
  readonly kind: Kind;
  /** The value of `ActiveJob.type`. */
  readonly type: string;
  readonly logTypes: KindLogTypes;
  /** Whether a company runs this kind one at a time. */
  readonly oneAtATime?: boolean;
  /** Number of files or assets that a job names. A small job that was not scheduled is urgent; without a number, it is not small. */
  size?(details: JobPayloads[Kind]): number;
  /** The value of `JobLog.jobSubType`. */
  subType?(details: JobPayloads[Kind]): string;
  /**
   * Checks details when a job is submitted, in addition to the contract.
   *
   * @throws IpsFault for details that cannot be executed.
   */
  check?(details: JobPayloads[Kind], place: SubmissionPlace): Promise<void>;
  /**
   * The details as returned by `getActiveJobs` and `getScheduledJobs`, in a company with these settings. Default: as submitted.
   */
  shown?(details: JobPayloads[Kind], settings: CompanyRow['settings']): JobPayloads[Kind];
  /**
   * Does the work. After a crash, it is called again for the same run; items that `context.item` has recorded are not repeated.
   *
   * @throws RunFailure if the run as a whole cannot continue.
   */
  run(context: RunContext<Kind>): Promise<RunResult>;
}

/** An implementation of every kind of job in the contract. */
export type JobKinds = { readonly [Kind in KindName]: JobKind<Kind> };
