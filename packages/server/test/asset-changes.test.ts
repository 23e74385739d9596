import type { ImageInfo } from '@ips-sdk/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';

const companyHandle = 'c|6';
const SHOES = 'f|SampleCompany/Shoes/';
let server: IpsServer;
let admin: Connection;
let red: string;
let blue: string;
let font: string;

beforeAll(async () => {
  server = await createIpsServer({
    jobClock: 'manual',
    timeZone: 'UTC',
    now: new Date('2020-01-01T12:00:00Z'),
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  await server.seed({ companies: [{ name: 'Sample Company', folders: ['Shoes', 'Hats'] }] });
  admin = connect(server);
  [red = '', blue = '', font = ''] = await insertAssets(server, [
    { name: 'red', original_file: 'a'.repeat(64), file_size: 5, width: 10, height: 20 },
    { name: 'blue' },
    { name: 'Sans', type: 'Font', file_name: 'Sans.ttf' },
  ]);
});

const asset = async (assetHandle: string) =>
  (await admin.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] })).assetArray?.[0];
const namesIn = async (trashState: string) =>
  (await admin.call('searchAssets', { companyHandle, includeSubfolders: true, trashState })).assetArray?.map(
    ({ name }) => name,
  );

describe('moving and renaming', () => {
  it('changes folder and name, and leaves the uploaded file where it was', async () => {
    await admin.call('moveAsset', { companyHandle, assetHandle: red, folderHandle: SHOES });
    await admin.call('renameAsset', {
      companyHandle,
      assetHandle: red,
      newName: `crim'son 50%`,
      validateName: true,
    });
    expect(await asset(red)).toMatchObject({
      name: `crim'son 50%`,
      fileName: `crim'son 50%.tif`,
      folder: 'SampleCompany/Shoes/',
      folderHandle: SHOES,
      lastModifyUser: 'admin@example.com',
      imageInfo: {
        originalPath: 'SampleCompany/',
        originalFile: 'red.tif',
        width: 10,
        height: 20,
        fileSize: 5,
      } satisfies ImageInfo,
      ipsImageUrl: `SampleCompany/crim'son%2050%25`,
    });
    const paths = await admin.call('getOriginalFilePaths', { companyHandle, assetHandleArray: [blue, red] });
    expect(paths.originalFileArray).toEqual(['SampleCompany/red.tif']);
  });

  it('refuses a name that another asset has only if asked to check', async () => {
    const rename = { companyHandle, assetHandle: red, newName: 'BLUE' };
    expect(await admin.fault('renameAsset', { ...rename, validateName: true })).toMatchObject({
      code: 30000,
    });
    await admin.call('renameAsset', { ...rename, validateName: false });
    for (const newName of ['', 'a/b', 'a\\b', 'tab\there']) {
      expect(await admin.fault('renameAsset', { ...rename, newName, validateName: false })).toMatchObject({
        code: 30001,
      });
    }
    // A font's name is an id too, and a name of its own is free for it.
    await admin.call('renameAsset', {
      companyHandle,
      assetHandle: font,
      newName: 'Sans',
      validateName: true,
    });
  });

  it('moves many, and reports each that it cannot move', async () => {
    const result = await admin.call('moveAssets', {
      companyHandle,
      assetMoveArray: [
        { assetHandle: red, folderHandle: SHOES },
        { assetHandle: blue, folderHandle: 'f|SampleCompany/None/' },
        { assetHandle: 'a|77', folderHandle: SHOES },
        { assetHandle: 'a|5|1|7', folderHandle: SHOES },
        { assetHandle: blue, folderHandle: 'f|samplecompany/HATS' },
      ],
    });
    expect(result).toMatchObject({ successCount: 2, warningCount: 0, errorCount: 3 });
    expect(result.errorDetailArray).toEqual([
      { assetHandle: blue, code: 30001, reason: expect.stringContaining('assetMoveArray[1]/folderHandle') },
      { assetHandle: 'a|77', code: 30001, reason: expect.stringContaining('a|77') },
      { assetHandle: 'a|5|1|7', code: 30001, reason: expect.any(String) },
    ]);
    expect((await asset(blue))?.folder).toBe('SampleCompany/Hats/');
  });
});

