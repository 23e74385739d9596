import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { IpsServer } from '../src/create-server.js';
import { embeddedMetadata } from '../src/images/embedded-metadata.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';
import { painted, RED, WHITE } from './support/pictures.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
let server: IpsServer;
let admin: Connection;
let pdf: string;
let page: string;
let image: string;
let trashed: string;

serverForFile('instant', async (shared) => {
  server = shared;
  admin = connect(server);
  [image = '', pdf = '', trashed = ''] = await insertAssets(server, [
    {
      name: 'image',
      original_file: 'a'.repeat(64),
      optimized_file: 'b'.repeat(64),
      file_size: 12,
      width: 3,
      height: 4,
    },
    { name: 'book', type: 'Pdf', file_name: 'book.pdf', original_file: 'c'.repeat(64) },
    { name: 'old', trash_state: 'InTrash' },
  ]);
  [page = ''] = await insertAssets(server, [
    {
      name: 'book-1',
      owner_id: Number(pdf.slice(2)),
      engine: 'PostScriptRip',
      info: { generation: { page: 1 } },
    },
    { name: 'mask', type: 'Mask', owner_id: Number(image.slice(2)) },
    { name: 'Image', type: 'Video' },
    { name: 'set', type: 'ImageSet', sub_type: 'x' },
  ]);
});

const upload = async (fileName: string, content: Uint8Array): Promise<string> => {
  const form = new FormData();
  const { email, password } = server.admin;
  form.append(
    'auth',
    `<authHeader xmlns="http://www.scene7.com/IpsApi/xsd"><user>${email}</user><password>${password}</password></authHeader>`,
  );
  form.append(
    'uploadParams',
    `<uploadPostParam xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><companyHandle>${companyHandle}</companyHandle><jobName>${fileName}</jobName><endJob>true</endJob><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
  );
  form.append('file', new Blob([new Uint8Array(content)]), fileName);
  const answer = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  expect(await answer.text()).toContain('jobHandle');
  const name = fileName.replace(/\.[^.]+$/, '');
  const { assetArray } = await admin.call('getAssetsByName', { companyHandle, nameArray: [name] });
  return assetArray?.[0]?.assetHandle ?? '';
};

describe('getAssets', () => {
  it('answers assets in the order of the request, and leaves out unknown ones', async () => {
    const { assetArray = [] } = await admin.call('getAssets', {
      companyHandle,
      assetHandleArray: [page, 'a|77', trashed, image, page],
    });
    expect(assetArray.map(({ name }) => name)).toEqual(['book-1', 'old', 'image']);
    expect(assetArray[1]?.trashState).toBe('InTrash');
    expect(assetArray[2]?.imageInfo).toMatchObject({
      originalPath: 'SampleCompany/',
      originalFile: 'image.tif',
      optimizedPath: 'SampleCompany/',
      optimizedFile: 'image.tif',
      masks: [expect.objectContaining({ name: 'mask' })],
      zoomTargets: [],
    });
    expect(await admin.fault('getAssets', { companyHandle, assetHandleArray: ['x|1'] })).toMatchObject({
      code: 30001,
    });
  });

  it('answers the requested parts', async () => {
    const { assetArray = [] } = await admin.call('getAssets', {
      companyHandle,
      assetHandleArray: [image],
      responseFieldArray: ['assetArray/items/imageInfo/width', 'assetArray/items/type'],
    });
    expect(assetArray).toEqual([{ type: 'Image', imageInfo: { width: 3 } }]);
  });

  it('lets only administrators see what others see', async () => {
    await server.seed({
      users: [
        {
          email: 'user@example.com',
          password: 'user-password',
          memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
        },
      ],
    });
    const user = connect(server, { email: 'user@example.com', password: 'user-password' });
    const input = { companyHandle, assetHandleArray: [image], accessUserHandle: 'u|41|admin@example.com' };
    expect(await user.fault('getAssets', input)).toMatchObject({ kind: 'authorization', code: 20004 });
    expect((await admin.call('getAssets', input)).assetArray).toHaveLength(1);
  });
});

describe('getAssetsByName', () => {
  const named = async (nameArray: string[], more: object = {}) =>
    (await admin.call('getAssetsByName', { companyHandle, nameArray, ...more })).assetArray?.map(
      ({ type }) => type,
    );

  it('finds exact names of assets that are not in the trash', async () => {
    expect(await named(['image', 'Image'])).toEqual(['Image', 'Video']);
    expect(await named(['image'])).toEqual(['Image']);
    expect(await named(['old', 'im%', 'imag_', ''])).toEqual([]);
    expect(await named(['image', 'Image', 'set'], { excludeAssetTypeArray: ['Image'] })).toEqual([
      'Video',
      'ImageSet',
    ]);
    expect(await named(['Image', 'set'], { assetSubTypeArray: ['x'], strictSubTypeCheck: true })).toEqual([
      'ImageSet',
    ]);
  });

  it('reports which names are taken as catalog IDs', async () => {
    const { inUseNameArray } = await admin.call('checkAssetNames', {
      companyHandle,
      assetNameArray: ['IMAGE', 'free', 'old', `image' --`],
    });
    expect(inUseNameArray).toEqual(['IMAGE', 'old']);
  });
});

