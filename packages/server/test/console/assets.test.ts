// Assets in the console: folders, lists, one asset, actions, pictures and uploads.

import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { commands } from '@ips-sdk/delivery';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AssetActionResult,
  AssetPage,
  AssetsPage,
  DeliveryPreview,
  FolderActionResult,
  FoldersAnswer,
  UploadState,
} from '../../src/console/api.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';
import { BLUE, plain, RED } from '../support/pictures.js';

/** A name that is a page where somebody writes it into one. */
const EVIL = '<img src=x onerror=alert(1)>';

let server: IpsServer;
let ips: IpsClient;
let page: ConsoleBrowser;

const upload = async (
  files: Readonly<Record<string, Buffer>>,
  options: object = {},
): Promise<UploadState> => {
  const begun = await page.post<UploadState>('uploads', {
    folder: 'MyCompany/Shoes/',
    files: Object.entries(files).map(([path, content]) => ({ path, size: content.length })),
    ...options,
  });
  for (const [index, content] of Object.values(files).entries())
    for (let offset = 0; offset < content.length; offset += begun.chunkBytes) {
      const { status, text } = await chunk(
        begun.id,
        index,
        offset,
        content.subarray(offset, offset + begun.chunkBytes),
      );
      if (status !== 200) throw new Error(text);
    }
  return ended(begun.id);
};

