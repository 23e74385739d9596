import type { ActiveJob, JobLog, JobLogDetail, ScheduledJob, TaskProgress } from '@ips-sdk/types';
import type { JobKind } from '@ips-sdk/types/jobs';
import type { Moment, Outcome, PageInfo } from './common.js';

/** What a job is doing: the tabs of the list, and the first half of its state. */
export type JobStage = 'scheduled' | 'active' | 'completed';

/**
 * The verdict on a job, for its pill:
 * `scheduled` (will fire), `paused` (its schedule or its run), `scheduleError`, `waiting` (submitted, and no worker has it), `running`,
 * `stopping`, `completed`, `warnings`, `failed` (files failed), `fatal` (the job failed), `stopped`.
 */
export type JobVerdictState =
  | 'scheduled'
  | 'paused'
  | 'scheduleError'
  | 'waiting'
  | 'running'
  | 'stopping'
  | 'completed'
  | 'warnings'
  | 'failed'
  | 'fatal'
  | 'stopped';

/** An action on a job. */
export type JobAction = 'stop' | 'pause' | 'resume' | 'runNow' | 'delete' | 'runAgain';

/** One row of the list: a scheduled job, or a run. */
export interface JobRow {
  /** Identifies the row, and is the parameter of its page: the handle of the trigger or the run. */
  readonly handle: string;
  readonly stage: JobStage;
  readonly state: JobVerdictState;
  /** The words of the pill: `Running`, `14 failed`, `3 warnings`. */
  readonly label: string;
  readonly tone: 'accent' | 'ok' | 'warn' | 'bad' | 'wait';
  /** The submitted name: `originalName` or `originalJobName`. */
  readonly originalName: string;
  /** The name of the run; that of the trigger for a scheduled job. */
  readonly name: string;
  /** The second line: why the state is what it is. */
  readonly detail: string;
  /** The constant of the service: `type` or `logType`. */
  readonly type: string;
  readonly kind?: JobKind | undefined;
  /** The type in words: `URL upload`. */
  readonly typeLabel: string;
  readonly jobSubType?: string | undefined;
  /** Where it puts files, such as `MyCompany/Shoes/`. */
  readonly destination?: string | undefined;
  readonly submitUserEmail: string;
  readonly serverName?: string | undefined;
  readonly startDate?: Moment | undefined;
  readonly endDate?: Moment | undefined;
  readonly nextFireTime?: Moment | undefined;
  readonly execSchedule?: string | undefined;
  /** Milliseconds from start to end, or until now for an active job; `undefined` before it starts. */
  readonly duration?: number | undefined;
  /** Percent from 0 to 100; only while active. */
  readonly progress?: number | undefined;
  /** The constant, such as `Optimizing`. */
  readonly progressMessage?: string | undefined;
  readonly counts: JobCounts;
  /** What state and role allow. */
  readonly actions: readonly JobAction[];
  /** Grows with every change of the row. */
  readonly revision: string;
}

/** Files of a run. */
export interface JobCounts {
  /** `undefined` while it is unknown. */
  readonly total?: number | undefined;
  readonly done?: number | undefined;
  readonly warnings: number;
  readonly errors: number;
}

/** Sortable columns. */
export type JobSort =
  | 'name'
  | 'state'
  | 'type'
  | 'destination'
  | 'started'
  | 'duration'
  | 'total'
  | 'warnings'
  | 'errors'
  | 'server'
  | 'user';

/** The query of `GET jobs`. Lists are repeated parameters: `state=running&state=waiting`. */
export interface JobsQuery {
  readonly stage?: JobStage | undefined;
  readonly state?: readonly JobVerdictState[] | undefined;
  /** Constants of the service, as in `JobRow.type`. */
  readonly type?: readonly string[] | undefined;
  /** E-mail addresses; `me` is the user of the session. */
  readonly user?: readonly string[] | undefined;
  readonly server?: readonly string[] | undefined;
  /** Words in name, handle, detail, destination or user. */
  readonly text?: string | undefined;
  /** Runs that started, and scheduled jobs that fire, from then on. Default: 7 days ago, which active and scheduled jobs ignore. */
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
  /** Default: what is active, then what comes next, then the latest. */
  readonly sort?: JobSort | undefined;
  readonly direction?: 'asc' | 'desc' | undefined;
  /** From 1. */
  readonly page?: number | undefined;
  /** From 1 to 500. Default: 100. */
  readonly pageSize?: number | undefined;
}

/** The answer to `GET jobs`. */
export interface JobsPage extends PageInfo {
  readonly rows: readonly JobRow[];
  /** Jobs by stage and by state that match all filters but stage and state. */
  readonly stages: Readonly<Record<JobStage, number>>;
  readonly states: Readonly<Partial<Record<JobVerdictState, number>>>;
  /** The first moment of the period that the answer covers. */
  readonly from: Moment;
  /** When the data was read. */
  readonly at: Moment;
  /** The same from a shell. */
  readonly shell: string;
}

