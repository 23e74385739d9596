import { useMemo, useState } from 'react';
import type { TableSelection } from './data-table.tsx';

/** The ticked rows. They stay ticked while they are out of view or hidden by filters, because the bar names them. */
export interface RowSelection<Row> extends TableSelection {
  /** As they are now, as far as they are loaded. */
  readonly rows: readonly Row[];
  clear(): void;
  /** Keeps only these: the ones that failed. */
  keep(handles: readonly string[]): void;
}

/**
 * Selects rows by their handles.
 *
 * @param handleOf - The same function each time: another one makes everything that depends on the selection draw itself again.
 */
export function useRowSelection<Row>(
  loaded: readonly Row[],
  handleOf: (row: Row) => string,
): RowSelection<Row> {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  return useMemo(() => {
    const now = new Map(loaded.map((row) => [handleOf(row), row]));
    const isAll = loaded.length > 0 && loaded.every((row) => chosen.has(handleOf(row)));
    return {
      has: (handle) => chosen.has(handle),
      size: chosen.size,
      rows: [...chosen].map(([handle, row]) => now.get(handle) ?? row),
      isAll,
      toggle: (handle) => {
        const next = new Map(chosen);
        const row = now.get(handle);
        if (!next.delete(handle) && row !== undefined) next.set(handle, row);
        setChosen(next);
      },
      toggleAll: () => setChosen(isAll ? new Map() : new Map([...chosen, ...now])),
      clear: () => setChosen(new Map()),
      keep: (handles) => setChosen(new Map([...chosen].filter(([handle]) => handles.includes(handle)))),
    };
  }, [chosen, loaded, handleOf]);
}
