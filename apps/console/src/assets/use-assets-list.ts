import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { apiQuery, useApiClient } from '../api/api-context.tsx';
import type { AssetRow, AssetsPage, AssetsQuery } from '../api/contract.ts';
import { useFailure } from '../components/states.tsx';

const PAGE_SIZE = 60;

/** A list of which only the pages in view are read. */
export interface AssetsList {
  /** `undefined` before the first answer. */
  readonly total: number | undefined;
  readonly shell: string | undefined;
  readonly rowAt: (index: number) => AssetRow | undefined;
  /** The rows that are here. */
  readonly rows: readonly AssetRow[];
  readonly isLoading: boolean;
  readonly failure: { readonly error: Error; readonly since: number } | undefined;
  readonly setRange: (first: number, last: number) => void;
  readonly retry: () => void;
}

export function useAssetsList(query: AssetsQuery): AssetsList {
  const client = useApiClient();
  const key = JSON.stringify(query);
  const [range, setPages] = useState({ key, from: 1, to: 1 });
  // Another list begins at its top.
  const { from, to } = range.key === key ? range : { from: 1, to: 1 };
  const pages = useMemo(() => Array.from({ length: to - from + 1 }, (_, index) => from + index), [from, to]);
  const { answers, error, isFetching, isSuccess, retry } = useQueries({
    queries: pages.map((page) => apiQuery(client, 'assets', { ...query, page, pageSize: PAGE_SIZE })),
    combine: (results) => ({
      answers: results.map(({ data }) => data),
      error: results.find((result) => result.error !== null)?.error ?? null,
      isFetching: results.some((result) => result.isFetching),
      isSuccess: results.every((result) => result.isSuccess),
      retry: () => {
        for (const result of results) void result.refetch();
      },
    }),
  });
  const failure = useFailure({ error, isFetching, isSuccess });
  const known = answers.find((answer) => answer !== undefined);
  const [latest, setLatest] = useState<{ key: string; page: AssetsPage }>();
  useEffect(() => {
    if (known !== undefined) setLatest({ key, page: known });
  }, [key, known]);
  // While a page further down is on its way, the list keeps its length.
  const page = known ?? (latest?.key === key ? latest.page : undefined);

  const setRange = useCallback(
    (first: number, last: number) => {
      const next = { from: pageOf(first), to: pageOf(Math.max(first, last)) };
      setPages((before) =>
        before.key === key && before.from === next.from && before.to === next.to ? before : { key, ...next },
      );
    },
    [key],
  );
  return {
    total: page?.total,
    shell: page?.shell,
    rowAt: (index) => answers[pageOf(index) - from]?.assets[index % PAGE_SIZE],
    rows: answers.flatMap((answer) => answer?.assets ?? []),
    isLoading: isFetching,
    failure,
    setRange,
    retry,
  };
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_SIZE) + 1;
}
