import type { JobSort, JobStage, JobsQuery, JobVerdictState } from '../api.js';
import { durationOf, type StoredRow } from './job-row.js';

/** What a query found. */
export interface FoundJobs {
  readonly rows: readonly StoredRow[];
  readonly total: number;
  readonly stages: Record<JobStage, number>;
  readonly states: Partial<Record<JobVerdictState, number>>;
}

/** A query with its defaults. */
export type CompleteQuery = JobsQuery & { readonly page: number; readonly pageSize: number };

const STAGE_ORDER: Readonly<Record<JobStage, number>> = { active: 0, scheduled: 1, completed: 2 };

/**
 * Filters, sorts and pages the rows of a board.
 *
 * @param user - The user who `me` means.
 */
export function queryJobs(
  rows: Iterable<StoredRow>,
  query: CompleteQuery,
  user: string,
  now: number,
): FoundJobs {
  const stages: Record<JobStage, number> = { scheduled: 0, active: 0, completed: 0 };
  const states: Partial<Record<JobVerdictState, number>> = {};
  const matches = matcher(query, user);
  const found: StoredRow[] = [];
  for (const row of rows) {
    if (!matches(row)) continue;
    stages[row.stage] += 1;
    if (query.stage !== undefined && row.stage !== query.stage) continue;
    states[row.state] = (states[row.state] ?? 0) + 1;
    if (query.state !== undefined && !query.state.includes(row.state)) continue;
    found.push(row);
  }
  found.sort(order(query, now));
  const start = (query.page - 1) * query.pageSize;
  return { rows: found.slice(start, start + query.pageSize), total: found.length, stages, states };
}

/** Whether a row matches all filters but stage and state. */
function matcher(query: JobsQuery, user: string): (row: StoredRow) => boolean {
  const users = query.user && new Set(query.user.map((one) => (one === 'me' ? user : one).toLowerCase()));
  const types = query.type && new Set(query.type);
  const servers = query.server && new Set(query.server);
  const words = (query.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const from = query.from === undefined ? undefined : Date.parse(query.from);
  const to = query.to === undefined ? undefined : Date.parse(query.to);
  return (row) => {
    if (types !== undefined && !types.has(row.type)) return false;
    if (users !== undefined && !users.has(row.submitUserEmail.toLowerCase())) return false;
    if (servers !== undefined && !servers.has(row.serverName ?? '')) return false;
    if (from !== undefined || to !== undefined) {
      const at = timeOf(row);
      if (from !== undefined && row.stage === 'completed' && at < from) return false;
      if (to !== undefined && at > to) return false;
    }
    if (words.length === 0) return true;
    const text = [
      row.originalName,
      row.name,
      row.handle,
      row.detail,
      row.destination,
      row.submitUserEmail,
      row.typeLabel,
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function timeOf({ nextFireTime, startDate, endDate }: StoredRow): number {
  const time = Date.parse(startDate ?? nextFireTime ?? endDate ?? '');
  return Number.isNaN(time) ? 0 : time;
}

function order({ sort, direction }: JobsQuery, now: number): (one: StoredRow, other: StoredRow) => number {
  if (sort === undefined) return byUrgency;
  const key = KEYS[sort];
  const sign = direction === 'desc' ? -1 : 1;
  return (one, other) => {
    const [a, b] = [key(one, now), key(other, now)];
    // What has no value comes last, in both directions.
    if (a === undefined || b === undefined) return a === b ? byUrgency(one, other) : a === undefined ? 1 : -1;
    const difference = typeof a === 'string' || typeof b === 'string' ? compare(String(a), String(b)) : a - b;
    return difference === 0 ? byUrgency(one, other) : sign * difference;
  };
}

const KEYS: Readonly<Record<JobSort, (row: StoredRow, now: number) => string | number | undefined>> = {
  name: ({ originalName }) => originalName.toLowerCase(),
  state: ({ state }) => state,
  type: ({ typeLabel }) => typeLabel,
  destination: ({ destination }) => destination?.toLowerCase(),
  started: ({ startDate }) => (startDate === undefined ? undefined : Date.parse(startDate)),
  duration: durationOf,
  total: ({ counts }) => counts.total,
  warnings: ({ counts }) => counts.warnings,
  errors: ({ counts }) => counts.errors,
  server: ({ serverName }) => serverName,
  user: ({ submitUserEmail }) => submitUserEmail,
};

/** What is active, then what comes next, then the latest. */
function byUrgency(one: StoredRow, other: StoredRow): number {
  const stage = STAGE_ORDER[one.stage] - STAGE_ORDER[other.stage];
  if (stage !== 0) return stage;
  const time = timeOf(one) - timeOf(other);
  if (time !== 0) return one.stage === 'scheduled' ? time : -time;
  return compare(one.handle, other.handle);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The values to offer in filters. */
export function facetsOf(rows: Iterable<StoredRow>) {
  const types = new Map<string, string>();
  const users = new Set<string>();
  const servers = new Set<string>();
  for (const { type, typeLabel, submitUserEmail, serverName } of rows) {
    types.set(type, typeLabel);
    if (submitUserEmail) users.add(submitUserEmail);
    if (serverName) servers.add(serverName);
  }
  return {
    types: [...types]
      .map(([type, label]) => ({ type, label }))
      .sort((one, other) => compare(one.label, other.label)),
    users: [...users].sort(compare),
    servers: [...servers].sort(compare),
  };
}