describe('generations', () => {
  it('list what was generated from an asset, and what an asset was generated from', async () => {
    const { generationArray } = await admin.call('getGenerationInfo', {
      companyHandle,
      originatorHandle: pdf,
    });
    expect(generationArray).toMatchObject([
      {
        engine: 'PostScriptRip',
        originator: { name: 'book', pdfInfo: { originalFile: 'book.pdf' } },
        generated: { name: 'book-1' },
        attributeArray: [{ name: 'page', value: '1' }],
      },
    ]);
    const back = await admin.call('getGenerationInfo', {
      companyHandle,
      generatedHandle: page,
      engine: 'PostScriptRip',
    });
    expect(back.generationArray).toHaveLength(1);
    const other = await admin.call('getGenerationInfo', {
      companyHandle,
      generatedHandle: page,
      engine: 'Aco',
    });
    expect(other.generationArray).toEqual([]);
    expect(await admin.fault('getGenerationInfo', { companyHandle })).toMatchObject({ code: 30002 });
    const related = await admin.call('getAssociatedAssets', {
      companyHandle,
      assetHandle: page,
      responseFieldArray: ['generatorArray/items/originator/name', 'ownerArray'],
    });
    expect(related).toEqual({ generatorArray: [{ originator: { name: 'book' } }], ownerArray: [] });
  });
});

describe('files', () => {
  it('of archives are listed without being unpacked', async () => {
    const archive = new ZipFile();
    archive.addBuffer(Buffer.from('hello'.repeat(100)), 'dir/héllo & co.txt', {
      mtime: new Date(2020, 1, 2, 3, 4, 6),
    });
    archive.addEmptyDirectory('empty');
    archive.end();
    const chunks: Buffer[] = [];
    for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
    const zip = await upload('things.zip', Buffer.concat(chunks));
    const { zipArray } = await admin.call('getZipEntries', { companyHandle, assetHandle: zip });
    expect(zipArray).toEqual([
      {
        name: 'dir/héllo & co.txt',
        isDirectory: false,
        lastModified: expect.stringContaining('2020'),
        compressedSize: expect.any(Number),
        uncompressedSize: 500,
      },
      expect.objectContaining({ name: 'empty/', isDirectory: true, uncompressedSize: 0 }),
    ]);
    expect(await admin.fault('getZipEntries', { companyHandle, assetHandle: image })).toMatchObject({
      code: 30001,
    });
  });

  it('of images may have XMP that is padded with zero bytes, which no database keeps', () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Best"/></rdf:RDF></x:xmpmeta>';
    const read = embeddedMetadata({ xmpAsString: `${xmp}${'\0'.repeat(20)}` });
    expect(read).toEqual({ properties: { 'xmp.Label': 'Best' }, packet: xmp });
  });

  it('of images have a margin that can be found, and can be drawn into other images', async () => {
    const picture = painted(40, 30, (x, y) => (x >= 5 && x < 25 && y >= 7 && y < 17 ? RED : WHITE));
    const handle = await upload('framed.png', await picture.png().toBuffer());
    const rect = await admin.call('getAutoCropRect', {
      companyHandle,
      assetHandle: handle,
      autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.1 },
    });
    expect(rect).toEqual({ xOffset: 5, yOffset: 7, width: 20, height: 10 });
    const whole = await admin.call('getAutoCropRect', {
      companyHandle,
      assetHandle: handle,
      autoTransparentCropOptions: { tolerance: 0 },
    });
    expect(whole).toEqual({ xOffset: 0, yOffset: 0, width: 40, height: 30 });
    const nowhere = await admin.fault('getAutoCropRect', {
      companyHandle,
      assetHandle: handle,
      autoColorCropOptions: { corner: 'Middle', tolerance: 0.1 },
    });
    expect(nowhere).toMatchObject({ code: 30001, reason: expect.stringContaining('UpperLeft') });

    const copy = {
      companyHandle,
      assetHandle: handle,
      folderHandle: 'f|SampleCompany/',
      urlModifier: 'crop=5,7,20,10',
    };
    const { assetHandle: copied } = await admin.call('copyImage', { ...copy, name: 'middle' });
    const dimensions = async (assetHandle: string) => {
      const { assetArray } = await admin.call('getAssets', {
        companyHandle,
        assetHandleArray: [assetHandle],
      });
      const { name, fileName, imageInfo } = assetArray?.[0] ?? {};
      return { name, fileName, width: imageInfo?.width, height: imageInfo?.height };
    };
    expect(await dimensions(copied)).toEqual({
      name: 'middle',
      fileName: 'middle.tif',
      width: 20,
      height: 10,
    });
    expect(await admin.fault('copyImage', { ...copy, name: 'MIDDLE' })).toMatchObject({ code: 30000 });
    expect(await admin.fault('copyImage', { ...copy, name: 'x', urlModifier: 'wid=-3' })).toMatchObject({
      code: 30001,
    });

    const replaced = await admin.call('replaceImage', {
      companyHandle,
      assetHandle: handle,
      urlModifier: 'wid=20&fmt=png',
    });
    expect(replaced.assetHandle).toBe(handle);
    expect(await dimensions(handle)).toEqual({
      name: 'framed',
      fileName: 'framed.png',
      width: 20,
      height: 15,
    });
    expect(
      await admin.fault('replaceImage', { companyHandle, assetHandle: pdf, urlModifier: '' }),
    ).toMatchObject({
      code: 30001,
    });
  });
});
