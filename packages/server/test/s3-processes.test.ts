// Processes whose files are in a bucket: several of them, one that is killed, and the commands that back up and check.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isFull } from '../../../scripts/testing/cases.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, runJob } from './support/jobs.js';
import { plain, RED } from './support/pictures.js';
import {
  BUCKET,
  FaultProxy,
  S3_KEYS,
  type S3Service,
  type SeenRequest,
  startS3,
} from './support/s3-service.js';
import { runCommand, type ServerProcess, startServer } from './support/server-process.js';
import { freshDatabase } from './support/test-database.js';

const companyHandle = 'c|6';
const folder = mkdtempSync(join(tmpdir(), 'ips-s3-processes-'));
let service: S3Service;
let proxy: FaultProxy;
let files: FileServer;

beforeAll(async () => {
  service = await startS3();
  proxy = await FaultProxy.start(service.url);
  files = await serveFiles({
    '/red.png': await plain(200, 100, RED).png().toBuffer(),
    // Three parts.
    '/large.tif': await plain(2600, 2600, RED).tiff({ compression: 'none' }).toBuffer(),
  });
});
afterEach(() => proxy.reset());
afterAll(async () => {
  await files.close();
  await proxy.stop();
  await service.stop();
  rmSync(folder, { recursive: true });
});

const storeUrl = (prefix: string): string => `s3://${BUCKET}/${prefix}?endpoint=${proxy.url}`;

/** Starts a process with a data directory of its own. */
async function startAt(prefix: string, name: string, ...args: readonly string[]): Promise<ServerProcess> {
  const server = await startServer(
    ['--data', join(folder, name), '--file-store', storeUrl(prefix), '--allow-private', ...args],
    S3_KEYS,
  );
  onTestFinished(() => void server.child.kill('SIGKILL'));
  return server;
}

const command = (name: string, prefix: string, data: string, ...args: readonly string[]) =>
  runCommand([name, '--data', join(folder, data), '--file-store', storeUrl(prefix), ...args], S3_KEYS);

const upload = (path: string) => ({
  uploadUrlsJob: {
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
    urlArray: [{ sourceUrl: `${files.url}${path}`, destPath: 'SampleCompany/' }],
  },
});

const widthAt = async (server: ServerProcess, name: string, width: number): Promise<number> => {
  const answer = await fetch(`${server.url}/is/image/SampleCompany/${name}?wid=${width}&fmt=png`);
  return (await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width;
};

const publish = { imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' } };

it('two servers share a bucket and a database, and nothing else', async (context) => {
  const database = await freshDatabase(context);
  onTestFinished(() => database.drop());
  const shared = ['--database-url', database.url];
  const one = await startAt('shared', 'one', ...shared);
  const two = await startAt('shared', 'two', ...shared);
  await runJob(connect(one), companyHandle, { jobName: 'Upload', ...upload('/red.png') });
  await runJob(connect(two), companyHandle, { jobName: 'Publish', ...publish });
  expect([await widthAt(one, 'red', 30), await widthAt(two, 'red', 40)]).toEqual([30, 40]);
  // One that has neither files nor copies.
  const three = await startAt('shared', 'three', ...shared);
  expect(await widthAt(three, 'red', 50)).toBe(50);
  for (const server of [one, two, three]) await server.end('SIGTERM');
  const { code, stdout } = await command('check', 'shared', 'four', ...shared, '--json');
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ missing: [], damaged: [] })]);
});

