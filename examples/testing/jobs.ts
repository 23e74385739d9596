import type { ActiveJob } from '@ips-sdk/client';

/** A running publish, as getActiveJobs returns it. */
export function publishOf(submitUserEmail: string, name: string): ActiveJob {
  return {
    companyHandle: 'c|1',
    jobHandle: `j|1||${name}|1`,
    name,
    originalName: name,
    type: 'ImageServingPublish',
    state: 'Running',
    submitUserEmail,
    serverName: 'ips-1',
    startDate: '2026-01-01T00:00:00Z',
    triggerTime: '2026-01-01T00:00:00Z',
    totalSize: 0,
    progress: 40,
    progressMessage: '',
    lastProgressUpdate: '2026-01-01T00:00:00Z',
    taskProgressArray: [],
  };
}
