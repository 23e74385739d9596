import {
  keepPreviousData,
  type QueryKey,
  queryOptions,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import type { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import type { GetPath, Gets, PlainGetPath, PostPath, Posts } from './endpoints.ts';

/** Milliseconds until a failed request is repeated. */
const RETRY_AFTER = 5000;

const ApiContext = createContext<ApiClient | undefined>(undefined);

export function ApiProvider({ client, children }: { client: ApiClient; children: ReactNode }): ReactNode {
  return <ApiContext value={client}>{children}</ApiContext>;
}

export function useApiClient(): ApiClient {
  const client = useContext(ApiContext);
  if (client === undefined) throw new Error('useApiClient needs an ApiProvider');
  return client;
}

/** The key of a query in the cache. `apiKey('jobs')` covers every query of that path. */
export function apiKey<P extends GetPath>(path: P, query?: Gets[P]['query']): QueryKey {
  return query === undefined ? [path] : [path, query];
}

/** Options for `useQuery` and the like. A query that failed for a passing reason repeats itself. */
export function apiQuery<P extends GetPath>(client: ApiClient, path: P, query: Gets[P]['query']) {
  return queryOptions({
    queryKey: apiKey(path, query),
    queryFn: ({ signal }): Promise<Gets[P]['answer']> => client.get(path, query, signal),
    refetchInterval: ({ state }) => retryInterval(state.error) ?? false,
  });
}

/**
 * Reads from the host. Show the result by `<Loaded query={…}>`, which has words for waiting and failure.
 *
 * @param options.refresh - Milliseconds between two readings. Default: only when an event says so.
 */
export function useApi<P extends GetPath>(
  path: P,
  ...[query, options = {}]: P extends PlainGetPath
    ? [query?: Gets[P]['query'], options?: UseApiOptions]
    : [query: Gets[P]['query'], options?: UseApiOptions]
): UseQueryResult<Gets[P]['answer'], Error> {
  const client = useApiClient();
  // Only paths whose query has no required field may be called without one.
  const values = (query ?? {}) as Gets[P]['query'];
  return useQuery<Gets[P]['answer'], Error>({
    queryKey: apiKey(path, values),
    queryFn: ({ signal }) => client.get(path, values, signal),
    refetchInterval: ({ state }) => retryInterval(state.error) ?? options.refresh ?? false,
    enabled: options.enabled ?? true,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
  });
}

export interface UseApiOptions {
  readonly enabled?: boolean;
  readonly refresh?: number;
  /** Show the answer to the query before while the new one is on its way. */
  readonly keepPrevious?: boolean;
}

/**
 * Changes something. Afterwards the queries of the paths in `refreshes` are read again.
 */
export function useApiMutation<P extends PostPath>(path: P, refreshes: readonly GetPath[] = []) {
  const client = useApiClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Posts[P]['body']): Promise<Posts[P]['answer']> => client.post(path, body),
    onSettled: () =>
      Promise.all(refreshes.map((refreshed) => queries.invalidateQueries({ queryKey: [refreshed] }))),
  });
}

/** Whether repeating a request makes sense. */
export function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && error.isTemporary;
}

function retryInterval(error: unknown): number | undefined {
  if (!(error instanceof ApiError) || !error.isTemporary) return undefined;
  return Math.max(RETRY_AFTER, (error.retryAfter ?? 0) * 1000);
}