describe('a server that is killed in the middle of an upload to the bucket', () => {
  const isPart = ({ method, query }: SeenRequest): boolean => method === 'PUT' && query.has('partNumber');
  const isEnd = ({ method, query }: SeenRequest): boolean => method === 'POST' && query.has('uploadId');

  it.for([
    { name: 'while parts are sent', when: isPart, fault: 'hang', isLong: true },
    { name: 'before it knows that the file is whole', when: isEnd, fault: 'hang', isLong: false },
    {
      name: 'when the file is whole and no row names it',
      when: isEnd,
      fault: { cutResponseAt: -1 },
      isLong: true,
    },
  ] as const)(
    '$name has no row without its file, and completes the job after the next start',
    async ({ name, when, fault, isLong }, context) => {
      if (isLong && !isFull) context.skip('only in the full run');
      const prefix = name.replaceAll(' ', '-');
      let reached: () => void;
      const isReached = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const first = await startAt(prefix, prefix);
      proxy.judge = (seen) => {
        if (!when(seen)) return undefined;
        reached();
        return fault;
      };
      await connect(first).call('submitJob', { companyHandle, jobName: 'Large', ...upload('/large.tif') });
      await isReached;
      await first.end('SIGKILL');
      proxy.reset();
      const killed = await command('check', prefix, prefix, '--json');
      expect([killed.code, JSON.parse(killed.stdout)]).toEqual([
        0,
        expect.objectContaining({ missing: [], damaged: [] }),
      ]);
      const again = await startAt(prefix, prefix);
      const log = await endedJob(connect(again), companyHandle, 'Large');
      expect(log.detailArray?.filter(({ logType }) => logType === 'UploadSuccess')).toHaveLength(1);
      await runJob(connect(again), companyHandle, { jobName: 'Publish', ...publish });
      expect(await widthAt(again, 'large', 30)).toBe(30);
      await again.end('SIGTERM');
      const { code } = await command('check', prefix, prefix);
      expect(code).toBe(0);
    },
  );
});

describe('the commands', () => {
  it('back up a bucket, check it, and restore to a directory', async () => {
    const server = await startAt('commands', 'commands');
    await runJob(connect(server), companyHandle, { jobName: 'Upload', ...upload('/red.png') });
    await runJob(connect(server), companyHandle, { jobName: 'Publish', ...publish });
    const target = join(folder, 'backup.tar');
    const backup = await command('backup', 'commands', 'commands', '--to', target);
    expect([backup.code, backup.stderr]).toEqual([0, '']);
    await server.end('SIGTERM');
    expect((await command('restore', 'commands', 'restored', '--from', target)).stderr).toContain(
      'aws s3 sync',
    );
    const restored = join(folder, 'restored');
    expect((await runCommand(['restore', '--from', target, '--data', restored])).code).toBe(0);
    expect(readdirSync(restored)).toContain('files');
    const again = await startServer(['--data', restored]);
    onTestFinished(() => void again.child.kill('SIGKILL'));
    expect(await widthAt(again, 'red', 30)).toBe(30);
    await again.end('SIGTERM');
    // What is missing in the bucket is named.
    const lost = service.paths().filter((path) => /^commands\/..\/..\/.*object$/.test(path));
    const [, key = ''] = /^(.*)\._S3rver_object$/.exec(lost[0] ?? '') ?? [];
    const gone = key.slice(-64);
    proxy.judge = ({ path }) => (path.endsWith(gone) ? { status: 404, code: 'NoSuchKey' } : undefined);
    const check = await command('check', 'commands', 'commands');
    expect(check.code).toBe(1);
    expect(check.stdout).toContain(`missing: ${gone}`);
  });

  it('name the store, and never its keys', async () => {
    const run = (...args: readonly string[]) =>
      runCommand(['--port', '0', '--data', join(folder, 'none'), ...args], S3_KEYS);
    const wrong = await run('--file-store', 's3://key:hidden@shoes');
    expect([wrong.code, wrong.stderr.includes('AWS_ACCESS_KEY_ID'), wrong.stderr.includes('hidden')]).toEqual(
      [1, true, false],
    );
    const unreachable = await run('--file-store', 's3://shoes/a?endpoint=http://127.0.0.1:9');
    expect(unreachable.stderr).toContain('s3://shoes/a/: the file store cannot be reached (ECONNREFUSED)');
    expect(unreachable.stderr).not.toContain('S3RVER');
  });
});
