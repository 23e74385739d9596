import type { ActiveJob, ScheduledJob } from '@ips-sdk/types';
import { type JobPayloads, jobDetails, type JobKind as KindName } from '@ips-sdk/types/jobs';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import { jobSight, requireOwnJob } from '../access/permissions/own-jobs.js';
import type { ServerConfig } from '../config.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, RunRow, TriggerRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { missingParameter } from '../faults.js';
import { companyHandle, runHandle, triggerHandle } from '../handles.js';
import { jobKindOf } from '../job-kinds/registry.js';
import { CLEANUP_SCHEDULE } from '../jobs/recovery.js';
import { nextFireTime } from '../jobs/submission.js';
import type { AreaHandlers, HandlerCall } from './handler.js';
import { companyCondition, MOST_ROWS, userInCompany } from './job-scope.js';

/** The columns of a run that an active job shows: with many jobs, each column costs time. */
const ACTIVE_JOB_COLUMNS = {
  id: t.runs.id,
  companyId: t.runs.companyId,
  submitUserId: t.runs.submitUserId,
  name: t.runs.name,
  originalName: t.runs.originalName,
  kind: t.runs.kind,
  details: t.runs.details,
  state: t.runs.state,
  locale: t.runs.locale,
  description: t.runs.description,
  serverName: t.runs.serverName,
  startDate: t.runs.startDate,
  triggerTime: t.runs.triggerTime,
  totalSize: t.runs.totalSize,
  progress: t.runs.progress,
  progressMessage: t.runs.progressMessage,
  lastProgressUpdate: t.runs.lastProgressUpdate,
  tasks: t.runs.tasks,
};

/** Operations on jobs: submitting, listing and controlling them. */
export const jobHandlers: AreaHandlers = {
  submitJob: async (input, call) => {
    const found = jobDetails(input);
    if (found === undefined) throw missingParameter('the details of one kind of job, such as uploadUrlsJob,');
    const recipient =
      input.userHandle === undefined ? undefined : await userInCompany(input.userHandle, call);
    const jobHandle = await call.jobs.submit({
      company: companyOf(call),
      submitter: call.identity.user,
      mailUserId: recipient?.id,
      kind: found.kind,
      details: found.details,
      name: input.jobName,
      locale: input.locale,
      description: input.description,
      execTime: input.execTime === undefined ? undefined : new Date(input.execTime),
      execSchedule: input.execSchedule,
    });
    return { jobHandle };
  },

  getScheduledJobs: async (input, call) => {
    const conditions: SQL[] = [
      sql`${t.triggers.state} <> 'Complete'`,
      companyCondition(call, t.triggers.companyId),
    ];
    if (input.originalName !== undefined) conditions.push(eq(t.triggers.name, input.originalName));
    if (input.jobHandle !== undefined) {
      const { trigger } = await call.jobs.find(companyOf(call), input.jobHandle);
      conditions.push(trigger === undefined ? sql`false` : eq(t.triggers.id, trigger.id));
    }
    const rows = await call.db
      .select({ trigger: t.triggers, email: t.users.email, settings: t.companies.settings })
      .from(t.triggers)
      .innerJoin(t.users, eq(t.users.id, t.triggers.submitUserId))
      .innerJoin(t.companies, eq(t.companies.id, t.triggers.companyId))
      .where(and(...conditions))
      .orderBy(asc(t.triggers.id));
    const ids = rows.map(({ trigger }) => trigger.id);
    const busy =
      ids.length === 0
        ? []
        : await call.db
            .selectDistinct({ id: t.runs.triggerId })
            .from(t.runs)
            // As in the condition of the index.
            .where(and(anyOf(t.runs.triggerId, ids), sql`${t.runs.state} <> 'Done'`));
    const blocked = new Set(busy.map(({ id }) => id));
    const sees = await jobSight(call);
    const cleanup = showsCleanup(input, call) ? [cleanupJob(call)] : [];
    return {
      jobArray: [
        ...cleanup,
        ...rows.map(({ trigger, ...owner }) => ({
          ...scheduledJob({ trigger, ...owner }, blocked.has(trigger.id), call.services.config),
          ...(sees(trigger) ? detailsOf(trigger, owner) : {}),
        })),
      ],
    };
  },

  getActiveJobs: async (input, call) => {
    const conditions: SQL[] = [companyCondition(call, t.runs.companyId)];
    if (input.originalName !== undefined) conditions.push(eq(t.runs.originalName, input.originalName));
    if (input.jobHandle !== undefined) {
      const { runs } = await call.jobs.find(companyOf(call), input.jobHandle);
      const active = runs.filter(({ state }) => state !== 'Done');
      conditions.push(
        anyOf(
          t.runs.id,
          active.map(({ id }) => id),
        ),
      );
    }
    const ids = await activeRuns(call.db, and(...conditions), input.includeWaitingJobs !== false);
    const rows =
      ids.length === 0
        ? []
        : await call.db
            .select({ run: ACTIVE_JOB_COLUMNS, email: t.users.email })
            .from(t.runs)
            .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
            // Some may have ended since.
            .where(and(anyOf(t.runs.id, ids), sql`${t.runs.state} <> 'Done'`))
            .orderBy(asc(t.runs.id));
    const settings = await settingsOf(
      call,
      rows.map(({ run }) => run.companyId),
    );
    const sees = await jobSight(call);
    return {
      jobArray: rows.map(({ run, email }) => {
        const owner = { email, settings: settings.get(run.companyId) ?? {} };
        const isSeen = sees(run);
        return { ...activeJob(run, owner, isSeen), ...(isSeen ? detailsOf(run, owner) : {}) };
      }),
    };
  },

  stopJob: async (input, call) => {
    await requireControl(call, input.jobHandle);
    await call.jobs.stopRuns(companyOf(call), input.jobHandle);
    return {};
  },
  pauseJob: async (input, call) => {
    await requireControl(call, input.jobHandle);
    await call.jobs.pause(companyOf(call), input.jobHandle);
    return {};
  },
  resumeJob: async (input, call) => {
    await requireControl(call, input.jobHandle);
    await call.jobs.resume(companyOf(call), input.jobHandle);
    return {};
  },
  executeJob: async (input, call) => {
    await requireControl(call, input.jobHandle);
    await call.jobs.executeNow(companyOf(call), input.jobHandle);
    return {};
  },
  deleteJob: async (input, call) => {
    await requireControl(call, input.jobHandle);
    await call.jobs.delete(companyOf(call), input.jobHandle);
    return {};
  },
};

