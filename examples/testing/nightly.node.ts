// The fixture of node:test, and a state file.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createIpsClient } from '@ips-sdk/client';
import { startTestServer } from '@ips-sdk/server/testing';
import { useIpsServer } from '@ips-sdk/server/testing/node';

const folder = mkdtempSync(join(tmpdir(), 'testing-'));
const state = join(folder, 'nightly.state');
after(() => rmSync(folder, { recursive: true }));

// Saved once, as a script would.
const filled = await startTestServer({
  company: 'MyCompany',
  jobClock: 'manual',
  now: new Date('2026-03-01T12:00:00Z'),
  timeZone: 'UTC',
});
const publisher = createIpsClient(filled.client);
await publisher.jobs.submit(
  'imageServingPublishJob',
  { publishType: 'Incremental', emailSetting: 'None' },
  { name: 'Nightly', execSchedule: '0 0 2 * * ?' },
);
await publisher.close();
await filled.server.saveState(state);
await filled.stop();

const ips = useIpsServer({ state, jobClock: 'manual', timeZone: 'UTC' });

for (const night of ['one', 'two']) {
  test(`the publish of the state runs at night, ${night}`, async () => {
    assert.deepEqual(ips.clock.now(), new Date('2026-03-01T12:00:00Z'));
    await ips.clock.advance(24 * 60 * 60 * 1000);
    const client = createIpsClient(ips.client);
    const { jobLogArray } = await client.getJobLogs({});
    assert.deepEqual(
      jobLogArray.map(({ originalJobName }) => originalJobName),
      ['Nightly'],
    );
    await client.close();
  });
}