describe('the trash', () => {
  it('takes deleted assets with their views, and restores them together', async () => {
    const { assetHandle: view } = await admin.call('createDerivedAsset', {
      companyHandle,
      ownerHandle: red,
      folderHandle: SHOES,
      name: 'red view',
      type: 'AdjustedView',
      urlModifier: 'wid=40',
    });
    await admin.call('deleteAsset', { companyHandle, assetHandle: red });
    expect(await namesIn('InTrash')).toEqual(['red', 'red view']);
    expect(await admin.fault('deleteAsset', { companyHandle, assetHandle: red })).toMatchObject({
      code: 30000,
    });
    expect(
      await admin.fault('moveAsset', { companyHandle, assetHandle: view, folderHandle: SHOES }),
    ).toMatchObject({
      code: 30000,
    });
    const restored = await admin.call('restoreAssetsFromTrash', {
      companyHandle,
      assetHandleArray: [red, blue],
    });
    expect(restored).toMatchObject({ successCount: 1, errorCount: 1 });
    expect(await namesIn('InTrash')).toEqual([]);
    expect((await asset(view))?.trashState).toBe('NotInTrash');
  });

  it('does not restore an asset whose name has been taken meanwhile', async () => {
    await admin.call('deleteAssets', { companyHandle, assetHandleArray: [red] });
    await admin.call('renameAsset', {
      companyHandle,
      assetHandle: blue,
      newName: 'RED',
      validateName: false,
    });
    const restored = await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [red] });
    expect(restored).toMatchObject({ successCount: 0, errorCount: 1 });
    expect(restored.errorDetailArray?.[0]).toMatchObject({ assetHandle: red, code: 30000 });
  });

  it('counts a batch, including duplicates and unknown assets', async () => {
    const result = await admin.call('deleteAssets', {
      companyHandle,
      assetHandleArray: [red, blue, 'a|5', 'a|999999999'],
    });
    expect(result).toMatchObject({ successCount: 2, errorCount: 2 });
    expect(await admin.call('deleteAssets', { companyHandle, assetHandleArray: [red] })).toMatchObject({
      successCount: 0,
      errorCount: 1,
    });
  });

  it('is emptied at night: what was marked for that, and what has been in it for a week', async () => {
    await admin.call('deleteAssets', { companyHandle, assetHandleArray: [red, blue, font] });
    const emptied = await admin.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray: [red, red] });
    expect(emptied.successCount).toBe(2);
    expect(await namesIn('InEmptiedTrash')).toEqual(['red']);
    expect(
      await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [red] }),
    ).toMatchObject({
      errorCount: 1,
    });
    await server.clock.advance(11 * 3_600_000);
    expect(await namesIn('Any')).toEqual(['blue', 'red', 'Sans']);
    await server.clock.advance(2 * 3_600_000);
    expect(await namesIn('Any')).toEqual(['blue', 'Sans']);
    await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [font] });
    await server.clock.advance(6 * 86_400_000);
    expect(await namesIn('Any')).toEqual(['blue', 'Sans']);
    await server.clock.advance(86_400_000);
    expect(await namesIn('Any')).toEqual(['Sans']);
    expect(await admin.fault('deleteAsset', { companyHandle, assetHandle: blue })).toMatchObject({
      code: 30001,
    });
  });
});

describe('the mail about the trash', () => {
  const mails = async () => (await server.snapshot()).tables['mails'] ?? [];

  it('goes to administrators of companies that asked for it, once their trash was emptied', async () => {
    await server.seed({
      companies: [{ name: 'Other' }],
      users: [
        {
          email: 'ann@example.com',
          password: 'Sunny-Day-42',
          memberships: [{ company: 'Sample Company', role: 'IpsCompanyAdmin' }],
        },
        {
          email: 'bob@example.com',
          password: 'Sunny-Day-42',
          memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
        },
        {
          email: 'eve@example.com',
          password: 'Sunny-Day-42',
          memberships: [{ company: 'Other', role: 'IpsCompanyAdmin' }],
        },
      ],
    });
    const empty = async (...assetHandleArray: string[]) => {
      await admin.call('deleteAssets', { companyHandle, assetHandleArray });
      await admin.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray });
      await server.clock.advance(86_400_000);
    };
    await empty(red);
    expect(await mails()).toEqual([]);
    await admin.call('setCompanySettings', { companyHandle, emailTrashCleanupWarning: true });
    await server.clock.advance(86_400_000);
    expect(await mails()).toEqual([]);
    await empty(blue, font);
    const sent = await mails();
    expect(sent.map(({ recipient }) => recipient)).toEqual([server.admin.email, 'ann@example.com']);
    for (const mail of sent) {
      expect(mail).toMatchObject({
        subject: 'Trash emptied: Sample Company',
        body: expect.stringMatching(/: 2$/),
        outcome: 'kept',
      });
    }
  });
});

