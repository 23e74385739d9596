// The jobs in the console: the list, one job, actions, and what arrives by itself.
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  JobActionResult,
  JobAssetsPage,
  JobFacets,
  JobPage,
  JobsPage,
  JobXml,
  LogPage,
  Throughput,
} from '../../src/console/api.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { type FileServer, serveFiles } from '../support/file-server.js';
import { TEST_COST } from '../support/password-hash.js';
import { BLUE, plain, RED } from '../support/pictures.js';

const SECRET = 'hunter2-secret';

let server: IpsServer;
let files: FileServer;
let ips: IpsClient;
let page: ConsoleBrowser;

const options = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

beforeAll(async () => {
  files = await serveFiles({
    '/red.png': await plain(20, 10, RED).png().toBuffer(),
    '/blue.png': await plain(30, 10, BLUE).png().toBuffer(),
    '/broken.png': Buffer.from('not an image'),
  });
  server = await createIpsServer({
    jobClock: 'manual',
    passwordCost: TEST_COST,
    company: 'MyCompany',
    timeZone: 'America/New_York',
    allowPrivateAddresses: true,
    now: new Date('2026-03-01T12:00:00Z'),
  });
  await server.seed({
    users: [
      {
        email: 'ann@example.com',
        password: 'ann-password',
        memberships: [{ company: 'MyCompany', role: 'IpsUser' }],
      },
    ],
  });
  ips = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: server.admin.email, password: server.admin.password },
    companyHandle: 'c|6',
  });
  page = new ConsoleBrowser(server.url);
  await page.login({ user: server.admin.email, password: server.admin.password, company: 'c|6' });
  await ips.jobs.submit(
    'uploadUrlsJob',
    {
      ...options,
      urlArray: [
        { sourceUrl: `${files.url}/red.png`, destPath: 'MyCompany/Shoes/red.png' },
        { sourceUrl: `${files.url}/blue.png`, destPath: 'MyCompany/Shoes/Kids/blue.png' },
        {
          sourceUrl: `${files.url.replace('//', `//ann:${SECRET}@`)}/missing.png`,
          destPath: 'MyCompany/Shoes/x.png',
        },
      ],
    },
    { name: 'Spring shoes' },
  );
  await server.clock.runPending();
  await ips.publish({}, { name: 'Nightly', execSchedule: '0 0 2 * * ?' });
  await ips.publish({}, { name: 'Waiting publish' });
});
afterAll(async () => {
  page.close();
  await ips.close();
  await server.stop();
  await files.close();
});

const handleOf = async (name: string, stage?: string): Promise<string> => {
  const { rows } = await page.get<JobsPage>('jobs', { text: name, stage });
  return rows[0]?.handle ?? '';
};

