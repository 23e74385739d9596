import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobLog } from '@ips-sdk/types';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromBuffer } from 'yauzl';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { pdfOf } from './support/documents.js';
import { endedJob } from './support/jobs.js';
import { look } from './support/pictures.js';
import { changeTables, storeAssets } from './support/stored-assets.js';
import { WEB_FORMAT } from './support/vignette-format.js';

const companyHandle = 'c|6';
const dataDir = mkdtempSync(join(tmpdir(), 'ips-publish-'));
let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', dataDir, serverName: 'worker-1' });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});
beforeEach(() => server.reset());

/** Submits a job and answers the log of its run. */
async function run(details: object, jobName = 'job'): Promise<JobLog> {
  const admin = connect(server);
  const { jobHandle } = await admin.call('submitJob', { companyHandle, jobName, ...details });
  const { jobLogArray } = await admin.call('getJobLogDetails', { companyHandle, jobHandle });
  const last = jobLogArray.at(-1);
  if (last === undefined) throw new Error('there is no log');
  return last;
}

const publishImages = (publishType: string, more: object = {}) =>
  run({ imageServingPublishJob: { publishType, emailSetting: 'None', ...more } });

const rowsOf = (log: JobLog) =>
  (log.detailArray ?? []).map(({ logType, logMessage }) => [logType, logMessage]);

const published = async () =>
  ((await server.snapshot()).tables['publications'] ?? []).map((row) => [row['asset_id'], row['version']]);

