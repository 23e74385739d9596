// A disk that is full, read-only or gone is called that, and what was accepted stays whole.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codec } from '@ips-sdk/wire';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { openStore } from '../src/db/store.js';
import { StorageError, storageProblem } from '../src/storage-problem.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';

const companyHandle = 'c|6';
const OPTIONS = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

let dataDir: string;
let sources: FileServer;
let server: IpsServer;
/** Of the server's log, about errors. */
const lines: string[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-disk-'));
  // A database whose disk is full for run_items until a company named Room exists.
  await (await createIpsServer({ dataDir })).stop();
  const store = await openStore({ kind: 'directory', path: dataDir });
  await store.db.execute(
    sql.raw(`create function no_room() returns trigger language plpgsql as $$ begin
      raise exception using errcode = '53100', message = 'could not extend file'; end $$`),
  );
  await store.db.execute(
    sql.raw(`create function there_is_room() returns boolean language sql as
      $$ select exists (select 1 from companies where name = 'Room') $$`),
  );
  await store.db.execute(
    sql.raw(`create trigger no_room before insert on run_items for each row
      when (not there_is_room()) execute function no_room()`),
  );
  await store.close();
  sources = await serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() });
  const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  server = await createIpsServer({ dataDir, allowPrivateAddresses: true, logger });
});
afterAll(async () => {
  await server?.stop();
  await sources?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function health() {
  const answer = await fetch(`${server.url}/healthz`);
  return [answer.status, ((await answer.json()) as { status: string }).status];
}

/** Posts a file to the servlet, or nothing but parameters. */
async function post(
  content: string | Uint8Array<ArrayBuffer> | undefined,
  job: object = { jobName: `post ${Math.random()}`, uploadParams: OPTIONS },
): Promise<string> {
  const form = new FormData();
  const { email, password } = server.admin;
  form.append('auth', `<authHeader><user>${email}</user><password>${password}</password></authHeader>`);
  form.append('uploadParams', codec.encodeMessage('UploadPostParam', { companyHandle, ...job }));
  if (content !== undefined) form.append('file', new Blob([content]), 'a.txt');
  return (await fetch(server.endpoints.upload, { method: 'POST', body: form })).text();
}

/** Uploads by URL, and answers the log when the job has ended. */
async function uploadUrl(jobName: string) {
  const urlArray = [{ sourceUrl: `${sources.url}/red.png`, destPath: `SampleCompany/${jobName}.png` }];
  await connect(server).call('submitJob', {
    companyHandle,
    jobName,
    uploadUrlsJob: { ...OPTIONS, urlArray },
  });
  return ended(jobName);
}

async function ended(originalName: string) {
  for (;;) {
    const { jobLogArray } = await connect(server).call('getJobLogDetails', { companyHandle, originalName });
    const [log] = jobLogArray;
    if (log?.endDate !== undefined && log.endDate !== null) return log;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('a full database lets a run wait, and continue when there is room', async () => {
  const urlArray = [{ sourceUrl: `${sources.url}/red.png`, destPath: 'SampleCompany/waits.png' }];
  const asked = () => sources.requests.filter((path) => path === '/red.png').length;
  await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'waits',
    uploadUrlsJob: { ...OPTIONS, urlArray },
  });
  while (asked() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  // It comes back to the same file, because the end of none could be recorded.
  while (asked() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await server.seed({ companies: [{ name: 'Room' }] });
  const log = await ended('waits');
  expect(log).toMatchObject({ fatalError: false, fileSuccessCount: 1, fileErrorCount: 0 });
  expect(log.detailArray?.filter(({ logType }) => logType === 'UploadWarning')).toEqual([]);
});

describe('a directory of files that is gone', () => {
  it.each(['files', '.'])('(%s) refuses uploads with the reason, and is not replaced', async (part) => {
    const path = join(dataDir, part);
    const away = `${part === '.' ? dataDir : path}.gone`;
    const problem = 'the directory of the files is missing';
    renameSync(part === '.' ? dataDir : path, away);
    try {
      expect(await health()).toEqual([503, problem]);
      const answer = await post('lost');
      expect(answer).toContain('<code>30000</code>');
      expect(answer).toContain(`Nothing was stored: ${problem} at the server`);
      expect(existsSync(part === '.' ? dataDir : path)).toBe(false);
    } finally {
      renameSync(away, part === '.' ? dataDir : path);
    }
    expect(await health()).toEqual([200, 'ok']);
    expect(await post('back')).toContain('jobHandle');
  });
});

it('an accepted file waits for a directory that is gone', async () => {
  const files = join(dataDir, 'files');
  const answer = await post(undefined, { jobName: 'accepted', uploadParams: OPTIONS });
  const jobHandle = /<jobHandle>(.*)<\/jobHandle>/.exec(answer)?.[1] ?? answer;
  await connect(server).call('pauseJob', { companyHandle, jobHandle });
  const picture = new Uint8Array(await plain(40, 10, RED).png().toBuffer());
  expect(await post(picture, { jobHandle, endJob: true })).toContain('jobHandle');
  renameSync(files, `${files}.gone`);
  try {
    await connect(server).call('resumeJob', { companyHandle, jobHandle });
    await vi.waitFor(
      () => expect(lines.join('')).toContain('a run is waiting: the directory of the files is missing'),
      {
        timeout: 60_000,
      },
    );
    const { jobLogArray } = await connect(server).call('getJobLogDetails', {
      companyHandle,
      originalName: 'accepted',
    });
    expect(jobLogArray).toMatchObject([{ fileSuccessCount: 0, fileErrorCount: 0 }]);
    expect(jobLogArray[0]?.endDate).toBeUndefined();
  } finally {
    renameSync(`${files}.gone`, files);
  }
  const log = await ended('accepted');
  expect(log).toMatchObject({ fatalError: false, fileSuccessCount: 1, fileErrorCount: 0 });
  expect(log.detailArray?.filter(({ logType }) => /Warning|Error/.test(logType ?? ''))).toEqual([]);
});

const mounts =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.runIf(mounts)('where a test may mount', () => {
  const mount = (...args: string[]): void => {
    const files = join(dataDir, 'files');
    const { status, stderr } = spawnSync('mount', [...args, files], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    onTestFinished(() => void spawnSync('umount', ['--lazy', files]));
  };

  it('a read-only disk refuses uploads with the reason, and takes them when it can be written', async () => {
    mount('--bind', join(dataDir, 'files'));
    mount('-o', 'remount,bind,ro');
    expect(await health()).toEqual([503, 'the disk is read-only']);
    expect(await post('x')).toContain('Nothing was stored: the disk is read-only at the server');
    const log = await uploadUrl('read-only');
    expect(log).toMatchObject({ fileErrorCount: 1, fatalError: false });
    expect(JSON.stringify(log.detailArray)).toContain('not stored: the disk is read-only at the server');
    spawnSync('mount', ['-o', 'remount,bind,rw', join(dataDir, 'files')]);
    expect(await health()).toEqual([200, 'ok']);
    expect(await uploadUrl('writable')).toMatchObject({ fileSuccessCount: 1 });
  });

  it('a full disk is called that in fault, log and health; what was accepted stays; a job can be repeated', async () => {
    const identity = readFileSync(join(dataDir, 'files/store-id'));
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs');
    const replaced = 'the directory of the files has been replaced: its store-id is missing';
    expect(await health()).toEqual([503, replaced]);
    expect(await post('x')).toContain(`Nothing was stored: ${replaced} at the server`);
    expect(readdirSync(join(dataDir, 'files'))).toEqual([]);
    writeFileSync(join(dataDir, 'files/store-id'), identity);
    expect(await uploadUrl('early')).toMatchObject({ fileSuccessCount: 1 });
    const filler = join(dataDir, 'files/filler');
    try {
      writeFileSync(filler, Buffer.alloc(9 * 2 ** 20));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
    expect(await health()).toEqual([503, 'the disk is full']);
    const big = await post(new Uint8Array(4 * 2 ** 20));
    expect(big).toContain('<code>30000</code>');
    expect(big).toContain('Nothing was stored: the disk is full at the server');
    const log = await uploadUrl('full');
    expect(log).toMatchObject({ fileErrorCount: 1, fatalError: false });
    expect(JSON.stringify(log.detailArray)).toContain('not stored: the disk is full at the server');
    rmSync(filler);
    expect(await health()).toEqual([200, 'ok']);
    expect(await uploadUrl('full again')).toMatchObject({ fileErrorCount: 0, fileSuccessCount: 1 });
    const { assetArray } = await connect(server).call('searchAssets', {
      companyHandle,
      includeSubfolders: true,
      assetTypeArray: ['Image'],
    } as never);
    expect(assetArray?.map(({ name }) => name)).toEqual(expect.arrayContaining(['early', 'full again']));
  });
});

it.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk is full: the quota is used up'],
  ['53100', 'the disk is full'],
  ['EROFS', 'the disk is read-only'],
  ['23505', undefined],
  ['ECONNRESET', undefined],
])('an error with the code %s is named, as deep as it may be', (code, problem) => {
  const error = Object.assign(new Error('x'), { code });
  expect(storageProblem(error)).toBe(problem);
  expect(storageProblem(new Error('a query failed', { cause: new Error('y', { cause: error }) }))).toBe(
    problem,
  );
  expect(storageProblem(new StorageError('gone'))).toBe('gone');
});
