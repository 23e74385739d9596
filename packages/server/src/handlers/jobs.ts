import type { ActiveJob, ScheduledJob } from '@ips-sdk/types';
import { type JobPayloads, jobDetails, type JobKind as KindName } from '@ips-sdk/types/jobs';
import { parseSchedule, ScheduleError } from '@ips-sdk/wire/schedule';
import { and, asc, desc, eq, gte, inArray, lte, type SQL, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { mayCallIn } from '../access/user-access.js';
import { findAsset } from '../assets/asset-store.js';
import type { RunRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { illegalRequestUser, invalidParameter, invalidRequestUser, missingParameter } from '../faults.js';
import { assetHandle, companyHandle, parseUserHandle, runHandle, triggerHandle } from '../handles.js';
import { jobKindOf } from '../job-kinds/registry.js';
import { followOnsOf } from '../jobs/follow-on.js';
import { ACTIVE_STATES } from '../jobs/job-engine.js';
import type { AreaHandlers } from './handler.js';

/** Most rows of an answer that is not in pages: logs of jobs, and log rows of an asset. */
const MOST_ROWS = 10_000;

/** Most runs whose logs come with their rows, for a name that many runs had: the latest ones. */
const MOST_DETAILED_RUNS = 100;

/** What an active job shows of its run: with many of them, each column costs. */
const ACTIVE_JOB_COLUMNS = {
  id: t.runs.id,
  companyId: t.runs.companyId,
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

/** Operations of jobs and job logs. */
export const jobHandlers: AreaHandlers = {
  submitJob: async (input, call) => {
    const found = jobDetails(input);
    if (found === undefined) throw missingParameter('the details of one kind of job, such as uploadUrlsJob,');
    if (input.execTime !== undefined && input.execSchedule !== undefined) {
      throw invalidParameter('execSchedule', input.execSchedule, 'either execTime or execSchedule, not both');
    }
    if (input.jobName.trim() === '' || /[|\p{Cc}]/u.test(input.jobName)) {
      throw invalidParameter('jobName', input.jobName, 'a name without "|" and control characters');
    }
    if (input.execSchedule !== undefined) checkSchedule(input.execSchedule);
    await jobKindOf(found.kind).check?.(found.details as never, call);
    for (const { kind, details } of followOnsOf(found.details)) {
      await jobKindOf(kind).check?.(details as never, call);
    }
    const recipient =
      input.userHandle === undefined ? undefined : await userInCompany(input.userHandle, call);
    const jobHandle = await call.services.jobs.submit({
      company: companyOf(call),
      submitter: call.identity.user,
      mailUserId: recipient?.id,
      kind: found.kind,
      details: found.details as JobPayloads[KindName],
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
      const { trigger } = await call.services.jobs.find(companyOf(call), input.jobHandle);
      conditions.push(trigger === undefined ? sql`false` : eq(t.triggers.id, trigger.id));
    }
    const rows = await call.db
      .select({ trigger: t.triggers, email: t.users.email })
      .from(t.triggers)
      .innerJoin(t.users, eq(t.users.id, t.triggers.submitUserId))
      .where(and(...conditions))
      .orderBy(asc(t.triggers.id));
    const busy = await call.db
      .select({ id: t.runs.triggerId })
      .from(t.runs)
      .where(inArray(t.runs.state, [...ACTIVE_STATES]));
    const blocked = new Set(busy.map(({ id }) => id));
    return {
      jobArray: rows.map(({ trigger, email }) => {
        const kind = trigger.kind as KindName;
        const job: ScheduledJob = {
          companyHandle: companyHandle(trigger.companyId),
          jobHandle: triggerHandle(trigger.companyId, trigger.name),
          name: trigger.name,
          originalName: trigger.name,
          type: jobKindOf(kind).type,
          submitUserEmail: email,
          triggerState: trigger.state === 'Normal' && blocked.has(trigger.id) ? 'Blocked' : trigger.state,
          timeZone: call.services.config.timeZone,
          ...(trigger.locale === null ? {} : { locale: trigger.locale }),
          ...(trigger.description === null ? {} : { description: trigger.description }),
          ...(trigger.execSchedule === null ? {} : { execSchedule: trigger.execSchedule }),
          ...(trigger.nextFireTime === null ? {} : { nextFireTime: trigger.nextFireTime.toISOString() }),
          [kind]: shownDetails(kind, trigger.details),
        };
        return job;
      }),
    };
  },

  getActiveJobs: async (input, call) => {
    const states = input.includeWaitingJobs === false ? ['Running', 'Stopping'] : [...ACTIVE_STATES];
    const conditions: SQL[] = [inArray(t.runs.state, states), companyCondition(call, t.runs.companyId)];
    if (input.originalName !== undefined) conditions.push(eq(t.runs.originalName, input.originalName));
    if (input.jobHandle !== undefined) {
      const { runs } = await call.services.jobs.find(companyOf(call), input.jobHandle);
      const ids = runs.map(({ id }) => id);
      conditions.push(ids.length === 0 ? sql`false` : inArray(t.runs.id, ids));
    }
    const rows = await call.db
      .select({ run: ACTIVE_JOB_COLUMNS, email: t.users.email })
      .from(t.runs)
      .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
      .where(and(...conditions))
      .orderBy(asc(t.runs.id));
    return { jobArray: rows.map(({ run, email }) => activeJob(run, email)) };
  },

  getJobLogs: async (input, call) => {
    const conditions: SQL[] = [companyCondition(call, t.runs.companyId)];
    if (input.startDate !== undefined) conditions.push(gte(t.runs.startDate, new Date(input.startDate)));
    if (input.endDate !== undefined) conditions.push(lte(t.runs.startDate, new Date(input.endDate)));
    if (input.userHandle !== undefined) {
      conditions.push(eq(t.runs.submitUserId, (await userInCompany(input.userHandle, call)).id));
    }
    if (input.numRows !== undefined && input.numRows < 1) {
      throw invalidParameter('numRows', input.numRows, 'at least 1');
    }
    const direction = input.sortDirection === 'Descending' ? desc : asc;
    const rows = await call.db
      .select({ run: t.runs, email: t.users.email })
      .from(t.runs)
      .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
      .innerJoin(t.companies, eq(t.companies.id, t.runs.companyId))
      .where(and(...conditions))
      .orderBy(direction(sortColumn(input.sortBy)), direction(t.runs.id))
      .limit(Math.min(input.numRows ?? MOST_ROWS, MOST_ROWS));
    return { jobLogArray: rows.map(({ run, email }) => jobLog(run, email)) };
  },

  getJobLogDetails: async (input, call) => {
    const company = companyOf(call);
    const perPage = Math.min(input.recordsPerPage ?? 1000, 1000);
    const page = input.resultsPage ?? 1;
    if (perPage < 1) throw invalidParameter('recordsPerPage', perPage, '1 to 1000');
    if (page < 1) throw invalidParameter('resultsPage', page, 'at least 1');
    if (input.jobHandle === undefined && input.originalName === undefined) {
      throw missingParameter('jobHandle or originalName');
    }
    const runs = await runsOfLog(input.jobHandle, input.originalName, company, call);
    const direction = input.sortDirection === 'Descending' ? desc : asc;
    const order =
      input.sortBy === 'LogType'
        ? [direction(t.logRows.logType), direction(t.logRows.id)]
        : [direction(t.logRows.id)];
    const jobLogArray = [];
    for (const { run, email } of runs) {
      const conditions: SQL[] = [eq(t.logRows.runId, run.id)];
      if (input.logTypeArray !== undefined && input.logTypeArray.length > 0) {
        conditions.push(inArray(t.logRows.logType, [...input.logTypeArray]));
      }
      const where = and(...conditions);
      const rows = await call.db
        .select()
        .from(t.logRows)
        .where(where)
        .orderBy(...order)
        .limit(perPage)
        .offset((page - 1) * perPage);
      const detailTotalRows = await call.db.$count(t.logRows, where);
      jobLogArray.push({ ...jobLog(run, email), detailTotalRows, detailArray: rows.map(logDetail) });
    }
    return { jobLogArray };
  },

  getAssetJobLogs: async (input, call) => {
    const company = companyOf(call);
    const { id: assetId } = await findAsset(call.db, company.id, input.assetHandle);
    const rows = await call.db
      .select({ row: t.logRows, run: t.runs, email: t.users.email })
      .from(t.logRows)
      .innerJoin(t.runs, eq(t.runs.id, t.logRows.runId))
      .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
      .where(and(eq(t.logRows.assetId, assetId), eq(t.runs.companyId, company.id)))
      .orderBy(desc(t.logRows.id))
      .limit(MOST_ROWS);
    return {
      jobLogArray: rows.toReversed().map(({ row, run, email }) => ({
        jobHandle: runHandle(run),
        jobName: run.name,
        logMessage: row.message,
        logType: row.logType,
        submitUserEmail: email,
        logDate: row.dateCreated.toISOString(),
        ...(row.aux.length === 0 ? {} : { auxArray: row.aux.map((aux) => ({ ...aux })) }),
      })),
    };
  },

  stopJob: async (input, call) => {
    await call.services.jobs.stopRuns(companyOf(call), input.jobHandle);
    return {};
  },
  pauseJob: async (input, call) => {
    await call.services.jobs.pause(companyOf(call), input.jobHandle);
    return {};
  },
  resumeJob: async (input, call) => {
    await call.services.jobs.resume(companyOf(call), input.jobHandle);
    return {};
  },
  executeJob: async (input, call) => {
    await call.services.jobs.executeNow(companyOf(call), input.jobHandle);
    return {};
  },
  deleteJob: async (input, call) => {
    await call.services.jobs.delete(companyOf(call), input.jobHandle);
    return {};
  },
};

function checkSchedule(text: string): void {
  try {
    parseSchedule(text);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw invalidParameter('execSchedule', text, error.message);
  }
}

/** Jobs of the company that is asked for; without one, of all companies of the caller. */
function companyCondition(call: Call, column: typeof t.runs.companyId | typeof t.triggers.companyId): SQL {
  if (call.company !== undefined) return eq(column, call.company.id);
  if (call.identity.user.isIpsAdmin) return sql`true`;
  // Each company by the caller's role in it: what one role allows, another company's does not.
  const own = call.identity.memberships
    .filter(({ company }) => mayCallIn(call, company))
    .map(({ company }) => company.id);
  return own.length === 0 ? sql`false` : inArray(column, own);
}

/** A user whom a request names, and who must be in the company; without one, in any company of the caller. */
async function userInCompany(handle: string, call: Call): Promise<UserRow> {
  const id = parseUserHandle(handle);
  const [user] = id === undefined ? [] : await call.db.select().from(t.users).where(eq(t.users.id, id));
  if (user === undefined) throw invalidRequestUser(handle);
  if (user.isIpsAdmin || call.identity.user.id === user.id) return user;
  if (call.company === undefined && call.identity.user.isIpsAdmin) return user;
  const companies =
    call.company !== undefined
      ? [call.company.id]
      : call.identity.memberships.map(({ company }) => company.id);
  const [member] = await call.db
    .select({ role: t.memberships.role })
    .from(t.memberships)
    .where(and(eq(t.memberships.userId, user.id), inArray(t.memberships.companyId, [...companies, -1])))
    .limit(1);
  if (member === undefined) throw illegalRequestUser(handle);
  return user;
}

function activeJob(run: Pick<RunRow, keyof typeof ACTIVE_JOB_COLUMNS>, email: string): ActiveJob {
  const kind = run.kind as KindName;
  return {
    companyHandle: companyHandle(run.companyId),
    jobHandle: runHandle(run),
    name: run.name,
    originalName: run.originalName,
    type: jobKindOf(kind).type,
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
      taskItemProgressArray: task.taskItemProgressArray.map((item) => ({ ...item })),
    })),
    [kind]: shownDetails(kind, run.details),
  };
}

function shownDetails(kind: KindName, details: JobPayloads[KindName]): JobPayloads[KindName] {
  const { shown } = jobKindOf(kind);
  return shown === undefined ? details : shown(details as never);
}

function jobLog(run: RunRow, email: string) {
  const { counters } = run;
  return {
    companyHandle: companyHandle(run.companyId),
    jobHandle: runHandle(run),
    jobName: run.name,
    originalJobName: run.originalName,
    submitUserEmail: email,
    logType: run.logType,
    jobSubType: run.jobSubType,
    startDate: run.startDate.toISOString(),
    ...(run.endDate === null ? {} : { endDate: run.endDate.toISOString() }),
    description: run.description ?? '',
    fileSuccessCount: counters.success,
    fileErrorCount: counters.error,
    fileWarningCount: counters.warning,
    fileDuplicateCount: counters.duplicate,
    fileUpdateCount: counters.update,
    totalFileCount: counters.total,
    transferSuccessCount: counters.transferSuccess,
    transferErrorCount: counters.transferError,
    transferWarningCount: counters.transferWarning,
    fatalError: run.fatalError,
  };
}

function logDetail(row: typeof t.logRows.$inferSelect) {
  return {
    logMessage: row.message,
    logType: row.logType,
    dateCreated: row.dateCreated.toISOString(),
    ...(row.assetName === null ? {} : { assetName: row.assetName }),
    ...(row.assetType === null ? {} : { assetType: row.assetType }),
    ...(row.assetId === null ? {} : { assetHandle: assetHandle(row.assetId) }),
    ...(row.aux.length === 0 ? {} : { auxArray: row.aux.map((aux) => ({ ...aux })) }),
  };
}

async function runsOfLog(
  handle: string | undefined,
  originalName: string | undefined,
  company: { id: number },
  call: Call,
) {
  const conditions: SQL[] = [eq(t.runs.companyId, company.id)];
  if (originalName !== undefined) conditions.push(eq(t.runs.originalName, originalName));
  if (handle !== undefined) {
    const { runs } = await call.services.jobs.find(companyOf(call), handle);
    const ids = runs.map(({ id }) => id);
    conditions.push(ids.length === 0 ? sql`false` : inArray(t.runs.id, ids));
  }
  const rows = await call.db
    .select({ run: t.runs, email: t.users.email })
    .from(t.runs)
    .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
    .where(and(...conditions))
    .orderBy(desc(t.runs.id))
    .limit(MOST_DETAILED_RUNS);
  return rows.toReversed();
}

function sortColumn(sortBy: string | undefined): SQL {
  const counters = t.runs.counters;
  switch (sortBy) {
    case 'JobName':
      return sql`${t.runs.name}`;
    case 'LogType':
      return sql`${t.runs.logType}`;
    case 'CompanyName':
      return sql`${t.companies.name}`;
    case 'UserId':
      return sql`${t.runs.submitUserId}`;
    case 'Email':
      return sql`${t.users.email}`;
    case 'FileErrorCount':
      return sql`(${counters}->>'error')::int`;
    case 'FileWarningCount':
      return sql`(${counters}->>'warning')::int`;
    case 'FileSuccessCount':
      return sql`(${counters}->>'success')::int`;
    default:
      return sql`${t.runs.startDate}`;
  }
}
