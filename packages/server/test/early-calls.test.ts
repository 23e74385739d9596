// Calls are accepted as soon as the database is open, before the job queue is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PgBoss } from 'pg-boss';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { openStore } from '../src/db/store.js';
import { main } from '../src/main.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { connect } from './support/call.js';
import { serveFiles } from './support/file-server.js';
import { endedJob, messagesOf, submitUploads } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { plain, RED } from './support/pictures.js';
import { ADMIN } from './support/server-process.js';

const companyHandle = 'c|6';
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-early-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Lets queues open only when the test says so. */
function holdQueues(): { open: () => void; opening: Promise<void> } {
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const { start } = PgBoss.prototype;
  vi.spyOn(PgBoss.prototype, 'start').mockImplementation(async function (this: PgBoss, ...options) {
    begun.resolve();
    await held.promise;
    return start.apply(this, options);
  });
  return { open: () => held.resolve(), opening: begun.promise };
}

async function start(options: IpsServerOptions = {}): Promise<IpsServer> {
  const server = await createIpsServer({
    dataDir,
    allowPrivateAddresses: true,
    passwordCost: TEST_COST,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** The URL of a picture that jobs can fetch. */
async function servePicture(): Promise<string> {
  const files = await serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() });
  onTestFinished(() => files.close());
  return `${files.url}/red.png`;
}

describe('before the job queue is open', () => {
  it('jobs are accepted, and run when it is', async () => {
    const queues = holdQueues();
    const server = await start();
    const connection = connect(server);
    const jobHandle = await submitUploads(connection, companyHandle, {
      jobName: 'Early',
      sourceUrl: await servePicture(),
      count: 2,
    });
    const { jobArray } = await connection.call('getActiveJobs', { companyHandle, jobHandle });
    expect(jobArray).toMatchObject([{ originalName: 'Early', state: 'New' }]);
    queues.open();
    await server.ready;
    const log = await endedJob(connection, companyHandle, 'Early');
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(2);
    expect(messagesOf(log, 'Begin', 'JobClient')).toHaveLength(1);
  });

  it('schedules are accepted, and fire when it is', async () => {
    const queues = holdQueues();
    const server = await start();
    const connection = connect(server);
    const execTime = new Date(Date.now() + 300).toISOString();
    await connection.call('submitJob', {
      companyHandle,
      jobName: 'Soon',
      execTime,
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
    });
    queues.open();
    const log = await endedJob(connection, companyHandle, 'Soon');
    expect(Date.parse(log.startDate ?? '')).toBeGreaterThanOrEqual(Date.parse(execTime));
  });

  it('jobs of an instant clock run at once, and their mails leave when it is', async () => {
    const queues = holdQueues();
    const server = await start({ jobClock: 'instant' });
    await connect(server).call('submitJob', {
      companyHandle,
      jobName: 'Instant',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'JobCompletion' },
    });
    expect(await server.mails()).toMatchObject([{ outcome: 'waiting' }]);
    queues.open();
    const { subject } = await server.waitForMail(({ outcome }) => outcome !== 'waiting');
    expect(subject).toBe('Job done: Instant');
  });

  it('the process is alive and not ready, and says what it waits for', async () => {
    const queues = holdQueues();
    const server = await start();
    const ask = async (path: string) => {
      const response = await fetch(`${server.url}${path}`);
      return [response.status, await response.json()];
    };
    const waitsFor = 'the job queue';
    expect(await ask('/healthz')).toEqual([200, expect.objectContaining({ status: 'ok', waitsFor })]);
    expect(await ask('/readyz')).toEqual([503, { status: 'starting', waitsFor }]);
    queues.open();
    await server.ready;
    for (const path of ['/healthz', '/readyz'])
      expect(await ask(path)).toEqual([200, expect.not.objectContaining({ waitsFor })]);
  });

  it('a reset waits for it', async () => {
    const queues = holdQueues();
    const server = await start();
    await server.seed({ companies: [{ name: 'Other' }] });
    let isReset = false;
    const reset = server.reset().then(() => {
      isReset = true;
    });
    await connect(server).call('getActiveJobs', { companyHandle });
    expect(isReset).toBe(false);
    queues.open();
    await reset;
    const { companyArray } = await connect(server).call('getAllCompanies', {
      includeExpired: true,
    });
    expect(companyArray.map(({ name }) => name)).not.toContain('Other');
  });
});

it('the queue lets calls be answered between its statements', async () => {
  const { queue, close } = await openStore({ kind: 'memory' });
  onTestFinished(close);
  const order: string[] = [];
  setImmediate(() => order.push('a call'));
  await queue.db?.executeSql('select 1');
  order.push('a statement');
  expect(order).toEqual(['a call', 'a statement']);
});

describe('a server that is stopped before its job queue is open', () => {
  it('hands nothing out, and its jobs run after the next start', async () => {
    const queues = holdQueues();
    const work = vi.spyOn(PgBoss.prototype, 'work');
    const server = await start();
    await submitUploads(connect(server), companyHandle, {
      jobName: 'Kept',
      sourceUrl: await servePicture(),
      count: 1,
    });
    const stopped = server.stop();
    queues.open();
    await stopped;
    await expect(server.ready).rejects.toThrow('the server was stopped before its jobs ran');
    expect(work).not.toHaveBeenCalled();
    const log = await endedJob(connect(await start()), companyHandle, 'Kept');
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(1);
  });

  it('by SIGKILL loses nothing', async () => {
    const script = fileURLToPath(new URL('support/unopened-queue.ts', import.meta.url));
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /^listening on (\S+)/.exec(line.toString())?.[1] ?? '';
    await submitUploads(connect({ url, admin: ADMIN }), companyHandle, {
      jobName: 'Killed',
      sourceUrl: await servePicture(),
      count: 1,
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const log = await endedJob(connect(await start()), companyHandle, 'Killed');
    expect(messagesOf(log, 'UploadSuccess')).toHaveLength(1);
    expect(messagesOf(log, 'Warning')).toEqual([]);
  });
});

describe('a server whose job queue cannot be opened', () => {
  const broken = (): void =>
    void vi.spyOn(PgBoss.prototype, 'start').mockRejectedValue(new Error('the queue is broken'));

  it('stops, and names the reason', async () => {
    broken();
    const lines: string[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const server = await start({ logger });
    await expect(server.ready).rejects.toThrow('the queue is broken');
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'the job queue could not be started', err: { message: 'the queue is broken' } },
    ]);
    vi.restoreAllMocks();
    const next = await start();
    await next.ready;
  });

  it('ends the command with code 1', async () => {
    broken();
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        printed[name] += String(text);
        return true;
      });
    const code = await main(['--port', '0', '--data', dataDir, '--log-level', 'silent']);
    vi.restoreAllMocks();
    expect(code).toBe(1);
    expect(printed.stdout).toMatch(/^listening on /);
    expect(printed.stderr).toContain('the queue is broken');
  });
});
