import { useApi } from '../api/api-context.tsx';
import type { LogQuery } from '../api/contract.ts';

/** The place, from 0, of the row that the URL points to; `undefined` until it is known, or if the filters hide it. */
export function useLinkedRow(
  filters: LogQuery,
  linked: string | undefined,
  pageSize: number,
): number | undefined {
  const { data } = useApi(
    'job/log',
    { ...filters, row: linked, pageSize },
    { enabled: linked !== undefined },
  );
  if (data === undefined || linked === undefined) return undefined;
  const index = data.rows.findIndex(({ id }) => id === linked);
  return index === -1 ? undefined : (data.page - 1) * data.pageSize + index;
}
