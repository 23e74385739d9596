import { and, desc, eq, exists, gte, inArray, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { permittedAsset } from '../assets/permitted-objects.js';
import { anyOf, anyTextOf } from '../db/any-of.js';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { assetHandle, companyHandle, runHandle } from '../handles.js';
import { kinds } from '../job-kinds/registry.js';
import { LATEST_RUNS } from '../jobs/find-job.js';
import { RUN_LOG_TYPES } from '../jobs/log-types.js';
import { sortDirectionOf } from '../search/sort-direction.js';
import type { AreaHandlers, HandlerCall } from './handler.js';
import { companyCondition, MOST_ROWS, userInCompany } from './job-scope.js';

/** Maximum runs in a response with log rows: the latest ones, for a name shared by many runs or for a whole company. */
const MOST_DETAILED_RUNS = LATEST_RUNS;

/** The columns of a run that its log shows. Others, such as the files that a directory had, may be large. */
const LOG_COLUMNS = {
  id: t.runs.id,
  companyId: t.runs.companyId,
  name: t.runs.name,
  originalName: t.runs.originalName,
  logType: t.runs.logType,
  jobSubType: t.runs.jobSubType,
  startDate: t.runs.startDate,
  endDate: t.runs.endDate,
  description: t.runs.description,
  counters: t.runs.counters,
  fatalError: t.runs.fatalError,
  submitUserId: t.runs.submitUserId,
};

type LoggedRun = Pick<RunRow, keyof typeof LOG_COLUMNS>;

/** Operations on job logs. */
export const jobLogHandlers: AreaHandlers = {
  getJobLogs: async (input, call) => {
    const conditions: SQL[] = [companyCondition(call, t.runs.companyId)];
    if (input.startDate !== undefined) conditions.push(gte(t.runs.startDate, new Date(input.startDate)));
    // Runs that have not ended have no end date.
    if (input.endDate !== undefined) conditions.push(lte(t.runs.endDate, new Date(input.endDate)));
    if (input.userHandle !== undefined) {
      conditions.push(eq(t.runs.submitUserId, (await userInCompany(input.userHandle, call)).id));
    }
    if (input.numRows !== undefined && input.numRows < 1) {
      throw invalidParameter('numRows', input.numRows, 'at least 1');
    }
    const direction = sortDirectionOf(input.sortDirection);
    const rows = await call.db
      .select({ run: LOG_COLUMNS, email: t.users.email })
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
    const runs = await runsOfLog(input.jobHandle, input.originalName, company, call);
    const direction = sortDirectionOf(input.sortDirection);
    const { sortBy = 'Date' } = input;
    if (sortBy !== 'Date' && sortBy !== 'LogType')
      throw invalidParameter('sortBy', sortBy, 'Date or LogType');
    const order =
      sortBy === 'LogType'
        ? [direction(t.logRows.logType), direction(t.logRows.id)]
        : [direction(t.logRows.id)];
    const readable = await readableRows(call);
    const jobLogArray = [];
    for (const { run, email } of runs) {
      const conditions: SQL[] = [eq(t.logRows.runId, run.id)];
      // Submitters see why an asset was refused to them.
      if (readable !== undefined && run.submitUserId !== call.identity.user.id) conditions.push(readable);
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
    const { id: assetId } = await permittedAsset(call, input.assetHandle, READ);
    const rows = await call.db
      .select({ row: t.logRows, run: LOG_COLUMNS, email: t.users.email })
      .from(t.logRows)
      .innerJoin(t.runs, eq(t.runs.id, t.logRows.runId))
      .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
      .where(
        and(
          eq(t.logRows.assetId, assetId),
          eq(t.runs.companyId, company.id),
          // Only results, not the start of work on an asset.
          ne(t.logRows.logType, 'FileBegin'),
        ),
      )
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
};

/** The log types of rows about runs, of all kinds of jobs. */
const ABOUT_RUNS: readonly string[] = [
  ...new Set([
    ...RUN_LOG_TYPES,
    ...Object.values(kinds).flatMap(({ logTypes: { begin, end } }) => [begin, end]),
  ]),
];

/**
 * The rows of the jobs of others that the caller may read: those of readable assets, and those about the run itself. Others name files and
 * folders, as those of failed uploads do, or contain the link of an export, which is the key to all its files.
 *
 * @returns `undefined` if permissions restrict nothing.
 */
async function readableRows(call: HandlerCall): Promise<SQL | undefined> {
  const assets = await assetCondition(call.db, await callerOf(call), READ);
  if (assets === undefined) return undefined;
  const readable = call.db
    .select({ id: t.assets.id })
    .from(t.assets)
    .where(and(eq(t.assets.companyId, companyOf(call).id), eq(t.assets.id, t.logRows.assetId), assets));
  const aboutRun = and(
    isNull(t.logRows.assetId),
    isNull(t.logRows.assetName),
    anyTextOf(t.logRows.logType, ABOUT_RUNS),
  );
  return or(aboutRun, exists(readable));
}

function jobLog(run: LoggedRun, email: string) {
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
  call: HandlerCall,
) {
  const conditions: SQL[] = [eq(t.runs.companyId, company.id)];
  if (originalName !== undefined) conditions.push(eq(t.runs.originalName, originalName));
  if (handle !== undefined) {
    const { runs } = await call.jobs.find(companyOf(call), handle);
    const ids = runs.map(({ id }) => id);
    conditions.push(anyOf(t.runs.id, ids));
  }
  const rows = await call.db
    .select({ run: LOG_COLUMNS, email: t.users.email })
    .from(t.runs)
    .innerJoin(t.users, eq(t.users.id, t.runs.submitUserId))
    .where(and(...conditions))
    .orderBy(desc(t.runs.id))
    .limit(MOST_DETAILED_RUNS);
  return rows.toReversed();
}

/** @throws IpsFault 30001 for a field that logs are not sorted by. */
function sortColumn(sortBy = 'StartDate'): SQL {
  const column = Object.hasOwn(SORT_COLUMNS, sortBy) ? SORT_COLUMNS[sortBy] : undefined;
  if (column === undefined)
    throw invalidParameter('sortBy', sortBy, `one of ${Object.keys(SORT_COLUMNS).join(', ')}`);
  return column;
}

const { counters } = t.runs;

const SORT_COLUMNS: Readonly<Record<string, SQL>> = {
  JobName: sql`${t.runs.name}`,
  LogType: sql`${t.runs.logType}`,
  StartDate: sql`${t.runs.startDate}`,
  CompanyName: sql`${t.companies.name}`,
  UserId: sql`${t.runs.submitUserId}`,
  Email: sql`${t.users.email}`,
  FileErrorCount: sql`(${counters}->>'error')::int`,
  FileWarningCount: sql`(${counters}->>'warning')::int`,
  FileSuccessCount: sql`(${counters}->>'success')::int`,
};
