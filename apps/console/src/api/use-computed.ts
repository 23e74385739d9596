import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isTemporary, useApiClient } from './api-context.tsx';
import type { PostPath, Posts } from './endpoints.ts';

/** Milliseconds without a change after which an input counts. */
const PAUSE = 350;
const RETRY = 5000;

/**
 * What the host computes from an input without changing anything, such as the dry run of a job. The input may change with every key; the
 * latest answer stays until the next is there.
 */
export function useComputed<P extends PostPath>(
  path: P,
  body: Posts[P]['body'] | undefined,
): UseQueryResult<Posts[P]['answer'], Error> {
  const client = useApiClient();
  const text = JSON.stringify(body);
  const settled = useSettled(text);
  return useQuery({
    queryKey: [path, settled],
    // The text is that of a body of this path.
    queryFn: ({ signal }): Promise<Posts[P]['answer']> =>
      client.post(path, JSON.parse(settled ?? '{}') as Posts[P]['body'], signal),
    enabled: settled !== undefined,
    placeholderData: (previous) => previous,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' && isTemporary(state.error) ? RETRY : false),
  });
}

/** A value once it has stopped changing. The first one counts at once. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