describe('the list', () => {
  it('has scheduled, active and completed jobs with verdicts in words', async () => {
    const { rows, stages, total, at } = await page.get<JobsPage>('jobs');
    const shown = rows
      .filter(({ name }) => name !== 'Cleanup')
      .map(({ originalName, stage, state, label, typeLabel, destination }) => ({
        originalName,
        stage,
        state,
        label,
        typeLabel,
        destination,
      }));
    expect(shown).toEqual([
      {
        originalName: 'Waiting publish',
        stage: 'active',
        state: 'waiting',
        label: 'Waiting',
        typeLabel: 'Image publish',
        destination: 'Image serving',
      },
      {
        originalName: 'Nightly',
        stage: 'scheduled',
        state: 'scheduled',
        label: 'Scheduled',
        typeLabel: 'Image publish',
        destination: 'Image serving',
      },
      {
        originalName: 'Spring shoes',
        stage: 'completed',
        state: 'failed',
        label: '1 failed',
        typeLabel: 'URL upload',
        destination: 'MyCompany/Shoes/',
      },
    ]);
    expect(stages).toMatchObject({ active: 1, completed: 1 });
    expect(total).toBe(rows.length);
    expect(at).toBe('2026-03-01T12:00:00.000Z');
  });

  it('says why on the second line', async () => {
    const { rows } = await page.get<JobsPage>('jobs');
    const detail = (name: string) => rows.find(({ originalName }) => originalName === name)?.detail;
    expect(detail('Spring shoes')).toMatch(/^1 of 3 files failed: .*404/);
    expect(detail('Nightly')).toBe('every day at 02:00');
    expect(detail('Waiting publish')).toBe('waits for a worker');
  });

  it('filters, sorts and pages on the server', async () => {
    const names = async (query: Record<string, string | string[]>) =>
      (await page.get<JobsPage>('jobs', query)).rows.map(({ originalName }) => originalName);
    expect(await names({ text: 'SHOES kids' })).toEqual([]);
    expect(await names({ text: 'spring failed' })).toEqual(['Spring shoes']);
    expect(await names({ state: ['waiting', 'failed'] })).toEqual(['Waiting publish', 'Spring shoes']);
    expect(await names({ type: 'UrlUpload' })).toEqual(['Spring shoes']);
    expect(await names({ user: 'me', stage: 'completed' })).toEqual(['Spring shoes']);
    expect(await names({ user: 'nobody@example.com' })).toEqual([]);
    expect(await names({ text: 'publish', sort: 'name', direction: 'desc', pageSize: '1' })).toEqual([
      'Waiting publish',
    ]);
    expect(await names({ from: '2026-03-02T00:00:00Z', stage: 'completed' })).toEqual([]);
    const { types, users } = await page.get<JobFacets>('jobs/facets');
    expect(types).toContainEqual({ type: 'UrlUpload', label: 'URL upload' });
    expect(users).toContain(server.admin.email);
  });

  it.each([
    [{ state: 'odd' }, 'state: found "odd", expected scheduled, paused'],
    [{ page: '0' }, 'page: found "0", expected a whole number from 1'],
    [{ pageSize: '501' }, 'pageSize'],
    [{ from: 'yesterday' }, 'from: found "yesterday", expected an ISO 8601 time'],
    [{ sort: 'constructor' }, 'sort'],
  ])('names what is wrong in %j', async (query, words) => {
    const problem = await problemIn(page.get('jobs', query));
    expect(problem).toMatchObject({ status: 400, code: 'input' });
    expect(problem.message).toContain(words);
  });
});

