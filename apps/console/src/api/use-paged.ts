import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useFailure } from '../components/states.tsx';
import { apiQuery, useApiClient } from './api-context.tsx';
import type { PageInfo } from './contract.ts';
import type { GetPath, Gets } from './endpoints.ts';

/** Paths whose answers are pages of a longer list. */
export type PagedPath = { [P in GetPath]: Gets[P]['answer'] extends PageInfo ? P : never }[GetPath];

/** A long list of which only the pages in view are read. */
export interface Paged<Answer> {
  /** Those that are there, by number from 1. */
  readonly pages: ReadonlyMap<number, Answer>;
  /** The first of them. */
  readonly page: Answer | undefined;
  readonly total: number;
  /** The places in view, from 0. */
  setRange(first: number, last: number): void;
  readonly failure: { readonly error: Error; readonly since: number } | undefined;
  /** Nothing of this query is there yet; `pages` are those of the query before. */
  readonly isLoading: boolean;
  retry(): void;
}

export function usePaged<P extends PagedPath>(
  path: P,
  query: Omit<Gets[P]['query'], 'page' | 'pageSize'>,
  pageSize: number,
): Paged<Gets[P]['answer']> {
  const client = useApiClient();
  const [[firstPage, lastPage], setPages] = useState<readonly [number, number]>([1, 1]);
  const numbers = useMemo(
    () => Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index),
    [firstPage, lastPage],
  );
  const combine = useCallback(
    (results: readonly UseQueryResult<Gets[P]['answer'], Error>[]) => ({
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
      // The query with its page is one of the path again.
      ...apiQuery(client, path, { ...query, page, pageSize } as Gets[P]['query']),
      staleTime: 0,
    })),
    combine,
  });

  // Until the first page of another query is there, the list before stays.
  const latest = useRef(result.pages);
  const isLoading = result.pages.size === 0;
  if (!isLoading) latest.current = result.pages;
  const pages = latest.current;
  const page = pages.values().next().value;
  return {
    pages,
    page,
    // Only paths whose answers are pages are accepted.
    total: (page as PageInfo | undefined)?.total ?? 0,
    setRange: useCallback(
      (first: number, last: number) => {
        const next = [Math.floor(first / pageSize) + 1, Math.floor(last / pageSize) + 1] as const;
        setPages((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
      },
      [pageSize],
    ),
    failure: useFailure(result),
    isLoading,
    retry: result.retry,
  };
}
