// Jobs that are submitted and scheduled from the console.
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { jobKinds } from '@ips-sdk/types/jobs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  JobKindsAnswer,
  SchedulePreview,
  SchedulesPage,
  SubmitCheck,
  SubmitResult,
} from '../../src/console/api.js';
import { KIND_WORDS } from '../../src/console/jobs/kind-words.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { kinds } from '../../src/job-kinds/registry.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';

const SECRET = 'hunter2-secret';
const UPLOAD = {
  urlArray: [{ sourceUrl: `https://ann:${SECRET}@example.com/red.png`, destPath: 'MyCompany/red.png' }],
  overwrite: true,
  readyForPublish: true,
  createMask: false,
  emailSetting: 'None',
};
const PUBLISH = { publishType: 'Incremental', emailSetting: 'None' };

let server: IpsServer;
let ips: IpsClient;
let page: ConsoleBrowser;

beforeAll(async () => {
  server = await createIpsServer({
    jobClock: 'manual',
    passwordCost: TEST_COST,
    company: 'MyCompany',
    timeZone: 'America/New_York',
    now: new Date('2026-10-30T12:00:00Z'),
  });
  const { email: user, password } = server.admin;
  ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, companyHandle: 'c|6' });
  page = new ConsoleBrowser(server.url);
  await page.login({ user, password, company: 'MyCompany' });
});
afterAll(async () => {
  page.close();
  await ips.close();
  await server.stop();
});

const storedJobs = async (): Promise<string> => JSON.stringify((await server.snapshot()).tables['triggers']);

describe('kinds of jobs', () => {
  it('come with words, examples and schemas that are complete', async () => {
    const { kinds: found, $defs } = await page.get<JobKindsAnswer>('kinds');
    expect(found.map(({ kind }) => kind)).toEqual(jobKinds.filter((kind) => kind !== 'uploadPostJob'));
    for (const { schema, example, isAllowed } of found) {
      expect($defs[schema]?.properties).toBeDefined();
      expect(isAllowed).toBe(true);
      for (const name of Object.keys(example)) expect($defs[schema]?.properties).toHaveProperty(name);
      for (const name of $defs[schema]?.required ?? []) expect(example).toHaveProperty(name);
    }
    for (const [, name = ''] of JSON.stringify($defs).matchAll(/"\$ref":"([^"]+)"/g))
      expect($defs).toHaveProperty(name.replace('#/$defs/', ''));
  });

  it('have the types of the server', () => {
    for (const kind of jobKinds) expect(KIND_WORDS[kind].type).toBe(kinds[kind].type);
  });
});

describe('a dry run', () => {
  it('shows the XML, the command and the program, and submits nothing', async () => {
    const before = await storedJobs();
    const check = await page.post<SubmitCheck>('submit/check', {
      kind: 'uploadUrlsJob',
      details: UPLOAD,
      jobName: "Ann's shoes",
    });
    expect(check.issues).toEqual([]);
    expect(check.xml).toContain('<destPath>MyCompany/red.png</destPath>');
    expect(check.shell).toContain(
      `ips job submit uploadUrlsJob --name 'Ann'\\''s shoes' --input - <<'JSON'\n{`,
    );
    expect(check.typescript).toContain(`ips.jobs.submit(\n  'uploadUrlsJob',`);
    expect(JSON.stringify(check)).not.toContain(SECRET);
    expect(JSON.stringify(check)).not.toContain(server.admin.password);
    expect(await storedJobs()).toBe(before);
  });

  it('has the messages of the validator, with paths', async () => {
    const { issues, xml } = await page.post<SubmitCheck>('submit/check', {
      kind: 'uploadUrlsJob',
      details: { ...UPLOAD, overwrite: 'yes', color: 'red', createMask: undefined },
    });
    expect(issues).toEqual(
      expect.arrayContaining([
        { path: 'uploadUrlsJob.overwrite', message: expect.any(String), severity: 'error' },
        { path: 'uploadUrlsJob.createMask', message: expect.any(String), severity: 'error' },
        { path: 'uploadUrlsJob.color', message: expect.any(String), severity: 'error' },
      ]),
    );
    expect(xml).toBeUndefined();
  });

  it('names a request that is not one', async () => {
    for (const body of [
      {},
      { kind: 'uploadPostJob', details: {} },
      { kind: 'exportJob', details: [] },
      { kind: 'constructor', details: {} },
    ])
      expect(await problemIn(page.post('submit/check', body))).toMatchObject({ status: 400, code: 'input' });
    expect(
      await problemIn(page.post('submit', { kind: 'exportJob', details: {}, jobName: 7 })),
    ).toMatchObject({
      message: 'jobName: expected a text',
    });
  });
});

