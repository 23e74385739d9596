// Processes with roles on one database: servers that only accept jobs, and workers that run them.
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActiveJob } from '@ips-sdk/types';
import pg from 'pg';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import type { JobsPage } from '../src/console/api.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import type { IpsWorkerOptions } from '../src/server-options.js';
import type { IpsWorker } from '../src/worker-process.js';
import { type Connection, connect } from './support/call.js';
import { ConsoleBrowser } from './support/console-browser.js';
import { serveFiles } from './support/file-server.js';
import { endedJob, messagesOf, submitUploads } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { plain, RED } from './support/pictures.js';
import { ADMIN, runCommand, startServer } from './support/server-process.js';
import { freshDatabase } from './support/test-database.js';

const companyHandle = 'c|6';

/** Processes on one database, and files that jobs can fetch. */
async function worldOf(context: TestContext) {
  const { url: databaseUrl, drop } = await freshDatabase(context);
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-roles-'));
  const picture = await plain(20, 10, RED).png().toBuffer();
  /** Requests for files that wait for `letGo`. */
  const held: ServerResponse[] = [];
  const letGo = (): void => {
    for (const response of held.splice(0)) response.end(picture);
  };
  const files = await serveFiles({
    '/red.png': picture,
    '/held.png': (_request, response) => void held.push(response),
  });
  const started: (IpsServer | IpsWorker)[] = [];
  onTestFinished(async () => {
    letGo();
    for (const each of started) await each.stop();
    await files.close();
    await drop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    databaseUrl,
    dataDir,
    held,
    letGo,
    api: async (): Promise<IpsServer> => {
      const server = await createIpsServer({
        role: 'api',
        databaseUrl,
        dataDir,
        serverName: 'front',
        passwordCost: TEST_COST,
      });
      started.push(server);
      return server;
    },
    worker: async (serverName: string, more: Partial<IpsWorkerOptions> = {}): Promise<IpsWorker> => {
      const worker = await createIpsServer({
        role: 'worker',
        databaseUrl,
        dataDir,
        publicUrl: 'http://ips.example.com',
        serverName,
        allowPrivateAddresses: true,
        ...more,
      });
      started.push(worker);
      return worker;
    },
    upload: (connection: Connection, jobName: string, path: string, count = 1): Promise<string> =>
      submitUploads(connection, companyHandle, { jobName, sourceUrl: `${files.url}${path}`, count }),
  };
}

async function until<T>(what: () => Promise<T | false | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const active = async (connection: Connection, jobHandle: string): Promise<ActiveJob | undefined> =>
  (await connection.call('getActiveJobs', { companyHandle, jobHandle })).jobArray[0];

describe('a server with the role api', () => {
  it('accepts jobs and runs none; workers run them and their names show it', async (context) => {
    const world = await worldOf(context);
    const connection = connect(await world.api());
    const jobHandle = await world.upload(connection, 'Waits', '/red.png');
    // Longer than any worker takes to look.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await active(connection, jobHandle)).toMatchObject({ state: 'New', serverName: '' });
    await world.worker('one');
    const log = await endedJob(connection, companyHandle, 'Waits');
    expect(messagesOf(log, 'JobClient')).toEqual(['one']);
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(1);
  });

  it('pauses, resumes and stops the runs of workers, and shows their progress', async (context) => {
    const world = await worldOf(context);
    const front = await world.api();
    const connection = connect(front);
    await world.worker('one');
    const page = new ConsoleBrowser(front.url);
    const { email: user, password } = front.admin;
    await page.login({ user, password, company: 'Sample Company' });
    const stream = await page.events();
    await stream.next('hello');
    await page.get<JobsPage>('jobs');
    const jobHandle = await world.upload(connection, 'Held', '/held.png', 6);
    await stream.next('jobs', ({ changed }) =>
      changed.some(({ originalName, serverName }) => originalName === 'Held' && serverName === 'one'),
    );
    await until(async () => world.held.length === 4);
    await connection.call('pauseJob', { companyHandle, jobHandle });
    // The worker has to have seen it.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    world.letGo();
    await until(async () => (await active(connection, jobHandle))?.state === 'WaitingCoordinator');
    expect(world.held).toEqual([]);
    await stream.next('jobs', ({ changed }) =>
      changed.some(({ originalName, counts }) => originalName === 'Held' && counts.done === 4),
    );
    await connection.call('resumeJob', { companyHandle, jobHandle });
    await until(async () => world.held.length === 2);
    await connection.call('stopJob', { companyHandle, jobHandle });
    // The worker stops the transfers; nothing lets them go.
    const log = await endedJob(connection, companyHandle, 'Held');
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(4);
    expect(messagesOf(log, 'FileCancel')).toContain('The job was stopped');
    stream.close();
  });

  it('stops a run that no worker has begun', async (context) => {
    const world = await worldOf(context);
    const connection = connect(await world.api());
    const jobHandle = await world.upload(connection, 'Never', '/red.png');
    await connection.call('stopJob', { companyHandle, jobHandle });
    const log = await endedJob(connection, companyHandle, 'Never');
    expect(messagesOf(log, 'UploadSuccess')).toEqual([]);
  });

  it('refuses a clock that tests move', async (context) => {
    const { databaseUrl, dataDir } = await worldOf(context);
    await expect(createIpsServer({ role: 'api', databaseUrl, dataDir, jobClock: 'manual' })).rejects.toThrow(
      'jobClock: expected "real", found "manual" with role "api"',
    );
  });
});

describe('a worker', () => {
  it('creates no company, and serves nothing but its health', async (context) => {
    const world = await worldOf(context);
    const worker = await world.worker('alone', { port: 0 });
    const { url = '' } = worker;
    const health = await fetch(`${url}/readyz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', role: 'worker', serverName: 'alone' });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('ips_job_runs_at_work 0');
    for (const path of [
      '/',
      '/scene7/services/IpsApiService',
      '/is/image/x',
      '/admin/clock',
      '/console/api/jobs',
    ])
      expect((await fetch(`${url}${path}`)).status, path).toBe(404);
    const database = new pg.Client({ connectionString: world.databaseUrl });
    await database.connect();
    expect((await database.query('select 1 from companies')).rowCount).toBe(0);
    expect((await database.query('select 1 from users')).rowCount).toBe(0);
    await database.end();
  });

  it('without a port listens to nothing', async (context) => {
    const world = await worldOf(context);
    expect((await world.worker('silent')).url).toBeUndefined();
  });

  it('finishes the files in progress when it is told to stop, and another one continues', async (context) => {
    const world = await worldOf(context);
    const connection = connect(await world.api());
    const args = ['--database-url', world.databaseUrl, '--data', world.dataDir, '--allow-private'];
    const first = await startServer([
      'worker',
      ...args,
      '--public-url',
      'http://x',
      '--server-name',
      'first',
    ]);
    const jobHandle = await world.upload(connection, 'Handed on', '/held.png', 6);
    await until(async () => world.held.length === 4);
    const ended = first.end('SIGTERM');
    await until(async () => (await fetch(`${first.url}/readyz`).catch(() => undefined))?.status === 503);
    await world.worker('second');
    world.letGo();
    expect(await ended).toEqual({ code: 0, signal: null });
    const begun = performance.now();
    await until(async () => (await active(connection, jobHandle))?.serverName === 'second');
    // The run was handed on, not found lost after the time that a worker may be silent.
    expect(performance.now() - begun).toBeLessThan(6000);
    await until(async () => {
      world.letGo();
      return (await active(connection, jobHandle)) === undefined;
    });
    const log = await endedJob(connection, companyHandle, 'Handed on');
    expect(messagesOf(log, 'JobClient')).toEqual(['first', 'second']);
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(6);
    expect(messagesOf(log, 'Warning')).toEqual([]);
  });
});

describe('the command', () => {
  it.each([
    [['api'], 'api: --database-url is required'],
    [['worker'], 'worker: --database-url is required'],
    [['worker', '--database-url', 'postgres://x/y'], 'worker: --public-url is required'],
    [['worker', '--company', 'Shoes'], 'worker: --company has no effect on a worker'],
    [
      ['api', '--database-url', 'postgres://x/y', '--job-clock', 'instant'],
      'api: --job-clock: expected real, found "instant"',
    ],
  ])('%j is refused', async (args, words) => {
    const { code, stderr } = await runCommand(args, { IPS_ADMIN_PASSWORD: ADMIN.password });
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });
});

describe('the options', () => {
  it.each([
    [{ role: 'api' }, 'databaseUrl: role "api" needs a PostgreSQL server'],
    [{ role: 'worker' }, 'databaseUrl: role "worker" needs a PostgreSQL server'],
    [{ role: 'api', databaseUrl: 'postgres://x/y' }, 'dataDir: role "api" needs the directory'],
    [{ role: 'worker', databaseUrl: 'postgres://x/y', dataDir: '/x' }, 'publicUrl: a worker needs'],
    [{ role: 'boss' }, 'role: expected "all", "api" or "worker", found "boss"'],
  ])('%j are refused', async (options, words) => {
    await expect(createIpsServer(options as never)).rejects.toThrow(words);
  });
});
