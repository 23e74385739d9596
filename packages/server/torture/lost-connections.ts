// The database ends all connections, again and again, while uploads and their publishes run. Each round is one upload and one publish
// with exact counts. It needs a PostgreSQL server: IPS_TEST_DATABASE_URL.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import pg from 'pg';
import sharp from 'sharp';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';

const BIN = fileURLToPath(new URL('../bin/ips-server.js', import.meta.url));
const PASSWORD = 'admin-password';
const FILES = 25;

export const name = 'lost connections to the database';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const given = process.env['IPS_TEST_DATABASE_URL'];
  if (given === undefined || given === '') {
    log('skipped: IPS_TEST_DATABASE_URL names no PostgreSQL server');
    return { tried: 0, survived: 0, lost: 0 };
  }
  const rounds = short ? 2 : 20;
  const database = `ips_torture_${randomUUID().replaceAll('-', '')}`;
  const administrator = new pg.Client({ connectionString: given });
  await administrator.connect();
  await administrator.query(`create database ${database}`);
  const databaseUrl = new URL(given);
  databaseUrl.pathname = `/${database}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-lost-connections-'));
  const pictures = await servePictures();
  const { child, url } = await start(dataDir, databaseUrl.href);
  let over = false;
  let killed = 0;
  const killing = (async () => {
    while (!over) {
      const { rowCount } = await administrator.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [database],
      );
      killed += rowCount ?? 0;
      await pause(300 + Math.random() * 1200);
    }
  })();
  let survived = 0;
  try {
    const client = createIpsClient({
      region: 'na',
      endpoint: `${url}/scene7/services/IpsApiService`,
      auth: { user: 'admin@example.com', password: PASSWORD },
      company: 'Sample Company',
    });
    for (let round = 1; round <= rounds && child.exitCode === null; round += 1) {
      const wrong = await carryOut(client, pictures.url, round);
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}: ${wrong.join('; ')}`);
    }
    if (child.exitCode !== null) log(`the server ended with ${child.exitCode}`);
    log(`${killed} connections were ended`);
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    over = true;
    await killing;
    child.kill('SIGKILL');
    pictures.close();
    await administrator.query(`drop database ${database} with (force)`);
    await administrator.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Uploads and publishes; returns what is wrong with the counts. */
async function carryOut(client: IpsClient, pictures: string, round: number): Promise<string[]> {
  const jobName = `Round ${round}`;
  const urlArray = Array.from({ length: FILES }, (_, number) => ({
    sourceUrl: `${pictures}/${round}/${number}.png`,
    destPath: `SampleCompany/round-${round}-${number}.png`,
  }));
  const uploadUrlsJob = {
    ...{ urlArray, overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' },
    postImageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  };
  const logs = () => answered(async () => (await client.getJobLogDetails({})).jobLogArray ?? []);
  const known = async () => (await logs()).some(({ originalJobName }) => originalJobName === jobName);
  // A submission whose answer was lost may have been accepted.
  while (!(await known())) {
    await client.submitJob({ jobName, uploadUrlsJob }).catch(() => undefined);
    await pause(500);
  }
  for (;;) {
    const mine = (await logs()).filter(
      ({ originalJobName = '' }) => originalJobName.startsWith(`${jobName}_`) || originalJobName === jobName,
    );
    const upload = mine.find(({ originalJobName }) => originalJobName === jobName);
    const publish = mine.find(({ originalJobName }) => originalJobName !== jobName);
    if (upload?.endDate === undefined || (publish?.endDate === undefined && upload.fatalError !== true)) {
      await pause(500);
      continue;
    }
    const wrong: string[] = [];
    const check = (what: string, found: unknown, expected: unknown): void => {
      if (found !== expected) wrong.push(`${what}: found ${String(found)}, expected ${String(expected)}`);
    };
    check('runs', mine.length, 2);
    check('upload: fatalError', upload.fatalError, false);
    check('upload: fileSuccessCount', upload.fileSuccessCount, FILES);
    check('upload: fileErrorCount', upload.fileErrorCount, 0);
    check('publish: fatalError', publish?.fatalError, false);
    check('publish: fileErrorCount', publish?.fileErrorCount, 0);
    check('publish: fileSuccessCount', publish?.fileSuccessCount, publish?.totalFileCount);
    return wrong;
  }
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await pause(300);
    }
  }
}

async function servePictures(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const [, round = '0', number = '0'] = /^\/(\d+)\/(\d+)\.png$/.exec(request.url ?? '') ?? [];
    const background = { r: Number(round) % 256, g: Number(number) % 256, b: 0 };
    sharp({ create: { width: 16, height: 8, channels: 3, background } })
      .png()
      .toBuffer()
      .then(
        (picture) => setTimeout(() => response.end(picture), 100),
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

async function start(dataDir: string, databaseUrl: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    [
      BIN,
      ...['--port', '0', '--data', dataDir, '--database-url', databaseUrl],
      '--allow-private',
      '--log-level',
      'silent',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, IPS_ADMIN_PASSWORD: PASSWORD } },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const line = /^listening on (\S+)$/m.exec(text);
      if (line) resolve(line[1] ?? '');
    });
    child.once('exit', (code) => reject(new Error(`ips-server ended with ${code}`)));
  });
  return { child, url };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

await runAlone(import.meta.url, name, run);