const chunk = (
  id: string,
  file: number,
  offset: number,
  body: Uint8Array,
  headers: Record<string, string> = {},
) =>
  page.raw(`/console/api/uploads/chunk?id=${id}&file=${file}&offset=${offset}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'x-csrf-token': page.csrf, ...headers },
    body,
  });

async function ended(id: string): Promise<UploadState> {
  for (;;) {
    const state = await page.get<UploadState>('uploads', { id });
    if (!['receiving', 'sending', 'processing'].includes(state.phase)) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const list = (query: Record<string, string | number | boolean> = {}): Promise<AssetsPage> =>
  page.get<AssetsPage>('assets', { folder: 'MyCompany/', includeSubfolders: true, ...query });

const handleOf = async (name: string): Promise<string> =>
  (await list({ text: name })).assets.find((asset) => asset.name === name)?.assetHandle ?? '';

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST, company: 'MyCompany' });
  const { email: user, password } = server.admin;
  ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, companyHandle: 'c|6' });
  page = new ConsoleBrowser(server.url);
  await page.login({ user, password, company: 'MyCompany' });
  const state = await upload({
    'red.png': await plain(400, 200, RED).png().toBuffer(),
    'Kids/blue.png': await plain(30, 10, BLUE).png().toBuffer(),
    'broken.png': Buffer.from('not an image'),
    'empty.txt': Buffer.alloc(0),
  });
  expect(state.phase).toBe('done');
});
afterAll(async () => {
  page.close();
  await ips.close();
  await server.stop();
});

describe('an upload', () => {
  it('reports each file, and keeps the folders of a dropped folder', async () => {
    const state = await upload({
      'one.png': await plain(10, 10, RED).png().toBuffer(),
      'Sub/two.png': await plain(10, 10, BLUE).png().toBuffer(),
      'three.png': Buffer.from('nothing'),
    });
    expect(state).toMatchObject({
      phase: 'done',
      jobHandle: expect.stringMatching(/^j\|6\|/),
      files: [{ status: 'succeeded' }, { status: 'succeeded' }, { status: expect.any(String) }],
    });
    const { assets } = await list({ text: 'two' });
    expect(assets).toMatchObject([{ name: 'two', folder: 'MyCompany/Shoes/Sub/', type: 'Image' }]);
  });

  it('resumes where it stopped', async () => {
    const content = await sharp({ create: { width: 300, height: 300, channels: 3, background: 'red' } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const { id } = await page.post<UploadState>('uploads', {
      folder: 'MyCompany/',
      files: [{ path: 'resumed.png', size: content.length }],
    });
    expect((await chunk(id, 0, 0, content.subarray(0, 1000))).status).toBe(200);
    const conflict = await chunk(id, 0, 0, content.subarray(0, 1000));
    expect(conflict.status).toBe(409);
    expect(conflict.text).toContain('offset: found 0, expected 1000');
    const { files, phase } = await page.get<UploadState>('uploads', { id });
    expect([files[0]?.received, phase]).toEqual([1000, 'receiving']);
    expect((await chunk(id, 0, 1000, content.subarray(1000))).status).toBe(200);
    expect(await ended(id)).toMatchObject({ phase: 'done', files: [{ status: 'succeeded' }] });
  });

  it('tells its session, and nobody else, how it goes', async () => {
    const stranger = new ConsoleBrowser(server.url);
    await stranger.login({ user: server.admin.email, password: server.admin.password });
    const stream = await page.events();
    const other = await stranger.events();
    const { id } = await upload({ 'told.png': await plain(10, 10, RED).png().toBuffer() });
    await stream.next('upload', ({ state }) => state.id === id && state.phase === 'done');
    expect(other.received.filter(({ event }) => event.type === 'upload')).toEqual([]);
    expect(await problemIn(stranger.get('uploads', { id }))).toMatchObject({ status: 404 });
    stream.close();
    stranger.close();
  });

  it.each([
    [{ folder: '', files: [{ path: 'x', size: 1 }] }, 'folder'],
    [{ folder: 'x', files: [] }, 'files'],
    [{ folder: 'x', files: [{ path: '../x', size: 1 }] }, 'files[0].path'],
    [{ folder: 'x', files: [{ path: '/etc/passwd', size: 1 }] }, 'files[0].path'],
    [{ folder: 'x', files: [{ path: 'a\\b', size: 1 }] }, 'files[0].path'],
    [{ folder: 'x', files: [{ path: 'x', size: -1 }] }, 'files[0].size'],
    [{ folder: 'x', files: [{ path: 'x', size: 3 * 2 ** 30 }] }, 'files[0].size'],
    [
      {
        folder: 'x',
        files: [
          { path: 'x', size: 1 },
          { path: 'x', size: 1 },
        ],
      },
      'occurs twice',
    ],
  ])('%j is refused', async (body, words) => {
    expect((await problemIn(page.post('uploads', body))).message).toContain(words);
  });

  it('takes no more than was announced, and nothing from strangers', async () => {
    const files = [{ path: 'x.png', size: 10 }];
    const { id } = await page.post<UploadState>('uploads', { folder: 'MyCompany/', files });
    expect((await chunk(id, 0, 0, Buffer.alloc(11))).status).toBe(400);
    expect((await chunk(id, 1, 0, Buffer.alloc(1))).status).toBe(400);
    expect((await chunk(id, 0, 0, Buffer.alloc(10), { 'x-csrf-token': 'x' })).status).toBe(403);
    expect((await chunk(id, 0, 0, Buffer.alloc(5 * 2 ** 20))).status).toBe(413);
    expect((await chunk('0'.repeat(32), 0, 0, Buffer.alloc(1))).status).toBe(404);
    expect(await page.post<UploadState>('uploads/cancel', { id })).toMatchObject({ phase: 'cancelled' });
    expect((await chunk(id, 0, 0, Buffer.alloc(10))).status).toBe(409);
  });
});

describe('folders', () => {
  it('are a tree, which can be changed', async () => {
    const root = await page.get<FoldersAnswer>('folders');
    expect(root.path).toBe('MyCompany/');
    expect(root.folders).toContainEqual(
      expect.objectContaining({ name: 'Shoes', path: 'MyCompany/Shoes/', hasSubfolders: true }),
    );
    const act = (body: object) => page.post<FolderActionResult>('folders', body);
    const created = await act({ action: 'create', path: 'MyCompany/New/' });
    expect(created.outcome).toMatchObject({ ok: true, newHandle: 'f|MyCompany/New/' });
    const renamed = await act({ action: 'rename', folderHandle: 'f|MyCompany/New/', name: 'Newer' });
    expect(renamed.outcome.newHandle).toBe('f|MyCompany/Newer/');
    const moved = await act({
      action: 'move',
      folderHandle: 'f|MyCompany/Newer/',
      destFolderHandle: 'f|MyCompany/Shoes/',
    });
    expect(moved.outcome.newHandle).toBe('f|MyCompany/Shoes/Newer/');
    expect((await act({ action: 'delete', folderHandle: 'f|MyCompany/Shoes/Newer/' })).outcome.ok).toBe(true);
    expect((await act({ action: 'delete', folderHandle: 'f|MyCompany/None/' })).outcome).toMatchObject({
      ok: false,
      fault: { code: expect.any(Number) },
    });
    expect(await problemIn(act({ action: 'move', folderHandle: 'f|x/' }))).toMatchObject({
      message: 'destFolderHandle: expected a text',
    });
  });
});

describe('the list', () => {
  it('filters, sorts and pages on the server', async () => {
    const { assets, total } = await list({
      folder: 'MyCompany/Shoes/',
      includeSubfolders: false,
      sort: 'name',
    });
    expect(assets.map(({ name }) => name)).toEqual(expect.arrayContaining(['one', 'red']));
    expect(total).toBe(assets.length);
    expect((await list({ text: 'blue' })).assets).toMatchObject([
      {
        name: 'blue',
        folder: 'MyCompany/Shoes/Kids/',
        width: 30,
        height: 10,
        readyForPublish: true,
        isInTrash: false,
      },
    ]);
    const second = await list({ pageSize: 1, page: 2, sort: 'name', type: 'Image' });
    expect(second.assets).toHaveLength(1);
    expect(second.total).toBeGreaterThan(2);
    expect((await list({ text: 'red' })).shell).toBe('ips asset search red --folder MyCompany/');
  });
});

describe('an asset', () => {
  it('shows what is known of it', async () => {
    const handle = await handleOf('red');
    const found = await page.get<AssetPage>('asset', { handle });
    expect(found.row).toMatchObject({ name: 'red', width: 400, height: 200, fileSize: expect.any(Number) });
    expect(found.jobs[0]?.logType).toMatch(/Success|Updated/);
    expect(found.delivery).toMatchObject({
      url: expect.stringContaining('/is/image/MyCompany/'),
      isPublished: true,
    });
    expect(found.smartCrops).toEqual([]);
    expect(found.shell).toEqual([`ips asset get '${handle}'`]);
    expect(await problemIn(page.get('asset', { handle: 'a|9999' }))).toMatchObject({ code: 'notFound' });
  });

  it('has a picture before it is published', async () => {
    const path = `/console/api/asset/image?handle=${encodeURIComponent(await handleOf('red'))}`;
    const small = await page.raw(path);
    expect(small.headers['content-type']).toBe('image/png');
    expect(small.headers['content-security-policy']).toContain('sandbox');
    const { width, height } = await sharp(small.bytes).metadata();
    expect([width, height]).toEqual([256, 128]);
    const large = await page.raw(`${path}&size=400`);
    expect((await sharp(large.bytes).metadata()).width).toBe(400);
    const commanded = await page.raw(`${path}&commands=${encodeURIComponent('wid=50&fmt=jpeg')}`);
    expect(commanded.headers['content-type']).toBe('image/jpeg');
    expect((await sharp(commanded.bytes).metadata()).width).toBe(50);
    expect((await page.raw(`${path}&size=9999`)).status).toBe(400);
    expect((await page.raw(`${path}&commands=${encodeURIComponent('wid=99999')}`)).status).toBe(400);
    expect((await new ConsoleBrowser(server.url).raw(path)).status).toBe(401);
  });

  it('takes its delivery URL apart', async () => {
    const preview = await page.get<DeliveryPreview>('asset/preview', {
      handle: await handleOf('red'),
      commands: 'wid=300&OP_USM=1,1,5,0&odd=1&$Large$&pathEmbed=true&toString=1&op_hue=40',
    });
    expect(preview.url).toMatch(/\?wid=300&OP_USM=1,1,5,0&odd=1&/);
    // The words are those of the table of commands.
    const ignored = 'image serving has no such command, and ignores it';
    expect(preview.commands.map(({ name, meaning, caution }) => [name, meaning, caution])).toEqual([
      ['wid', commands.wid.summary, undefined],
      ['OP_USM', commands.op_usm.summary, undefined],
      ['odd', undefined, ignored],
      ['$Large$', undefined, 'the company has no such image preset'],
      ['pathEmbed', commands.pathEmbed.summary, 'this server ignores it'],
      ['toString', undefined, ignored],
      ['op_hue', commands.op_hue.summary, commands.op_hue.note],
    ]);
    expect(preview.problem).toBeUndefined();
  });

  it('suggests the commands that have an effect, and says why others are refused', async () => {
    const ask = async (query: string) =>
      page.get<DeliveryPreview>('asset/preview', { handle: await handleOf('red'), commands: query });
    const { suggestions } = await ask('wid=5');
    expect(suggestions.slice(0, 3)).toEqual([
      { name: 'wid', value: '120', meaning: commands.wid.summary },
      { name: 'hei', value: '60', meaning: commands.hei.summary },
      { name: 'fit', value: 'crop', meaning: commands.fit.summary },
    ]);
    for (const name of ['flip', 'rotate', 'op_blur', 'fmt', 'crop'])
      expect(suggestions.map((one) => one.name)).toContain(name);
    for (const name of ['pathEmbed', 'textPs', 'req', 'layer', 'pos'])
      expect(suggestions.map((one) => one.name)).not.toContain(name);
    // Each of them is understood.
    const all = suggestions.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('&');
    expect((await ask(all)).problem).toBeUndefined();
    expect((await ask('wid=-5')).problem).toBe("wid: found '-5', expected a number of pixels of at least 0");
  });

  it('offers the image presets of the company that its URL can call', async () => {
    const handle = await handleOf('red');
    await ips.saveImageFormat({ name: 'Web', urlModifier: 'wid=44&fmt=png' });
    await ips.saveImageFormat({ name: 'Not in URLs', urlModifier: 'wid=1' });
    expect(await page.get<AssetPage>('asset', { handle })).toMatchObject({ presets: ['Web'] });
    const preview = await page.get<DeliveryPreview>('asset/preview', { handle, commands: '$web$&$none$' });
    expect(preview.commands).toMatchObject([
      { name: '$web$', meaning: 'image preset: wid=44&fmt=png' },
      { name: '$none$', caution: 'the company has no such image preset' },
    ]);
    const picture = await page.raw(preview.image);
    expect((await sharp(picture.bytes).metadata()).width).toBe(44);
  });

  it('keeps its metadata, whatever text that is', async () => {
    const handle = await handleOf('red');
    const { fieldHandle } = await ips.createMetadataField({
      assetType: 'Image',
      name: 'Note',
      fieldType: 'String',
    });
    const values = [{ fieldHandle, value: EVIL }];
    expect(
      (await page.post<AssetActionResult>('assets/metadata', { assetHandle: handle, values })).outcomes[0]
        ?.ok,
    ).toBe(true);
    const answer = await page.raw(`/console/api/asset?handle=${encodeURIComponent(handle)}`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const { metadata } = JSON.parse(answer.text) as AssetPage;
    expect(metadata).toContainEqual({
      fieldHandle,
      name: 'Note',
      fieldType: 'String',
      value: EVIL,
      isEditable: true,
    });
    await page.post('assets/metadata', { assetHandle: handle, values: [{ fieldHandle, value: null }] });
    const after = await page.get<AssetPage>('asset', { handle });
    expect(after.metadata.find(({ name }) => name === 'Note')?.value).toBeUndefined();
    expect(
      await problemIn(page.post('assets/metadata', { assetHandle: handle, values: [{ value: 1 }] })),
    ).toMatchObject({
      code: 'input',
    });
  });
});

describe('actions', () => {
  const act = (body: object) => page.post<AssetActionResult>('assets/actions', body);

  it('move, rename, delete and restore exactly the given assets', async () => {
    const [red, blue] = [await handleOf('red'), await handleOf('blue')];
    const moved = await act({ action: 'move', handles: [red, 'a|9999'], folderHandle: 'f|MyCompany/' });
    expect(moved.outcomes).toMatchObject([
      { handle: red, ok: true },
      { handle: 'a|9999', ok: false },
    ]);
    expect(moved.summary).toBe('moved: 1 of 2 assets');
    await act({ action: 'rename', handles: [blue], name: 'navy' });
    expect((await list({ text: 'navy' })).assets[0]?.assetHandle).toBe(blue);
    await act({ action: 'delete', handles: [blue] });
    expect((await list({ text: 'navy' })).total).toBe(0);
    expect((await list({ text: 'navy', place: 'trash' })).assets).toMatchObject([{ isInTrash: true }]);
    await act({ action: 'restore', handles: [blue] });
    expect((await list({ text: 'navy' })).total).toBe(1);
    await act({ action: 'unmark', handles: [blue] });
    expect((await list({ text: 'navy', publishState: 'MarkedForPublish' })).total).toBe(0);
  });

  it('publish, with a job', async () => {
    const { jobHandle, outcomes } = await act({ action: 'publish', handles: [await handleOf('navy')] });
    expect(outcomes[0]?.ok).toBe(true);
    expect(jobHandle).toMatch(/^j\|6\|/);
    const { delivery } = await page.get<AssetPage>('asset', { handle: await handleOf('navy') });
    expect((await page.raw(new URL(delivery?.url ?? '').pathname)).status).toBe(200);
  });

  it('refuse anything else', async () => {
    for (const body of [
      {},
      { action: 'explode', handles: ['a|1'] },
      { action: 'move', handles: ['a|1'] },
      { action: 'rename', handles: ['a|1', 'a|2'], name: 'x' },
    ])
      expect(await problemIn(act(body))).toMatchObject({ status: 400, code: 'input' });
  });
});
