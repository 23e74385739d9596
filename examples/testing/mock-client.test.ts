// A mock client, passed to the program under test.
import { createMockClient, fault } from '@ips-sdk/client/mock';
import { expect, test } from 'vitest';
import { publishOf } from './jobs.js';
import { stopJobsOf } from './stop-jobs.js';

const jobArray = [publishOf('ann@example.com', 'Nightly'), publishOf('bob@example.com', 'Weekly')];

test('only the jobs of the user are stopped', async () => {
  const ips = createMockClient({ operations: { getActiveJobs: { jobArray }, stopJob: {} } });
  expect(await stopJobsOf(ips, 'ann@example.com')).toEqual(['Nightly']);
  expect(ips.calls('stopJob').map(({ input }) => input)).toEqual([
    { companyHandle: 'c|1', jobHandle: 'j|1||Nightly|1' },
  ]);
});

test('a fault ends it', async () => {
  const ips = createMockClient({ operations: { getActiveJobs: { jobArray } } });
  ips.on('stopJob').answers(fault(20003, 'Not allowed'));
  await expect(stopJobsOf(ips, 'bob@example.com')).rejects.toMatchObject({
    kind: 'authorization',
    code: 20003,
  });
});

test('an operation without a stub is refused', async () => {
  const ips = createMockClient({ operations: { getActiveJobs: { jobArray } } });
  await expect(stopJobsOf(ips, 'ann@example.com')).rejects.toThrow(
    'stopJob was called, but has no stub; stubbed: getActiveJobs',
  );
});

test('a wrong answer neither compiles nor passes', async () => {
  // @ts-expect-error: jobArray is missing
  const ips = createMockClient({ operations: { getActiveJobs: {} } });
  await expect(ips.getActiveJobs()).rejects.toThrow('jobArray');
});
