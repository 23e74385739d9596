// A console of its own, in front of a service that is not this server.
import type { ActiveJob, JobLog, ScheduledJob } from '@ips-sdk/types';
import { IpsFault } from '@ips-sdk/wire';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeService, fault, openService, raw } from '../../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../../scripts/testing/job-log.js';
import type { JobFacets, JobsPage, JobXml, SessionInfo } from '../../src/console/api.js';
import {
  type RunningConsole,
  type StandaloneOptions,
  startConsole,
} from '../../src/console/start-console.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';

const COMPANY = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };
const OTHER = { companyHandle: 'c|7', name: 'Other', rootPath: 'Other/' };
const USER = {
  userHandle: 'u|1|ann@example.com',
  firstName: 'Ann',
  lastName: '',
  email: 'ann@example.com',
  isValid: true,
  isIpsAdmin: false,
};
const LOGIN = { user: 'ann@example.com', password: 'correct horse' };
const NOW = Date.now();
/** Beyond what a number holds. */
const HUGE = '9007199254740993';

let service: FakeService & { readonly stop: () => Promise<void> };
let active: ActiveJob[];
let scheduled: ScheduledJob[];
let logs: JobLog[];
const consoles: RunningConsole[] = [];
const browsers: ConsoleBrowser[] = [];

const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const activeJob = (name: string, fields: Partial<ActiveJob> = {}): ActiveJob => ({
  companyHandle: 'c|6',
  jobHandle: `j|6||${name}_x|1`,
  name: `${name}_x`,
  originalName: name,
  type: 'ImageServingPublish',
  state: 'Running',
  submitUserEmail: 'ann@example.com',
  serverName: 'worker-2',
  startDate: ago(2),
  triggerTime: ago(3),
  totalSize: 0,
  progress: 64,
  progressMessage: 'PublishingFiles',
  lastProgressUpdate: ago(0),
  taskProgressArray: [],
  imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  ...fields,
});

const logOf = (name: string, index: number, fields: Partial<JobLog> = {}): JobLog =>
  jobLog(name, {
    companyHandle: 'c|6',
    jobHandle: `j|6||${name}|${index}`,
    jobName: `${name}_y`,
    submitUserEmail: index % 2 === 0 ? 'ann@example.com' : 'bob@example.com',
    startDate: ago(index),
    endDate: ago(index - 0.5),
    totalFileCount: 3,
    fileSuccessCount: 3,
    ...fields,
  });

beforeEach(async () => {
  active = [];
  scheduled = [];
  logs = [];
  service = await openService(
    {
      getUserInfo: () => ({ userInfo: USER }),
      getCompanyMembership: () => ({
        membershipArray: [
          { company: COMPANY, role: 'IpsUser', isActive: true },
          { company: OTHER, role: 'IpsUser', isActive: true },
        ],
      }),
      getActiveJobs: ({ companyHandle }) => ({ jobArray: companyHandle === 'c|6' ? active : [] }),
      getScheduledJobs: () => ({ jobArray: scheduled }),
      getJobLogs: ({ startDate, numRows = 1000 }) => {
        const from = startDate === undefined ? 0 : new Date(startDate).getTime();
        const found = logs.filter((log) => Date.parse(log.startDate ?? '') >= from);
        found.sort((one, other) => Date.parse(one.startDate ?? '') - Date.parse(other.startDate ?? ''));
        return { jobLogArray: found.slice(0, numRows) };
      },
      getJobLogDetails: () => ({ jobLogArray: [] }),
    },
    ({ decoded }) => {
      if (decoded.header?.['password'] === LOGIN.password) return;
      throw new IpsFault({ kind: 'authentication', code: 10001, reason: 'Invalid username/password' });
    },
  );
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) browser.close();
  for (const one of consoles.splice(0)) await one.stop();
  await service.stop();
});

async function start(options: Partial<StandaloneOptions> = {}): Promise<RunningConsole> {
  const running = await startConsole({
    places: [{ name: 'live', endpoint: service.endpoint, user: LOGIN.user, company: 'MyCompany' }],
    port: 0,
    host: '127.0.0.1',
    readOnly: false,
    version: '1.2.3',
    log: pino({ level: 'silent' }),
    intervals: { busy: 20, calm: 40, outage: 60 },
    ...options,
  });
  consoles.push(running);
  return running;
}

async function loggedIn(running: RunningConsole): Promise<ConsoleBrowser> {
  const browser = new ConsoleBrowser(running.url);
  browsers.push(browser);
  await browser.login(LOGIN);
  return browser;
}

const polls = (): number => service.operations().filter((name) => name === 'getScheduledJobs').length;

