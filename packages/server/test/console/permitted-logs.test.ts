// The console shares what it reads between users. Users whom permissions restrict have their own.
import { createIpsClient } from '@ips-sdk/client';
import { expect, it } from 'vitest';
import type { LogPage } from '../../src/console/api.js';
import { createIpsServer } from '../../src/create-server.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { serveFiles } from '../support/file-server.js';
import { TEST_COST } from '../support/password-hash.js';
import { plain, RED } from '../support/pictures.js';

const emailSetting = 'None';
const company = 'c|6';

it.each([
  ['pat@example.com', 'ann@example.com'],
  ['ann@example.com', 'pat@example.com'],
])('logs of unreadable assets are for administrators only, if %s looks first', async (...order) => {
  const files = await serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() });
  const server = await createIpsServer({
    jobClock: 'instant',
    passwordCost: TEST_COST,
    company: 'MyCompany',
    admin: { email: 'ann@example.com', password: 'password' },
    allowPrivateAddresses: true,
  });
  await server.seed({
    users: [
      {
        email: 'pat@example.com',
        password: 'password',
        memberships: [{ company: 'MyCompany', role: 'ImagePortalContrib' }],
      },
    ],
  });
  const ips = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: 'ann@example.com', password: 'password' },
    companyHandle: company,
  });
  const options = { overwrite: true, readyForPublish: true, createMask: false, emailSetting } as const;
  const job = await ips.jobs.submit(
    'uploadUrlsJob',
    { ...options, urlArray: [{ sourceUrl: `${files.url}/red.png`, destPath: 'MyCompany/red.png' }] },
    { name: 'Upload' },
  );
  await job.wait();
  const { jobLogArray } = await ips.getJobLogs({});
  const handle = jobLogArray.at(-1)?.jobHandle ?? '';
  const seen = new Map<string, boolean>();
  for (const user of order) {
    const page = new ConsoleBrowser(server.url);
    await page.login({ user, password: 'password', company });
    const { rows } = await page.get<LogPage>('job/log', { handle });
    seen.set(
      user,
      rows.some(({ assetHandle }) => assetHandle !== undefined),
    );
  }
  expect([...seen].sort()).toEqual([
    ['ann@example.com', true],
    ['pat@example.com', false],
  ]);
  await ips.close();
  await server.stop();
  await files.close();
});
