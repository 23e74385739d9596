import type { JobSort, JobStage, JobsQuery, JobVerdictState } from '../api/contract.ts';
import { choiceOf, choicesOf, type RawSearch, textOf, textsOf, withoutAbsent } from '../routing/search.ts';

/** A period back from now, or `all`. */
export type Period = '24h' | '7d' | '30d' | 'all';

/** What the URL of the list contains. A link to it is the view. */
export interface JobsSearch {
  readonly stage?: JobStage;
  readonly state?: readonly JobVerdictState[];
  readonly type?: readonly string[];
  readonly user?: readonly string[];
  readonly server?: readonly string[];
  readonly text?: string;
  /** Default: `7d`. */
  readonly period?: Period;
  /** Days such as `2026-11-25`, in the viewer's zone, instead of a period. */
  readonly from?: string;
  readonly to?: string;
  readonly sort?: JobSort;
  readonly direction?: 'asc' | 'desc';
}

export const STAGES: readonly JobStage[] = ['active', 'scheduled', 'completed'];

/** In the order in which they are offered, with their words. */
export const STATES: readonly { readonly value: JobVerdictState; readonly label: string }[] = [
  { value: 'running', label: 'Running' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'stopping', label: 'Stopping' },
  { value: 'paused', label: 'Paused' },
  { value: 'scheduled', label: 'Scheduled' },
  { value: 'scheduleError', label: 'Schedule error' },
  { value: 'failed', label: 'Files failed' },
  { value: 'fatal', label: 'Failed' },
  { value: 'warnings', label: 'Warnings' },
  { value: 'completed', label: 'Completed' },
  { value: 'stopped', label: 'Stopped' },
];

export const PERIODS: readonly { readonly value: Period; readonly label: string }[] = [
  { value: '24h', label: 'last 24 hours' },
  { value: '7d', label: 'last 7 days' },
  { value: '30d', label: 'last 30 days' },
  { value: 'all', label: 'any time' },
];

const SORTS: readonly JobSort[] = [
  'name',
  'state',
  'type',
  'destination',
  'started',
  'duration',
  'total',
  'warnings',
  'errors',
  'server',
  'user',
];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HOUR = 3_600_000;
const HOURS: Readonly<Record<Exclude<Period, 'all'>, number>> = { '24h': 24, '7d': 168, '30d': 720 };
/** Before the first job of any service. */
const BEGINNING = '2000-01-01T00:00:00Z';

/** Reads the URL; what it does not understand counts as absent. */
export function readJobsSearch(search: RawSearch): JobsSearch {
  return withoutAbsent({
    stage: choiceOf(search['stage'], STAGES),
    state: choicesOf(
      search['state'],
      STATES.map(({ value }) => value),
    ),
    type: textsOf(search['type']),
    user: textsOf(search['user']),
    server: textsOf(search['server']),
    text: textOf(search['text']),
    period: choiceOf(
      search['period'],
      PERIODS.map(({ value }) => value),
    ),
    from: dayOf(search['from']),
    to: dayOf(search['to']),
    sort: choiceOf(search['sort'], SORTS),
    direction: choiceOf(search['direction'], ['asc', 'desc'] as const),
  });
}

/** Whether anything but tab and order narrows the list. */
export function hasFilters({
  stage: _stage,
  sort: _sort,
  direction: _direction,
  ...filters
}: JobsSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** How many filters are set, for the button of a phone. */
export function countFilters({ state, type, user, server, period, from, to }: JobsSearch): number {
  const others = [state, type, user, server].filter((value) => value !== undefined).length;
  return others + (period !== undefined || from !== undefined || to !== undefined ? 1 : 0);
}

/** The query of the host. The beginning of a period is rounded down to a minute, so that pages of one list agree. */
export function toJobsQuery(search: JobsSearch, now: number): JobsQuery {
  const { period, from, to, ...same } = search;
  const start = from === undefined ? periodStart(period, now) : startOfDay(from);
  return { ...same, from: start, ...(to === undefined ? {} : { to: endOfDay(to) }) };
}

function periodStart(period: Period = '7d', now: number): string {
  if (period === 'all') return BEGINNING;
  const minute = Math.floor((now - HOURS[period] * HOUR) / 60_000) * 60_000;
  return new Date(minute).toISOString();
}

function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59.999`).toISOString();
}

function dayOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || !DAY.test(text)) return undefined;
  // A day that a month lacks would count as one of the next.
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : undefined;
}
