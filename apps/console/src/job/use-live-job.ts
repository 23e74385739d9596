import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { apiKey } from '../api/api-context.tsx';
import type { JobPage, Throughput } from '../api/contract.ts';
import { useLiveEvent } from '../live/live-context.tsx';

/** Milliseconds between two readings of what events do not contain: stages, tasks and assets. */
const READ_EVERY = 2000;

/**
 * Keeps the page of a job true: progress and samples at once, the rest a moment later.
 *
 * @param asked - The handle in the address, which may be that of a job whose run the page shows.
 * @param shown - The handle of the row that the page shows, which events name.
 */
export function useLiveJob(asked: string, shown: string): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const readSoon = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: apiKey('job', { handle: asked }) });
      void queries.invalidateQueries({ queryKey: apiKey('job/assets') });
    }, READ_EVERY);
  };

  useLiveEvent('job', ({ handle: changed, row, sample }) => {
    if (changed !== shown) return;
    queries.setQueryData<JobPage>(apiKey('job', { handle: asked }), (page) =>
      page === undefined ? undefined : { ...page, row },
    );
    if (sample !== undefined) {
      queries.setQueryData<Throughput>(apiKey('job/throughput', { handle: shown }), (plot) =>
        plot === undefined ? undefined : { ...plot, samples: [...plot.samples, sample] },
      );
    }
    readSoon();
  });
  // A run that was not watched from its beginning changes by the events of all jobs.
  useLiveEvent('jobs', ({ changed, removed }) => {
    const row = changed.find((candidate) => candidate.handle === shown);
    if (row === undefined && !removed.includes(shown)) return;
    if (row !== undefined) {
      queries.setQueryData<JobPage>(apiKey('job', { handle: asked }), (page) =>
        page === undefined ? undefined : { ...page, row },
      );
    }
    readSoon();
  });
}
