import type { ConfigSetting } from '@ips-sdk/types';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { messagesOf, runJob } from './support/jobs.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';
const ROOT = 'f|SampleCompany/';
let server: IpsServer;
let admin: Connection;
let skin: string;
let gone: string;

serverForEachTest('instant', async (shared) => {
  server = shared;
  admin = connect(server);
  [skin = '', gone = ''] = await insertAssets(server, [
    { name: 'skin', type: 'ViewerSwf' },
    { name: 'gone', trash_state: 'InTrash' },
  ]);
});

const create = async (
  name: string,
  type = 'BasicZoom',
  configSettingArray?: ConfigSetting[],
): Promise<string> => {
  const input = { companyHandle, folderHandle: ROOT, name, type, configSettingArray };
  return (await admin.call('createViewerPreset', input)).viewerPresetHandle;
};

const read = (assetHandle: string) => admin.call('getViewerConfigSettings', { companyHandle, assetHandle });

const infoOf = async (assetHandle: string) =>
  (await admin.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] })).assetArray?.[0];

describe('a viewer preset', () => {
  it('is an asset with a type and settings, which can be texts and assets', async () => {
    const settings = [
      { name: 'Video Bit Rate', value: '393334.65' },
      { name: 'skinFg', handle: skin },
      { name: 'empty' },
    ];
    const preset = await create('eVideo4', 'VideoPlayer', settings);
    expect(preset).toMatch(/^a\|\d+$/);
    expect(await read(preset)).toEqual({ type: 'VideoPlayer', configSettingArray: settings });
    expect(await infoOf(preset)).toMatchObject({
      type: 'ViewerPreset',
      name: 'eVideo4',
      folderHandle: ROOT,
      readyForPublish: false,
      viewerPresetInfo: { type: 'VideoPlayer', configSettingArray: settings },
    });
    // A type of one's own, and no settings.
    const own = await create('own', 'My Viewer');
    expect(await read(own)).toEqual({ type: 'My Viewer', configSettingArray: [] });
  });

  it('is found, moved, renamed, deleted and restored as other assets', async () => {
    const preset = await create('zoom', 'BasicZoom', [{ name: 'step', value: '1' }]);
    const search = async () =>
      (
        await admin.call('searchAssets', {
          companyHandle,
          includeSubfolders: true,
          assetTypeArray: ['ViewerPreset'],
        })
      ).assetArray?.map(({ name, folder }) => `${folder}${name}`);
    expect(await search()).toEqual(['SampleCompany/zoom']);
    const { folderHandle } = await admin.call('createFolder', { companyHandle, folderPath: 'Presets' });
    await admin.call('moveAsset', { companyHandle, assetHandle: preset, folderHandle });
    await admin.call('renameAsset', {
      companyHandle,
      assetHandle: preset,
      newName: 'Zoom 2',
      validateName: true,
    });
    expect(await search()).toEqual(['SampleCompany/Presets/Zoom 2']);
    await admin.call('deleteAsset', { companyHandle, assetHandle: preset });
    expect(await search()).toEqual([]);
    const change = { companyHandle, assetHandle: preset, configSettingArray: [] };
    expect(await admin.fault('updateViewerConfigSettings', change)).toMatchObject({ code: 30000 });
    expect(
      await admin.fault('setViewerConfigSettings', { ...change, name: 'x', type: 'Spin' }),
    ).toMatchObject({ code: 30000 });
    await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [preset] });
    expect(await read(preset)).toMatchObject({ configSettingArray: [{ name: 'step', value: '1' }] });
  });

  it('has a name of its own in the catalog', async () => {
    await create('zoom');
    const other = await create('other');
    const place = { companyHandle, folderHandle: ROOT };
    const taken = { code: 30000, reason: expect.stringMatching(/'Zoom' is already in use/) };
    expect(await admin.fault('createViewerPreset', { ...place, name: 'Zoom', type: 'Spin' })).toMatchObject(
      taken,
    );
    expect(await admin.fault('createTemplate', { ...place, name: 'Zoom', type: 'Template' })).toMatchObject(
      taken,
    );
    const settings = { companyHandle, assetHandle: other, type: 'Spin', configSettingArray: [] };
    expect(await admin.fault('setViewerConfigSettings', { ...settings, name: 'Zoom' })).toMatchObject(taken);
    // Nothing was changed, although the call had set other values before.
    expect(await read(other)).toMatchObject({ type: 'BasicZoom' });
  });

  it('refuses settings that it cannot have', async () => {
    const preset = await create('zoom');
    const fault = async (configSettingArray: ConfigSetting[]) => {
      const { code, reason } = await admin.fault('updateViewerConfigSettings', {
        companyHandle,
        assetHandle: preset,
        configSettingArray,
      });
      return `${code} ${reason}`;
    };
    expect(await fault([{ name: '' }])).toMatch(/^30001 configSettingArray\[0\]\.name: found ''/);
    expect(await fault([{ name: 'a' }, { name: 'a' }])).toMatch(
      /^30001 configSettingArray\[1\]\.name: found 'a'/,
    );
    expect(await fault([{ name: 'a', handle: 'a|999999' }])).toMatch(
      /^30001 configSettingArray\[0\]\.handle: /,
    );
    expect(await fault([{ name: 'a', handle: 'rubbish' }])).toMatch(
      /^30001 configSettingArray\[0\]\.handle: /,
    );
    expect(await fault([{ name: 'a', handle: gone }])).toMatch(
      /^30000 configSettingArray\[0\]\.handle: .*trash/,
    );
    const many = Array.from({ length: 1001 }, (_, index) => ({ name: `n${index}` }));
    expect(await fault(many)).toMatch(/^30000 configSettingArray: found 1001 settings/);
    await admin.call('updateViewerConfigSettings', {
      companyHandle,
      assetHandle: preset,
      configSettingArray: many.slice(0, 1000),
    });
    expect(await fault([{ name: 'one more' }])).toMatch(/^30000 configSettingArray: found 1001 settings/);
    for (const bad of [{ type: ' ' }, { type: 'a\nb' }, { name: 'a/b' }])
      expect(
        await admin.fault('createViewerPreset', {
          companyHandle,
          folderHandle: ROOT,
          name: 'next',
          type: 'Spin',
          ...bad,
        }),
      ).toMatchObject({ code: 30001 });
  });

  it('can be in the shared company, where only system administrators change it and everyone uses it', async () => {
    const password = 'Sunny-Day-42';
    await server.seed({
      users: [
        {
          email: 'chief@example.com',
          password,
          memberships: [{ company: 'Sample Company', role: 'IpsCompanyAdmin' }],
        },
      ],
    });
    const chief = connect(server, { email: 'chief@example.com', password });
    const place = { companyHandle: 'c|0', folderHandle: 'Scene7SharedAssets/' };
    const input = { ...place, name: 'everywhere', type: 'VideoPlayer', configSettingArray: [] };
    expect(await chief.fault('createViewerPreset', input)).toMatchObject({ code: 20006 });
    const { viewerPresetHandle } = await admin.call('createViewerPreset', input);
    const asset = { companyHandle: 'c|0', assetHandle: viewerPresetHandle };
    expect(await chief.call('getViewerConfigSettings', asset)).toMatchObject({ type: 'VideoPlayer' });
    expect(
      await chief.fault('updateViewerConfigSettings', { ...asset, configSettingArray: [] }),
    ).toMatchObject({ code: 20006 });
    const preset = await create('zoom', 'BasicZoom', [{ name: 'skin', handle: viewerPresetHandle }]);
    expect((await read(preset)).configSettingArray).toEqual([{ name: 'skin', handle: viewerPresetHandle }]);
  });
});

