import { type UseQueryResult, useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { apiKey, apiQuery, useApiClient } from '../api/api-context.tsx';
import type { JobRow, JobsPage, JobsQuery } from '../api/contract.ts';
import { useFailure } from '../components/states.tsx';
import { useLiveEvent } from '../live/live-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { changesOf, patchPage } from './live-rows.ts';

const PAGE_SIZE = 100;
/** Milliseconds between two readings of a list that changes all the time. */
const READ_EVERY = 1500;

/** The list of jobs as it is shown: pages around what is in view, kept true by events. */
export interface JobsList {
  /** Of the first page that is there. */
  readonly page: JobsPage | undefined;
  readonly total: number;
  rowAt(index: number): JobRow | undefined;
  /** Rows that are loaded. */
  readonly rows: readonly JobRow[];
  /** The places in view. */
  setRange(first: number, last: number): void;
  /** While it is held no row moves: the pointer is on it. */
  hold(isHeld: boolean): void;
  /** New rows that wait to be shown. */
  readonly newCount: number;
  /** Rows wait that would change the order. */
  readonly isStale: boolean;
  /** Shows what waits. */
  refresh(): void;
  readonly failure: { readonly error: Error; readonly since: number } | undefined;
  readonly isLoading: boolean;
  retry(): void;
}

export function useJobsList(query: JobsQuery): JobsList {
  const client = useApiClient();
  const queries = useQueryClient();
  const { user } = useSession();
  const [range, setRange] = useState<readonly [number, number]>([1, 1]);
  const filterKey = JSON.stringify(query);

  const numbers = useMemo(() => {
    const [first, last] = range;
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }, [range]);
  const combine = useCallback(
    (results: readonly UseQueryResult<JobsPage, Error>[]) => ({
      pages: new Map(
        results.flatMap(({ data }, index) =>
          data === undefined ? [] : [[numbers[index] ?? 1, data] as const],
        ),
      ),
      error: results.find(({ error }) => error !== null)?.error ?? null,
      isSuccess: results.every(({ isSuccess }) => isSuccess),
      isFetching: results.some(({ isFetching }) => isFetching),
      retry: () => {
        for (const result of results) if (result.isError) void result.refetch();
      },
    }),
    [numbers],
  );
  const result = useQueries({
    queries: numbers.map((page) => ({
      ...apiQuery(client, 'jobs', { ...query, page, pageSize: PAGE_SIZE }),
      staleTime: 0,
    })),
    combine,
  });

  // Until the first page of other filters is there, the list before stays.
  const latest = useRef(result.pages);
  const isLoading = result.pages.size === 0;
  if (!isLoading) latest.current = result.pages;
  const pages = latest.current;

  const page = pages.values().next().value;
  const rows = useMemo(() => [...pages.values()].flatMap((loaded) => loaded.rows), [pages]);
  const byHandle = useMemo(() => new Map(rows.map((row) => [row.handle, row])), [rows]);
  const waiting = useWaiting(filterKey);
  const { refresh, note } = waiting;

  useLiveEvent('jobs', (event) => {
    const { patches, added, isStale } = changesOf(event, byHandle, query, user.email);
    if (patches.size > 0) {
      queries.setQueriesData<JobsPage>({ queryKey: apiKey('jobs') }, (old) =>
        old === undefined ? undefined : patchPage(old, patches),
      );
    }
    if (isStale) note(added);
  });

  const failure = useFailure(result);

  return {
    page,
    total: page?.total ?? 0,
    rowAt: (index) => pages.get(Math.floor(index / PAGE_SIZE) + 1)?.rows[index % PAGE_SIZE],
    rows,
    setRange: useCallback((firstRow: number, lastRow: number) => {
      const next = [Math.floor(firstRow / PAGE_SIZE) + 1, Math.floor(lastRow / PAGE_SIZE) + 1] as const;
      setRange((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
    }, []),
    hold: waiting.hold,
    newCount: waiting.newCount,
    isStale: waiting.isStale,
    refresh,
    failure,
    isLoading,
    retry: result.retry,
  };
}

/** What waits to be shown: it is shown at once unless the list is held. */
function useWaiting(filterKey: string) {
  const queries = useQueryClient();
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const [isStale, setIsStale] = useState(false);
  const isHeld = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const readAt = useRef(0);

  const refresh = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    readAt.current = Date.now();
    setAdded(new Set());
    setIsStale(false);
    void queries.invalidateQueries({ queryKey: apiKey('jobs') });
  }, [queries]);

  const schedule = useCallback(() => {
    if (isHeld.current || timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        if (!isHeld.current) refresh();
      },
      Math.max(0, readAt.current + READ_EVERY - Date.now()),
    );
  }, [refresh]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the filters it was found with.
  useEffect(() => {
    setAdded(new Set());
    setIsStale(false);
  }, [filterKey]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    newCount: added.size,
    isStale,
    refresh,
    note: useCallback(
      (handles: readonly string[]) => {
        setIsStale(true);
        if (handles.length > 0) setAdded((before) => new Set([...before, ...handles]));
        schedule();
      },
      [schedule],
    ),
    hold: useCallback(
      (next: boolean) => {
        isHeld.current = next;
        if (next) return;
        setIsStale((stale) => {
          if (stale) schedule();
          return stale;
        });
      },
      [schedule],
    ),
  };
}