describe('a publish to image serving', () => {
  it('follows the marks of its own context before those of all', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'everywhere', type: 'Image', content: 'everywhere' },
      { id: 2002, name: 'not here', type: 'Image', content: 'not here' },
      { id: 2003, name: 'only here', type: 'Image', content: 'only here', marked: false },
      { id: 2004, name: 'nowhere', type: 'Image', content: 'nowhere', marked: false },
    ]);
    await changeTables(server, (tables) => {
      const context = tables['publish_contexts']?.find(({ type }) => type === 'ImageServing');
      const mark = (asset_id: number, marked: boolean) => ({ asset_id, context_id: context?.['id'], marked });
      return { asset_contexts: [mark(2002, false), mark(2003, true), mark(2004, false)] };
    });
    for (const publishType of ['Incremental', 'Full']) {
      expect(await publishImages(publishType)).toMatchObject({ totalFileCount: 2, fileErrorCount: 0 });
      expect((await published()).map(([id]) => id)).toEqual([2001, 2003]);
    }
  });

  it('publishes what is marked, and says so in the documented order', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue', marked: false },
      { id: 2003, name: 'clip', type: 'Video', content: 'clip' },
    ]);
    const log = await publishImages('Full');
    expect(rowsOf(log)).toEqual([
      ['BeginImageServingPublish', `Job ${log.jobName} started.`],
      ['OriginalJobName', log.jobName],
      ['JobClient', 'worker-1'],
      ['JobType', 'ImageServingPublish'],
      ['TotalFileCount', '1'],
      ['ImageServingPublishSuccess', 'red was published.'],
      ['EndImageServingPublish', `Job ${log.jobName} ended.`],
    ]);
    expect(log).toMatchObject({
      logType: 'BeginImageServingPublish',
      jobSubType: 'full',
      fileSuccessCount: 1,
      totalFileCount: 1,
      transferSuccessCount: 1,
      fatalError: false,
    });
    expect(await published()).toEqual([[2001, 1]]);
    const content = await fetch(`${server.url}/is/content/SampleCompany/red`);
    expect(await content.text()).toBe('red');
    expect((await fetch(`${server.url}/is/content/SampleCompany/blue`)).status).toBe(404);
  });

  it('carries only what changed when it is incremental, and everything when it is full', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue' },
    ]);
    expect(await publishImages('Incremental')).toMatchObject({
      jobSubType: 'increment',
      totalFileCount: 2,
      transferSuccessCount: 2,
    });
    expect(await publishImages('Incremental')).toMatchObject({ totalFileCount: 0, transferSuccessCount: 0 });
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'redder', version: 2 },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue', version: 2 },
    ]);
    // Both changed, but of one the file stayed what it was.
    expect(await publishImages('Incremental')).toMatchObject({
      fileSuccessCount: 2,
      transferSuccessCount: 1,
    });
    expect(await publishImages('FullWithSearch')).toMatchObject({
      jobSubType: 'fullwithsearch',
      fileSuccessCount: 2,
      transferSuccessCount: 2,
    });
    const admin = connect(server);
    const { pubHistoryArray } = await admin.call('getAssetPublishHistory', {
      companyHandle,
      assetHandle: 'a|2001',
    });
    expect(pubHistoryArray).toMatchObject([{ serverName: 'worker-1', contextName: 'ImageServing' }]);
  });

  it('removes what is no longer marked or is in the trash', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue' },
      { id: 2003, name: 'green', type: 'Image', content: 'green' },
    ]);
    await publishImages('Full');
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red', marked: false },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue', trash_state: 'InTrash' },
    ]);
    const log = await publishImages('Incremental');
    expect(rowsOf(log).slice(4)).toEqual([
      ['TotalFileCount', '2'],
      ['BeginImageServingPublishCleanup', 'ImageServing'],
      ['ImageServingPublishCleanupSuccess', 'red was removed.'],
      ['ImageServingPublishCleanupSuccess', 'blue was removed.'],
      ['EndImageServingPublishCleanup', 'ImageServing'],
      ['EndImageServingPublish', `Job ${log.jobName} ended.`],
    ]);
    expect(await published()).toEqual([[2003, 1]]);
    expect((await fetch(`${server.url}/is/content/SampleCompany/red`)).status).toBe(404);
  });

  it('publishes a set as the list of its members', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue' },
      { id: 2003, name: 'shoe', type: 'ImageSet' },
      { id: 2004, name: 'empty', type: 'ImageSet' },
    ]);
    await changeTables(server, () => ({
      set_members: [
        { set_id: 2003, position: 0, member_id: 2002, page_reset: true },
        { set_id: 2003, position: 1, member_id: 2001, page_reset: true },
      ],
    }));
    expect(await publishImages('Full')).toMatchObject({ fileSuccessCount: 3, fileWarningCount: 1 });
    const set = await fetch(`${server.url}/is/content/SampleCompany/shoe`);
    expect(await set.text()).toBe('SampleCompany/blue,SampleCompany/red');
  });

  it('counts a file that is missing from the store as an error, and continues', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', original_file: 'f'.repeat(64) },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue' },
    ]);
    const log = await publishImages('Full');
    expect(log).toMatchObject({
      fileSuccessCount: 1,
      fileErrorCount: 1,
      totalFileCount: 2,
      fatalError: false,
    });
    expect(rowsOf(log)).toContainEqual(['ImageServingPublishError', expect.stringContaining('red: ')]);
  });

  it('refuses other publish types and contexts of other types', async () => {
    const admin = connect(server);
    const submit = (details: object) =>
      admin.fault('submitJob', {
        companyHandle,
        jobName: 'job',
        imageServingPublishJob: { publishType: 'Full', emailSetting: 'None', ...details },
      });
    expect(await submit({ publishType: 'Some' })).toMatchObject({ code: 30001 });
    expect(await submit({ contextHandle: 'pc|999' })).toMatchObject({ code: 30001 });
    const { publishContextArray } = await admin.call('getPublishContexts', { companyHandle });
    const video = publishContextArray.find(({ contextName }) => contextName === 'Video');
    expect(await submit({ contextHandle: video?.contextHandle })).toMatchObject({ code: 30001 });
  });

  it('obeys marks of single contexts', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue', marked: false },
    ]);
    await changeTables(server, (tables) => {
      const context = tables['publish_contexts']?.find(
        (row) => row['company_id'] === 6 && row['type'] === 'ImageServing',
      );
      return {
        asset_contexts: [
          { asset_id: 2001, context_id: context?.['id'], marked: false },
          { asset_id: 2002, context_id: context?.['id'], marked: true },
        ],
      };
    });
    await publishImages('Full');
    expect(await published()).toEqual([[2002, 1]]);
  });
});

