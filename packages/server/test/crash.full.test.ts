// When a worker is killed, nothing is lost, nothing is done twice, and the log says what happened.
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActiveJob, JobLog } from '@ips-sdk/types';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { connect, type Reachable } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain } from './support/pictures.js';
import { ADMIN, type ServerProcess, startServer, tablesOf } from './support/server-process.js';
import { storeAssets } from './support/stored-assets.js';
import { freshDatabase, type TestDatabase } from './support/test-database.js';

const companyHandle = 'c|6';
const FILES = 10;
/** So many that their publish, a hundred at once, lasts until it is seen. */
const ASSETS = 5000;
/** Images that get new derivatives, in more than two transactions. */
const REPROCESSED = 120;

let dataDir: string;
let files: FileServer;
let open = false;
let waiting: ServerResponse[] = [];
let processes: ServerProcess[] = [];
let database: TestDatabase | undefined;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-crash-'));
  open = false;
  waiting = [];
  processes = [];
  database = undefined;
  files = await serveFiles();
  for (let number = 0; number < FILES; number += 1) {
    const picture = await plain(8 + number, 8, [number, 0, 0])
      .png()
      .toBuffer();
    // The last ones do not come until a test lets them.
    files.set(`/${number}.png`, (_request, response) => {
      if (number < FILES / 2 || open) response.end(picture);
      else waiting.push(response);
    });
  }
});

afterEach(async () => {
  for (const each of processes) await each.end('SIGKILL');
  await files.close();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(name: string, ...more: string[]): Promise<ServerProcess> {
  const server = await startServer([
    '--data',
    dataDir,
    '--server-name',
    name,
    '--allow-private',
    '--admin-api',
    ...(database === undefined ? [] : ['--database-url', database.url]),
    ...more,
  ]);
  processes.push(server);
  return server;
}

async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const active = async (server: Reachable): Promise<ActiveJob[]> =>
  (await connect(server).call('getActiveJobs', { companyHandle })).jobArray;

const settled = (server: Reachable) =>
  until(async () => ((await active(server)).length === 0 ? true : undefined));

async function logOf(server: Reachable, originalName: string): Promise<JobLog> {
  const { jobLogArray } = await connect(server).call('getJobLogDetails', { companyHandle, originalName });
  // One run, however many workers had it.
  expect(jobLogArray).toHaveLength(1);
  const [log] = jobLogArray;
  if (log === undefined) throw new Error('there is no log');
  return log;
}

const rows = (log: JobLog, logType: string) =>
  (log.detailArray ?? []).filter((row) => row.logType === logType).map((row) => row.logMessage);

/** Submits an upload and waits until half of it is done and the rest hangs. */
async function halfAnUpload(server: Reachable): Promise<ActiveJob> {
  await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'Upload',
    uploadUrlsJob: {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      urlArray: Array.from({ length: FILES }, (_, number) => ({
        sourceUrl: `${files.url}/${number}.png`,
        destPath: `SampleCompany/${number}.png`,
      })),
    },
  });
  return until(async () => {
    const [job] = await active(server);
    const done = job?.taskProgressArray.some(({ numProcessed }) => numProcessed >= FILES / 2);
    return job !== undefined && done && waiting.length > 0 ? job : undefined;
  });
}

async function checkUpload(server: Reachable): Promise<JobLog> {
  const { assetArray } = await connect(server).call('searchAssets', {
    companyHandle,
    includeSubfolders: true,
    assetTypeArray: ['Image'],
  } as never);
  expect(assetArray?.map(({ name }) => name).toSorted()).toEqual(
    Array.from({ length: FILES }, (_, number) => String(number)).toSorted(),
  );
  const log = await logOf(server, 'Upload');
  expect(log).toMatchObject({
    fileSuccessCount: FILES,
    fileErrorCount: 0,
    fileUpdateCount: 0,
    fileDuplicateCount: 0,
    totalFileCount: FILES,
    fatalError: false,
  });
  expect(rows(log, 'UploadSuccess')).toHaveLength(FILES);
  expect(new Set(rows(log, 'UploadSuccess')).size).toBe(FILES);
  for (const once of ['BeginUploadUrls', 'OriginalJobName', 'TotalFileCount', 'EndUploadUrls'])
    expect(rows(log, once)).toHaveLength(1);
  expect(rows(log, 'FileCancel')).toEqual([]);
  // What was done before the crash was not fetched again.
  const asked = files.requests.filter((path) => path === '/0.png');
  expect(asked).toHaveLength(1);
  return log;
}

