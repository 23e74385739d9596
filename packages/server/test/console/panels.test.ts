// Overview, publish and the test panel.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  JobsPage,
  JournalEntryXml,
  JournalPage,
  MailsPage,
  NotificationsPage,
  OverviewPage,
  PublishPage,
  SessionInfo,
  TestState,
} from '../../src/console/api.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { connect } from '../support/call.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { type FileServer, serveFiles } from '../support/file-server.js';
import { TEST_COST } from '../support/password-hash.js';
import { plain, RED } from '../support/pictures.js';

const SECRET = 'hunter2-secret';
const ANN = { user: 'ann@example.com', password: 'ann-password' };
const options = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

let server: IpsServer;
let files: FileServer;
let ips: IpsClient;
let page: ConsoleBrowser;
const notices = createServer((_request, response) => response.end());
let noticeUrl: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => void notices.listen(0, '127.0.0.1', resolve));
  noticeUrl = `http://127.0.0.1:${(notices.address() as AddressInfo).port}/done`;
  files = await serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() });
  server = await createIpsServer({
    jobClock: 'manual',
    passwordCost: TEST_COST,
    company: 'MyCompany',
    allowPrivateAddresses: true,
    adminApi: true,
    now: new Date('2026-03-01T12:00:00Z'),
  });
  await begin();
});

async function begin(): Promise<void> {
  await server.seed({
    users: [
      { email: ANN.user, password: ANN.password, memberships: [{ company: 'MyCompany', role: 'IpsUser' }] },
    ],
  });
  const { email: user, password } = server.admin;
  ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, companyHandle: 'c|6' });
  page = new ConsoleBrowser(server.url);
  await page.login({ user, password, company: 'MyCompany' });
}

afterAll(async () => {
  page.close();
  await ips.close();
  await server.stop();
  await files.close();
  notices.closeAllConnections();
  notices.close();
});

describe('the overview', () => {
  it('shows what is at work, what failed, and what comes', async () => {
    const urlArray = [
      { sourceUrl: `${files.url}/red.png`, destPath: 'MyCompany/red.png' },
      { sourceUrl: `${files.url}/none.png`, destPath: 'MyCompany/none.png' },
    ];
    await ips.jobs.submit(
      'uploadUrlsJob',
      { ...options, urlArray, postHttpUrl: noticeUrl, emailSetting: 'JobCompletion' },
      { name: 'Shoes' },
    );
    await server.clock.runPending();
    await ips.publish({}, { name: 'Waiting' });
    await ips.publish({}, { name: 'Nightly', execSchedule: '0 0 2 * * ?' });
    const overview = await page.get<OverviewPage>('overview');
    expect(overview.active.map(({ originalName }) => originalName)).toEqual(['Waiting']);
    expect(overview.failures.map(({ originalName }) => originalName)).toEqual(['Shoes']);
    expect(overview.failures24h).toEqual({ jobs: 1, files: 1 });
    expect(overview.schedulesDue.map(({ originalName }) => originalName)).toContain('Nightly');
    expect(overview.throughput.reduce((sum, { files: each }) => sum + each, 0)).toBe(2);
    expect(overview.disk.map(({ label }) => label)).toEqual(['MyCompany', 'data directory']);
    const { diskUsageArray } = await ips.getDiskUsage({});
    const kilobytes = Number(diskUsageArray[0]?.diskSpaceUsage);
    expect(kilobytes).toBeGreaterThan(0);
    expect(overview.disk[0]?.used).toBe(kilobytes * 1024);
    expect(overview.disk[1]?.total).toBeGreaterThan(0);
    expect(overview.assetCounts).toContainEqual({ assetType: 'Image', count: 1 });
    expect(overview.workers).toMatchObject([{ isAlive: true }]);
    expect(overview.metrics?.some(({ name }) => name.includes('ips_'))).toBe(true);
    expect(overview.missing).toEqual([]);
  });

  it('shows a user what the role allows, and what is missing', async () => {
    const ann = new ConsoleBrowser(server.url);
    await ann.login(ANN);
    const { missing, metrics, active } = await ann.get<OverviewPage>('overview');
    expect(missing).toEqual([expect.stringMatching(/^disk usage: User does not have permission/)]);
    expect(metrics).toBeUndefined();
    expect(active).toHaveLength(1);
  });
});

describe('publish', () => {
  it('shows contexts, history and what would go', async () => {
    const before = await page.get<PublishPage>('publish');
    expect(before.contexts.map(({ contextType, isActive }) => [contextType, isActive])).toContainEqual([
      'ImageServing',
      true,
    ]);
    expect(before.pending).toMatchObject({ marked: 1, changed: 1, assets: [{ name: 'red' }] });
    expect(before.history).toMatchObject([{ job: { originalName: 'Waiting', state: 'waiting' } }]);
    await server.clock.advance(60_000);
    // Changes arrive by notifications of the database, a moment later.
    await expect
      .poll(async () => (await page.get<PublishPage>('publish')).history, { timeout: 30_000 })
      .toMatchObject([{ job: { state: 'completed' }, publishType: expect.any(String) }]);
    const after = await page.get<PublishPage>('publish');
    expect(after.pending).toMatchObject({ marked: 1, changed: 0, assets: [], since: expect.any(String) });
  });
});

