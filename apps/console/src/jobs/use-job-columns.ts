import { useMemo } from 'react';
import type { JobRow } from '../api/contract.ts';
import type { DataColumn } from '../components/data-table.tsx';
import { useStored } from '../components/storage.ts';
import { DEFAULT_COLUMNS, JOB_COLUMNS } from './jobs-columns.tsx';

/** The columns that the viewer chose. The name is always one of them. */
export interface JobColumns {
  readonly shown: readonly DataColumn<JobRow>[];
  has(id: string): boolean;
  set(id: string, isShown: boolean): void;
  reset(): void;
}

export function useJobColumns(): JobColumns {
  const [stored, store] = useStored('columns');
  return useMemo(() => {
    const ids = new Set(stored === undefined ? DEFAULT_COLUMNS : ['name', ...stored.split(',')]);
    return {
      shown: JOB_COLUMNS.filter(({ id }) => ids.has(id)),
      has: (id) => ids.has(id),
      set: (id, isShown) => {
        const next = JOB_COLUMNS.map((column) => column.id).filter((other) =>
          other === id ? isShown : ids.has(other),
        );
        store(next.join(','));
      },
      reset: () => store(undefined),
    };
  }, [stored, store]);
}
