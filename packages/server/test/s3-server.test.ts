// Servers whose files are in a bucket.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { createIpsServer } from '../src/create-server.js';
import * as t from '../src/db/schema.js';
import { openStore } from '../src/db/store.js';
import { S3FileStore } from '../src/files/s3/s3-file-store.js';
import { parseS3Location } from '../src/files/s3/s3-location.js';
import { removeStrayFiles } from '../src/files/unused-files.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, messagesOf, runJob } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { BLUE, plain, RED } from './support/pictures.js';
import {
  BUCKET,
  FaultProxy,
  S3_KEYS,
  type S3Service,
  type SeenRequest,
  startS3,
} from './support/s3-service.js';

const companyHandle = 'c|6';
const folder = mkdtempSync(join(tmpdir(), 'ips-s3-server-'));
let service: S3Service;
let proxy: FaultProxy;
let files: FileServer;

beforeAll(async () => {
  for (const [name, value] of Object.entries(S3_KEYS)) vi.stubEnv(name, value);
  service = await startS3();
  proxy = await FaultProxy.start(service.url);
  files = await serveFiles({
    '/red.png': await plain(200, 100, RED).png().toBuffer(),
    '/blue.png': await plain(300, 100, BLUE).png().toBuffer(),
    '/sizes.css': Buffer.from('p { margin: 0 } /* shoes */'),
  });
});
afterEach(() => proxy.reset());
afterAll(async () => {
  vi.unstubAllEnvs();
  await files.close();
  await proxy.stop();
  await service.stop();
  rmSync(folder, { recursive: true });
});

const storeUrl = (prefix: string): string => `s3://${BUCKET}/${prefix}?endpoint=${proxy.url}`;

/** The store with a prefix, without a server. */
function storeAt(prefix: string): S3FileStore {
  const store = new S3FileStore({
    location: parseS3Location(storeUrl(prefix), S3_KEYS),
    directory: join(folder, `${prefix} alone`),
    maxCopyBytes: 1e6,
    presignedDownloads: false,
  });
  onTestFinished(() => store.close());
  return store;
}

/** A server with a prefix, and what tests do with it. */
async function serverAt(prefix: string, options: { presignedDownloads?: boolean } = {}) {
  const dataDir = join(folder, prefix);
  const server = await createIpsServer({
    fileStore: storeUrl(prefix),
    dataDir,
    allowPrivateAddresses: true,
    passwordCost: TEST_COST,
    ...options,
  });
  onTestFinished(() => server.stop());
  return { server, connection: connect(server), dataDir };
}

const upload = (...paths: string[]) => ({
  uploadUrlsJob: {
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
    urlArray: paths.map((path) => ({ sourceUrl: `${files.url}${path}`, destPath: 'SampleCompany/' })),
  },
});

const publish = { imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' } };

/** Exports all images, and returns where the archive is. */
async function exported(connection: Connection): Promise<string> {
  const { assetArray } = await connection.call('searchAssets', {
    companyHandle,
    includeSubfolders: true,
    assetTypeArray: ['Image'],
  });
  const log = await runJob(connection, companyHandle, {
    jobName: 'Export',
    exportJob: {
      assetHandleArray: (assetArray ?? []).map(({ assetHandle = '' }) => assetHandle),
      fmt: 'convert',
      is_modifier: '&fmt=png',
      emailSetting: 'None',
    },
  });
  return log.detailArray?.find(({ assetType }) => assetType === 'Zip')?.assetName ?? '';
}

/** The names of the files in an archive, and the width of the images. */
async function widthsIn(archive: Uint8Array): Promise<Record<string, number>> {
  const zip = await fromBufferPromise(Buffer.from(archive));
  const widths: Record<string, number> = {};
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    widths[entry.fileName.split('/').at(-1) ?? ''] = (await sharp(content).metadata()).width;
  }
  return widths;
}

