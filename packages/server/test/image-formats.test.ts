import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { macrosIn } from '../src/publish/image-formats.js';
import { type Connection, connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { BLUE, distance, GREEN, look, plain, quarters, RED } from './support/pictures.js';

const companyHandle = 'c|6';

let server: IpsServer;
let web: FileServer;
let admin: Connection;

beforeAll(async () => {
  const files = {
    '/shoe.png': await quarters(400, 200).png().toBuffer(),
    '/logo.png': await plain(40, 40, BLUE).png().toBuffer(),
  };
  [server, web] = await Promise.all([
    createIpsServer({
      jobClock: 'instant',
      allowPrivateAddresses: true,
      company: 'Formats',
      imagePresets: { Shared: 'wid=30', Taken: 'wid=31', Chain: '$Shared$&hei=9' },
    }),
    serveFiles(files),
  ]);
  admin = connect(server);
  await runJob(admin, companyHandle, {
    jobName: 'up',
    uploadUrlsJob: {
      overwrite: true,
      createMask: false,
      emailSetting: 'None',
      readyForPublish: true,
      urlArray: Object.keys(files).map((path) => ({
        sourceUrl: `${web.url}${path}`,
        destPath: `Formats${path}`,
      })),
    },
  });
  await publish();
});
afterAll(async () => {
  await server?.stop();
  await web?.close();
});

let runs = 0;
const publish = () =>
  runJob(admin, companyHandle, {
    jobName: `publish ${(runs += 1)}`,
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });

const save = async (name: string, urlModifier: string, imageFormatHandle?: string): Promise<string> =>
  (await admin.call('saveImageFormat', { companyHandle, name, urlModifier, imageFormatHandle }))
    .imageFormatHandle;

const formats = async () => (await admin.call('getImageFormats', { companyHandle })).imageFormatArray ?? [];

const get = (path: string, init?: RequestInit) => fetch(`${server.url}/is/image/Formats/${path}`, init);

/** The size of a delivered image, and what had no effect. */
async function sizeOf(path: string): Promise<{ size: string; ignored: string | null }> {
  const response = await get(path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const { width, height } = await look(new Uint8Array(await response.arrayBuffer()));
  return { size: `${width}x${height}`, ignored: response.headers.get('x-ips-ignored') };
}

describe('image formats', () => {
  it('are stored as given but for white space around commands, in the order of their creation', async () => {
    const first = await save(
      ' My Image Format Name ',
      'wid=400&hei=400&fmt=jpeg&qlt=750&op_sharpen=0& \n   resMode=bicub&iccEmbed=0 \n   ',
    );
    const second = await save('Ähre', '');
    expect(first).toMatch(/^i\|6\|\d+$/);
    expect(await formats()).toEqual([
      {
        imageFormatHandle: first,
        name: 'My Image Format Name',
        urlModifier: 'wid=400&hei=400&fmt=jpeg&qlt=750&op_sharpen=0&resMode=bicub&iccEmbed=0',
      },
      { imageFormatHandle: second, name: 'Ähre', urlModifier: '' },
    ]);
    // The form of the documentation has no letter.
    const documented = first.slice(2);
    expect(await save('MY image format name', 'wid=5', documented)).toBe(first);
    expect((await formats())[0]).toEqual({
      imageFormatHandle: first,
      name: 'MY image format name',
      urlModifier: 'wid=5',
    });
    await admin.call('deleteImageFormat', { companyHandle, imageFormatHandle: documented });
    await admin.call('deleteImageFormat', { companyHandle, imageFormatHandle: second });
    expect(await formats()).toEqual([]);
  });

  it('have names of their own, and cannot be saved with what no request can contain', async () => {
    const handle = await save('Once', 'wid=1');
    const other = await save('Twice', 'wid=1');
    const fault = (input: object) =>
      admin.fault('saveImageFormat', { companyHandle, name: 'New', urlModifier: 'wid=1', ...input });
    expect(await fault({ name: ' oNCE' })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/'oNCE' already exists/),
    });
    expect(await fault({ name: 'Once', imageFormatHandle: other })).toMatchObject({ code: 30001 });
    expect(await fault({ name: ' ' })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^name: found/),
    });
    expect(await fault({ name: 'a\nb' })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^name: found/),
    });
    expect(await fault({ name: 'x'.repeat(256) })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/^name: found/),
    });
    expect(await fault({ urlModifier: 'text=a\nb' })).toMatchObject({
      reason: expect.stringMatching(/^urlModifier: found/),
    });
    expect(await fault({ urlModifier: 'x'.repeat(10_001) })).toMatchObject({
      reason: expect.stringMatching(/at most 10000/),
    });
    for (const unknown of ['i|6|999999', '7|1', handle.replace('|6|', '|7|'), 'a|6|1', '']) {
      expect(await fault({ imageFormatHandle: unknown })).toMatchObject({ code: 30001 });
      expect(
        await admin.fault('deleteImageFormat', { companyHandle, imageFormatHandle: unknown }),
      ).toMatchObject({ code: 30001 });
    }
    expect((await formats()).map(({ name }) => name)).toEqual(['Once', 'Twice']);
  });
});

