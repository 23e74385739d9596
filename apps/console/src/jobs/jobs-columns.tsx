import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { JobRow } from '../api/contract.ts';
import type { DataColumn } from '../components/data-table.tsx';
import { Pill } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import { None, RelativeTime } from '../components/time.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/number.ts';
import { useNow } from '../format/service-clock.tsx';

/** All columns, in their order. */
export const JOB_COLUMNS: readonly DataColumn<JobRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 200,
    priority: 20,
    grows: true,
    sort: 'name',
    cell: (row) => (
      <span className="two-lines">
        <Link className="row-link" to="/jobs/job" search={{ handle: row.handle }} title={row.originalName}>
          {row.originalName}
        </Link>
        <span title={row.detail}>{row.detail}</span>
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 118,
    priority: 19,
    sort: 'state',
    cell: (row) => <Pill tone={row.tone}>{row.label}</Pill>,
  },
  { id: 'progress', header: 'Progress', width: 150, priority: 17, cell: (row) => <JobProgress row={row} /> },
  { id: 'type', header: 'Type', width: 135, priority: 15, sort: 'type', cell: (row) => row.typeLabel },
  {
    id: 'destination',
    header: 'Destination',
    width: 160,
    priority: 12,
    sort: 'destination',
    cell: (row) =>
      row.destination === undefined ? <None /> : <span title={row.destination}>{row.destination}</span>,
  },
  {
    id: 'started',
    header: 'Started',
    width: 116,
    priority: 16,
    sort: 'started',
    cell: (row) => <RelativeTime at={row.startDate} />,
  },
  {
    id: 'duration',
    header: 'Duration',
    width: 84,
    priority: 13,
    align: 'end',
    sort: 'duration',
    cell: (row) => <JobDuration row={row} />,
  },
  { id: 'total', header: 'Files', width: 132, priority: 14, align: 'end', sort: 'total', cell: fileCount },
  {
    id: 'warnings',
    header: 'Warnings',
    width: 88,
    priority: 9,
    align: 'end',
    sort: 'warnings',
    cell: (row) => formatNumber(row.counts.warnings),
  },
  {
    id: 'errors',
    header: 'Errors',
    width: 76,
    priority: 10,
    align: 'end',
    sort: 'errors',
    cell: (row) => formatNumber(row.counts.errors),
  },
  {
    id: 'server',
    header: 'Server',
    width: 140,
    priority: 7,
    sort: 'server',
    cell: (row) => row.serverName ?? <None />,
  },
  {
    id: 'user',
    header: 'Submitted by',
    width: 170,
    priority: 8,
    sort: 'user',
    cell: (row) => <span title={row.submitUserEmail}>{row.submitUserEmail}</span>,
  },
];

/** Columns shown until the viewer chooses others. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'name',
  'state',
  'progress',
  'type',
  'destination',
  'started',
  'duration',
  'total',
];

/** How far a run is, or when a scheduled job is due. */
export function JobProgress({ row }: { row: JobRow }): ReactNode {
  if (row.stage === 'scheduled' && row.nextFireTime !== undefined)
    return <RelativeTime at={row.nextFireTime} />;
  if (row.progress === undefined) return <None />;
  return <Progress percent={row.progress} label={`Progress of ${row.originalName}`} showsNumber />;
}

/** A run that is active counts on. */
export function JobDuration({ row }: { row: JobRow }): ReactNode {
  if (row.stage === 'active' && row.startDate !== undefined) return <Running since={row.startDate} />;
  return row.duration === undefined ? <None /> : formatDuration(row.duration);
}

function Running({ since }: { since: string }): ReactNode {
  return formatDuration(useNow(1000) - Date.parse(since));
}

function fileCount({ stage, counts: { total, done } }: JobRow): ReactNode {
  if (total === undefined && done === undefined) return <None />;
  if (stage !== 'active' || done === undefined) return formatNumber(total ?? done ?? 0);
  return total === undefined ? formatNumber(done) : `${formatNumber(done)} / ${formatNumber(total)}`;
}
