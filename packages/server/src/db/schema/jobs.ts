// Jobs: scheduled, running and ended.

import type { JobKind, JobPayloads } from '@ips-sdk/types/jobs';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { TraceCarrier } from '../../traces/traces.js';
import { id, moment } from './columns.js';
import { companies, users } from './companies.js';
import type { RunCounters } from './run-counters.js';

/** Submitted jobs: the triggers of runs. One that will not fire again stays, so that its handle still resolves. */
export const triggers = pgTable(
  'triggers',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    kind: text('kind').$type<JobKind>().notNull(),
    details: jsonb('details').$type<JobPayloads[JobKind]>().notNull(),
    submitUserId: integer('submit_user_id')
      .notNull()
      .references(() => users.id),
    /** The recipients of mails. */
    mailUserId: integer('mail_user_id')
      .notNull()
      .references(() => users.id),
    locale: text('locale'),
    description: text('description'),
    execTime: moment('exec_time'),
    /** The schedule as it was submitted. */
    execSchedule: text('exec_schedule'),
    nextFireTime: moment('next_fire_time'),
    /**
     * The time from which `nextFireTime` was computed. A time in the future means that the clock was set
     * back.
     */
    scheduledAt: moment('scheduled_at'),
    /** `Normal`, `Paused`, `Complete`, or `Error` when the schedule cannot be read. */
    state: text('state').notNull(),
    /** Why the state is `Error`. */
    error: text('error'),
    createdAt: moment('created_at').notNull(),
    /** The trace of the submission; null if there is none. */
    trace: jsonb('trace').$type<TraceCarrier>(),
  },
  (table) => [
    index('triggers_name').on(table.companyId, table.name),
    index('triggers_next').on(table.state, table.nextFireTime),
    index('triggers_scheduled').on(table.scheduledAt).where(sql`${table.state} = 'Normal'`),
    index('triggers_error').on(table.id).where(sql`${table.state} = 'Error'`),
  ],
);

/** The progress of one task of a run, as returned by `getActiveJobs`. */
export interface TaskRow {
  readonly taskType: string;
  readonly taskState: string;
  readonly numProcessed: number;
  readonly numProcessing: number;
  readonly numPending: number;
  readonly progress: number;
  readonly progressMessage: string;
  readonly lastProgressUpdate: string;
  readonly taskItemProgressArray: readonly {
    readonly itemName: string;
    readonly progress: number;
    readonly progressMessage: string;
    readonly lastProgressUpdate: string;
  }[];
}

/** Runs, active or ended. One that has ended is a job log. */
export const runs = pgTable(
  'runs',
  {
    id: id(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    triggerId: integer('trigger_id').references(() => triggers.id, { onDelete: 'set null' }),
    /** `<originalName>_YYYY-MM-DD-HH:MM:SS.mmm`. */
    name: text('name').notNull(),
    originalName: text('original_name').notNull(),
    kind: text('kind').$type<JobKind>().notNull(),
    details: jsonb('details').$type<JobPayloads[JobKind]>().notNull(),
    submitUserId: integer('submit_user_id')
      .notNull()
      .references(() => users.id),
    mailUserId: integer('mail_user_id')
      .notNull()
      .references(() => users.id),
    locale: text('locale'),
    description: text('description'),
    /** `New`, `WaitingClient`, `WaitingCoordinator`, `Running`, `Stopping` or `Done`. */
    state: text('state').notNull(),
    serverName: text('server_name').notNull().default(''),
    triggerTime: moment('trigger_time').notNull(),
    startDate: moment('start_date').notNull(),
    endDate: moment('end_date'),
    totalSize: bigint('total_size', { mode: 'number' }).notNull().default(0),
    /** Percent. */
    progress: integer('progress').notNull().default(0),
    progressMessage: text('progress_message').notNull().default(''),
    lastProgressUpdate: moment('last_progress_update').notNull(),
    tasks: jsonb('tasks').$type<readonly TaskRow[]>().notNull().default([]),
    counters: jsonb('counters').$type<RunCounters>().notNull(),
    fatalError: boolean('fatal_error').notNull().default(false),
    logType: text('log_type').notNull(),
    jobSubType: text('job_sub_type').notNull().default(''),
    stopRequested: boolean('stop_requested').notNull().default(false),
    /** No worker takes it until it is resumed. */
    paused: boolean('paused').notNull().default(false),
    /** Whether someone waits for it: a small job that was not scheduled. It takes the place of several others. */
    urgent: boolean('urgent').notNull().default(false),
    /** Its place among the runs that wait for a worker, by which companies take turns. 0 until it is enqueued. */
    turn: integer('turn').notNull().default(0),
    /** Counts the workers that claimed the run. Only the latest may write. */
    attempt: integer('attempt').notNull().default(0),
    /** Counts the workers that were lost while they ran it, since it last made progress. */
    losses: integer('losses').notNull().default(0),
    /** When its worker last reported, by the clock of the database. Only while a worker has it. */
    seenAt: moment('seen_at'),
    /** Whether a suspended run has work again: more files, or the request to end. */
    awaitsWorker: boolean('awaits_worker').notNull().default(false),
    /** Data of this run for later runs of the same job. */
    progressState: jsonb('progress_state').$type<Record<string, unknown>>().notNull().default({}),
    /** The name of the run that this one follows. */
    initiatingJobName: text('initiating_job_name'),
    /** Uploads by POST only: the client's address, and the time of its latest post. */
    sourceAddress: text('source_address'),
    lastPostAt: moment('last_post_at'),
    endRequested: boolean('end_requested').notNull().default(false),
    /** The trace of what created the run; null if there is none. */
    trace: jsonb('trace').$type<TraceCarrier>(),
  },
  (table) => [
    uniqueIndex('runs_name').on(table.companyId, table.name),
    index('runs_original_name').on(table.companyId, table.originalName, table.id),
    index('runs_state').on(table.state),
    index('runs_active').on(table.companyId, table.id).where(sql`${table.state} <> 'Done'`),
    index('runs_start').on(table.companyId, table.startDate),
    index('runs_trigger').on(table.triggerId).where(sql`${table.state} <> 'Done'`),
    index('runs_seen_files')
      .on(table.triggerId, table.id)
      .where(sql`jsonb_exists(${table.progressState}, 'seenFiles')`),
    index('runs_turns')
      .on(table.companyId, table.urgent, table.turn)
      .where(sql`${table.state} <> 'Done' and not ${table.paused}`),
    index('runs_of_kind').on(table.companyId, table.kind, table.id).where(sql`${table.state} <> 'Done'`),
    index('runs_waiting')
      .on(table.id)
      .where(sql`${table.state} in ('New', 'WaitingCoordinator', 'WaitingClient')`),
    index('runs_at_work').on(table.id).where(sql`${table.state} in ('Running', 'Stopping')`),
    index('runs_idle')
      .on(table.lastPostAt)
      .where(sql`${table.state} <> 'Done' and ${table.lastPostAt} is not null and not ${table.endRequested}`),
  ],
);

/** Finished items of a run. An item listed here is not done again, whichever worker takes over the run. */
export const runItems = pgTable(
  'run_items',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.key] })],
);