describe('publishes of other contexts', () => {
  const mixed = () =>
    storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red', fileName: 'red.tif' },
      { id: 2002, name: 'clip', type: 'Video', content: 'clip', fileName: 'clip.mp4', thumb_asset_id: 2001 },
      { id: 2003, name: 'sofa', type: 'Vignette', content: 'sofa', fileName: 'sofa.vnt' },
      { id: 2004, name: 'bare & <plain>', type: 'Video', content: 'bare', fileName: 'bare.mp4' },
    ]);

  it('publishes videos to the video context and vignettes to image rendering', async () => {
    await mixed();
    const videos = await run({ videoPublishJob: { emailSetting: 'None' } });
    expect(rowsOf(videos).slice(4, -1)).toEqual([
      ['TotalFileCount', '2'],
      ['VideoPublishSuccess', 'clip was published.'],
      ['VideoPublishSuccess', 'bare & <plain> was published.'],
    ]);
    const rendering = await run({ imageRenderingPublishJob: { emailSetting: 'None' } });
    expect(rowsOf(rendering).slice(4, -1)).toEqual([
      ['TotalFileCount', '1'],
      ['ImageRenderingPublishSuccess', 'sofa was published.'],
    ]);
    const part = await fetch(`${server.url}/is/content/SampleCompany/clip`, {
      headers: { range: 'bytes=1-2' },
    });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 1-2/4',
      'li',
    ]);
    const beyond = await fetch(`${server.url}/is/content/SampleCompany/clip`, {
      headers: { range: 'bytes=9-' },
    });
    expect(beyond.status).toBe(416);
  });

  it('warns of each vignette while the company has formats to publish vignettes in', async () => {
    await storeAssets(server, dataDir, [
      { id: 2003, name: 'sofa', type: 'Vignette', content: 'sofa', fileName: 'sofa.vnt' },
      { id: 2004, name: 'cushion', type: 'Vignette', content: 'cushion', fileName: 'cushion.vnt' },
      { id: 2005, name: 'cloth', type: 'Cabinet', content: 'cloth', fileName: 'cloth.vnc' },
    ]);
    const admin = connect(server);
    const format = await admin.call('createVignettePublishFormat', {
      companyHandle,
      ...WEB_FORMAT,
    });
    const own =
      'it was published at its own size: this server makes no views in the vignette formats of the company';
    const rendering = await run({ imageRenderingPublishJob: { emailSetting: 'None' } });
    expect(rowsOf(rendering).slice(4, -1)).toEqual([
      ['TotalFileCount', '3'],
      ['ImageRenderingPublishError', `sofa: ${own}`],
      ['ImageRenderingPublishError', `cushion: ${own}`],
      ['ImageRenderingPublishSuccess', 'cloth was published.'],
    ]);
    expect(rendering).toMatchObject({ fileSuccessCount: 1, fileWarningCount: 2, fileErrorCount: 0 });
    const response = await fetch(`${server.url}/is/content/SampleCompany/sofa`);
    expect(await response.text()).toBe('sofa');
    const { pubHistoryArray } = await admin.call('getAssetPublishHistory', {
      companyHandle,
      assetHandle: 'a|2003',
    });
    expect(pubHistoryArray.map(({ publishFormat }) => publishFormat)).toEqual([undefined]);
    // In other contexts, the file is what is published.
    expect(await run({ serverDirectoryPublishJob: { emailSetting: 'None' } })).toMatchObject({
      fileSuccessCount: 3,
      fileWarningCount: 0,
    });
    await admin.call('deleteVignettePublishFormat', { companyHandle, ...format });
    await changeTables(server, () => ({ publications: [] }));
    expect(await run({ imageRenderingPublishJob: { emailSetting: 'None' } })).toMatchObject({
      fileSuccessCount: 3,
      fileWarningCount: 0,
    });
  });

  it('publishes files into the server directory, and removes them again', async () => {
    await mixed();
    const directory = join(dataDir, 'served', 'published', 'SampleCompany');
    expect(await run({ serverDirectoryPublishJob: { emailSetting: 'None' } })).toMatchObject({
      fileSuccessCount: 4,
      transferSuccessCount: 4,
    });
    expect(readFileSync(join(directory, 'red.tif'), 'utf8')).toBe('red');
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red', fileName: 'rouge.tif', version: 2 },
      { id: 2002, name: 'clip', type: 'Video', content: 'clip', fileName: 'clip.mp4', marked: false },
    ]);
    const log = await run({ serverDirectoryPublishJob: { emailSetting: 'None' } });
    expect(log).toMatchObject({ fileSuccessCount: 2, transferSuccessCount: 1 });
    expect(readFileSync(join(directory, 'rouge.tif'), 'utf8')).toBe('red');
    for (const gone of ['red.tif', 'clip.mp4'])
      expect(() => readFileSync(join(directory, gone))).toThrow(/ENOENT/);
  });

  it('writes no file outside the directory', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'evil', type: 'Image', content: 'evil', fileName: '../../evil.txt' },
    ]);
    const log = await run({ serverDirectoryPublishJob: { emailSetting: 'None' } });
    expect(log).toMatchObject({ fileErrorCount: 1, fileSuccessCount: 0 });
    expect(() => readFileSync(join(dataDir, 'served', 'evil.txt'))).toThrow(/ENOENT/);
  });

  it('indexes metadata: what changed, or everything', async () => {
    await mixed();
    expect(await run({ metadataPublishJob: {} })).toMatchObject({ fileSuccessCount: 4, totalFileCount: 4 });
    expect(await run({ metadataPublishJob: {} })).toMatchObject({ fileSuccessCount: 0, totalFileCount: 0 });
    expect(await run({ metadataPublishJob: { forcePublish: true } })).toMatchObject({ fileSuccessCount: 4 });
    const index = join(dataDir, 'served', 'published', 'SampleCompany', 'metadata.json');
    const { assets } = JSON.parse(readFileSync(index, 'utf8')) as { assets: { name: string }[] };
    expect(assets.map(({ name }) => name)).toEqual(['red', 'clip', 'sofa', 'bare & <plain>']);
  });

  it('creates a sitemap of the published videos that have an image to show', async () => {
    await mixed();
    await publishImages('Full');
    await run({ videoPublishJob: { emailSetting: 'None' } });
    expect(await run({ createVideoSitemapJob: {} })).toMatchObject({
      fileSuccessCount: 1,
      fileWarningCount: 1,
    });
    const answer = await fetch(`${server.url}/is/sitemap/SampleCompany/video-sitemap.xml`);
    const xml = await answer.text();
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    expect(xml).toContain(`<loc>${server.url}/is/content/SampleCompany/clip</loc>`);
    expect(xml).toContain(
      `<video:thumbnail_loc>${server.url}/is/image/SampleCompany/red</video:thumbnail_loc>`,
    );
    expect(xml).not.toContain('bare');
    expect(await run({ createVideoSitemapJob: {} })).toMatchObject({
      fileSuccessCount: 0,
      fileDuplicateCount: 2,
    });
    expect(await run({ createVideoSitemapJob: { forceUpdate: true } })).toMatchObject({
      fileSuccessCount: 1,
    });
  });
});