describe('the test panel', () => {
  it('is for administrators only', async () => {
    expect((await page.get<SessionInfo>('session')).capabilities?.testPanel).toBe(true);
    const ann = new ConsoleBrowser(server.url);
    const info = await ann.login(ANN);
    expect([info.service.hasTestPanel, info.capabilities?.testPanel]).toEqual([true, false]);
    for (const path of ['test', 'test/mails', 'test/journal'])
      expect(await problemIn(ann.get(path))).toMatchObject({ status: 403, code: 'forbidden' });
    for (const path of ['test/clock', 'test/chaos', 'test/seed', 'test/reset'])
      expect(await problemIn(ann.post(path, { confirm: 'reset' }))).toMatchObject({
        status: 403,
        code: 'forbidden',
      });
  });

  it('moves the clock, and what becomes due runs', async () => {
    const before = await page.get<TestState>('test');
    expect(before.clock.mode).toBe('manual');
    const stream = await page.events();
    const after = await page.post<TestState>('test/clock', { advance: 24 * 3_600_000 });
    expect(Date.parse(after.clock.now) - Date.parse(before.clock.now)).toBe(24 * 3_600_000);
    await stream.next('jobs', ({ changed }) =>
      changed.some(({ originalName, stage }) => originalName === 'Nightly' && stage === 'completed'),
    );
    stream.close();
    for (const body of [{}, { advance: -1 }, { now: 'soon' }, { advance: '1' }])
      expect(await problemIn(page.post('test/clock', body))).toMatchObject({ status: 400, code: 'input' });
  });

  it('shows mails and notifications', async () => {
    await server.clock.runPending();
    const { mails } = await page.get<MailsPage>('test/mails');
    expect(mails).toMatchObject([
      { recipient: server.admin.email, subject: expect.stringContaining('Shoes'), outcome: 'kept' },
    ]);
    const { notifications, total } = await page.get<NotificationsPage>('test/notifications');
    expect(total).toBe(notifications.length);
    expect(notifications).toContainEqual(
      expect.objectContaining({
        kind: 'http',
        target: noticeUrl,
        status: 'delivered',
        body: expect.stringContaining('"originalJobName":"Shoes"'),
      }),
    );
  });

  it('keeps a journal of calls with their XML, without secrets and without those of the console', async () => {
    await ips.jobs.submit(
      'uploadUrlsJob',
      {
        ...options,
        urlArray: [{ sourceUrl: `https://ann:${SECRET}@example.com/x.png`, destPath: 'MyCompany/x.png' }],
      },
      { name: 'Journaled', execTime: new Date('2030-01-01T00:00:00Z') },
    );
    await connect(server).fault('stopJob', { companyHandle: 'c|6', jobHandle: 'j|6||None|99' });
    await page.get<JobsPage>('jobs');
    const { entries, capacity } = await page.get<JournalPage>('test/journal');
    expect(capacity).toBe(1000);
    expect(entries.map(({ operation }) => operation)).not.toContain('getUserInfo');
    expect(entries[0]).toMatchObject({
      operation: 'stopJob',
      status: 500,
      fault: { code: expect.any(Number) },
      user: server.admin.email,
    });
    const { entries: found } = await page.get<JournalPage>('test/journal', { operation: 'submitJob' });
    const entry = await page.get<JournalEntryXml>('test/journal/entry', { id: found[0]?.id ?? '' });
    expect(entry.request).toContain('<jobName>Journaled</jobName>');
    expect(entry.response).toContain('submitJobReturn');
    expect(JSON.stringify(entry)).not.toContain(SECRET);
    expect(JSON.stringify(entry)).not.toContain(server.admin.password);
    expect(await problemIn(page.get('test/journal/entry', { id: '999999' }))).toMatchObject({ status: 404 });
  });

  it('injects failures, and names settings that are none', async () => {
    expect((await page.post<TestState>('test/chaos', { latency: 5 })).chaos).toEqual({ latency: 5 });
    expect(await problemIn(page.post('test/chaos', { latency: -1 }))).toMatchObject({
      code: 'input',
      message: expect.stringContaining('latency'),
    });
    expect((await page.post<TestState>('test/chaos', {})).chaos).toEqual({});
  });

  it('seeds, and resets after a typed confirmation', async () => {
    await page.post('test/seed', { seed: { companies: [{ name: 'Seeded' }] } });
    expect(await problemIn(page.post('test/seed', { seed: { companies: 'x' } }))).toMatchObject({
      code: 'input',
    });
    expect(await problemIn(page.post('test/reset', {}))).toMatchObject({
      message: 'confirm: expected the word reset',
    });
    const other = new ConsoleBrowser(server.url);
    await other.login(ANN);
    await page.post('test/reset', { confirm: 'reset' });
    // Everybody has to log in again, and finds an empty server.
    expect(await problemIn(other.get('jobs'))).toMatchObject({ code: 'login' });
    expect(await problemIn(page.get('jobs'))).toMatchObject({ code: 'login' });
    await ips.close();
    await begin();
    expect((await page.get<JobsPage>('jobs', { stage: 'completed' })).total).toBe(0);
    expect((await page.get<SessionInfo>('session')).companies?.map(({ name }) => name)).not.toContain(
      'Seeded',
    );
  });
});

describe('a server without the admin API', () => {
  it('has no test panel', async () => {
    const other = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST });
    try {
      const browser = new ConsoleBrowser(other.url);
      const info = await browser.login({ user: other.admin.email, password: other.admin.password });
      expect([info.service.hasTestPanel, info.capabilities?.testPanel]).toEqual([false, false]);
      expect(await problemIn(browser.get('test'))).toMatchObject({ status: 404, code: 'notFound' });
    } finally {
      await other.stop();
    }
  });

  it('has no console where it is turned off', async () => {
    const other = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST, console: false });
    try {
      const browser = new ConsoleBrowser(other.url);
      expect(other.console).toBeUndefined();
      for (const path of ['/', '/jobs', '/console/api/session'])
        expect((await browser.raw(path)).status).toBe(404);
    } finally {
      await other.stop();
    }
  });
});