describe('submitting', () => {
  it('submits the job, whose secrets never come back', async () => {
    const { jobHandle, jobName } = await page.post<SubmitResult>('submit', {
      kind: 'uploadUrlsJob',
      details: UPLOAD,
      jobName: 'First',
      execTime: '2027-01-01T00:00:00Z',
    });
    expect([jobHandle, jobName]).toEqual(['j|6|First||', 'First']);
    const shown = await page.raw(`/console/api/job?handle=${encodeURIComponent(jobHandle)}`);
    expect(shown.text).toContain('https://••••••@example.com/red.png');
    expect(shown.text).not.toContain(SECRET);
  });

  it('gives an edited job the secrets that it was shown without, for the same host only', async () => {
    const sourceUrl = 'https://••••••@example.com/blue.png';
    const edited = { ...UPLOAD, urlArray: [{ sourceUrl, destPath: 'MyCompany/blue.png' }] };
    const basedOn = 'j|6|First||';
    const request = {
      kind: 'uploadUrlsJob',
      details: edited,
      jobName: 'Edited',
      basedOn,
      execTime: '2027-01-01T00:00:00Z',
    };
    await page.post<SubmitResult>('submit', request);
    expect(await storedJobs()).toContain(`https://ann:${SECRET}@example.com/blue.png`);
    const thief = {
      ...edited,
      urlArray: [{ sourceUrl: 'https://••••••@evil.example.com/x', destPath: 'MyCompany/x.png' }],
    };
    expect(
      await problemIn(page.post('submit', { ...request, jobName: 'Thief', details: thief })),
    ).toMatchObject({
      code: 'input',
      message: expect.stringContaining('type it'),
    });
    expect(await storedJobs()).not.toContain('evil.example.com');
  });

  it('passes on what the service refuses', async () => {
    const problem = await problemIn(
      page.post('submit', {
        kind: 'exportJob',
        details: { assetHandleArray: ['a|99'], fmt: 'orig', emailSetting: 'None' },
        jobName: 'x|y',
      }),
    );
    expect(problem).toMatchObject({ code: 'fault', fault: { code: 30001 } });
  });
});

describe('schedules', () => {
  it('show their next times in both zones, and where the clocks change', async () => {
    const preview = await page.post<SchedulePreview>('schedules/preview', {
      execSchedule: '0 30 1 * * ?',
      timeZone: 'Europe/Berlin',
      count: 4,
    });
    expect(preview).toMatchObject({
      description: 'every day at 01:30',
      serviceZone: 'America/New_York',
      viewerZone: 'Europe/Berlin',
    });
    // The night of 1 November has an hour twice.
    expect(
      preview.times.map(({ inServiceZone, inViewerZone, dst }) => [inServiceZone, inViewerZone, dst]),
    ).toEqual([
      ['2026-10-31T01:30:00-04:00', '2026-10-31T06:30:00+01:00', undefined],
      ['2026-11-01T01:30:00-04:00', '2026-11-01T06:30:00+01:00', undefined],
      ['2026-11-02T01:30:00-05:00', '2026-11-02T07:30:00+01:00', 'fallBack'],
      ['2026-11-03T01:30:00-05:00', '2026-11-03T07:30:00+01:00', undefined],
    ]);
    expect(preview.times[2]?.dstNote).toBe('clocks went back 1 h in America/New_York');
  });

  it('name what is wrong with an expression', async () => {
    const { error, times } = await page.post<SchedulePreview>('schedules/preview', {
      execSchedule: '0 2 * * *',
      timeZone: 'UTC',
    });
    expect(error).toContain('crontab');
    expect(times).toEqual([]);
    const check = await page.post<SubmitCheck>('submit/check', {
      kind: 'imageServingPublishJob',
      details: PUBLISH,
      execSchedule: '0 0 25 * * ?',
    });
    expect(check.issues).toMatchObject([{ path: 'execSchedule', severity: 'error' }]);
    expect(
      await problemIn(page.post('schedules/preview', { execSchedule: 'x', timeZone: 'Mars' })),
    ).toMatchObject({
      code: 'input',
    });
  });

  it('are listed, edited and keep their name', async () => {
    await page.post('submit', {
      kind: 'imageServingPublishJob',
      details: PUBLISH,
      jobName: 'Nightly',
      execSchedule: '0 0 2 * * ?',
      description: 'every night',
    });
    const { schedules, serviceZone } = await page.get<SchedulesPage>('schedules', {
      timeZone: 'Europe/Berlin',
    });
    const nightly = schedules.find(({ job }) => job.originalName === 'Nightly');
    expect(serviceZone).toBe('America/New_York');
    expect(nightly).toMatchObject({
      execSchedule: '0 0 2 * * ?',
      description: 'every day at 02:00',
      details: { kind: 'imageServingPublishJob', details: PUBLISH },
      next: [{ inServiceZone: '2026-10-31T02:00:00-04:00' }, {}, {}, {}, {}],
    });
    const handle = nightly?.job.handle;
    for (const execSchedule of ['0 0 25 * * ?', 'nonsense'])
      expect(await problemIn(page.post('schedules/edit', { handle, execSchedule }))).toMatchObject({
        code: 'input',
      });
    expect(await ips.jobs.scheduled({ originalName: 'Nightly' })).toHaveLength(1);
    const details = { ...PUBLISH, publishType: 'Full' };
    await page.post('schedules/edit', { handle, execSchedule: '0 0 3 * * ?', details });
    expect(await ips.jobs.scheduled({ originalName: 'Nightly' })).toMatchObject([
      {
        execSchedule: '0 0 3 * * ?',
        description: 'every night',
        imageServingPublishJob: { publishType: 'Full' },
      },
    ]);
  });
});
