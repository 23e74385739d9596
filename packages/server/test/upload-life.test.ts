import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobPayloads } from '@ips-sdk/types/jobs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, messagesOf } from './support/jobs.js';
import { BLUE, plain, RED } from './support/pictures.js';

const COMPANY = 'c|6';
const OPTIONS = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

let web: FileServer;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-upload-life-'));
  web = await serveFiles({
    '/red.png': await plain(30, 20, RED).png().toBuffer(),
    '/blue.png': await plain(30, 20, BLUE).png().toBuffer(),
    '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
    '/to-file': (_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  });
});

afterAll(async () => {
  await web?.close();
  rmSync(directory, { recursive: true, force: true });
});

function submit(connection: Connection, jobName: string, urls: readonly string[]): Promise<unknown> {
  const uploadUrlsJob: JobPayloads['uploadUrlsJob'] = {
    ...OPTIONS,
    urlArray: urls.map((sourceUrl, at) => ({ sourceUrl, destPath: `Shoes/file${at}.png` })),
  };
  return connection.call('submitJob', { companyHandle: COMPANY, jobName, uploadUrlsJob });
}

async function names(connection: Connection): Promise<(string | undefined)[]> {
  const { assetArray } = await connection.call('searchAssets', {
    companyHandle: COMPANY,
    includeSubfolders: true,
    sortBy: 'Name',
  });
  return (assetArray ?? []).map(({ name }) => name);
}

describe('a URL that points to a private address', () => {
  let server: IpsServer;
  let connection: Connection;

  beforeAll(async () => {
    server = await createIpsServer({ jobClock: 'instant', company: 'Shoes' });
    connection = connect(server);
  });

  afterAll(() => server?.stop());

  test('is not fetched, however it is written', async () => {
    const { port } = new URL(web.url);
    const before = web.requests.length;
    const hosts = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '0.0.0.0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '[fe80::1]',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
    ];
    await submit(
      connection,
      'private',
      hosts.map((host) => `http://${host}:${port}/red.png`),
    );
    const log = await endedJob(connection, COMPANY, 'private');
    const errors = messagesOf(log, 'UploadError');
    expect(errors).toHaveLength(hosts.length);
    for (const error of errors) expect(error).toMatch(/private address, which is not allowed/);
    expect(web.requests.slice(before)).toEqual([]);
    expect(await names(connection)).toEqual([]);
  });
});

describe('a redirect', () => {
  test('without end, or to a file, is not followed', async () => {
    const server = await createIpsServer({
      jobClock: 'instant',
      company: 'Shoes',
      allowPrivateAddresses: true,
    });
    try {
      const connection = connect(server);
      await submit(connection, 'redirects', [`${web.url}/loop`, `${web.url}/to-file`]);
      expect(messagesOf(await endedJob(connection, COMPANY, 'redirects'), 'UploadError').sort()).toEqual([
        'file0.png: cannot be fetched: more than 5 redirects',
        'file1.png: cannot be fetched: file URLs are not supported; expected http or https',
      ]);
    } finally {
      await server.stop();
    }
  });
});

test('a job that is stopped halfway keeps what it did, and says what it left out', async () => {
  const server = await createIpsServer({ company: 'Shoes', allowPrivateAddresses: true });
  try {
    const connection = connect(server);
    const sending = new Promise<void>((resolve) => {
      web.set('/endless.png', (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000_000 });
        response.write(Buffer.alloc(1000));
        resolve();
      });
    });
    await submit(connection, 'stopped', [`${web.url}/red.png`, `${web.url}/endless.png`]);
    await sending;
    for (let found = await names(connection); found.length === 0; found = await names(connection))
      await new Promise((resolve) => setTimeout(resolve, 20));
    await connection.call('stopJob', { companyHandle: COMPANY, jobHandle: 'j|6|stopped|' });
    const log = await endedJob(connection, COMPANY, 'stopped');
    expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 0, fatalError: false });
    expect(messagesOf(log, 'FileCancel')).toContain('file1.png');
    expect(log.detailArray?.at(-1)?.logType).toBe('EndUploadUrls');
    expect(await names(connection)).toEqual(['file0']);
  } finally {
    await server.stop();
  }
});

test('a job whose server went down continues where it was, and does nothing twice', async () => {
  const options = { company: 'Shoes', allowPrivateAddresses: true, dataDir: join(directory, 'data') };
  const first = await createIpsServer(options);
  const sending = new Promise<void>((resolve) => {
    web.set('/late.png', () => resolve());
  });
  const asked = (path: string): number => web.requests.filter((each) => each === path).length;
  const before = asked('/red.png');
  await submit(connect(first), 'interrupted', [
    `${web.url}/red.png`,
    `${web.url}/blue.png`,
    `${web.url}/late.png`,
  ]);
  await sending;
  for (let found = await names(connect(first)); found.length < 2; found = await names(connect(first)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await first.stop();
  const content = await plain(9, 9, RED).png().toBuffer();
  web.set('/late.png', content);
  const second = await createIpsServer(options);
  try {
    const connection = connect(second);
    const log = await endedJob(connection, COMPANY, 'interrupted');
    expect(log).toMatchObject({
      fileSuccessCount: 3,
      fileErrorCount: 0,
      fileDuplicateCount: 0,
      totalFileCount: 3,
      fatalError: false,
    });
    expect(messagesOf(log, 'UploadSuccess').sort()).toEqual([
      'Shoes/file0.png was processed into IPS.',
      'Shoes/file1.png was processed into IPS.',
      'Shoes/file2.png was processed into IPS.',
    ]);
    expect(messagesOf(log, 'TotalFileCount')).toEqual(['3']);
    expect(asked('/red.png') - before).toBe(1);
    expect(await names(connection)).toEqual(['file0', 'file1', 'file2']);
  } finally {
    await second.stop();
  }
});