describe('an export', () => {
  it('packs originals, and says where the archive is', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red', fileName: 'same.tif' },
      { id: 2002, name: 'blue', type: 'Image', content: 'blue', fileName: 'same.tif' },
      { id: 2003, name: 'lost', type: 'Image', original_file: 'f'.repeat(64) },
    ]);
    const log = await run({
      exportJob: {
        assetHandleArray: ['a|2001', 'a|2002', 'a|2003'],
        fmt: 'orig',
        emailSetting: 'None',
      },
    });
    expect(log).toMatchObject({
      fileSuccessCount: 2,
      fileErrorCount: 1,
      totalFileCount: 3,
      transferSuccessCount: 1,
    });
    const link = log.detailArray?.find(({ assetType }) => assetType === 'Zip')?.logMessage ?? '';
    expect(link).toMatch(/\/scene7\/export\/[\w-]{32}\/job\.zip$/);
    const archive = await fetch(link);
    expect(archive.headers.get('content-type')).toBe('application/zip');
    expect(await entriesOf(Buffer.from(await archive.arrayBuffer()))).toEqual({
      'same.tif': 'red',
      'same (2).tif': 'blue',
    });
    expect((await fetch(link.replace(/export\/..../, 'export/AAAA'))).status).toBe(404);
  });

  it('converts images as requested, and reports assets that are not images', async () => {
    const png = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', fileName: 'red.png', content: png },
      { id: 2002, name: 'clip', type: 'Video', content: 'clip' },
      { id: 2003, name: 'bad', type: 'Image', fileName: 'bad.png', content: 'no image' },
    ]);
    const convert = (is_modifier?: string) =>
      run({
        exportJob: {
          assetHandleArray: ['a|2001', 'a|2002', 'a|2003'],
          fmt: 'convert',
          emailSetting: 'None',
          ...(is_modifier === undefined ? {} : { is_modifier }),
        },
      });
    const log = await convert('wid=15&fmt=webp');
    expect(log).toMatchObject({ fileSuccessCount: 2, fileErrorCount: 1, fatalError: false });
    expect(rowsOf(log)).toContainEqual([
      'ReturnSuccess',
      'The file clip.bin is in the archive: exported as uploaded, because Video cannot be converted.',
    ]);
    const link = (of: JobLog) =>
      of.detailArray?.find(({ assetType }) => assetType === 'Zip')?.logMessage ?? '';
    const download = async (of: JobLog) =>
      entriesOf(Buffer.from(await (await fetch(link(of))).arrayBuffer()), 'latin1');
    const small = await download(log);
    expect(Object.keys(small)).toEqual(['red.webp', 'clip.bin']);
    expect(small['clip.bin']).toBe('clip');
    const { format, width, height } = await sharp(Buffer.from(small['red.webp'] ?? '', 'latin1')).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 15, height: 10 });
    // In its own size when no other was asked for.
    const own = await download(await convert());
    expect(await sharp(Buffer.from(own['red.jpg'] ?? '', 'latin1')).metadata()).toMatchObject({
      format: 'jpeg',
      width: 30,
      height: 20,
    });
  });

  it('draws templates with the images that their layers name, published or not', async () => {
    const colored = (color: string) =>
      sharp({ create: { width: 30, height: 20, channels: 3, background: color } })
        .png()
        .toBuffer();
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', fileName: 'red.png', content: await colored('#f00') },
      { id: 2002, name: 'half', type: 'AdjustedView', owner_id: 2001, url_modifier: 'crop=0,0,15,20' },
      {
        id: 2003,
        name: 'promo',
        type: 'Template',
        url_modifier: 'layer=0&color=0000ff&size=60,40&layer=1&src=SampleCompany/half&pos=15,0&fmt=png',
      },
      { id: 2004, name: 'broken', type: 'Template', url_modifier: 'layer=0&src=nothing' },
    ]);
    const log = await run({
      exportJob: { assetHandleArray: ['a|2003', 'a|2004'], fmt: 'convert', emailSetting: 'None' },
    });
    expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 1 });
    expect(rowsOf(log)).toContainEqual([
      'GetFailure',
      "a|2004: broken: src: Unable to find 'nothing': the company has no image with this name",
    ]);
    const link = log.detailArray?.find(({ assetType }) => assetType === 'Zip')?.logMessage ?? '';
    const files = await entriesOf(Buffer.from(await (await fetch(link)).arrayBuffer()), 'latin1');
    expect(Object.keys(files)).toEqual(['promo.png']);
    const shown = await look(Buffer.from(files['promo.png'] ?? '', 'latin1'));
    expect(shown).toMatchObject({ width: 60, height: 40 });
    expect(shown.at(2, 2)).toEqual([0, 0, 255, 255]);
    // The view is in the middle, moved to the right by 15 pixels.
    expect(shown.at(45, 20)).toEqual([255, 0, 0, 255]);
    expect(shown.at(30, 20)).toEqual([0, 0, 255, 255]);
  });

  it('applies an image format behind the other commands, so that its file format counts', async () => {
    const png = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', fileName: 'red.png', content: png },
    ]);
    const admin = connect(server);
    const format = { companyHandle, name: 'Small', urlModifier: 'wid=12&fmt=tif' };
    const { imageFormatHandle } = await admin.call('saveImageFormat', format);
    const exported = async (details: object, jobName: string) => {
      const exportJob = { assetHandleArray: ['a|2001'], fmt: 'convert', emailSetting: 'None', ...details };
      const log = await run({ exportJob }, jobName);
      const link = log.detailArray?.find(({ assetType }) => assetType === 'Zip')?.logMessage ?? '';
      const files = await entriesOf(Buffer.from(await (await fetch(link)).arrayBuffer()), 'latin1');
      const [[name, content] = ['', '']] = Object.entries(files);
      const { format, width, height } = await sharp(Buffer.from(content, 'latin1')).metadata();
      return { name, format, width, height };
    };
    // As in the documentation: the commands begin with an ampersand.
    const both = { is_modifier: '&fmt=png&hei=4', macro: '$small$' };
    const small = { name: 'red.tif', format: 'tiff', width: 12 };
    expect(await exported(both, 'both')).toEqual({ ...small, height: 4 });
    expect(await exported({ macro: 'Small' }, 'macro')).toEqual({ ...small, height: 8 });
    // A format without a file format leaves that of the other commands.
    await admin.call('saveImageFormat', { ...format, imageFormatHandle, urlModifier: 'wid=6' });
    expect(await exported(both, 'again')).toMatchObject({ name: 'red.png', format: 'png', width: 6 });
    // Deleted between submission and run.
    await admin.call('submitJob', {
      companyHandle,
      jobName: 'late',
      execTime: '2090-01-01T00:00:00Z',
      exportJob: { assetHandleArray: ['a|2001'], fmt: 'convert', emailSetting: 'None', macro: '$small$' },
    });
    await admin.call('deleteImageFormat', { companyHandle, imageFormatHandle });
    await admin.call('executeJob', { companyHandle, jobHandle: 'j|6|late|' });
    const log = await endedJob(admin, companyHandle, 'late');
    expect(rowsOf(log)).toContainEqual([
      'GetFailure',
      "a|2001: red: the company has no image format 'small'",
    ]);
  });

  it('draws views as the images of their owners, and documents page by page', async () => {
    const png = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', fileName: 'red.png', content: png },
      {
        id: 2002,
        name: 'corner',
        type: 'AdjustedView',
        owner_id: 2001,
        url_modifier: 'crop=0,0,10,10',
      },
      {
        id: 2003,
        name: 'leaflet',
        type: 'Pdf',
        fileName: 'leaflet.pdf',
        content: pdfOf([1, 0, 0], [0, 1, 0]),
      },
      { id: 2004, name: 'promo', type: 'Template', url_modifier: 'layer=0' },
    ]);
    const log = await run({
      exportJob: {
        assetHandleArray: ['a|2002', 'a|2003', 'a|2004'],
        fmt: 'convert',
        is_modifier: 'fmt=png',
        emailSetting: 'None',
      },
    });
    expect(log).toMatchObject({ fileSuccessCount: 2, fileErrorCount: 1, fatalError: false });
    const link = log.detailArray?.find(({ assetType }) => assetType === 'Zip')?.logMessage ?? '';
    const files = await entriesOf(Buffer.from(await (await fetch(link)).arrayBuffer()), 'latin1');
    const sizes = await Promise.all(
      Object.entries(files).map(async ([name, content]) => {
        const { width, height } = await sharp(Buffer.from(content, 'latin1')).metadata();
        return [name, width, height];
      }),
    );
    // Pages of 200 by 100 points, drawn with 150 pixels an inch.
    expect(sizes).toEqual([
      ['corner.png', 10, 10],
      ['leaflet-1.png', 416, 208],
      ['leaflet-2.png', 416, 208],
    ]);
    const originals = await run(
      {
        exportJob: { assetHandleArray: ['a|2002'], fmt: 'orig', emailSetting: 'None' },
      },
      'originals',
    );
    expect(rowsOf(originals)).toContainEqual(['ReturnSuccess', 'The file corner.png is in the archive.']);
  });

  it('refuses sets, unknown assets and other formats', async () => {
    await storeAssets(server, dataDir, [
      { id: 2001, name: 'red', type: 'Image', content: 'red' },
      { id: 2002, name: 'set', type: 'ImageSet' },
      { id: 2003, name: 'promo', type: 'Template' },
    ]);
    const admin = connect(server);
    const submit = (details: object) =>
      admin.fault('submitJob', {
        companyHandle,
        jobName: 'job',
        exportJob: { assetHandleArray: ['a|2001'], fmt: 'orig', emailSetting: 'None', ...details },
      });
    expect(await submit({ assetHandleArray: ['a|2002'] })).toMatchObject({ code: 30001 });
    expect(await submit({ assetHandleArray: ['a|2003'] })).toMatchObject({ code: 30001 });
    expect(await submit({ assetHandleArray: ['a|1'] })).toMatchObject({ code: 30001 });
    expect(await submit({ fmt: 'tiff' })).toMatchObject({ code: 30001 });
    expect(await submit({ fmt: 'convert', is_modifier: 'wid=wide' })).toMatchObject({ code: 30001 });
    expect(await submit({ fmt: 'convert', macro: 'thumb' })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^exportJob\/macro: found 'thumb', expected an image format/),
    });
    const format = { companyHandle, name: 'Two words', urlModifier: 'wid=5' };
    const { imageFormatHandle } = await admin.call('saveImageFormat', format);
    expect(await submit({ macro: '$Two words$' })).toMatchObject({ code: 30001 });
    await admin.call('saveImageFormat', {
      ...format,
      imageFormatHandle,
      name: 'broken',
      urlModifier: 'qlt=0',
    });
    expect(await submit({ macro: '$broken$' })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^exportJob\/macro: found '\$broken\$', expected .*qlt: found '0'/),
    });
    expect(await submit({ macro: '$broken$&wid=5' })).toMatchObject({ code: 30001 });
    expect(await submit({ assetHandleArray: [] })).toMatchObject({ code: 30002 });
  });
});

function entriesOf(zip: Buffer, encoding: BufferEncoding = 'utf8'): Promise<Record<string, string>> {
  const entries: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: false }, (error, file) => {
      if (error) return reject(error);
      const pending: Promise<void>[] = [];
      file.on('entry', (entry) => {
        pending.push(
          new Promise((done, fail) => {
            file.openReadStream(entry, async (failure, stream) => {
              if (failure) return fail(failure);
              entries[entry.fileName] = Buffer.concat(await stream.toArray()).toString(encoding);
              done();
            });
          }),
        );
      });
      file.on('end', () => Promise.all(pending).then(() => resolve(entries), reject));
      file.on('error', reject);
    });
  });
}
