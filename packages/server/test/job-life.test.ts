import type { ServerResponse } from 'node:http';
import type { ActiveJob, JobLog } from '@ips-sdk/types';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';

const companyHandle = 'c|6';
let server: IpsServer;
let files: FileServer;
/** Answers that hang until a test releases them, and how many of them the requesting server aborted. */
let hanging: ServerResponse[] = [];
let brokenOff = 0;

beforeAll(async () => {
  server = await createIpsServer({ allowPrivateAddresses: true, serverName: 'worker-1' });
  files = await serveFiles({
    '/red.png': await plain(20, 10, RED).png().toBuffer(),
    '/slow.png': (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write(Buffer.alloc(10));
      response.on('close', () => {
        brokenOff += 1;
      });
      hanging.push(response);
    },
  });
});
afterAll(async () => {
  await files.close();
  await server.stop();
});
beforeEach(async () => {
  await server.reset();
  hanging = [];
  brokenOff = 0;
});
afterEach(() => {
  for (const response of hanging) response.destroy();
});

const upload = (paths: readonly string[], more: object = {}) => ({
  overwrite: true,
  readyForPublish: true,
  createMask: false,
  emailSetting: 'None',
  urlArray: paths.map((path) => ({ sourceUrl: `${files.url}${path}`, destPath: 'SampleCompany/' })),
  ...more,
});

async function submit(jobName: string, paths: readonly string[], more: object = {}): Promise<string> {
  const { jobHandle } = await connect(server).call('submitJob', {
    companyHandle,
    jobName,
    description: 'a test',
    locale: 'de-DE',
    uploadUrlsJob: upload(paths, more),
  });
  return jobHandle;
}

const active = async (input: object = {}): Promise<ActiveJob[]> =>
  (await connect(server).call('getActiveJobs', { companyHandle, ...input })).jobArray;

async function logOf(input: object): Promise<JobLog> {
  const { jobLogArray } = await connect(server).call('getJobLogDetails', { companyHandle, ...input });
  const last = jobLogArray.at(-1);
  if (last === undefined) throw new Error('there is no log');
  return last;
}

