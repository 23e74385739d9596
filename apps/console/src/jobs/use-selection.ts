import { useMemo, useState } from 'react';
import type { JobRow } from '../api/contract.ts';
import type { TableSelection } from '../components/data-table.tsx';

/** The ticked jobs. They stay ticked when filters hide them, because the bar names them. */
export interface JobSelection extends TableSelection {
  /** As they are now, as far as they are loaded. */
  readonly rows: readonly JobRow[];
  clear(): void;
  /** Keeps only these: the ones that failed. */
  keep(handles: readonly string[]): void;
}

export function useSelection(loaded: readonly JobRow[]): JobSelection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, JobRow>>(new Map());
  return useMemo(() => {
    const now = new Map(loaded.map((row) => [row.handle, row]));
    const isAll = loaded.length > 0 && loaded.every(({ handle }) => chosen.has(handle));
    return {
      has: (handle) => chosen.has(handle),
      size: chosen.size,
      rows: [...chosen.values()].map((row) => now.get(row.handle) ?? row),
      isAll,
      toggle: (handle) => {
        const row = now.get(handle);
        const next = new Map(chosen);
        if (!next.delete(handle) && row !== undefined) next.set(handle, row);
        setChosen(next);
      },
      toggleAll: () => setChosen(isAll ? new Map() : new Map([...chosen, ...now])),
      clear: () => setChosen(new Map()),
      keep: (handles) => setChosen(new Map([...chosen].filter(([handle]) => handles.includes(handle)))),
    };
  }, [chosen, loaded]);
}
