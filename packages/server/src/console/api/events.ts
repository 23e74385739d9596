import type { Moment } from './common.js';
import type { JobRow, JobStage, LogRow, ThroughputSample } from './jobs.js';
import type { UploadState } from './uploads.js';

/**
 * The events of `GET events`, a stream for `EventSource`: `event` is the `type`, `data` the object as JSON. Each has an `id`; with
 * `Last-Event-ID` a new connection gets what it missed, or `hello` with `isComplete: false`, after which everything shown is read again.
 *
 * A viewer that pauses closes the stream. Against a foreign endpoint nothing is asked while nobody has a stream.
 */
export type ConsoleEvent =
  | HelloEvent
  | JobsEvent
  | JobEventData
  | AssetsEvent
  | UploadEventData
  | TestEvent
  | OutageEvent
  | RecoveredEvent
  | SessionEvent;

/** The first event of each connection. */
export interface HelloEvent {
  readonly type: 'hello';
  /** Whether the events since `Last-Event-ID` follow; `false` if some are lost, or for a new viewer. */
  readonly isComplete: boolean;
  readonly at: Moment;
  /** Milliseconds between two polls; `undefined` with events of the own server. */
  readonly interval?: number | undefined;
}

/** Jobs appeared, changed or ended. Rows are those of the company, whatever the viewer filters. */
export interface JobsEvent {
  readonly type: 'jobs';
  /** New or changed rows, 200 at most. */
  readonly changed: readonly JobRow[];
  /** Handles of rows that no longer exist, such as the trigger of a job that fired for the last time. */
  readonly removed: readonly string[];
  /** Handles among `changed` that were not there before. */
  readonly added: readonly string[];
  /** More changed than the event lists: read the list again. */
  readonly isPartial: boolean;
  readonly stages: Readonly<Record<JobStage, number>>;
  readonly at: Moment;
}

/** Only for a stream with `?job`: progress and new rows of the log of that job. */
export interface JobEventData {
  readonly type: 'job';
  readonly handle: string;
  readonly row: JobRow;
  /** New rows, oldest first, 200 at most. */
  readonly log: readonly LogRow[];
  /** Read the log again instead. */
  readonly isLogPartial: boolean;
  readonly sample?: ThroughputSample | undefined;
}

/** Assets or folders changed: read what is shown again, at leisure. */
export interface AssetsEvent {
  readonly type: 'assets';
  readonly at: Moment;
}

/** An upload of this session changed. */
export interface UploadEventData {
  readonly type: 'upload';
  readonly state: UploadState;
}

/** Clock, chaos, mails, notifications or journal changed. */
export interface TestEvent {
  readonly type: 'test';
  readonly at: Moment;
}

/** The service cannot be reached since then. The host tries again by itself. */
export interface OutageEvent {
  readonly type: 'outage';
  readonly since: Moment;
  readonly message: string;
  readonly nextAttempt: Moment;
}

export interface RecoveredEvent {
  readonly type: 'recovered';
  readonly at: Moment;
}

/** The session ended, or its company or role changed elsewhere: read `session` again. */
export interface SessionEvent {
  readonly type: 'session';
  readonly reason: 'expired' | 'loggedOut' | 'company' | 'refused';
}
