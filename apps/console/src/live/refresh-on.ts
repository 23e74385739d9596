import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { apiKey } from '../api/api-context.tsx';
import type { ConsoleEvent } from '../api/contract.ts';
import type { GetPath } from '../api/endpoints.ts';
import { useLiveEvent } from './live-context.tsx';

/** Milliseconds in which a burst of events causes one reading. */
const TOGETHER = 1000;

/** Reads paths again, at leisure, after events of a type. */
export function useRefreshOn(type: ConsoleEvent['type'], ...paths: readonly GetPath[]): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveEvent(type, () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      for (const path of paths) void queries.invalidateQueries({ queryKey: apiKey(path) });
    }, TOGETHER);
  });
}