describe('viewer settings', () => {
  it('are replaced by a set, and merged by their names in an update', async () => {
    const preset = await create('zoom', 'BasicZoom', [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]);
    const change = { companyHandle, assetHandle: preset };
    const before = (await infoOf(preset))?.lastModified;
    await admin.call('updateViewerConfigSettings', {
      ...change,
      configSettingArray: [
        { name: 'c', value: '4' },
        { name: 'a', value: '3' },
      ],
    });
    expect(await read(preset)).toEqual({
      type: 'BasicZoom',
      configSettingArray: [
        { name: 'a', value: '3' },
        { name: 'b', value: '2' },
        { name: 'c', value: '4' },
      ],
    });
    await admin.call('setViewerConfigSettings', {
      ...change,
      name: 'spinner',
      type: 'Spin',
      configSettingArray: [{ name: 'd', value: '5' }],
    });
    expect(await read(preset)).toEqual({ type: 'Spin', configSettingArray: [{ name: 'd', value: '5' }] });
    expect(await infoOf(preset)).toMatchObject({ name: 'spinner' });
    expect(Date.parse((await infoOf(preset))?.lastModified ?? '')).toBeGreaterThanOrEqual(
      Date.parse(before ?? ''),
    );
  });

  it('can be attached to other assets, which keep their names', async () => {
    expect(await admin.fault('getViewerConfigSettings', { companyHandle, assetHandle: skin })).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/an asset with viewer settings/),
    });
    const change = { companyHandle, assetHandle: skin, configSettingArray: [{ name: 'a', value: '1' }] };
    expect(await admin.fault('updateViewerConfigSettings', change)).toMatchObject({ code: 30001 });
    await admin.call('setViewerConfigSettings', { ...change, name: 'My settings', type: 'Brochure' });
    expect(await read(skin)).toEqual({ type: 'Brochure', configSettingArray: [{ name: 'a', value: '1' }] });
    expect(await infoOf(skin)).toMatchObject({ name: 'skin', type: 'ViewerSwf' });
  });
});

