// Runs that are paused over the socket: what has begun is finished, the rest waits, through restarts, until somebody resumes or stops.
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActiveJob, JobLog } from '@ips-sdk/types';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { messagesOf, submitUploads } from './support/jobs.js';
import { plain, RED } from './support/pictures.js';

const companyHandle = 'c|6';
/** An upload has four files in hand at once. */
const AT_ONCE = 4;
let dataDir: string;
let server: IpsServer;
let files: FileServer;
/** Requests for files that wait for `letGo`. */
const held: ServerResponse[] = [];
let image: Buffer;

const start = () => createIpsServer({ dataDir, allowPrivateAddresses: true, workers: 1 });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-paused-'));
  image = await plain(20, 10, RED).png().toBuffer();
  files = await serveFiles({
    '/red.png': image,
    '/held.png': (_request, response) => void held.push(response),
  });
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await files.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(() => server.reset());
afterEach(() => letGo());

function letGo(): void {
  for (const response of held.splice(0)) response.end(image);
}

const submit = (jobName: string, path: string, count: number): Promise<string> =>
  submitUploads(connect(server), companyHandle, { jobName, sourceUrl: `${files.url}${path}`, count });

const active = async (jobHandle: string): Promise<ActiveJob | undefined> =>
  (await connect(server).call('getActiveJobs', { companyHandle, jobHandle })).jobArray[0];

async function logOf(jobHandle: string): Promise<JobLog> {
  const { jobLogArray } = await connect(server).call('getJobLogDetails', { companyHandle, jobHandle });
  const [log] = jobLogArray;
  if (log === undefined) throw new Error('there is no log');
  return log;
}

async function until<T>(what: () => Promise<T | false | undefined> | T | false | undefined): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const ended = (jobHandle: string) => until(async () => (await active(jobHandle)) === undefined);

/** A job of six files, paused when it had four in hand. */
async function pausedJob(): Promise<{ jobHandle: string; job: ActiveJob }> {
  const jobHandle = await submit('Paused', '/held.png', 6);
  await until(() => held.length === AT_ONCE);
  await connect(server).call('pauseJob', { companyHandle, jobHandle });
  letGo();
  const job = await until(async () => {
    const found = await active(jobHandle);
    return found?.state === 'WaitingCoordinator' && found;
  });
  return { jobHandle, job };
}

it('a paused run finishes what it has in hand, and waits with its progress', async () => {
  const { jobHandle, job } = await pausedJob();
  expect(held).toEqual([]);
  expect(job.progress).toBe(66);
  expect(job.taskProgressArray[0]).toMatchObject({ numProcessed: 4, numProcessing: 0, numPending: 2 });
  expect(messagesOf(await logOf(jobHandle), 'UploadSuccess')).toHaveLength(4);
  // It waits, so it is not among those that run.
  const running = { companyHandle, jobHandle, includeWaitingJobs: false };
  expect((await connect(server).call('getActiveJobs', running)).jobArray).toEqual([]);
});

it('it stays paused through a restart, and is carried on by resumeJob', async () => {
  const { jobHandle, job } = await pausedJob();
  await server.stop();
  server = await start();
  // The one worker would have taken it before this.
  await ended(await submit('Other', '/red.png', 1));
  expect(await active(jobHandle)).toMatchObject({ state: 'WaitingCoordinator', progress: job.progress });
  // Pausing again changes nothing.
  await connect(server).call('pauseJob', { companyHandle, jobHandle: job.jobHandle });
  await connect(server).call('resumeJob', { companyHandle, jobHandle: job.jobHandle });
  await until(() => held.length === 2);
  expect(await active(jobHandle)).toMatchObject({ state: 'Running' });
  letGo();
  await ended(jobHandle);
  const log = await logOf(jobHandle);
  expect(log).toMatchObject({
    totalFileCount: 6,
    fileSuccessCount: 6,
    fileWarningCount: 0,
    fatalError: false,
  });
  expect(new Set(messagesOf(log, 'UploadSuccess')).size).toBe(6);
  for (const operation of ['pauseJob', 'resumeJob'] as const)
    expect(await connect(server).fault(operation, { companyHandle, jobHandle })).toMatchObject({
      code: 30000,
    });
});

it('stopJob ends it with what it has done', async () => {
  const { jobHandle } = await pausedJob();
  await connect(server).call('stopJob', { companyHandle, jobHandle });
  expect(await active(jobHandle)).toBeUndefined();
  const log = await logOf(jobHandle);
  expect(log).toMatchObject({ totalFileCount: 6, fileSuccessCount: 4 });
  expect(messagesOf(log, 'FileCancel')).toEqual(['The job was stopped']);
});

it('a run that waits for a worker does not get one until it is resumed', async () => {
  const slow = await submit('Slow', '/held.png', 1);
  await until(() => held.length === 1);
  const jobHandle = await submit('Next', '/red.png', 1);
  await connect(server).call('pauseJob', { companyHandle, jobHandle });
  letGo();
  await ended(slow);
  await ended(await submit('Last', '/red.png', 1));
  expect(await active(jobHandle)).toMatchObject({ state: 'New', progress: 0 });
  await connect(server).call('resumeJob', { companyHandle, jobHandle });
  await ended(jobHandle);
  expect(await logOf(jobHandle)).toMatchObject({ fileSuccessCount: 1 });
});

it('the name of a scheduled job pauses its schedule and the run that is active', async () => {
  const { jobHandle } = await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'Nightly',
    execSchedule: '0 0 3 1 1 ? 2090',
    uploadUrlsJob: {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      urlArray: [{ sourceUrl: `${files.url}/held.png`, destPath: 'SampleCompany/nightly.png' }],
    },
  });
  await connect(server).call('executeJob', { companyHandle, jobHandle });
  await until(() => held.length === 1);
  const trigger = async () =>
    (await connect(server).call('getScheduledJobs', { companyHandle, jobHandle })).jobArray[0]?.triggerState;
  await connect(server).call('pauseJob', { companyHandle, jobHandle });
  expect(await trigger()).toBe('Paused');
  letGo();
  await until(async () => (await active(jobHandle))?.state === 'WaitingCoordinator');
  await connect(server).call('resumeJob', { companyHandle, jobHandle });
  await ended(jobHandle);
  expect(await trigger()).toBe('Normal');
});