describe('image formats in image URLs', () => {
  it('are put in where they are called: what precedes is overridden, what follows overrides', async () => {
    await save('Web', 'wid=100&fmt=png&crop=0,0,200,100');
    expect(await sizeOf('shoe?$Web$')).toEqual({ size: '100x50', ignored: null });
    expect(await sizeOf('shoe?$wEB$')).toEqual({ size: '100x50', ignored: null });
    expect(await sizeOf('shoe?wid=60&$Web$')).toEqual({ size: '100x50', ignored: null });
    expect(await sizeOf('shoe?$Web$&wid=60')).toEqual({ size: '60x30', ignored: null });
    const response = await get('shoe?$Web$');
    expect(response.headers.get('content-type')).toBe('image/png');
    // The upper left quarter of the image, without any loss.
    const shown = await look(new Uint8Array(await response.arrayBuffer()));
    for (const [x, y] of [
      [1, 1],
      [98, 1],
      [98, 48],
    ] as const)
      expect(shown.at(x, y)).toEqual([...RED, 255]);
    expect(await (await get('shoe?$Web$&req=debug')).text()).toContain('\r\nwid=100\r\n');
  });

  it('call formats that were created before them, and presets of the server', async () => {
    await save('Base', 'wid=80&fmt=png');
    const nested = await save('Nested', '$Base$&hei=20&$Shared$');
    expect(await sizeOf('shoe?$Nested$')).toEqual({ size: '30x20', ignored: null });
    await save('Later', 'wid=10');
    await save('Nested', '$Base$&$later$&$Nested$', nested);
    expect(await sizeOf('shoe?$Nested$')).toEqual({ size: '80x40', ignored: '$later$, $Nested$' });
  });

  it('take precedence over presets of the server, which do not call them', async () => {
    expect(await sizeOf('shoe?$Taken$')).toMatchObject({ size: '31x16' });
    await save('taken', '$Taken$&hei=5');
    expect(await sizeOf('shoe?$Taken$')).toMatchObject({ size: '31x5' });
    await save('Shared', 'wid=99');
    expect(await sizeOf('shoe?$Chain$')).toMatchObject({ size: '30x9' });
  });

  it('take effect at once when they are changed, under another ETag', async () => {
    const handle = await save('Changing', 'wid=40');
    const before = await get('shoe?$Changing$');
    const etag = before.headers.get('etag') ?? '';
    expect(await sizeOf('shoe?$Changing$')).toMatchObject({ size: '40x20' });
    await save('Changing', 'wid=44', handle);
    const after = await get('shoe?$Changing$', { headers: { 'if-none-match': etag } });
    expect(after.status).toBe(200);
    expect(after.headers.get('etag')).not.toBe(etag);
    expect(await look(new Uint8Array(await after.arrayBuffer()))).toMatchObject({ width: 44 });
    await save('Changing', 'wid=40', handle);
    expect((await get('shoe?$Changing$')).headers.get('etag')).toBe(etag);
    await admin.call('deleteImageFormat', { companyHandle, imageFormatHandle: handle });
    expect(await sizeOf('shoe?$Changing$&wid=12')).toEqual({ size: '12x6', ignored: '$Changing$' });
  });

  it('work in the commands of assets and in nested requests, and change their images', async () => {
    const handle = await save('Inner', 'wid=20&hei=20');
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: ['shoe'] });
    const { assetHandle } = await admin.call('createDerivedAsset', {
      companyHandle,
      ownerHandle: assetArray?.[0]?.assetHandle ?? '',
      folderHandle: 'f|Formats/',
      name: 'view',
      type: 'AdjustedView',
      urlModifier: '$Inner$&fmt=png',
    });
    await admin.call('setAssetPublishState', {
      companyHandle,
      assetHandle,
      publishState: 'MarkedForPublish',
    });
    await publish();
    expect(await sizeOf('view')).toEqual({ size: '20x20', ignored: null });
    // The modifier of an asset counts before the request, wherever a format is called there.
    expect(await sizeOf('view?wid=50')).toEqual({ size: '50x20', ignored: null });

    const path = 'shoe?layer=1&src=is{Formats/logo?$Inner$}&wid=400&scl=1&fmt=png';
    const first = await get(path);
    const shown = await look(new Uint8Array(await first.arrayBuffer()));
    // In the middle of the image are 20 pixels of blue.
    expect(distance(shown.at(195, 95), BLUE)).toBe(0);
    expect(distance(shown.at(185, 85), RED)).toBe(0);
    await save('Inner', 'wid=36&hei=36', handle);
    const second = await get(path, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(second.status).toBe(200);
    expect(distance((await look(new Uint8Array(await second.arrayBuffer()))).at(185, 85), BLUE)).toBe(0);
    expect((await get('shoe?layer=1&src=is{Formats/logo?$None$}')).headers.get('x-ips-ignored')).toBe(
      '$None$',
    );
  });

  it('cannot be called with other characters in their names, nor with commands that are not valid', async () => {
    await save('Two Words', 'wid=10');
    expect(await sizeOf('shoe?$Two%20Words$&wid=16')).toEqual({ size: '16x8', ignored: '$Two%20Words$' });
    await save('Broken', 'qlt=750');
    const response = await get('shoe?$Broken$');
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/^qlt: found '750'/);
  });

  it('belong to their company', async () => {
    await admin.call('addCompany', { companyName: 'Neighbor' });
    await save('Own', 'wid=10');
    const response = await fetch(`${server.url}/is/image/Neighbor?layer=0&size=50,50&color=00ff00&$Own$`);
    expect(response.headers.get('x-ips-ignored')).toBe('$Own$');
    expect((await look(new Uint8Array(await response.arrayBuffer()))).at(1, 1)[1]).toBeGreaterThan(250);
    expect(GREEN).toEqual([0, 255, 0]);
  });

  it('shape copies of images', async () => {
    await save('Copy', 'wid=24&fmt=png');
    const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: ['shoe'] });
    const { assetHandle } = await admin.call('copyImage', {
      companyHandle,
      assetHandle: assetArray?.[0]?.assetHandle ?? '',
      folderHandle: 'f|Formats/',
      name: 'small',
      urlModifier: '$Copy$',
    });
    const copy = await admin.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] });
    expect(copy.assetArray?.[0]).toMatchObject({
      fileName: 'small.png',
      imageInfo: { width: 24, height: 12 },
    });
  });
});

