import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useRef } from 'react';
import type { JobRow, JobStage, JobsQuery } from '../api/contract.ts';
import { DataTable } from '../components/data-table.tsx';
import { useIsPhone } from '../components/media.ts';
import { SelectionBar } from '../components/selection-bar.tsx';
import { ShellLine } from '../components/shell-block.tsx';
import { ErrorState, LoadingRows } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useRowSelection } from '../components/use-row-selection.ts';
import { formatNumber } from '../format/number.ts';
import { useNow } from '../format/service-clock.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { stringifySearch } from '../routing/search.ts';
import { useSession } from '../session/session-context.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { SubmitLink } from '../submit/submit-link.tsx';
import { JobActionButtons } from './job-action-buttons.tsx';
import { JobsCards } from './jobs-cards.tsx';
import { JobsEmpty } from './jobs-empty.tsx';
import { type JobsSearch, readJobsSearch, toJobsQuery } from './jobs-search.ts';
import { JobsToolbar } from './jobs-toolbar.tsx';
import { useJobColumns } from './use-job-columns.ts';
import { useJobsList } from './use-jobs-list.ts';
import './jobs-page.css';

const route = getRouteApi('/jobs');
const handleOf = ({ handle }: JobRow): string => handle;
/** Pixels that count as the top of the list. */
const TOP = 8;

/** All jobs: scheduled, active and completed. */
export function JobsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isPhone = useIsPhone();
  const { info } = useSession();
  const query = useStableQuery(search);
  const list = useJobsList(query);
  const selection = useRowSelection(list.rows, handleOf);
  const columns = useJobColumns();
  const canSelect = info.capabilities?.controlJobs === true && info.readOnly === undefined;

  const change = useCallback(
    (change: Partial<Record<keyof JobsSearch, unknown>>) =>
      void navigate({
        search: (before: JobsSearch) => readJobsSearch({ ...before, ...change }),
        replace: true,
      }),
    [navigate],
  );
  const held = useRef({ pointer: false, scrolled: false });
  const hold = (part: keyof typeof held.current, isHeld: boolean): void => {
    if (held.current[part] === isHeld) return;
    held.current[part] = isHeld;
    list.waiting.hold(held.current.pointer || held.current.scrolled);
  };

  const shown = {
    total: list.total,
    rowAt: list.rowAt,
    onRange: list.setRange,
    onScroll: (top: number) => hold('scrolled', top > TOP),
    empty: <JobsEmpty search={search} onClear={() => void navigate({ search: {} })} />,
  };
  return (
    <>
      <PageHead
        title="Jobs"
        after={
          <Tabs<JobStage | 'all'>
            label="Stage"
            value={search.stage ?? 'all'}
            tabs={stageTabs(list.page?.stages)}
            onChange={(stage) => change({ stage: stage === 'all' ? undefined : stage })}
          />
        }
        tools={
          <>
            <LiveControl />
            <SubmitLink>{isPhone ? 'Submit' : 'Submit job'}</SubmitLink>
          </>
        }
      />
      <JobsToolbar search={search} list={list} columns={columns} onChange={change} />
      {selection.size > 0 && (
        <SelectionBar
          names={selection.rows.map(({ originalName }) => originalName)}
          onClear={selection.clear}
        >
          <JobActionButtons rows={selection.rows} onDone={selection.keep} />
        </SelectionBar>
      )}
      {list.failure !== undefined && list.page === undefined ? (
        <ErrorState
          what="cannot read the jobs"
          error={list.failure.error}
          since={list.failure.since}
          onRetry={list.retry}
        />
      ) : list.page === undefined ? (
        <LoadingRows rows={8} />
      ) : isPhone ? (
        <JobsCards {...shown} selection={canSelect ? selection : undefined} />
      ) : (
        <DataTable
          {...shown}
          label="Jobs"
          keyOf={({ handle }) => handle}
          nameOf={({ originalName }) => originalName}
          columns={columns.shown}
          selection={canSelect ? selection : undefined}
          sort={
            search.sort === undefined ? undefined : { by: search.sort, direction: search.direction ?? 'asc' }
          }
          onSort={(sort) => change({ sort: sort?.by, direction: sort?.direction })}
          onHold={(isHeld) => hold('pointer', isHeld)}
          isBusy={list.isLoading}
        />
      )}
      {list.page !== undefined && !isPhone && <ShellLine code={list.page.shell} />}
    </>
  );
}

/** The beginning of a period moves only when the filters change, or every answer would be that to another question. */
function useStableQuery(search: JobsSearch): JobsQuery {
  const now = useNow();
  const key = stringifySearch(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above; equal filters are one query.
  return useMemo(() => toJobsQuery(search, now), [key]);
}

function stageTabs(counts: Readonly<Record<JobStage, number>> | undefined) {
  const count = (stage: JobStage): string | undefined =>
    counts === undefined || counts[stage] === 0 ? undefined : formatNumber(counts[stage]);
  return [
    { value: 'all', label: 'All' },
    { value: 'active', label: 'Active', count: count('active') },
    { value: 'scheduled', label: 'Scheduled', count: count('scheduled') },
    { value: 'completed', label: 'Completed' },
  ] as const;
}
