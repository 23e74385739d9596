import type { JobKind } from '@ips-sdk/types/jobs';
import type { InputIssue, Moment, Outcome } from './common.js';
import type { JobRow } from './jobs.js';

/** The answer to `GET kinds`. */
export interface JobKindsAnswer {
  readonly kinds: readonly JobKindInfo[];
  /** JSON Schemas (draft 2020-12) by name; those of the kinds refer to each other as `#/$defs/NAME`. */
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

export interface JobKindInfo {
  readonly kind: JobKind;
  /** In words: `URL upload`. */
  readonly label: string;
  readonly description: string;
  readonly type: string;
  /** Name in `$defs`. */
  readonly schema: string;
  /** A payload to begin with. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Whether the role of the user allows it. */
  readonly isAllowed: boolean;
}

/** A JSON Schema. */
export interface JsonSchema {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly [keyword: string]: unknown;
}

/** A job to submit or to check. */
export interface SubmitRequest {
  readonly kind: JobKind;
  readonly details: Readonly<Record<string, unknown>>;
  /** Default: made from kind and time. */
  readonly jobName?: string | undefined;
  readonly description?: string | undefined;
  readonly locale?: string | undefined;
  /** A Quartz expression. */
  readonly execSchedule?: string | undefined;
  readonly execTime?: Moment | undefined;
  /**
   * The handle of the job whose payload was edited. Its secrets, which the browser never had, take the place of {@link KeptSecret}.
   */
  readonly basedOn?: string | undefined;
}

/** Replaces a secret in `details` that is to be kept. */
export type KeptSecret = '••••••';

/** The answer to `POST submit/check`: the dry run. Nothing is sent. */
export interface SubmitCheck {
  readonly issues: readonly InputIssue[];
  /** The request, without secrets; `undefined` if it cannot be written. */
  readonly xml: string | undefined;
  /** `ips job submit …`. */
  readonly shell: string;
  readonly typescript: string;
  /** Only with a schedule. */
  readonly schedule?: SchedulePreview | undefined;
}

export interface SubmitResult {
  readonly jobHandle: string;
  readonly jobName: string;
}

/** Body of `POST schedules/preview`. */
export interface SchedulePreviewRequest {
  readonly execSchedule: string;
  /** The viewer's zone, an IANA name. */
  readonly timeZone: string;
  /** From 1 to 50. Default: 10. */
  readonly count?: number | undefined;
}

export interface SchedulePreview {
  /** Why the expression is invalid. */
  readonly error?: string | undefined;
  /** In words: `every day at 02:00`. */
  readonly description?: string | undefined;
  /** The zone in which the service evaluates it. */
  readonly serviceZone: string;
  readonly viewerZone: string;
  readonly times: readonly FireTime[];
}

export interface FireTime {
  readonly at: Moment;
  /** The same instant with the offsets of both zones: `2026-11-26T02:00:00-08:00`. */
  readonly inServiceZone: Moment;
  readonly inViewerZone: Moment;
  /** The service's clocks change between the time before and this one, or this time exists twice or only shifted. */
  readonly dst?: 'springForward' | 'fallBack' | undefined;
  /** In words: `clocks went back 1 h`. */
  readonly dstNote?: string | undefined;
}

export interface SchedulesPage {
  readonly schedules: readonly ScheduleRow[];
  readonly serviceZone: string | undefined;
  readonly shell: string;
}

export interface ScheduleRow {
  readonly job: JobRow;
  readonly execSchedule: string | undefined;
  readonly description: string | undefined;
  readonly timeZone: string | undefined;
  readonly triggerState: string | undefined;
  readonly next: readonly FireTime[];
  readonly lastRun?: JobRow | undefined;
  /** The payload, without secrets, to edit. */
  readonly details?: { readonly kind: JobKind; readonly details: unknown } | undefined;
}

/**
 * Body of `POST schedules/edit`. The service has no such operation: the job is deleted, and submitted under its name with the new
 * schedule. Refused as a `conflict` while it runs.
 */
export interface ScheduleEditRequest {
  readonly handle: string;
  /** A Quartz expression. */
  readonly execSchedule: string;
  /** Default: as before. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface ScheduleEditResult {
  readonly jobHandle: string;
  /** The outcome for the old one. */
  readonly deletion: Outcome;
}