async function halfAPublish(server: Reachable): Promise<ActiveJob> {
  await storeAssets(
    tablesOf(server) as never,
    dataDir,
    Array.from({ length: ASSETS }, (_, number) => ({
      id: 2000 + number,
      name: `asset ${number}`,
      type: 'Image',
      content: `content ${number % 100}`,
    })),
  );
  await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'Publish',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  return until(async () => {
    const [job] = await active(server);
    return job?.taskProgressArray.some(({ numProcessed }) => numProcessed > 0) ? job : undefined;
  });
}

async function checkPublish(server: Reachable): Promise<JobLog> {
  const log = await logOf(server, 'Publish');
  expect(log).toMatchObject({
    fileSuccessCount: ASSETS,
    fileErrorCount: 0,
    totalFileCount: ASSETS,
    transferSuccessCount: ASSETS,
    fatalError: false,
  });
  const { tables } = (await tablesOf(server).snapshot()) as {
    tables: Record<string, readonly { asset_id: number; log_type?: string }[]>;
  };
  // More rows than an answer has.
  const successes = (tables['log_rows'] ?? [])
    .filter(({ log_type }) => log_type === 'ImageServingPublishSuccess')
    .map(({ asset_id }) => asset_id);
  expect(successes).toHaveLength(ASSETS);
  expect(new Set(successes).size).toBe(ASSETS);
  const history = (tables['publish_history'] ?? []).map(({ asset_id }) => asset_id);
  expect(history).toHaveLength(ASSETS);
  expect(new Set(history).size).toBe(ASSETS);
  expect(tables['publications']).toHaveLength(ASSETS);
  return log;
}

describe('a single server that is killed', () => {
  it('in the middle of uploads continues them when it starts again', async () => {
    const first = await start('first');
    await halfAnUpload(first);
    await first.end('SIGKILL');
    open = true;
    const second = await start('second');
    await settled(second);
    const log = await checkUpload(second);
    expect(rows(log, 'JobClient')).toEqual(['first', 'second']);
    expect(rows(log, 'UploadWarning')).toEqual([expect.stringContaining('first was lost')]);
  });

  it('in the middle of a publish publishes nothing twice', async () => {
    const first = await start('first');
    await halfAPublish(first);
    await first.end('SIGKILL');
    const second = await start('second');
    await settled(second);
    await checkPublish(second);
  });

  it('in the middle of new derivatives makes none twice', async () => {
    const first = await start('first');
    const pictures = await Promise.all(
      Array.from({ length: REPROCESSED }, (_, number) =>
        plain(300, 200 + number, [number, 0, 0])
          .png()
          .toBuffer(),
      ),
    );
    await storeAssets(
      tablesOf(first) as never,
      dataDir,
      pictures.map((content, number) => ({
        id: 2000 + number,
        name: `picture ${number}`,
        fileName: `picture ${number}.png`,
        type: 'Image',
        media_type: 'image/png',
        content,
      })),
    );
    await connect(first).call('submitJob', {
      companyHandle,
      jobName: 'Optimize',
      optimizeImagesJob: { emailSetting: 'None' },
    });
    const versions = async (server: ServerProcess): Promise<readonly number[]> => {
      const { tables } = (await tablesOf(server).snapshot()) as {
        tables: Record<string, readonly { id: number; version: number; optimized_file: string | null }[]>;
      };
      const assets = (tables['assets'] ?? []).filter(({ id }) => id >= 2000 && id < 2000 + REPROCESSED);
      expect(assets).toHaveLength(REPROCESSED);
      for (const { version, optimized_file } of assets) expect(optimized_file === null).toBe(version === 1);
      return assets.map(({ version }) => version);
    };
    // Some are done, and some are not.
    await until(async () => ((await versions(first)).includes(2) ? true : undefined));
    await first.end('SIGKILL');
    const second = await start('second');
    await settled(second);
    expect(await versions(second)).toEqual(Array.from({ length: REPROCESSED }, () => 2));
    const log = await logOf(second, 'Optimize');
    expect(log).toMatchObject({
      fileSuccessCount: REPROCESSED,
      fileErrorCount: 0,
      totalFileCount: REPROCESSED,
    });
    expect(new Set(rows(log, 'ReoptimizeSuccess')).size).toBe(REPROCESSED);
    expect(rows(log, 'ReoptimizeSuccess')).toHaveLength(REPROCESSED);
    expect(rows(log, 'JobClient')).toEqual(['first', 'second']);
  });

  it('again and again gives up on the run with a FatalError', async () => {
    let server = await start('worker-0');
    await halfAnUpload(server);
    for (let life = 1; life <= 4; life += 1) {
      const before = waiting.length;
      await server.end('SIGKILL');
      server = await start(`worker-${life}`);
      if (life < 4) await until(async () => (waiting.length > before ? true : undefined));
    }
    await settled(server);
    const log = await logOf(server, 'Upload');
    expect(log).toMatchObject({ fatalError: true, fileSuccessCount: FILES / 2 });
    expect(rows(log, 'FatalError')).toEqual([expect.stringContaining('lost its worker 4 times')]);
    expect(rows(log, 'EndUploadUrls')).toHaveLength(1);
  });

  it('by SIGTERM releases its run to the next start, without recording a loss', async () => {
    const first = await start('first');
    await halfAnUpload(first);
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
    open = true;
    const second = await start('second');
    await settled(second);
    const log = await checkUpload(second);
    expect(rows(log, 'UploadWarning')).toEqual([]);
    expect(rows(log, 'JobClient')).toEqual(['first', 'second']);
  });
});