async function until<T>(what: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const gone = (jobHandle: string) =>
  until(async () => ((await active({ jobHandle })).length === 0 ? true : undefined));

const rowsOf = (log: JobLog) =>
  (log.detailArray ?? []).map(({ logType, logMessage }) => [logType, logMessage]);

/** A job that is waiting for a file that never arrives. */
async function hangingJob(jobName = 'Slow'): Promise<{ jobHandle: string; job: ActiveJob }> {
  const jobHandle = await submit(jobName, ['/red.png', '/slow.png']);
  const job = await until(async () =>
    (await active({ jobHandle })).find(
      (each) =>
        hanging.length > 0 &&
        each.taskProgressArray.some(
          (task) => task.numProcessed === 1 && task.taskItemProgressArray.length === 1,
        ),
    ),
  );
  return { jobHandle, job };
}

describe('a running job', () => {
  it('shows its state, progress, tasks with items, size and worker', async () => {
    const { jobHandle, job } = await hangingJob();
    expect(jobHandle).toBe('j|6|Slow||');
    expect(job).toMatchObject({
      companyHandle,
      originalName: 'Slow',
      type: 'UrlUpload',
      state: 'Running',
      submitUserEmail: server.admin.email,
      locale: 'de-DE',
      description: 'a test',
      serverName: 'worker-1',
      uploadUrlsJob: { numUrls: 2, overwrite: true },
    });
    expect(job.name).toMatch(/^Slow_\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{3}$/);
    expect(job.jobHandle).toMatch(/^j\|6\|\|Slow_[^|]+\|\d+$/);
    expect(job.progress).toBeGreaterThan(0);
    expect(job.progress).toBeLessThan(100);
    const task = job.taskProgressArray.find(({ numProcessed }) => numProcessed === 1);
    expect(task).toMatchObject({ taskState: 'Processing', numProcessing: 1, numPending: 0 });
    expect(task?.taskItemProgressArray[0]?.itemName).toContain('slow.png');
    for (const moment of [job.startDate, job.triggerTime, job.lastProgressUpdate])
      expect(new Date(moment).getTime()).not.toBeNaN();
  });

  it('is found by both shapes of its handle and by its original name', async () => {
    const { jobHandle, job } = await hangingJob();
    await hangingJob('Other');
    const names = async (input: object) => (await active(input)).map(({ name }) => name);
    expect(await names({ jobHandle })).toEqual([job.name]);
    expect(await names({ jobHandle: job.jobHandle })).toEqual([job.name]);
    // The shape without the number, and without the letter.
    expect(await names({ jobHandle: `6||${job.name}` })).toEqual([job.name]);
    expect(await names({ originalName: 'Slow' })).toEqual([job.name]);
    expect(await names({ originalName: 'Nothing' })).toEqual([]);
    expect(await names({})).toHaveLength(2);
    expect(await logOf({ jobHandle: job.jobHandle })).toMatchObject({ jobName: job.name });
    expect(await logOf({ jobHandle })).toMatchObject({ jobName: job.name, originalJobName: 'Slow' });
  });

  it('is stopped while it waits for an answer that never comes, and its log says so', async () => {
    const { jobHandle } = await hangingJob();
    await connect(server).call('stopJob', { companyHandle, jobHandle });
    await gone(jobHandle);
    // The other side never ended its answer.
    expect(hanging[0]?.writableEnded).toBe(false);
    await until(() => (brokenOff === 1 ? true : undefined));
    const log = await logOf({ jobHandle });
    expect(log).toMatchObject({
      fatalError: false,
      fileSuccessCount: 1,
      fileErrorCount: 0,
      totalFileCount: 2,
    });
    expect(log.endDate).toBeDefined();
    const rows = rowsOf(log);
    expect(rows.filter(([type]) => type === 'FileCancel')).toHaveLength(2);
    expect(rows.at(-1)?.[0]).toBe('EndUploadUrls');
    expect(await connect(server).fault('stopJob', { companyHandle, jobHandle })).toMatchObject({
      code: 30000,
    });
  });

  it('is stopped by the handle of its run, too, and while another job waits behind it', async () => {
    const first = await hangingJob('A');
    await hangingJob('B');
    // Two are running, as many as this server runs at once.
    const waiting = await submit('C', ['/red.png']);
    expect((await active({ jobHandle: waiting }))[0]).toMatchObject({ state: 'New', progress: 0 });
    expect(await active({ jobHandle: waiting, includeWaitingJobs: false })).toEqual([]);
    await connect(server).call('stopJob', { companyHandle, jobHandle: first.job.jobHandle });
    await gone(first.jobHandle);
    await gone(waiting);
    // The other jobs have brought the same file.
    const {
      fileSuccessCount = 0,
      fileUpdateCount = 0,
      fileDuplicateCount = 0,
      fatalError,
    } = await logOf({
      jobHandle: waiting,
    });
    expect([fileSuccessCount + fileUpdateCount + fileDuplicateCount, fatalError]).toEqual([1, false]);
  });

  it('is stopped before it begins: nothing of it is done', async () => {
    await hangingJob('A');
    await hangingJob('B');
    const waiting = await submit('C', ['/red.png']);
    await connect(server).call('stopJob', { companyHandle, jobHandle: waiting });
    await gone(waiting);
    expect(await logOf({ jobHandle: waiting })).toMatchObject({ fileSuccessCount: 0, fatalError: false });
  });

  it('is deleted: it stops, and its log stays', async () => {
    const { jobHandle } = await hangingJob();
    await connect(server).call('deleteJob', { companyHandle, jobHandle });
    await gone(jobHandle);
    expect(await logOf({ jobHandle })).toMatchObject({ originalJobName: 'Slow', fatalError: false });
  });

  it('leaves the other runs of its name alone when it is stopped by its own handle', async () => {
    const first = await hangingJob('Twin');
    const jobHandle = await submit('Twin', ['/slow.png']);
    await until(async () => ((await active({ jobHandle })).length === 2 ? true : undefined));
    await connect(server).call('stopJob', { companyHandle, jobHandle: first.job.jobHandle });
    await until(async () => ((await active({ jobHandle })).length === 1 ? true : undefined));
    expect((await active({ jobHandle }))[0]?.name).not.toBe(first.job.name);
  });
});

describe('a job that has ended', () => {
  it('leaves the active list; its log has the documented rows in order', async () => {
    const jobHandle = await submit('Shoes', ['/red.png', '/missing.png']);
    await gone(jobHandle);
    const log = await logOf({ originalName: 'Shoes' });
    expect(log).toMatchObject({
      logType: 'BeginUploadUrls',
      jobSubType: '',
      description: 'a test',
      fileSuccessCount: 1,
      fileErrorCount: 1,
      totalFileCount: 2,
      fatalError: false,
      detailTotalRows: log.detailArray?.length,
    });
    const types = rowsOf(log).map(([type]) => type);
    expect(types.slice(0, 5)).toEqual([
      'BeginUploadUrls',
      'OriginalJobName',
      'JobClient',
      'JobType',
      'TotalFileCount',
    ]);
    expect(types.slice(5, -1)).toEqual(expect.arrayContaining(['UploadSuccess', 'UploadError']));
    expect(types.at(-1)).toBe('EndUploadUrls');
    expect(rowsOf(log).slice(1, 5)).toEqual([
      ['OriginalJobName', log.jobName],
      ['JobClient', 'worker-1'],
      ['JobType', 'UrlUpload'],
      ['TotalFileCount', '2'],
    ]);
  });

  it('is followed by the publish that its details ask for', async () => {
    const jobHandle = await submit('Shoes', ['/red.png'], {
      postImageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
    });
    await gone(jobHandle);
    const follow = 'Shoes_imageServingPublish';
    await until(async () => ((await active({ originalName: follow })).length === 0 ? true : undefined));
    const log = await logOf({ originalName: follow });
    const { jobName } = await logOf({ jobHandle });
    expect(log).toMatchObject({ jobSubType: 'increment', fileSuccessCount: 1, transferSuccessCount: 1 });
    expect(rowsOf(log)).toContainEqual(['InitiatingJobName', jobName]);
    const image = await fetch(`${server.url}/is/image/SampleCompany/red?fmt=png`);
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('is followed by none when it was stopped', async () => {
    const jobHandle = await submit('Shoes', ['/slow.png'], {
      postImageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
    });
    await until(() => (hanging.length > 0 ? true : undefined));
    await connect(server).call('stopJob', { companyHandle, jobHandle });
    await gone(jobHandle);
    const { jobLogArray } = await connect(server).call('getJobLogs', { companyHandle });
    expect(jobLogArray.map(({ originalJobName }) => originalJobName)).toEqual(['Shoes']);
  });

  it('has a run name that differs from those of simultaneous runs', async () => {
    const handles = await Promise.all(Array.from({ length: 5 }, () => submit('Same', ['/red.png'])));
    expect(new Set(handles)).toEqual(new Set(['j|6|Same||']));
    await gone('j|6|Same||');
    const { jobLogArray } = await connect(server).call('getJobLogs', { companyHandle });
    expect(new Set(jobLogArray.map(({ jobName }) => jobName)).size).toBe(5);
  });
});

describe('a handle', () => {
  it('of an unknown job is a fault', async () => {
    for (const jobHandle of ['j|6|Nothing|', 'j|6||Nothing_2026|5', 'j|7|Slow|', 'x', '']) {
      for (const operation of ['stopJob', 'pauseJob', 'resumeJob', 'executeJob', 'deleteJob'] as const)
        expect(await connect(server).fault(operation, { companyHandle, jobHandle })).toMatchObject({
          code: 30001,
        });
    }
  });
});