/** Files that were posted for a run. */
export const postedFiles = pgTable(
  'posted_files',
  {
    id: id(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Path from the company's root, including the file name. */
    path: text('path').notNull(),
    file: text('file').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
  },
  (table) => [index('posted_files_run').on(table.runId)],
);

/** A secondary row of a log row. */
export interface LogAuxRow {
  readonly logMessage: string;
  readonly logType: string;
}

export const logRows = pgTable(
  'log_rows',
  {
    id: id(),
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    logType: text('log_type').notNull(),
    message: text('message').notNull(),
    dateCreated: moment('date_created').notNull(),
    assetName: text('asset_name'),
    /** One of the Job Log File Types. */
    assetType: text('asset_type'),
    assetId: integer('asset_id'),
    aux: jsonb('aux').$type<readonly LogAuxRow[]>().notNull().default([]),
  },
  (table) => [index('log_rows_run').on(table.runId, table.id), index('log_rows_asset').on(table.assetId)],
);

/** Mails that were sent, or kept because no mail server is configured. */
export const mails = pgTable('mails', {
  id: id(),
  recipient: text('recipient').notNull(),
  subject: text('subject').notNull(),
  body: text('body').notNull(),
  runId: integer('run_id'),
  createdAt: moment('created_at').notNull(),
  /** `waiting`, `kept`, `sent`, or the error of the latest attempt. */
  outcome: text('outcome').notNull(),
});

/** Notifications to deliver, written in the transaction that causes them. A delivered one has no row. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    kind: text('kind').$type<'http' | 'mail'>().notNull(),
    /** URL or e-mail address. */
    target: text('target').notNull(),
    /** The content of a POST; that of a mail is in its row. */
    body: text('body').notNull().default(''),
    mailId: integer('mail_id').references(() => mails.id, { onDelete: 'cascade' }),
    /** What it is about, for the log. */
    about: text('about').notNull(),
    createdAt: moment('created_at').notNull(),
    /** Attempts so far. */
    attempts: integer('attempts').notNull().default(0),
    /** When it is to be attempted, or attempted again. */
    dueAt: moment('due_at').notNull(),
    /** The trace of what caused it; null if there is none. */
    trace: jsonb('trace').$type<TraceCarrier>(),
  },
  (table) => [index('outbox_due').on(table.dueAt)],
);

/** Recurring work of the server itself: the nightly cleanup. */
export const chores = pgTable('chores', {
  name: text('name').primaryKey(),
  dueAt: moment('due_at').notNull(),
  /** The time from which `dueAt` was computed. A time in the future means that the clock was set back. */
  scheduledAt: moment('scheduled_at').notNull(),
});

/** Files of an export that are ready to be packed into the archive. */
export const exportFiles = pgTable(
  'export_files',
  {
    runId: integer('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Position among the assets of the job. */
    position: integer('position').notNull(),
    /** Path in the archive. */
    path: text('path').notNull(),
    file: text('file').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** Archives that anyone who knows the token can download until they expire. */
export const exportArchives = pgTable(
  'export_archives',
  {
    /** Random, so that it cannot be guessed. */
    token: text('token').primaryKey(),
    companyId: integer('company_id')
      .notNull()
      .references(() => companies.id, { onDelete: 'cascade' }),
    runId: integer('run_id').notNull(),
    fileName: text('file_name').notNull(),
    file: text('file').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('export_archives_expires').on(table.expiresAt)],
);