describe('a job', () => {
  it('shows its path, its facts and its log', async () => {
    const handle = await handleOf('Spring shoes');
    const job = await page.get<JobPage>('job', { handle });
    expect(job.stages.map(({ name, status }) => [name, status])).toEqual([
      ['Submitted', 'done'],
      ['Queued', 'done'],
      ['Running', 'done'],
      ['Completed', 'failed'],
    ]);
    expect(job.details?.kind).toBe('uploadUrlsJob');
    expect(job.facts).toContainEqual({
      label: 'URL 1, source URL',
      value: `${files.url}/red.png`,
      form: 'url',
      path: 'uploadUrlsJob.urlArray[0].sourceUrl',
    });
    expect(job.logCounts).toMatchObject({ errors: 1, warnings: 0 });
    expect(job.log?.totalFileCount).toBe(3);
    expect(await page.get<JobPage>('job', { handle: 'j|6|Nightly||' })).toMatchObject({
      scheduled: { execSchedule: '0 0 2 * * ?' },
      stages: [{ name: 'Submitted' }, { name: 'NextRun', status: 'ahead' }],
    });
    expect(await problemIn(page.get('job', { handle: 'j|6||None|99' }))).toMatchObject({
      status: 404,
      code: 'notFound',
    });
  });

  it('lists errors first, and finds the page of a row', async () => {
    const handle = await handleOf('Spring shoes');
    const log = await page.get<LogPage>('job/log', { handle });
    expect(log.rows[0]).toMatchObject({ level: 'error', logType: 'UploadError' });
    expect(log.counts.all).toBe(log.total);
    const last = log.rows.at(-1)?.id ?? '';
    const at = await page.get<LogPage>('job/log', { handle, row: last, pageSize: 2 });
    expect(at.page).toBe(Math.ceil(log.total / 2));
    expect(at.rows.map(({ id }) => id)).toContain(last);
    const errors = await page.get<LogPage>('job/log', { handle, level: 'errors' });
    expect(errors.total).toBe(1);
    const found = await page.get<LogPage>('job/log', { handle, text: 'blue', order: 'latest' });
    expect(found.rows.every(({ logMessage, assetName }) => /blue/.test(`${assetName} ${logMessage}`))).toBe(
      true,
    );
  });

  it('gives its log as CSV and JSON', async () => {
    const handle = encodeURIComponent(await handleOf('Spring shoes'));
    const csv = await page.raw(`/console/api/job/log/file?handle=${handle}&level=errors`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toMatch(
      /^attachment; filename="Spring shoes_2026-[\w .-]+\.csv"$/,
    );
    expect(csv.text.split('\r\n')).toHaveLength(3);
    const json = await page.raw(`/console/api/job/log/file?handle=${handle}&format=json`);
    expect(JSON.parse(json.text)).toBeInstanceOf(Array);
  });

  it('shows assets, throughput and XML without secrets', async () => {
    const handle = await handleOf('Spring shoes');
    const { assets, total } = await page.get<JobAssetsPage>('job/assets', { handle });
    expect(total).toBe(2);
    expect(assets.map(({ name }) => name).sort()).toEqual(['blue', 'red']);
    const { samples } = await page.get<Throughput>('job/throughput', { handle });
    expect(samples.at(-1)?.done).toBe(3);
    const { exchanges } = await page.get<JobXml>('job/xml', { handle });
    expect(exchanges.map(({ about }) => about)).toEqual(['submission', 'log']);
    expect(exchanges[0]?.request).toContain('<destPath>MyCompany/Shoes/red.png</destPath>');
    expect(exchanges[1]?.response).toContain('getJobLogDetailsReturn');
    const everything = [
      JSON.stringify(exchanges),
      (await page.raw(`/console/api/job?handle=${encodeURIComponent(handle)}`)).text,
    ].join('\n');
    expect(everything).toContain('••••••');
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain(server.admin.password);
  });
});

describe('actions', () => {
  it('act on exactly the given jobs, and report each', async () => {
    const [nightly, waiting] = [await handleOf('Nightly'), await handleOf('Waiting publish', 'active')];
    const result = await page.post<JobActionResult>('job/actions', {
      action: 'pause',
      handles: [nightly, waiting, 'j|6||None|99'],
    });
    expect(result.outcomes).toMatchObject([
      { handle: nightly, name: 'Nightly', ok: true, message: 'paused' },
      { handle: waiting, name: 'Waiting publish', ok: true },
      { handle: 'j|6||None|99', ok: false, fault: { code: expect.any(Number) } },
    ]);
    expect(result.summary).toBe('paused: 2 of 3 jobs');
    const { rows } = await page.get<JobsPage>('jobs', { state: 'paused' });
    expect(rows.map(({ handle, actions }) => ({ handle, can: actions.includes('resume') }))).toEqual([
      { handle: waiting, can: true },
      { handle: nightly, can: true },
    ]);
    await page.post('job/actions', { action: 'resume', handles: [nightly, waiting] });
    expect((await page.get<JobsPage>('jobs', { state: 'paused' })).total).toBe(0);
  });

  it('run a job again with its payload, secrets included', async () => {
    const handle = await handleOf('Spring shoes', 'completed');
    const { outcomes } = await page.post<JobActionResult>('job/actions', {
      action: 'runAgain',
      handles: [handle],
    });
    expect(outcomes).toMatchObject([
      { ok: true, newHandle: expect.stringContaining('Spring shoes, again 20') },
    ]);
    const again = (await ips.jobs.active()).find(({ originalName }) =>
      originalName.startsWith('Spring shoes, again'),
    );
    expect(again).toBeDefined();
    const { tables } = await server.snapshot();
    const stored = tables['runs']?.filter(({ name }) => name === again?.name);
    expect(JSON.stringify(stored)).toContain(SECRET);
    await page.post('job/actions', { action: 'stop', handles: [again?.jobHandle ?? ''] });
  });

  it('refuse anything but a list of handles', async () => {
    for (const body of [
      { action: 'stop' },
      { action: 'stop', handles: [] },
      { action: 'stop', handles: [7] },
      { action: 'toString', handles: ['j'] },
      { action: 'stop', handles: Array.from({ length: 501 }, (_, index) => `j|${index}`) },
    ])
      expect(await problemIn(page.post('job/actions', body))).toMatchObject({ status: 400, code: 'input' });
  });

  it('are offered and allowed by role only', async () => {
    const ann = new ConsoleBrowser(server.url);
    await ann.login({ user: 'ann@example.com', password: 'ann-password' });
    const { rows } = await ann.get<JobsPage>('jobs', { stage: 'active' });
    expect(rows[0]?.actions.length).toBeGreaterThan(0);
  });
});

describe('events', () => {
  it('show what changes, by themselves', async () => {
    const stream = await page.events();
    expect(await stream.next('hello')).toMatchObject({ isComplete: false });
    await ips.publish({}, { name: 'Announced', execTime: new Date('2026-04-01T00:00:00Z') });
    const event = await stream.next('jobs', ({ changed }) =>
      changed.some(({ originalName }) => originalName === 'Announced'),
    );
    const row = event.changed.find(({ originalName }) => originalName === 'Announced');
    expect(row).toMatchObject({ stage: 'scheduled', state: 'scheduled' });
    expect(new Date(row?.nextFireTime ?? '').toISOString()).toBe('2026-04-01T00:00:00.000Z');
    expect(event.added).toContain(row?.handle);
    const { handle = '' } = row ?? {};
    await ips.jobs.get(handle).delete();
    await stream.next('jobs', ({ removed }) => removed.includes(handle));
    stream.close();
  });

  it('give a viewer who comes back what was missed', async () => {
    const first = await page.events();
    await first.next('hello');
    await ips.publish({}, { name: 'Before', execTime: new Date('2026-04-01T00:00:00Z') });
    await first.next('jobs', ({ changed }) => changed.some(({ originalName }) => originalName === 'Before'));
    const { last } = first;
    first.close();
    const watching = await page.events();
    await ips.publish({}, { name: 'Missed', execTime: new Date('2026-04-01T00:00:00Z') });
    await watching.next('jobs', ({ changed }) =>
      changed.some(({ originalName }) => originalName === 'Missed'),
    );
    const second = await page.events({}, last);
    expect(await second.next('hello')).toMatchObject({ isComplete: true });
    await second.next('jobs', ({ changed }) => changed.some(({ originalName }) => originalName === 'Missed'));
    expect(second.received.some(({ event }) => JSON.stringify(event).includes('"Before"'))).toBe(false);
    const stranger = await page.events({}, 'another-1');
    expect(await stranger.next('hello')).toMatchObject({ isComplete: false });
    for (const stream of [watching, second, stranger]) stream.close();
  });

  it('follow the log of one job', async () => {
    const { handle: submitted } = await ips.jobs.submit(
      'uploadUrlsJob',
      { ...options, urlArray: [{ sourceUrl: `${files.url}/red.png`, destPath: 'MyCompany/red2.png' }] },
      { name: 'Followed' },
    );
    expect(submitted).toContain('Followed');
    const handle = await handleOf('Followed', 'active');
    const stream = await page.events({ job: handle });
    expect(await stream.next('job')).toMatchObject({ handle, isLogPartial: true, row: { state: 'waiting' } });
    await server.clock.runPending();
    const event = await stream.next('job', ({ row }) => row.stage === 'completed');
    expect(event.row).toMatchObject({ state: 'completed', label: 'Completed' });
    const rows = stream.received.flatMap(({ event: one }) => (one.type === 'job' ? one.log : []));
    expect(rows.map(({ logType }) => logType)).toContain('UploadSuccess');
    stream.close();
  });

  it('are limited for each session', async () => {
    const crowd = new ConsoleBrowser(server.url);
    await crowd.login({ user: 'ann@example.com', password: 'ann-password' });
    for (let count = 0; count < 20; count += 1) await crowd.events();
    expect(await problemIn(crowd.events())).toMatchObject({ status: 429, code: 'tooMany' });
    crowd.close();
  });

  it('end with the session', async () => {
    const ann = new ConsoleBrowser(server.url);
    await ann.login({ user: 'ann@example.com', password: 'ann-password' });
    const stream = await ann.events();
    await ann.post('logout');
    expect(await stream.next('session')).toMatchObject({ reason: 'loggedOut' });
    await stream.ended();
  });
});
