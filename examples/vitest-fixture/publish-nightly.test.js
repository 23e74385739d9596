import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer } from '@ips-sdk/server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishNightly } from './publish-nightly.js';

let server;
let ips;

beforeAll(async () => {
  server = await createIpsServer({
    jobClock: 'manual',
    now: new Date('2026-03-01T12:00:00Z'),
    timeZone: 'UTC',
  });
  ips = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: server.admin.email, password: server.admin.password },
    company: server.company,
    app: { name: 'tests', version: '1' },
  });
}, 60_000);
beforeEach(() => server.reset());
afterAll(async () => {
  await ips?.close();
  await server?.stop();
});

test('a publish is scheduled for the next night', async () => {
  expect(new Date(await publishNightly(ips, 2))).toEqual(new Date('2026-03-02T02:00:00Z'));
});

test('it runs when its time has come, and is scheduled again', async () => {
  await publishNightly(ips, 2);
  await server.clock.advance(24 * 60 * 60 * 1000);
  const [log] = (await ips.getJobLogs({})).jobLogArray;
  expect(log).toMatchObject({
    originalJobName: 'Nightly publish',
    jobSubType: 'increment',
    fatalError: false,
  });
  expect(await ips.jobs.scheduled()).toHaveLength(1);
});