describe('one of two workers that share a PostgreSQL server', () => {
  async function two(context: TestContext): Promise<ServerProcess[]> {
    database = await freshDatabase(context);
    return [await start('one'), await start('two')];
  }

  /** The worker that has a job, and the other one. */
  function workersOf(
    servers: readonly ServerProcess[],
    job: ActiveJob,
  ): { busy: ServerProcess; other: ServerProcess } {
    const [one, second] = servers;
    if (one === undefined || second === undefined) throw new Error('there are not two workers');
    return job.serverName === 'one' ? { busy: one, other: second } : { busy: second, other: one };
  }

  it('is killed in the middle of uploads: the other one continues', async (context) => {
    const servers = await two(context);
    const job = await halfAnUpload(servers[0] ?? { url: '', admin: ADMIN });
    const { busy, other } = workersOf(servers, job);
    await busy.end('SIGKILL');
    open = true;
    await settled(other);
    const log = await checkUpload(other);
    expect(new Set(rows(log, 'JobClient'))).toEqual(new Set(['one', 'two']));
    expect(rows(log, 'UploadWarning')).toEqual([expect.stringContaining(`${job.serverName} was lost`)]);
  });

  it('is killed in the middle of a publish: nothing is published twice', async (context) => {
    const servers = await two(context);
    const job = await halfAPublish(servers[0] ?? { url: '', admin: ADMIN });
    const { busy, other } = workersOf(servers, job);
    await busy.end('SIGKILL');
    await settled(other);
    await checkPublish(other);
  });

  it('is stopped: the other one takes over its run', async (context) => {
    const servers = await two(context);
    const job = await halfAnUpload(servers[0] ?? { url: '', admin: ADMIN });
    const { busy, other } = workersOf(servers, job);
    open = true;
    expect(await busy.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await settled(other);
    const log = await checkUpload(other);
    expect(rows(log, 'UploadWarning')).toEqual([]);
  });

  it('has a run that the other one is asked to stop', async (context) => {
    const servers = await two(context);
    const job = await halfAnUpload(servers[0] ?? { url: '', admin: ADMIN });
    const { other } = workersOf(servers, job);
    await connect(other).call('stopJob', { companyHandle, jobHandle: job.jobHandle });
    await settled(other);
    const log = await logOf(other, 'Upload');
    expect(log).toMatchObject({ fatalError: false, fileSuccessCount: FILES / 2 });
    expect(rows(log, 'FileCancel').length).toBeGreaterThan(0);
  });

  it('starts while the other one does: both find one company and one administrator', async (context) => {
    database = await freshDatabase(context);
    const [one, second] = await Promise.all([start('one'), start('two')]);
    for (const each of [one, second]) {
      const { companyArray } = await connect(each).call('getAllCompanies', { includeExpired: true });
      expect(companyArray?.map(({ companyHandle: handle }) => handle)).toEqual([companyHandle]);
    }
  });
});
