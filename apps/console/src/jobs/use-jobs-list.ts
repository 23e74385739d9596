import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { apiKey } from '../api/api-context.tsx';
import type { JobRow, JobsPage, JobsQuery } from '../api/contract.ts';
import { type Paged, usePaged } from '../api/use-paged.ts';
import { useLiveEvent } from '../live/live-context.tsx';
import { useWaiting, type Waiting } from '../live/use-waiting.ts';
import { useSession } from '../session/session-context.tsx';
import { changesOf, patchPage } from './live-rows.ts';

const PAGE_SIZE = 100;

/** The list of jobs as it is shown: the pages in view, kept true by events. */
export interface JobsList extends Paged<JobsPage> {
  rowAt(index: number): JobRow | undefined;
  /** Rows that are loaded. */
  readonly rows: readonly JobRow[];
  readonly waiting: Waiting;
}

export function useJobsList(query: JobsQuery): JobsList {
  const queries = useQueryClient();
  const { user } = useSession();
  const paged = usePaged('jobs', query, PAGE_SIZE);
  const waiting = useWaiting('jobs', JSON.stringify(query));
  const { pages } = paged;
  const rows = useMemo(() => [...pages.values()].flatMap((page) => page.rows), [pages]);
  const shown = useMemo(() => new Map(rows.map((row) => [row.handle, row])), [rows]);

  useLiveEvent('jobs', (event) => {
    const { patches, added, isStale } = changesOf(event, shown, query, user.email);
    if (patches.size > 0) {
      queries.setQueriesData<JobsPage>({ queryKey: apiKey('jobs') }, (old) =>
        old === undefined ? undefined : patchPage(old, patches),
      );
    }
    if (!isStale) return;
    waiting.note(added);
    // An empty list has no rows that could move.
    if (rows.length === 0) waiting.refresh();
  });

  return {
    ...paged,
    rowAt: (index) => pages.get(Math.floor(index / PAGE_SIZE) + 1)?.rows[index % PAGE_SIZE],
    rows,
    waiting,
  };
}
