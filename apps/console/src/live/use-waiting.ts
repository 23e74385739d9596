import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { GetPath } from '../api/endpoints.ts';

/** Milliseconds between two readings of a list that changes all the time. */
const READ_EVERY = 1500;

/** Changes that would move rows. They are shown at once, unless the list is held. */
export interface Waiting {
  /** New rows that wait. */
  readonly newCount: number;
  /** Whether anything waits. */
  readonly isStale: boolean;
  /** Shows what waits. */
  refresh(): void;
  /** While it is held no row moves: the pointer is on it, or it is scrolled. */
  hold(isHeld: boolean): void;
  /** Says that the list is no longer true, and which rows are new. */
  note(added: readonly string[]): void;
}

/**
 * @param path - What is read again.
 * @param listKey - Another key is another list, for which nothing waits.
 */
export function useWaiting(path: GetPath, listKey: string): Waiting {
  const queries = useQueryClient();
  const [added, setAdded] = useState<ReadonlySet<string>>(new Set());
  const [isStale, setIsStale] = useState(false);
  const state = useRef({ isHeld: false, isStale: false, readAt: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const reset = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    state.current.isStale = false;
    setAdded(new Set());
    setIsStale(false);
  }, []);

  const refresh = useCallback(() => {
    reset();
    state.current.readAt = Date.now();
    void queries.invalidateQueries({ queryKey: [path] });
  }, [queries, path, reset]);

  const schedule = useCallback(() => {
    if (state.current.isHeld || timer.current !== undefined) return;
    const wait = Math.max(0, state.current.readAt + READ_EVERY - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (!state.current.isHeld) refresh();
    }, wait);
  }, [refresh]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the list it was found for.
  useEffect(() => reset(), [listKey, reset]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return {
    newCount: added.size,
    isStale,
    refresh,
    note: useCallback(
      (handles: readonly string[]) => {
        state.current.isStale = true;
        setIsStale(true);
        if (handles.length > 0) setAdded((before) => new Set([...before, ...handles]));
        schedule();
      },
      [schedule],
    ),
    hold: useCallback(
      (isHeld: boolean) => {
        state.current.isHeld = isHeld;
        if (!isHeld && state.current.isStale) schedule();
      },
      [schedule],
    ),
  };
}
