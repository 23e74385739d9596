// Two servers on one database: what happens at one shows at the other, by the notifications of the database.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsClient } from '@ips-sdk/client';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { JobsPage } from '../../src/console/api.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';
import { freshDatabase } from '../support/test-database.js';

const WHEN = new Date('2099-01-01T00:00:00Z');

it('shows what other servers do, also after the connection was lost, and listens only while somebody looks', async (context) => {
  const { url: databaseUrl, drop } = await freshDatabase(context);
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-console-'));
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const servers: IpsServer[] = [];
  onTestFinished(async () => {
    for (const server of servers) await server.stop();
    await database.end();
    await drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const start = async (serverName: string): Promise<IpsServer> => {
    const server = await createIpsServer({
      databaseUrl,
      dataDir,
      serverName,
      passwordCost: TEST_COST,
      company: 'MyCompany',
    });
    servers.push(server);
    return server;
  };
  const [one, other] = [await start('one'), await start('other')];
  const { email: user, password } = one.admin;
  const ips = createIpsClient({
    endpoint: other.endpoints.soap,
    auth: { user, password },
    companyHandle: 'c|6',
  });
  const page = new ConsoleBrowser(one.url);
  await page.login({ user, password, company: 'MyCompany' });
  const listeners = async (): Promise<number> =>
    Number((await database.query('select count(*) from live.listeners where until > now()')).rows[0]?.count);
  expect(await listeners()).toBe(0);

  const stream = await page.events();
  await stream.next('hello');
  await page.get<JobsPage>('jobs');
  expect(await listeners()).toBe(1);
  await ips.publish({}, { name: 'At the other', execTime: WHEN });
  await stream.next('jobs', ({ changed }) =>
    changed.some(({ originalName }) => originalName === 'At the other'),
  );

  // The console connects again, and asks for what it may have missed.
  const ended = await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ips-server changes' and datname = current_database()",
  );
  expect(ended.rowCount).toBe(1);
  await ips.publish({}, { name: 'After the loss', execTime: WHEN });
  await stream.next('jobs', ({ changed }) =>
    changed.some(({ originalName }) => originalName === 'After the loss'),
  );

  stream.close();
  await ips.close();
  await one.stop();
  servers.splice(servers.indexOf(one), 1);
  expect(await listeners()).toBe(0);
});