describe('macros', () => {
  it('call those that are defined before them, however deep, and never those behind them', () => {
    const { find } = macrosIn(
      [
        ['a', 'company a'],
        ['B', 'company b'],
        ['a b', 'not callable'],
      ],
      [
        ['a', 'server a'],
        ['c', 'server c'],
      ],
    );
    expect(find('b', [])).toBe('company b');
    expect(find('a', ['b'])).toBe('company a');
    expect(find('a', ['b', 'a'])).toBe('server a');
    expect(find('a', ['b', 'a', 'a'])).toBeUndefined();
    expect(find('b', ['a'])).toBeUndefined();
    expect(find('b', ['c'])).toBeUndefined();
    expect(find('a', ['c'])).toBe('server a');
    expect(find('a', ['unknown'])).toBeUndefined();
    expect(find('a b', [])).toBeUndefined();
  });

  it('have a version that changes with any of them', () => {
    const { version } = macrosIn([['a', 'wid=1']], [['b', 'wid=2']]);
    expect(macrosIn([['a', 'wid=1']], [['b', 'wid=2']]).version).toBe(version);
    expect(macrosIn([['a', 'wid=3']], [['b', 'wid=2']]).version).not.toBe(version);
    expect(macrosIn([['a', 'wid=1']], [['b', 'wid=3']]).version).not.toBe(version);
  });
});