/** Resolves when the service has been asked some more times. */
async function polled(times: number): Promise<void> {
  const until = polls() + times;
  while (polls() < until) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a console for a foreign endpoint', () => {
  it('lists its jobs', async () => {
    active = [
      activeJob('Full publish'),
      activeJob('Second', { jobHandle: 'j|6||Second|2', state: 'WaitingClient' }),
    ];
    logs = [logOf('Old', 60), logOf('Broken', 30, { fileErrorCount: 2, fileSuccessCount: 1 })];
    const page = await loggedIn(await start());
    const info = await page.get<SessionInfo>('session');
    expect(info.service).toMatchObject({
      kind: 'foreign',
      endpoint: service.endpoint,
      live: 'polling',
      hasTestPanel: false,
    });
    expect(info.version).toBe('1.2.3');
    const { rows } = await page.get<JobsPage>('jobs');
    expect(
      rows.map(({ originalName, label, detail, progress }) => [originalName, label, detail, progress]),
    ).toEqual([
      ['Full publish', 'Running', 'Publishing files', 64],
      ['Second', 'Waiting', 'waits for Full publish', undefined],
      ['Broken', '2 failed', '2 of 3 files failed', undefined],
      ['Old', 'Completed', '3 files', undefined],
    ]);
  });

  it('asks once for all viewers, and not at all while nobody looks', async () => {
    const running = await start();
    const pages = await Promise.all([loggedIn(running), loggedIn(running), loggedIn(running)]);
    await Promise.all(pages.map((page) => page.get('jobs')));
    const unwatched = polls();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(polls()).toBe(unwatched);
    const streams = await Promise.all(pages.map((page) => page.events()));
    for (const stream of streams) expect(await stream.next('hello')).toHaveProperty('interval');
    await polled(2);
    active = [activeJob('Announced')];
    for (const stream of streams)
      await stream.next('jobs', ({ changed }) =>
        changed.some(({ originalName }) => originalName === 'Announced'),
      );
    // Pollers of their own would number what they find on their own.
    const numbers = streams.map(({ received }) =>
      received.flatMap(({ id, event }) => (event.type === 'jobs' ? [id] : [])),
    );
    expect(numbers[1]).toEqual(numbers[0]);
    expect(numbers[2]).toEqual(numbers[0]);
  });

  it('reports an outage and recovers from it', async () => {
    logs = [logOf('Old', 60)];
    const running = await start();
    const page = await loggedIn(running);
    const stream = await page.events();
    await page.get('jobs');
    for (const name of ['getScheduledJobs', 'getActiveJobs'] as const)
      service.on(name, () => raw('<html>away</html>', 503));
    expect(await stream.next('outage')).toMatchObject({ message: expect.stringContaining('503') });
    // What was read is still there.
    expect((await page.get<JobsPage>('jobs')).rows.map(({ originalName }) => originalName)).toEqual(['Old']);
    const late = await loggedIn(running).catch(() => undefined);
    expect(late).toBeDefined();
    service.on('getActiveJobs', () => ({ jobArray: [] }));
    service.on('getScheduledJobs', () => ({ jobArray: [] }));
    await stream.next('recovered');
  });

  it('shows numbers beyond the exact ones with all their digits', async () => {
    const xml = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><getActiveJobsReturn xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><jobArray><items><companyHandle>c|6</companyHandle><jobHandle>j|6||Big_x|1</jobHandle><name>Big_x</name><originalName>Big</originalName><type>Export</type><state>Running</state><submitUserEmail>ann@example.com</submitUserEmail><serverName>w</serverName><startDate>${ago(1)}</startDate><triggerTime>${ago(1)}</triggerTime><totalSize>${HUGE}</totalSize><progress>1</progress><progressMessage>x</progressMessage><lastProgressUpdate>${ago(1)}</lastProgressUpdate><taskProgressArray/></items></jobArray></getActiveJobsReturn></soapenv:Body></soapenv:Envelope>`;
    service.on('getActiveJobs', () => raw(xml));
    const page = await loggedIn(await start());
    const { exchanges } = await page.get<JobXml>('job/xml', { handle: 'j|6||Big_x|1' });
    expect(exchanges.find(({ about }) => about === 'active')?.response).toContain(
      `<totalSize>${HUGE}</totalSize>`,
    );
  });

  it('pages 10,000 jobs on the server', async () => {
    logs = Array.from({ length: 10_000 }, (_, index) =>
      logOf(`Job ${index}`, 1 + Math.floor(index / 3), {
        jobHandle: `j|6||Job ${index}|${index}`,
        ...(index % 10 === 0 ? { fileErrorCount: 1 } : {}),
      }),
    );
    const page = await loggedIn(await start());
    const first = await page.get<JobsPage>('jobs', { pageSize: 100 });
    expect(first).toMatchObject({ total: 10_000, page: 1 });
    expect(first.rows).toHaveLength(100);
    const asked = service.operations().filter((name) => name === 'getJobLogs').length;
    expect(asked).toBeLessThanOrEqual(7);
    const failed = await page.get<JobsPage>('jobs', { state: 'failed', pageSize: 500, page: 2 });
    expect(failed.total).toBe(1000);
    expect(failed.rows).toHaveLength(500);
    const found = await page.get<JobsPage>('jobs', { text: 'job 9999' });
    expect(found.rows.map(({ originalName }) => originalName)).toEqual(['Job 9999']);
    const ends = await page.get<JobsPage>('jobs', {
      sort: 'name',
      direction: 'asc',
      page: 100,
      pageSize: 100,
    });
    expect(ends.rows.at(-1)?.originalName).toBe('Job 9999');
    expect((await page.get<JobFacets>('jobs/facets')).users).toEqual(['ann@example.com', 'bob@example.com']);
  });

  it('finds what came and went between two polls, and the end of what was active', async () => {
    active = [activeJob('Long', { startDate: ago(100) })];
    const page = await loggedIn(await start());
    const stream = await page.events();
    await stream.next('jobs', ({ changed }) => changed.some(({ originalName }) => originalName === 'Long'));
    active = [];
    logs = [
      logOf('Long', 100, { jobHandle: 'j|6||Long_x|1', endDate: ago(0) }),
      logOf('Short', 1, { startDate: new Date().toISOString(), endDate: new Date().toISOString() }),
    ];
    const done = await stream.next('jobs', ({ changed }) =>
      changed.some(({ originalName, stage }) => originalName === 'Long' && stage === 'completed'),
    );
    const row = done.changed.find(({ originalName }) => originalName === 'Long');
    // What only the active run showed is remembered.
    expect(row).toMatchObject({
      handle: 'j|6||Long_x|1',
      serverName: 'worker-2',
      typeLabel: 'Image publish',
    });
    expect((await page.get<JobsPage>('jobs', { text: 'Short' })).total).toBe(1);
  });

  it('shows a job to who follows a link to it before the next poll', async () => {
    const day = 86_400_000;
    const page = await loggedIn(await start({ intervals: { busy: day, calm: day, outage: day } }));
    const stream = await page.events();
    await stream.next('hello');
    expect((await page.get<JobsPage>('jobs')).total).toBe(0);
    active = [activeJob('New')];
    await expect
      .poll(async () => (await page.raw('/console/api/job?handle=j%7C6%7C%7CNew_x%7C1')).status)
      .toBe(200);
    expect((await page.raw('/console/api/job?handle=j%7C6%7C%7Cnone%7C1')).status).toBe(404);
  });

  it('keeps the jobs of two companies apart', async () => {
    active = [activeJob('Mine')];
    const running = await start();
    const [one, other] = [await loggedIn(running), await loggedIn(running)];
    await other.post('company', { companyHandle: 'c|7' });
    expect((await one.get<JobsPage>('jobs')).total).toBe(1);
    expect((await other.get<JobsPage>('jobs')).total).toBe(0);
  });

  it('passes on the fault of a role', async () => {
    const denied = fault({ kind: 'authorization', code: 20003, reason: 'User does not have permission' });
    const running = await start();
    const page = await loggedIn(running);
    service.on('getActiveJobs', () => denied);
    expect(await problemIn(page.get('jobs'))).toMatchObject({
      status: 403,
      code: 'forbidden',
      fault: { code: 20003 },
    });
  });

  it('names a service that cannot be reached at the login', async () => {
    const running = await start({
      places: [{ name: 'gone', endpoint: 'http://127.0.0.1:9/scene7/services/IpsApiService' }],
    });
    const page = new ConsoleBrowser(running.url);
    expect(await problemIn(page.login(LOGIN))).toMatchObject({ status: 503, code: 'outage' });
  });
});

describe('a read-only console', () => {
  it('refuses every change, and offers none', async () => {
    active = [activeJob('Full publish')];
    const page = await loggedIn(await start({ readOnly: true }));
    const info = await page.get<SessionInfo>('session');
    expect(info.readOnly).toBe('this console was started with --read-only');
    expect(info.capabilities).toMatchObject({
      submitJobs: false,
      controlJobs: false,
      uploadAssets: false,
      publish: false,
    });
    const { rows } = await page.get<JobsPage>('jobs');
    expect(rows[0]?.actions).toEqual([]);
    const before = service.requests.length;
    const { handle } = rows[0] ?? {};
    const changes: readonly [string, object][] = [
      ['job/actions', { action: 'stop', handles: [handle] }],
      ['submit', { kind: 'exportJob', details: {} }],
      ['schedules/edit', { handle, execSchedule: '0 0 2 * * ?' }],
      ['folders', { action: 'create', path: 'MyCompany/New/' }],
      ['assets/actions', { action: 'delete', handles: ['a|1'] }],
      ['assets/metadata', { assetHandle: 'a|1', values: [] }],
      ['assets/crops', { assetHandle: 'a|1', crops: [] }],
      ['uploads', { folder: 'MyCompany/', files: [{ path: 'x.png', size: 1 }] }],
      ['uploads/cancel', { id: 'x' }],
      ['test/clock', { advance: 1 }],
      ['test/chaos', {}],
      ['test/seed', {}],
      ['test/reset', { confirm: 'reset' }],
    ];
    for (const [path, body] of changes)
      expect(await problemIn(page.post(path, body))).toMatchObject({ status: 403, code: 'readOnly' });
    const chunk = await page.raw('/console/api/uploads/chunk?id=x&file=0&offset=0', {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream', 'x-csrf-token': page.csrf },
      body: 'x',
    });
    expect(JSON.parse(chunk.text)).toMatchObject({ error: { code: 'readOnly' } });
    expect(service.requests.length).toBe(before);
  });

  it('can be one profile of several', async () => {
    const place = { endpoint: service.endpoint, company: 'MyCompany' };
    const running = await start({
      places: [
        { name: 'staging', ...place },
        { name: 'live', ...place, readOnly: true },
      ],
    });
    const page = new ConsoleBrowser(running.url);
    expect((await page.login({ ...LOGIN, profile: 'staging' })).readOnly).toBeUndefined();
    expect((await page.login({ ...LOGIN, profile: 'live' })).readOnly).toBe('the profile live is read-only');
    expect(await problemIn(page.post('job/actions', { action: 'stop', handles: ['j'] }))).toMatchObject({
      code: 'readOnly',
    });
  });
});

describe('credentials that the console has', () => {
  const withCredentials = (): Promise<RunningConsole> =>
    start({
      places: [{ name: 'live', endpoint: service.endpoint, credentials: LOGIN, company: 'MyCompany' }],
    });

  it('let in whoever has the URL that it printed', async () => {
    const running = await withCredentials();
    const page = new ConsoleBrowser(running.url);
    const { status, headers } = await page.raw(
      new URL(running.openUrl).pathname + new URL(running.openUrl).search,
    );
    expect([status, headers['location']]).toEqual([303, '/']);
    const cookies = [headers['set-cookie']].flat();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    page.cookie = cookies.map((cookie) => cookie?.split(';')[0]).join('; ');
    expect(await page.get<SessionInfo>('session')).toMatchObject({
      isLoggedIn: true,
      user: { email: LOGIN.user },
    });
    expect(JSON.stringify(await page.get('session'))).not.toContain(LOGIN.password);
  });

  it('are of no use to anybody else on the machine', async () => {
    const running = await withCredentials();
    const page = new ConsoleBrowser(running.url);
    expect((await page.get<SessionInfo>('session')).profiles[0]?.hasCredentials).toBe(false);
    expect(await problemIn(page.login({}))).toMatchObject({ status: 400, code: 'input' });
    for (const query of ['', '?key=', '?key=x', '?key=a&key=b'])
      expect((await page.raw(`/console/open${query}`)).status).toBe(query === '' ? 401 : 401);
    page.cookie = `ips-console-${new URL(running.url).port}-key=${'A'.repeat(32)}`;
    expect(await problemIn(page.login({}))).toMatchObject({ code: 'input' });
  });
});

describe('sessions', () => {
  it('end without requests, and at the latest after their lifetime', async () => {
    const { defaultConsoleLimits } = await import('../../src/console/console-options.js');
    const page = await loggedIn(await start({ limits: { ...defaultConsoleLimits, idle: 30 } }));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await problemIn(page.get('jobs'))).toMatchObject({
      status: 401,
      code: 'login',
      message: 'the session has ended; log in again',
    });
    expect((await page.get<SessionInfo>('session')).isLoggedIn).toBe(false);
  });

  it('are limited in number', async () => {
    const running = await start({ limits: { sessions: 2 } });
    await loggedIn(running);
    await loggedIn(running);
    const third = new ConsoleBrowser(running.url);
    expect(await problemIn(third.login(LOGIN))).toMatchObject({ status: 429, code: 'tooMany' });
  });

  it('do not survive a restart, and streams show that events were lost', async () => {
    const first = await start();
    const page = await loggedIn(first);
    const stream = await page.events();
    await stream.next('hello');
    await first.stop();
    await stream.ended();
    const port = Number(new URL(first.url).port);
    const second = await start({ port });
    expect(second.url).toBe(first.url);
    expect(await problemIn(page.get('jobs'))).toMatchObject({ status: 401, code: 'login' });
    await page.login(LOGIN);
    const again = await page.events({}, 'abc-1');
    expect(await again.next('hello')).toMatchObject({ isComplete: false });
  });
});
