import { useMemo, useState } from 'react';
import type { AssetRow } from '../api/contract.ts';
import type { TableSelection } from '../components/data-table.tsx';

/** The ticked assets. They stay ticked while they are out of view, because the bar names them. */
export interface AssetSelection extends TableSelection {
  readonly rows: readonly AssetRow[];
  clear(): void;
  /** Keeps only these: the ones that failed. */
  keep(handles: readonly string[]): void;
}

export function useAssetSelection(loaded: readonly AssetRow[]): AssetSelection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, AssetRow>>(new Map());
  return useMemo(() => {
    const now = new Map(loaded.map((row) => [row.assetHandle, row]));
    const isAll = loaded.length > 0 && loaded.every(({ assetHandle }) => chosen.has(assetHandle));
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
  }, [chosen, loaded]);
}
