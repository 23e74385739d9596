// The fixture of vitest: a server that the tests of a worker share, as at its beginning for each of them.
import { createIpsClient } from '@ips-sdk/client';
import { test } from '@ips-sdk/server/testing/vitest';
import { describe, expect } from 'vitest';
import { stopJobsOf } from './stop-jobs.js';

const PUBLISH = { publishType: 'Incremental', emailSetting: 'None' } as const;

// Jobs wait until the clock moves.
test.override('ipsOptions', { jobClock: 'manual', company: 'MyCompany' });

for (const round of ['one', 'two']) {
  test(`the jobs of the user are stopped, ${round}`, async ({ ips }) => {
    const client = createIpsClient(ips.client);
    await client.jobs.submit('imageServingPublishJob', PUBLISH, { name: 'Nightly' });
    expect(await stopJobsOf(client, 'bob@example.com')).toEqual([]);
    expect(await stopJobsOf(client, ips.client.auth.user)).toHaveLength(1);
    expect(ips.server.requests({ operation: 'stopJob' })).toHaveLength(1);
    await client.close();
  });
}

describe('with a company that was set up', () => {
  test.override('ipsOptions', {
    setup: (ips) => ips.server.seed({ companies: [{ name: ips.company, folders: ['Shoes'] }] }),
  });

  test('it has its folders', async ({ ips }) => {
    const client = createIpsClient(ips.client);
    const { folders } = await client.getFolderTree({ depth: 1 });
    expect(folders?.subfolderArray).toMatchObject([{ path: 'SampleCompany/Shoes/' }]);
    await client.close();
  });
});