/**
 * The numbers of active runs, at most {@link MOST_ROWS}: those at work, then those that have waited longest. The response has no pages, and
 * all runs that wait may be more than fit into memory.
 */
async function activeRuns(db: Db, where: SQL | undefined, includesWaiting: boolean): Promise<number[]> {
  // As in the conditions of the indexes.
  const runs = (states: SQL): SQL =>
    sql`(select ${t.runs.id} as id from ${t.runs} where ${and(where, states, sql`${t.runs.state} <> 'Done'`)} order by ${t.runs.id} limit ${MOST_ROWS}::int)`;
  const atWork = runs(sql`${t.runs.state} in ('Running', 'Stopping')`);
  const waiting = runs(sql`${t.runs.state} not in ('Running', 'Stopping')`);
  const { rows } = await db.execute<{ id: number }>(
    includesWaiting ? sql`${atWork} union all ${waiting} limit ${MOST_ROWS}::int` : atWork,
  );
  return rows.map(({ id }) => id);
}

/**
 * Checks that the caller may control a job: all of it that has not ended.
 *
 * @throws IpsFault 30001 if there is no such job, 20009 if it is of another user and permissions restrict the caller.
 */
function requireControl(call: HandlerCall, jobHandle: string): Promise<void> {
  const unfinished = async () => {
    const { trigger, runs } = await call.jobs.find(companyOf(call), jobHandle);
    const scheduled = trigger === undefined || trigger.state === 'Complete' ? [] : [trigger];
    return [...scheduled, ...runs.filter(({ state }) => state !== 'Done')];
  };
  return requireOwnJob(call, unfinished, jobHandle);
}

/** The submitter of a job, and the settings of its company. */
interface JobOwner {
  readonly email: string;
  readonly settings: CompanyRow['settings'];
}

