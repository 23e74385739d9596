// MSW, for a program that creates its client itself.
import { createIpsClient, IpsFault } from '@ips-sdk/client';
import { ipsHandlers } from '@ips-sdk/client/msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishOf } from './jobs.js';
import { stopJobsOf } from './stop-jobs.js';

const stopped: string[] = [];
const server = setupServer(
  ...ipsHandlers({
    getActiveJobs: { jobArray: [publishOf('ann@example.com', 'Nightly')] },
    stopJob: ({ jobHandle }) => {
      stopped.push(jobHandle);
      return {};
    },
  }),
);
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

const ips = createIpsClient({
  region: 'na',
  auth: { accessToken: 'any' },
  companyHandle: 'c|1',
  retry: false,
});

test('the program gets its answers over HTTP', async () => {
  expect(await stopJobsOf(ips, 'ann@example.com')).toEqual(['Nightly']);
  expect(stopped).toEqual(['j|1||Nightly|1']);
});

test('another operation is refused with a fault', async () => {
  const error = await ips.getUsers({}).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(IpsFault);
  expect(String(error)).toContain('getUsers was called, but has no stub; stubbed: getActiveJobs, stopJob');
});
