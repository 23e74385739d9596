import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { JobPayloads } from '@ips-sdk/types/jobs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { pdfOf } from './support/documents.js';
import { photoshopHeader } from './support/image-files.js';
import { messagesOf, runJob } from './support/jobs.js';
import { listedAssets, pathsOf } from './support/listed-assets.js';
import { GREEN, plain, quarters, RED } from './support/pictures.js';

const COMPANY = 'c|6';

let server: IpsServer;
let connection: Connection;
let root: string;
let red: Buffer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ips-directory-'));
  server = await createIpsServer({
    jobClock: 'instant',
    company: 'Shoes',
    serverRoot: join(root, 'served'),
    // The same warnings on every machine.
    ffmpeg: false,
  });
  connection = connect(server);
  red = await plain(30, 20, RED).png().toBuffer();
});

afterAll(async () => {
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

beforeEach(async () => {
  rmSync(join(root, 'served'), { recursive: true, force: true });
  mkdirSync(join(root, 'served', 'in', 'sub'), { recursive: true });
  await server.reset();
});

const put = (name: string, content: Uint8Array): void =>
  writeFileSync(join(root, 'served', 'in', name), content);

let jobs = 0;

function upload(options: Partial<JobPayloads['uploadDirectoryJob']> = {}) {
  jobs += 1;
  return runJob(connection, COMPANY, {
    jobName: `directory ${jobs}`,
    uploadDirectoryJob: {
      serverDir: 'in',
      overwrite: true,
      readyForPublish: true,
      includeSubfolders: true,
      createMask: false,
      processMetadataFiles: false,
      emailSetting: 'None',
      ...options,
    },
  });
}

const assets = () => listedAssets(connection, COMPANY);

const names = async () => pathsOf(await assets());

describe('a directory', () => {
  test('is uploaded with its subdirectories', async () => {
    put('a.png', red);
    put('sub/b.png', red);
    put('.hidden.png', red);
    const log = await upload({ destFolder: 'Shoes/New' });
    expect(log).toMatchObject({ fileSuccessCount: 2, totalFileCount: 2, logType: 'BeginUpload' });
    expect(await names()).toEqual(['Shoes/New/a.png', 'Shoes/New/sub/b.png']);
  });

  test('is uploaded without them if requested', async () => {
    put('a.png', red);
    put('sub/b.png', red);
    await upload({ includeSubfolders: false });
    expect(await names()).toEqual(['Shoes/a.png']);
  });

  // They are ready at the same time, and share a transaction.
  test('may contain files whose names are equal to each other, for the catalog or nearly', async () => {
    const green = await plain(30, 20, GREEN).png().toBuffer();
    // Case and accents decide nothing; the database does not take a sharp s for two.
    for (const name of ['Red.png', 'Caf\u00e9.png', 'Stra\u00dfe.png']) put(name, red);
    for (const name of ['red.png', 'Cafe\u0301.png', 'Strasse.png']) put(name, green);
    const kept = await upload({ overwrite: false });
    expect(kept).toMatchObject({ fileSuccessCount: 6, fileErrorCount: 0, fileWarningCount: 2 });
    const expected = ['caf\u00e9', 'caf\u00e9-1', 'red', 'red-1', 'strasse', 'stra\u00dfe'];
    expect(new Set((await names()).map((name) => name.toLowerCase()))).toEqual(
      new Set(expected.map((name) => `shoes/${name}.png`)),
    );
    await server.reset();
    const replaced = await upload();
    expect(replaced).toMatchObject({ fileSuccessCount: 4, fileUpdateCount: 2, fileErrorCount: 0 });
    expect(await names()).toHaveLength(4);
  });

  test.each(['../..', 'in/../../other', '/etc/../..'])('is not "%s"', async (serverDir) => {
    const fault = await connection.fault('submitJob', {
      companyHandle: COMPANY,
      jobName: 'out',
      uploadDirectoryJob: {
        serverDir,
        overwrite: true,
        readyForPublish: true,
        includeSubfolders: true,
        createMask: false,
        processMetadataFiles: false,
        emailSetting: 'None',
      },
    });
    expect(fault.reason).toContain('serverDir');
  });

  test('that does not exist ends the job with the reason', async () => {
    const log = await upload({ serverDir: 'nowhere' });
    expect(log.fatalError).toBe(true);
    expect(messagesOf(log, 'FatalError')).toEqual(['the directory "nowhere" does not exist']);
  });

  test('may contain links, which are not followed: neither to files nor to directories, nor as the directory itself', async () => {
    mkdirSync(join(root, 'secret'), { recursive: true });
    writeFileSync(join(root, 'secret', 'secret.png'), red);
    symlinkSync(join(root, 'secret', 'secret.png'), join(root, 'served', 'in', 'link.png'));
    symlinkSync(join(root, 'secret'), join(root, 'served', 'in', 'folder'));
    symlinkSync(join(root, 'secret'), join(root, 'served', 'out'));
    expect(await upload()).toMatchObject({ totalFileCount: 0, fileErrorCount: 0 });
    const log = await upload({ serverDir: 'out' });
    expect(messagesOf(log, 'FatalError')).toEqual(['"out" is outside the served directory']);
    expect(await assets()).toEqual([]);
  });
});

test('a job that recurs uploads what is new or changed', async () => {
  const manual = await createIpsServer({
    jobClock: 'manual',
    now: new Date('2026-01-01T00:30:00Z'),
    timeZone: 'UTC',
    company: 'Shoes',
    serverRoot: join(root, 'served'),
  });
  try {
    const caller = connect(manual);
    await caller.call('submitJob', {
      companyHandle: COMPANY,
      jobName: 'hourly',
      execSchedule: '0 0 * * * ?',
      uploadDirectoryJob: {
        serverDir: 'in',
        overwrite: true,
        readyForPublish: true,
        includeSubfolders: true,
        createMask: false,
        processMetadataFiles: false,
        emailSetting: 'None',
      },
    });
    const totals = async (): Promise<(number | undefined)[]> => {
      const { jobLogArray } = await caller.call('getJobLogDetails', {
        companyHandle: COMPANY,
        originalName: 'hourly',
      });
      return (jobLogArray ?? []).map(({ totalFileCount }) => totalFileCount).sort();
    };
    put('a.png', red);
    put('b.png', red);
    await manual.clock.advance(3_600_000);
    expect(await totals()).toEqual([2]);
    await manual.clock.advance(3_600_000);
    expect(await totals()).toEqual([0, 2]);
    put('c.png', red);
    put('b.png', await plain(31, 20, GREEN).png().toBuffer());
    utimesSync(join(root, 'served', 'in', 'b.png'), new Date(), new Date('2026-01-01T02:20:00Z'));
    await manual.clock.advance(3_600_000);
    expect(await totals()).toEqual([0, 2, 2]);
  } finally {
    await manual.stop();
  }
});

describe('an archive', () => {
  async function zip(entries: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
    const archive = new ZipFile();
    for (const [name, content] of Object.entries(entries)) archive.addBuffer(Buffer.from(content), name);
    archive.end();
    return buffer(archive.outputStream);
  }

  test('is an asset of its own unless it is to be unpacked', async () => {
    put('shoes.zip', await zip({ 'a.png': red }));
    await upload();
    expect((await assets()).map(({ type, fileName }) => `${type} ${fileName}`)).toEqual(['Zip shoes.zip']);
  });

  test('is unpacked on request, each file with its own rows', async () => {
    put('shoes.zip', await zip({ 'a.png': red, 'b/c.png': red, 'bad.png': Buffer.from('no image') }));
    const log = await upload({ unCompressOptions: { process: 'UnCompress' } });
    expect(await names()).toEqual(['Shoes/a.png', 'Shoes/b/c.png']);
    expect(messagesOf(log, 'UploadError')).toEqual([
      'bad.png: the name ends with .png, but the content is not an image',
    ]);
    expect(messagesOf(log, 'UploadSuccess')).toContain('3 files were unpacked from Shoes/shoes.zip.');
    expect(log).toMatchObject({ totalFileCount: 4, fileErrorCount: 1 });
  });
});

describe('a PDF', () => {
  const document = pdfOf([1, 0, 0], [0, 1, 0], [0, 0, 1]);

  test('is kept as it is without options', async () => {
    put('doc.pdf', document);
    await upload();
    expect((await assets()).map(({ type }) => type)).toEqual(['Pdf']);
  });

  test('becomes images of its pages, and an eCatalog of them', async () => {
    put('doc.pdf', document);
    const log = await upload({ pdfOptions: { process: 'Rasterize', resolution: 144 } });
    expect(messagesOf(log, 'UploadError')).toEqual([]);
    const found = await assets();
    expect(found.map(({ name, type }) => `${name} ${type}`)).toEqual(
      ['doc Pdf', 'doc_eCatalog Catalog', 'doc-1 Image', 'doc-2 Image', 'doc-3 Image'].sort(),
    );
    expect(found.find(({ name }) => name === 'doc-2')?.imageInfo).toMatchObject({
      width: 400,
      height: 200,
      resolution: 144,
    });
    const owner = found.find(({ name }) => name === 'doc')?.assetHandle ?? '';
    const { generationArray } = await connection.call('getGenerationInfo', {
      companyHandle: COMPANY,
      originatorHandle: owner,
    });
    expect(new Set(generationArray.map(({ engine }) => engine))).toEqual(new Set(['PostScriptRip']));
    const containersOf = async (name: string) => {
      const assetHandle = found.find((asset) => asset.name === name)?.assetHandle ?? '';
      const asked = { companyHandle: COMPANY, assetHandle };
      return (await connection.call('getAssociatedAssets', asked)).containerArray?.map((each) => each.name);
    };
    expect(await containersOf('doc-2')).toEqual(['doc', 'doc_eCatalog']);
    expect(await containersOf('doc_eCatalog')).toEqual([]);
    await connection.call('deleteAsset', { companyHandle: COMPANY, assetHandle: owner });
    expect(await containersOf('doc-2')).not.toContain('doc');
  });

  test('that is ripped again keeps the assets of its pages', async () => {
    put('doc.pdf', document);
    await upload();
    const handle = (await assets())[0]?.assetHandle ?? '';
    const rip = (jobName: string) =>
      runJob(connection, COMPANY, {
        jobName,
        ripPdfsJob: {
          pdfHandleArray: [handle],
          createMask: false,
          emailSetting: 'None',
          pdfOptions: { process: 'Rasterize', pdfCatalog: false },
        },
      });
    const log = await rip('rip');
    expect(log).toMatchObject({ logType: 'BeginPdfRip', fileSuccessCount: 1, fileErrorCount: 0 });
    const first = await assets();
    expect(first).toHaveLength(4);
    await rip('rip again');
    expect((await assets()).map(({ assetHandle }) => assetHandle)).toEqual(
      first.map(({ assetHandle }) => assetHandle),
    );
  });

  test.each([
    ['is no document inside', Buffer.from('%PDF-1.4\nnothing of the kind')],
    ['breaks off', document.subarray(0, 60)],
  ])('that %s is an error of its own', async (_what, content) => {
    put('bad.pdf', content);
    put('good.png', red);
    const log = await upload({ pdfOptions: { process: 'Rasterize' } });
    expect(messagesOf(log, 'UploadError')[0]).toMatch(/^bad\.pdf: the document is damaged or protected/);
    expect(await names()).toEqual(['Shoes/good.png']);
  });
});

describe('what was uploaded', () => {
  test('is reprocessed from its original, with the crop that it has', async () => {
    put('a.png', await quarters(100, 100).png().toBuffer());
    await upload({ manualCropOptions: { left: 50, right: 0, top: 0, bottom: 50 } });
    const [asset] = await assets();
    expect(asset?.imageInfo).toMatchObject({ width: 50, height: 50 });
    const reprocess = (jobName: string, options: Partial<JobPayloads['reprocessAssetsJob']>) =>
      runJob(connection, COMPANY, {
        jobName,
        reprocessAssetsJob: {
          assetHandleArray: [asset?.assetHandle ?? ''],
          createMask: false,
          emailSetting: 'None',
          ...options,
        },
      });
    expect(await reprocess('sharpen', { unsharpMaskOptions: { amount: 2, radius: 1 } })).toMatchObject({
      fileSuccessCount: 1,
    });
    expect((await assets())[0]?.imageInfo).toMatchObject({ width: 50, height: 50 });
    await reprocess('crop', { manualCropOptions: { left: 0, right: 0, top: 0, bottom: 30 } });
    expect((await assets())[0]?.imageInfo).toMatchObject({ width: 100, height: 70 });
    await reprocess('whole', { preserveCrop: false });
    expect((await assets())[0]?.imageInfo).toMatchObject({ width: 100, height: 100 });
  });

  test('keeps its crop when it is overwritten, unless told otherwise', async () => {
    put('a.png', await quarters(100, 100).png().toBuffer());
    await upload({ manualCropOptions: { left: 10, right: 0, top: 0, bottom: 0 } });
    put('a.png', await quarters(200, 100).png().toBuffer());
    await upload();
    expect((await assets())[0]?.imageInfo?.width).toBe(190);
    put('a.png', await quarters(300, 100).png().toBuffer());
    await upload({ preserveCrop: false });
    expect((await assets())[0]?.imageInfo?.width).toBe(300);
  });

  test('of a type that is not decoded is cataloged, with a warning if more was requested', async () => {
    put('film.mp4', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'));
    put('print.psd', photoshopHeader(7));
    const log = await upload({ mediaOptions: { generateThumbnail: true } });
    expect(log).toMatchObject({ fileWarningCount: 2, fileErrorCount: 0 });
    expect(messagesOf(log, 'UploadWarning').sort()).toEqual([
      'Shoes/film.mp4: no thumbnail was made: this server found no ffmpeg to decode videos with',
      'Shoes/print.psd: this Photoshop file cannot be decoded: its color mode, Multichannel, is not supported: no derivatives were made',
    ]);
    expect((await assets()).map(({ type }) => type)).toEqual(['Video', 'Image']);
  });
});

test('images that are not optimized yet are optimized, others left alone', async () => {
  put('a.png', red);
  await upload();
  expect(
    await runJob(connection, COMPANY, { jobName: 'none', optimizeImagesJob: { emailSetting: 'None' } }),
  ).toMatchObject({ totalFileCount: 0 });
});