describe('a published preset', () => {
  const marked = async (...presets: string[]) => {
    for (const assetHandle of presets)
      await admin.call('setAssetPublishState', {
        companyHandle,
        assetHandle,
        publishState: 'MarkedForPublish',
      });
  };
  let runs = 0;
  const publish = (kind: 'imageServingPublishJob' | 'videoPublishJob') =>
    runJob(admin, companyHandle, {
      jobName: `publish ${(runs += 1)}`,
      [kind]: {
        emailSetting: 'None',
        ...(kind === 'imageServingPublishJob' ? { publishType: 'Incremental' } : {}),
      },
    });
  const get = async (path: string) => {
    const response = await fetch(`${server.url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const userData = async (name: string, format = '') =>
    (await get(`/is/image/SampleCompany/${name}?req=userdata${format}`)).text;

  it('has its settings as user data in image serving, and follows its assets', async () => {
    const preset = await create('zoom', 'BasicZoom', [
      { name: 'step', value: '1??2' },
      { name: 'note', value: 'a & <b>\nc' },
      { name: 'skin', handle: skin },
      { name: 'a:b', value: 'x' },
      { name: 'none' },
    ]);
    expect(await userData('zoom')).toBe('\r\n');
    await marked(preset);
    const log = await publish('imageServingPublishJob');
    expect(log).toMatchObject({ fileWarningCount: 1, fileErrorCount: 0 });
    expect(messagesOf(log, 'ImageServingPublishWarning').join()).toMatch(/zoom: .*colons.*: a:b/);
    const lines = ['step=1', '2', 'note=a & <b> c', 'skin=SampleCompany/skin', 'none='];
    expect(await userData('zoom')).toBe(lines.map((line) => `${line}\r\n`).join(''));
    expect(await userData('zoom', ',xml')).toContain('<userdata>step=1\r\n2\r\nnote=a &amp; &lt;b&gt; c\r\n');
    expect(await userData('zoom', ',json')).toContain('"userdata":"step=1\\r\\n2');
    expect((await get('/is/image/SampleCompany/zoom')).status).toBe(403);
    expect((await get('/is/image/SampleCompany/zoom?req=exists')).text).toContain('catalogRecord.exists=1');

    await admin.call('renameAsset', {
      companyHandle,
      assetHandle: skin,
      newName: 'skin2',
      validateName: false,
    });
    await publish('imageServingPublishJob');
    expect(await userData('zoom')).toContain('skin=SampleCompany/skin2\r\n');
    await admin.call('setViewerConfigSettings', {
      companyHandle,
      assetHandle: preset,
      name: 'zoom',
      type: 'BasicZoom',
      configSettingArray: [
        { name: 'skin', handle: skin },
        { name: 'step', value: '9' },
      ],
    });
    await admin.call('deleteAsset', { companyHandle, assetHandle: skin });
    const next = await publish('imageServingPublishJob');
    expect(messagesOf(next, 'ImageServingPublishWarning').join()).toContain(skin);
    expect(await userData('zoom')).toBe('skin=\r\nstep=9\r\n');
    await admin.call('deleteAsset', { companyHandle, assetHandle: preset });
    await publish('imageServingPublishJob');
    expect(await userData('zoom')).toBe('\r\n');
  });

  it('is sent by a video publish if it is of a video player, otherwise by one to image serving', async () => {
    await marked(await create('zoom'), await create('player', 'VideoPlayer', [{ name: 'a', value: '1' }]));
    const published = async () =>
      (await server.snapshot()).tables['publications']?.map(({ catalog_id }) => catalog_id);
    await publish('imageServingPublishJob');
    expect(await published()).toEqual(['zoom']);
    await publish('videoPublishJob');
    expect(await published()).toEqual(['player', 'zoom']);
    expect(await get('/is/content/SampleCompany/player')).toEqual({ status: 200, text: 'a=1' });
    expect(await userData('player')).toBe('\r\n');
  });
});