/** Values to offer in filters. */
export interface JobFacets {
  readonly types: readonly { readonly type: string; readonly label: string }[];
  readonly users: readonly string[];
  readonly servers: readonly string[];
}

/** The answer to `GET job`. */
export interface JobPage {
  readonly row: JobRow;
  /** What the service shows of it: any of the three. */
  readonly active?: ActiveJob | undefined;
  readonly scheduled?: ScheduledJob | undefined;
  readonly log?: JobLog | undefined;
  /** Submitted, Queued, Running, Completed; for a schedule: Submitted, Next run. */
  readonly stages: readonly StageInfo[];
  readonly tasks: readonly TaskProgress[];
  /** The payload under its kind, with every secret replaced. `undefined` if the service does not show it. */
  readonly details?: { readonly kind: JobKind; readonly details: unknown } | undefined;
  /** The payload in rows that people can read. */
  readonly facts: readonly Fact[];
  /** Items finished per second, and when it will end, if that can be estimated. */
  readonly rate?: number | undefined;
  readonly estimatedEnd?: Moment | undefined;
  /** Earlier and later runs of the same original name, latest first, 20 at most. */
  readonly runs: readonly JobRow[];
  /** Rows of its log by outcome. */
  readonly logCounts: LogCounts;
  readonly shell: readonly string[];
}

/** A step on the path of a job. */
export interface StageInfo {
  readonly name: 'Submitted' | 'Queued' | 'Running' | 'Completed' | 'NextRun';
  readonly status: 'done' | 'current' | 'ahead' | 'failed' | 'skipped';
  readonly at?: Moment | undefined;
  /** Milliseconds it took or has taken so far. */
  readonly duration?: number | undefined;
  /** In words: `by ann@example.com`, `on ips-worker-2`. */
  readonly detail?: string | undefined;
}

/** A line of the panel with details. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** How to show it. */
  readonly form: 'text' | 'handle' | 'url' | 'xml' | 'folder' | 'asset';
  /** Path in the payload, such as `uploadUrlsJob.overwrite`. */
  readonly path: string;
}

export interface LogCounts {
  readonly all: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Which rows of a log. */
export interface LogQuery {
  readonly handle: string;
  readonly level?: 'errors' | 'warnings' | 'other' | undefined;
  /** Constants, such as `UploadError`. */
  readonly logType?: readonly string[] | undefined;
  readonly text?: string | undefined;
  /** `errorsFirst` (default): errors, then warnings, then the rest, each oldest first. */
  readonly order?: 'errorsFirst' | 'oldest' | 'latest' | undefined;
  readonly page?: number | undefined;
  /** From 1 to 1000. Default: 200. */
  readonly pageSize?: number | undefined;
  /** `LogRow.id` of a row: the answer is the page that contains it. */
  readonly row?: string | undefined;
}

export interface LogRow extends JobLogDetail {
  /** Stable: for links to the row. */
  readonly id: string;
  readonly level: 'error' | 'warning' | 'other';
}

export interface LogPage extends PageInfo {
  readonly rows: readonly LogRow[];
  readonly counts: LogCounts;
  /** The log types that occur. */
  readonly logTypes: readonly { readonly logType: string; readonly count: number }[];
  /** Whether the log is longer than the host reads (100,000 rows); then `counts` are of the rows read. */
  readonly isTruncated: boolean;
}

/** Assets that a job changed. */
export interface JobAssetsPage extends PageInfo {
  readonly assets: readonly {
    readonly assetHandle: string;
    readonly name: string;
    readonly assetType?: string | undefined;
    /** Path under the console's origin; `undefined` for an asset without a picture. */
    readonly thumbnail?: string | undefined;
  }[];
}

/** What the service sends about a job, as XML without secrets. Numbers have all their digits. */
export interface JobXml {
  readonly exchanges: readonly XmlExchange[];
}

export interface XmlExchange {
  readonly operation: string;
  readonly request: string;
  /** Absent for a request that was not sent, such as the one that would submit the job again. */
  readonly response?: string | undefined;
  readonly status?: number | undefined;
  readonly at: Moment;
  /** What it shows: `submission` (as it would be sent again), `active`, `scheduled`, `log`. */
  readonly about: 'submission' | 'active' | 'scheduled' | 'log';
}

/** Samples of a run since the console first saw it, or of the whole run from its log. */
export interface Throughput {
  readonly samples: readonly ThroughputSample[];
  /** What is counted: `files` or `items`. */
  readonly unit: 'files' | 'items';
}

export interface ThroughputSample {
  readonly at: Moment;
  /** Items finished by then. */
  readonly done: number;
  /** Items per second since the sample before. */
  readonly rate: number;
}

/** Body of `POST job/actions`. */
export interface JobActionRequest {
  readonly action: JobAction;
  /** Exactly these, 500 at most. `runAgain` takes one at a time from `POST submit`, and unchanged payloads here. */
  readonly handles: readonly string[];
}

export interface JobActionResult {
  readonly outcomes: readonly Outcome[];
  /** In words: `stopped 2 of 3 jobs`. */
  readonly summary: string;
}
