import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { apiKey } from '../api/api-context.tsx';
import type { JobPage, Throughput } from '../api/contract.ts';
import { useLiveEvent } from '../live/live-context.tsx';

/** Milliseconds between two readings of what events do not contain: stages, tasks and assets. */
const READ_EVERY = 2000;

/** Keeps the page of a job true: progress and samples at once, the rest a moment later. */
export function useLiveJob(handle: string): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const readSoon = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: apiKey('job', { handle }) });
      void queries.invalidateQueries({ queryKey: apiKey('job/assets') });
    }, READ_EVERY);
  };

  useLiveEvent('job', ({ handle: changed, row, sample }) => {
    if (changed !== handle) return;
    queries.setQueryData<JobPage>(apiKey('job', { handle }), (page) =>
      page === undefined ? undefined : { ...page, row },
    );
    if (sample !== undefined) {
      queries.setQueryData<Throughput>(apiKey('job/throughput', { handle }), (plot) =>
        plot === undefined ? undefined : { ...plot, samples: [...plot.samples, sample] },
      );
    }
    readSoon();
  });
  // A run that was not watched from its beginning changes by the events of all jobs.
  useLiveEvent('jobs', ({ changed, removed }) => {
    const row = changed.find((candidate) => candidate.handle === handle);
    if (row === undefined && !removed.includes(handle)) return;
    if (row !== undefined) {
      queries.setQueryData<JobPage>(apiKey('job', { handle }), (page) =>
        page === undefined ? undefined : { ...page, row },
      );
    }
    readSoon();
  });
}