describe('a server on a bucket', () => {
  it('uploads, publishes, delivers, exports, and starts again with what it has', async () => {
    const { server, connection, dataDir } = await serverAt('whole');
    const log = await runJob(connection, companyHandle, {
      jobName: 'Upload',
      ...upload('/red.png', '/blue.png', '/sizes.css'),
    });
    expect(messagesOf(log, 'UploadError', 'FatalError')).toEqual([]);
    await runJob(connection, companyHandle, { jobName: 'Publish', ...publish });
    const image = await fetch(`${server.url}/is/image/SampleCompany/blue?wid=30&fmt=png`);
    expect((await sharp(Buffer.from(await image.arrayBuffer())).metadata()).width).toBe(30);
    const content = `${server.url}/is/content/SampleCompany/sizes`;
    expect(await (await fetch(content)).text()).toBe('p { margin: 0 } /* shoes */');
    const part = await fetch(content, { headers: { range: 'bytes=4-9' } });
    expect([part.status, await part.text()]).toEqual([206, 'margin']);
    const link = await exported(connection);
    const archive = await fetch(link, { redirect: 'manual' });
    expect(archive.status).toBe(200);
    expect(await widthsIn(new Uint8Array(await archive.arrayBuffer()))).toEqual({
      'red.png': 200,
      'blue.png': 300,
    });
    expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ status: 'ok' });
    await server.stop();
    // The files are in the bucket, and in the data directory there are copies.
    expect(service.paths().filter((path) => path.startsWith('whole/')).length).toBeGreaterThan(8);
    expect(readdirSync(dataDir)).not.toContain('files');

    rmSync(join(dataDir, 'file-copies'), { recursive: true });
    rmSync(join(dataDir, 'delivery-cache'), { recursive: true, force: true });
    const { server: again } = await serverAt('whole');
    const same = await fetch(`${again.url}/is/image/SampleCompany/blue?wid=40&fmt=png`);
    expect((await sharp(Buffer.from(await same.arrayBuffer())).metadata()).width).toBe(40);
  });

  it('sends downloads of archives to the bucket where that is requested', async () => {
    const { connection } = await serverAt('presigned', { presignedDownloads: true });
    await runJob(connection, companyHandle, { jobName: 'Upload', ...upload('/red.png') });
    const link = await exported(connection);
    const answer = await fetch(link, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin).toBe(proxy.url);
    expect(location.searchParams.get('X-Amz-Expires')).toBe('300');
    const archive = await fetch(location);
    expect(archive.headers.get('content-type')).toBe('application/zip');
    expect(archive.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''Export.zip");
    expect(await widthsIn(new Uint8Array(await archive.arrayBuffer()))).toEqual({ 'red.png': 200 });
    // A link that has expired, or never was, leads nowhere.
    const wrong = await fetch(link.replace(/export\/[^/]+/, 'export/wrong'), { redirect: 'manual' });
    expect(wrong.status).toBe(404);
  });

  it('names the problem of the bucket in its health, and its jobs wait until it is resolved', async () => {
    const { server, connection } = await serverAt('failing');
    proxy.judge = () => ({ status: 403, code: 'AccessDenied' });
    await vi.waitFor(
      async () => {
        const health = await fetch(`${server.url}/healthz`);
        expect([health.status, await health.json()]).toEqual([
          503,
          { status: 'the file store refuses access' },
        ]);
      },
      { timeout: 5000, interval: 200 },
    );
    // A job waits for the files, as it does for those of a directory.
    await connection.call('submitJob', { companyHandle, jobName: 'Upload', ...upload('/red.png') });
    const isFile = ({ method, path }: SeenRequest): boolean => method === 'PUT' && !path.endsWith('probe');
    await vi.waitFor(() => expect(proxy.seen.some(isFile)).toBe(true), { timeout: 20_000, interval: 50 });
    const search = { companyHandle, includeSubfolders: true };
    expect((await connection.call('searchAssets', search)).totalRows).toBe(0);
    proxy.reset();
    const log = await endedJob(connection, companyHandle, 'Upload');
    expect(messagesOf(log, 'UploadError', 'FatalError')).toEqual([]);
    expect((await connection.call('searchAssets', search)).totalRows).toBe(1);
  });

  it('does not start without its bucket, with the files of another database, or with wrong options', async () => {
    const start = (options: object) => createIpsServer({ passwordCost: TEST_COST, ...options });
    await expect(start({ fileStore: `s3://no-such-bucket?endpoint=${proxy.url}` })).rejects.toThrow(
      's3://no-such-bucket/: the bucket of the file store does not exist',
    );
    await expect(start({ fileStore: 's3://shoes?endpoint=http://127.0.0.1:9' })).rejects.toThrow(
      'the file store cannot be reached (ECONNREFUSED)',
    );
    await storeAt('occupied').put(Buffer.from('of another database'));
    await expect(start({ fileStore: storeUrl('occupied') })).rejects.toThrow(
      `it would treat the files in s3://${BUCKET}/occupied/ as unused`,
    );
    await expect(start({ presignedDownloads: true })).rejects.toThrow(
      'presignedDownloads: found true without',
    );
  });
});

it('the files in a bucket that no row names are removed, by its list', async () => {
  const store = await openStore({ kind: 'memory' });
  const bucket = storeAt('cleanup');
  const put = async (text: string) => (await bucket.put(Buffer.from(text))).hash;
  const [used, stray] = [await put('used'), await put('stray')];
  const now = new Date();
  await store.db.insert(t.companies).values({ id: 6, name: 'A', rootPath: 'A/', createdAt: now });
  await store.db.insert(t.folders).values({ id: 1, companyId: 6, path: 'A/', lastModified: now });
  await store.db.insert(t.assets).values({
    ...{ companyId: 6, folderId: 1, type: 'Image', created: now, lastModified: now, id: 1, name: 'a' },
    ...{ fileName: 'a.tif', originalFile: used },
  });
  const clean = (days: number) =>
    removeStrayFiles(
      { db: store.db, files: bucket },
      { now: now.getTime() + days * 86_400_000, stored: -60_000 },
    );
  expect(await clean(0)).toMatchObject({ files: 2, strays: 1, removed: 0 });
  expect(await clean(8)).toMatchObject({ files: 2, strays: 1, removed: 1 });
  expect([await bucket.size(stray), await bucket.size(used)]).toEqual([undefined, 4]);
  expect(await clean(9)).toMatchObject({ files: 1, strays: 0, removed: 0 });
  await store.close();
});