describe('new assets without a file', () => {
  it('are views, templates and watermarks', async () => {
    const place = { companyHandle, folderHandle: SHOES };
    const { assetHandle: template } = await admin.call('createTemplate', {
      ...place,
      name: 'Sale',
      type: 'Template',
      urlModifier: 'layer=0&src=red',
    });
    expect(await asset(template)).toMatchObject({
      type: 'Template',
      templateInfo: { url: `${server.url}/is/image/SampleCompany/Sale`, urlModifier: 'layer=0&src=red' },
    });
    const { assetHandle: layer } = await admin.call('createDerivedAsset', {
      ...place,
      ownerHandle: red,
      name: 'layer',
      type: 'LayerView',
      urlPostApplyModifier: 'op_sharpen=1',
    });
    expect((await asset(layer))?.layerViewInfo?.urlPostApplyModifier).toBe('op_sharpen=1');
    const related = await admin.call('getAssociatedAssets', { companyHandle, assetHandle: red });
    expect(related.derivedArray?.map(({ name }) => name)).toEqual(['layer']);
    const owned = await admin.call('getAssociatedAssets', { companyHandle, assetHandle: layer });
    expect(owned.ownerArray?.map(({ name }) => name)).toEqual(['red']);

    expect(await admin.fault('createTemplate', { ...place, name: 'sale', type: 'Watermark' })).toMatchObject({
      code: 30000,
      reason: `Asset ID 'sale' is already in use.`,
    });
    expect(await admin.fault('createTemplate', { ...place, name: 'x', type: 'Image' })).toMatchObject({
      code: 30001,
    });
    expect(
      await admin.fault('createDerivedAsset', { ...place, ownerHandle: font, name: 'x', type: 'LayerView' }),
    ).toMatchObject({ code: 30001 });
  });
});

describe('fields of assets', () => {
  it('are set by modifiers, which stay when left out and are removed when empty', async () => {
    const target = { companyHandle, assetHandle: red };
    const info = async () => (await asset(red))?.imageInfo ?? {};
    await admin.call('setUrlModifier', {
      ...target,
      urlModifier: 'op_usm=1,1',
      urlPostApplyModifier: 'qlt=90',
    });
    await admin.call('setUrlModifier', { ...target, urlModifier: '' });
    expect(await info()).toMatchObject({ urlPostApplyModifier: 'qlt=90' });
    expect((await info()).urlModifier).toBe('');
  });

  it('are set for many images, fonts and profiles, and refused for others', async () => {
    const images = await admin.call('batchSetImageFields', {
      companyHandle,
      updateArray: [
        { assetHandle: red, resolution: 300, anchorX: 3, anchorY: -4, userData: `<"'>` },
        { assetHandle: blue, resolution: 0 },
        { assetHandle: font, anchorX: 1 },
      ],
    });
    expect(images).toMatchObject({ successCount: 1, errorCount: 2 });
    expect((await asset(red))?.imageInfo).toMatchObject({
      resolution: 300,
      anchorX: 3,
      anchorY: -4,
      userData: `<"'>`,
    });
    const fonts = await admin.call('batchSetFontFields', {
      companyHandle,
      updateArray: [
        { assetHandle: font, fontName: 'Sans', style: 'Bold' },
        { assetHandle: red, fontName: 'Red' },
        { assetHandle: font, style: 'Fat' },
        { assetHandle: font, type: 'ttf' },
      ],
    });
    expect(fonts).toMatchObject({ successCount: 1, errorCount: 3 });
    expect(fonts.errorDetailArray?.[1]?.reason).toContain('Bold, Italic, BoldItalic');
    const profiles = await admin.call('batchSetIccProfileFields', {
      companyHandle,
      updateArray: [{ assetHandle: font, colorSpace: 'RGB' }],
    });
    expect(profiles).toMatchObject({ successCount: 0, errorCount: 1 });
    const [profile = ''] = await insertAssets(server, [{ name: 'printer', type: 'IccProfile' }]);
    const values = await admin.call('batchSetIccProfileFields', {
      companyHandle,
      updateArray: [
        { class: 'Output', colorSpace: 'CMYK', pcsType: 'Lab' },
        { class: 'Printer' },
        { colorSpace: 'Grey' },
        { pcsType: 'lab' },
      ].map((fields) => ({ assetHandle: profile, ...fields })),
    });
    expect(values).toMatchObject({ successCount: 1, errorCount: 3 });
  });

  it('name thumbnails, of types that have an image', async () => {
    const [gone = ''] = await insertAssets(server, [{ name: 'gone', trash_state: 'InTrash' }]);
    const result = await admin.call('batchSetThumbAsset', {
      companyHandle,
      updateArray: [
        { assetHandle: font, thumbAssetHandle: red },
        { assetHandle: blue, thumbAssetHandle: font },
        { assetHandle: blue, thumbAssetHandle: 'a|1' },
        { assetHandle: blue, thumbAssetHandle: blue },
        { assetHandle: font, thumbAssetHandle: gone },
      ],
    });
    expect(result).toMatchObject({ successCount: 1, errorCount: 4 });
    expect(result.errorDetailArray?.map(({ code }) => code)).toEqual([30001, 30001, 30001, 30000]);
    const thumb = async () =>
      (await admin.call('getAssociatedAssets', { companyHandle, assetHandle: font })).thumbAsset?.name;
    expect(await thumb()).toBe('red');
    await admin.call('batchSetThumbAsset', { companyHandle, updateArray: [{ assetHandle: font }] });
    expect(await thumb()).toBeUndefined();
  });
});