/** A scheduled job, without its details. */
function scheduledJob(
  { trigger, email }: Pick<JobOwner, 'email'> & { readonly trigger: TriggerRow },
  blocked: boolean,
  { timeZone, submittedJobForm }: ServerConfig,
): ScheduledJob {
  return {
    companyHandle: companyHandle(trigger.companyId),
    jobHandle: triggerHandle(trigger.companyId, trigger.name, submittedJobForm),
    name: trigger.name,
    originalName: trigger.name,
    type: jobKindOf(trigger.kind).type,
    submitUserEmail: email,
    triggerState: trigger.state === 'Normal' && blocked ? 'Blocked' : trigger.state,
    timeZone,
    ...(trigger.locale === null ? {} : { locale: trigger.locale }),
    ...(trigger.description === null ? {} : { description: trigger.description }),
    ...(trigger.execSchedule === null ? {} : { execSchedule: trigger.execSchedule }),
    ...(trigger.nextFireTime === null ? {} : { nextFireTime: trigger.nextFireTime.toISOString() }),
  };
}

/** Whether a request includes the job of the system company, and the caller may see it. */
function showsCleanup(
  {
    jobHandle,
    originalName,
  }: { readonly jobHandle?: string | undefined; readonly originalName?: string | undefined },
  { company, identity }: HandlerCall,
): boolean {
  if (jobHandle !== undefined || originalName !== undefined || !identity.user.isIpsAdmin) return false;
  return company === undefined || company.id === SHARED_COMPANY.id;
}

/** The nightly cleanup. It does not belong to a company and has neither kind nor details. */
function cleanupJob({ services, now }: HandlerCall): ScheduledJob {
  const { timeZone, submittedJobForm } = services.config;
  const next = nextFireTime(CLEANUP_SCHEDULE, now, timeZone);
  return {
    companyHandle: companyHandle(SHARED_COMPANY.id),
    jobHandle: triggerHandle(SHARED_COMPANY.id, 'Cleanup', submittedJobForm),
    name: 'Cleanup',
    originalName: '',
    type: 'Cleanup',
    submitUserEmail: 'system@localhost',
    execSchedule: CLEANUP_SCHEDULE,
    ...(next === undefined ? {} : { nextFireTime: next.toISOString() }),
    timeZone,
    triggerState: 'Normal',
  };
}

/**
 * An active job, without its details.
 *
 * @param withItems - Whether its tasks show the files that they process.
 */
function activeJob(
  run: Pick<RunRow, keyof typeof ACTIVE_JOB_COLUMNS>,
  { email }: JobOwner,
  withItems: boolean,
): ActiveJob {
  return {
    companyHandle: companyHandle(run.companyId),
    jobHandle: runHandle(run),
    name: run.name,
    originalName: run.originalName,
    type: jobKindOf(run.kind).type,
    state: run.state,
    submitUserEmail: email,
    ...(run.locale === null ? {} : { locale: run.locale }),
    ...(run.description === null ? {} : { description: run.description }),
    serverName: run.serverName,
    startDate: run.startDate.toISOString(),
    triggerTime: run.triggerTime.toISOString(),
    totalSize: Math.min(run.totalSize, 2147483647),
    progress: run.progress,
    progressMessage: run.progressMessage,
    lastProgressUpdate: run.lastProgressUpdate.toISOString(),
    taskProgressArray: run.tasks.map((task) => ({
      ...task,
      taskItemProgressArray: withItems ? task.taskItemProgressArray.map((item) => ({ ...item })) : [],
    })),
  };
}

/** The settings of companies, read once for each company rather than for each of its jobs. */
async function settingsOf(
  { db }: HandlerCall,
  companyIds: readonly number[],
): Promise<ReadonlyMap<number, CompanyRow['settings']>> {
  const ids = [...new Set(companyIds)];
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: t.companies.id, settings: t.companies.settings })
    .from(t.companies)
    .where(anyOf(t.companies.id, ids));
  return new Map(rows.map(({ id, settings }) => [id, settings]));
}

/** What a job is about: the field of its kind. */
function detailsOf(
  { kind, details }: { readonly kind: KindName; readonly details: JobPayloads[KindName] },
  { settings }: Pick<JobOwner, 'settings'>,
): Partial<JobPayloads> {
  const { shown } = jobKindOf(kind);
  return { [kind]: shown === undefined ? details : shown(details, settings) };
}
