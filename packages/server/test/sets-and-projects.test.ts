import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { type Connection, connect } from './support/call.js';

const companyHandle = 'c|6';
const ROOT = 'f|SampleCompany/';
let server: IpsServer;
let admin: Connection;
let assets: string[];

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant' });
  admin = connect(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  assets = await insertAssets(server, [
    { name: 'a' },
    { name: 'b' },
    { name: 'c', type: 'Video' },
    { name: 'gone', trash_state: 'InTrash' },
  ]);
});
const handle = (index: number): string => assets[index] ?? '';

describe('sets with members', () => {
  const make = async (type: string, name = 'set') =>
    (
      await admin.call('createImageSet', {
        companyHandle,
        folderHandle: ROOT,
        name,
        type,
        thumbAssetHandle: handle(0),
      })
    ).assetHandle;
  const members = async (assetHandle: string) =>
    (await admin.call('getImageSetMembers', { companyHandle, assetHandle })).memberArray.map(
      ({ asset, pageReset }) => [asset?.name, pageReset],
    );

  it('keep the order of their members, and begin a page with each where the type says so', async () => {
    const set = await make('ImageSet');
    await admin.call('setImageSetMembers', {
      companyHandle,
      assetHandle: set,
      memberArray: [
        { assetHandle: handle(1), pageReset: false },
        { assetHandle: handle(0), pageReset: true },
        { assetHandle: handle(1), pageReset: false },
      ],
    });
    expect(await members(set)).toEqual([
      ['b', true],
      ['a', true],
      ['b', true],
    ]);
    const render = await make('RenderSet', 'render');
    await admin.call('updateImageSet', {
      companyHandle,
      assetHandle: render,
      memberArray: [
        { assetHandle: handle(2), pageReset: false },
        { assetHandle: set, pageReset: true },
      ],
      thumbAssetHandle: handle(1),
    });
    expect(await members(render)).toEqual([
      ['c', false],
      ['set', true],
    ]);
    await admin.call('updateImageSet', { companyHandle, assetHandle: render });
    expect(await members(render)).toHaveLength(2);
    const related = await admin.call('getAssociatedAssets', { companyHandle, assetHandle: set });
    expect(related.containerArray?.map(({ name }) => name)).toEqual(['render']);
    expect(related.memberArray?.map(({ name }) => name)).toEqual(['b', 'a', 'b']);
    expect(related.thumbAsset?.name).toBe('a');
    // A deleted member is not shown, and is there again when it is restored.
    await admin.call('deleteAsset', { companyHandle, assetHandle: handle(1) });
    expect(await members(set)).toEqual([['a', true]]);
    await admin.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [handle(1)] });
    expect(await members(set)).toHaveLength(3);
  });

  it('answer the fields of members that are asked for', async () => {
    const set = await make('SpinSet');
    const memberArray = [{ assetHandle: handle(0), pageReset: false }];
    await admin.call('setImageSetMembers', { companyHandle, assetHandle: set, memberArray });
    const answer = await admin.call('getImageSetMembers', {
      companyHandle,
      assetHandle: set,
      responseFieldArray: ['memberArray/items/asset/name'],
    });
    expect(answer.memberArray).toEqual([{ asset: { name: 'a' } }]);
  });

  it('refuse what cannot be a set or a member', async () => {
    const set = await make('ImageSet');
    const wrong = (assetHandle: string) =>
      admin.fault('setImageSetMembers', {
        companyHandle,
        assetHandle: set,
        memberArray: [{ assetHandle, pageReset: true }],
      });
    expect(await wrong('a|77')).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('memberArray[0]'),
    });
    expect(await wrong(set)).toMatchObject({ code: 30001 });
    expect(await wrong(handle(3))).toMatchObject({ code: 30000 });
    // Sets that contain each other have no end.
    const inner = await make('RenderSet', 'inner');
    const middle = await make('RenderSet', 'middle');
    for (const [outside, inside] of [
      [set, middle],
      [middle, inner],
    ] as const) {
      await admin.call('setImageSetMembers', {
        companyHandle,
        assetHandle: outside,
        memberArray: [{ assetHandle: inside, pageReset: true }],
      });
    }
    expect(
      await admin.fault('updateImageSet', {
        companyHandle,
        assetHandle: inner,
        memberArray: [{ assetHandle: set, pageReset: true }],
      }),
    ).toMatchObject({ code: 30001, reason: expect.stringContaining('memberArray[0]') });
    const create = (more: object) =>
      admin.fault('createImageSet', {
        companyHandle,
        folderHandle: ROOT,
        name: 'n',
        type: 'ImageSet',
        ...more,
      });
    expect(await create({ type: 'Image' })).toMatchObject({ code: 30001 });
    expect(await create({ name: 'SET' })).toMatchObject({ code: 30000 });
    expect(await create({ folderHandle: 'f|SampleCompany/None/' })).toMatchObject({ code: 30001 });
    expect(await create({ thumbAssetHandle: handle(2) })).toMatchObject({ code: 30001 });
    expect(await admin.fault('getImageSetMembers', { companyHandle, assetHandle: handle(0) })).toMatchObject({
      code: 30001,
    });
  });
});

describe('the thumbnail of a set', () => {
  const thumbOf = async (assetHandle: string) =>
    (await admin.call('getAssociatedAssets', { companyHandle, assetHandle })).thumbAsset?.name;

  it('is the first image of its members, unless another was given', async () => {
    const create = async (name: string, more: object = {}) =>
      (
        await admin.call('createImageSet', {
          companyHandle,
          folderHandle: ROOT,
          name,
          type: 'ImageSet',
          ...more,
        })
      ).assetHandle;
    const memberArray = [handle(2), handle(1), handle(0)].map((assetHandle) => ({
      assetHandle,
      pageReset: true,
    }));
    const own = await create('own', { thumbAssetHandle: handle(0) });
    const bare = await create('bare');
    expect(await thumbOf(bare)).toBeUndefined();
    for (const assetHandle of [own, bare]) {
      await admin.call('setImageSetMembers', { companyHandle, assetHandle, memberArray });
    }
    // The first member is a video.
    expect(await thumbOf(bare)).toBe('b');
    expect(await thumbOf(own)).toBe('a');
    const updated = await create('updated');
    await admin.call('updateImageSet', { companyHandle, assetHandle: updated, memberArray });
    expect(await thumbOf(updated)).toBe('b');
  });

  it('is the first image that a definition names', async () => {
    const { assetHandle } = await admin.call('createAssetSet', {
      companyHandle,
      folderHandle: ROOT,
      name: 'defined',
      subType: 'MediaSet',
      setDefinition: `\${getFilePath([${handle(2)}])};\${getCatalogId([${handle(1)}])}`,
    });
    expect(await thumbOf(assetHandle)).toBe('b');
  });
});

describe('what contains what', () => {
  const names = (list: readonly { readonly name?: string | undefined }[] | undefined) =>
    (list ?? []).map(({ name }) => name);
  const related = (assetHandle: string) => admin.call('getAssociatedAssets', { companyHandle, assetHandle });

  it('is found in the commands of templates', async () => {
    const template = async (name: string, urlModifier: string) =>
      (
        await admin.call('createTemplate', {
          companyHandle,
          folderHandle: ROOT,
          name,
          type: 'Template',
          urlModifier,
        })
      ).assetHandle;
    const promo = await template(
      'promo',
      '$pic=is{SampleCompany/a?wid=10}&layer=0&src=SampleCompany/b&layer=1&src=$pic$&layer=2&text=set',
    );
    await template('other', 'layer=0&src=SampleCompany/ab&layer=1&text=a');
    const { memberArray, layerReferenceArray } = await related(promo);
    expect(names(memberArray)).toEqual(['b', 'a']);
    expect(names(layerReferenceArray)).toEqual(['b', 'a']);
    expect(names((await related(handle(0))).containerArray)).toEqual(['promo']);
    const view = await admin.call('createDerivedAsset', {
      companyHandle,
      ownerHandle: handle(0),
      folderHandle: ROOT,
      name: 'layers',
      type: 'LayerView',
      urlModifier: 'layer=1&src=b',
    });
    const layers = await related(view.assetHandle);
    expect(names(layers.layerReferenceArray)).toEqual(['b']);
    expect(names(layers.memberArray)).toEqual([]);
  });

  it('is found in the definitions of asset sets', async () => {
    const { assetHandle } = await admin.call('createAssetSet', {
      companyHandle,
      folderHandle: ROOT,
      name: 'defined',
      subType: 'MediaSet',
      setDefinition: `\${getCatalogId([${handle(1)}])};\${getFilePath([${handle(2)}])}`,
    });
    expect(names((await related(assetHandle)).memberArray)).toEqual(['b', 'c']);
    expect(names((await related(handle(1))).containerArray)).toEqual(['defined']);
    expect(names((await related(handle(0))).containerArray)).toEqual([]);
    await admin.call('deleteAsset', { companyHandle, assetHandle });
    expect(names((await related(handle(1))).containerArray)).toEqual([]);
  });
});

describe('asset sets', () => {
  it('keep their definition, which may name assets that there are', async () => {
    const definition = `{"set": "\${getCatalogId([${handle(0)}])}", "x": "<&>'"}`;
    const { assetHandle } = await admin.call('createAssetSet', {
      companyHandle,
      folderHandle: ROOT,
      name: 'mixed',
      subType: 'MixedMedia',
      setDefinition: definition,
    });
    const read = async () =>
      (await admin.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] })).assetArray?.[0];
    expect(await read()).toMatchObject({
      type: 'AssetSet',
      subType: 'MixedMedia',
      assetSetInfo: { setDefinition: definition },
    });
    await admin.call('updateAssetSet', { companyHandle, assetHandle, thumbAssetHandle: handle(1) });
    expect((await read())?.assetSetInfo?.setDefinition).toBe(definition);
    await admin.call('setAssetSetDefinition', { companyHandle, assetHandle, setDefinition: 'new' });
    expect((await read())?.assetSetInfo?.setDefinition).toBe('new');
    const bad = { companyHandle, assetHandle, setDefinition: `\${getCatalogId([a|77])}` };
    expect(await admin.fault('setAssetSetDefinition', bad)).toMatchObject({ code: 30001 });
    expect(await admin.fault('updateAssetSet', { companyHandle, assetHandle: handle(0) })).toMatchObject({
      code: 30001,
    });
  });
});

describe('projects', () => {
  const project = { companyHandle, projectHandle: `p|6|Spring 'n' 50%` };
  const content = async (projectHandle = project.projectHandle) =>
    (
      await admin.call('searchAssets', { companyHandle, includeSubfolders: true, projectHandle })
    ).assetArray?.map(({ name }) => name);

  it('hold assets, and are renamed and deleted without harm to them', async () => {
    const made = await admin.call('createProject', { companyHandle, projectName: `Spring 'n' 50%` });
    expect(made.projectHandle).toBe(project.projectHandle);
    const added = await admin.call('addProjectAssets', {
      ...project,
      assetHandleArray: [handle(0), handle(1), handle(0), 'a|77', handle(3)],
    });
    expect(added).toMatchObject({ successCount: 3, warningCount: 0, errorCount: 2 });
    expect(await content()).toEqual(['a', 'b']);
    expect(
      await admin.call('removeProjectAssets', { ...project, assetHandleArray: [handle(0), handle(2)] }),
    ).toMatchObject({
      successCount: 1,
      errorCount: 1,
    });
    expect(await content()).toEqual(['b']);
    await admin.call('setProjectAssets', { ...project, assetHandleArray: [handle(2)] });
    expect(await content()).toEqual(['c']);
    const renamed = await admin.call('renameProject', { ...project, projectName: 'Summer' });
    expect(renamed.projectHandle).toBe('p|6|Summer');
    const { assetArray } = await admin.call('getAssets', { companyHandle, assetHandleArray: [handle(2)] });
    expect(assetArray?.[0]?.projects).toBe('Summer');
    expect(await admin.fault('deleteProject', project)).toMatchObject({ code: 30001 });
    await admin.call('deleteProject', { companyHandle, projectHandle: 'p|6|Summer' });
    expect((await admin.call('getProjects', { companyHandle })).projectArray).toEqual([]);
    expect(
      (await admin.call('getAssets', { companyHandle, assetHandleArray: [handle(2)] })).assetArray,
    ).toHaveLength(1);
  });

  it('have names of their own', async () => {
    await admin.call('createProject', { companyHandle, projectName: 'A' });
    await admin.call('createProject', { companyHandle, projectName: 'B' });
    expect(await admin.fault('createProject', { companyHandle, projectName: 'A' })).toMatchObject({
      code: 30001,
    });
    const rename = { companyHandle, projectHandle: 'p|6|B' };
    expect(await admin.fault('renameProject', { ...rename, projectName: 'A' })).toMatchObject({
      code: 30001,
    });
    expect(await admin.fault('renameProject', { ...rename, projectName: ' ' })).toMatchObject({
      code: 30001,
    });
    const { projectArray } = await admin.call('getProjects', { companyHandle });
    expect(projectArray).toEqual([
      { projectHandle: 'p|6|A', name: 'A' },
      { projectHandle: 'p|6|B', name: 'B' },
    ]);
    const stranger = { companyHandle, projectHandle: 'p|7|A', assetHandleArray: [] };
    expect(await admin.fault('setProjectAssets', stranger)).toMatchObject({ code: 30001 });
  });
});

describe('image maps and zoom targets', () => {
  const info = async () =>
    (await admin.call('getAssets', { companyHandle, assetHandleArray: [handle(0)] })).assetArray?.[0]
      ?.imageInfo;
  const map = {
    name: 'door',
    shapeType: 'Rectangle',
    region: '1,2,30,40',
    action: 'href="https://example.com/?a=1&b=2"',
    enabled: true,
  };
  const target = { name: 'eye', xPosition: 1, yPosition: 2, width: 30, height: 40 };

  it('are saved, changed, replaced and deleted', async () => {
    const image = { companyHandle, assetHandle: handle(0) };
    const { imageMapHandle } = await admin.call('saveImageMap', { ...image, ...map, position: 7 });
    await admin.call('saveImageMap', { ...image, ...map, imageMapHandle, name: 'gate', position: 8 });
    expect((await info())?.imageMaps).toEqual([
      { ...map, imageMapHandle, name: 'gate', position: 8, lastModified: expect.any(String) },
    ]);
    const { imageMapHandleArray } = await admin.call('setImageMaps', {
      ...image,
      imageMapArray: [map, { ...map, name: 'two', shapeType: 'Polygon', enabled: false }],
    });
    expect((await info())?.imageMaps?.map(({ name, position }) => [name, position])).toEqual([
      ['door', 1],
      ['two', 2],
    ]);
    await admin.call('deleteImageMap', { companyHandle, imageMapHandle: imageMapHandleArray[0] ?? '' });
    expect((await info())?.imageMaps?.map(({ name }) => name)).toEqual(['two']);
    expect(await admin.fault('deleteImageMap', { companyHandle, imageMapHandle })).toMatchObject({
      code: 30001,
    });
    expect(
      await admin.fault('saveImageMap', { ...image, ...map, position: 1, shapeType: 'Star' }),
    ).toMatchObject({
      code: 30001,
    });
    const elsewhere = { companyHandle, assetHandle: handle(1), ...map, position: 1 };
    expect(
      await admin.fault('saveImageMap', { ...elsewhere, imageMapHandle: imageMapHandleArray[1] ?? '' }),
    ).toMatchObject({ code: 30001 });
  });

  it('are five zoom targets at most', async () => {
    const image = { companyHandle, assetHandle: handle(0) };
    const { zoomTargetHandle } = await admin.call('saveZoomTarget', { ...image, ...target, userData: 'x' });
    await admin.call('saveZoomTarget', { ...image, ...target, zoomTargetHandle, width: 5 });
    expect((await info())?.zoomTargets).toEqual([
      { ...target, width: 5, zoomTargetHandle, position: 1, lastModified: expect.any(String) },
    ]);
    const five = Array.from({ length: 5 }, (_, index) => ({ ...target, name: `t${index}` }));
    const { zoomTargetHandleArray } = await admin.call('setZoomTargets', { ...image, zoomTargetArray: five });
    expect(zoomTargetHandleArray).toHaveLength(5);
    expect(await admin.fault('saveZoomTarget', { ...image, ...target })).toMatchObject({ code: 30000 });
    expect(
      await admin.fault('setZoomTargets', { ...image, zoomTargetArray: [...five, target] }),
    ).toMatchObject({
      code: 30001,
    });
    await admin.call('deleteZoomTarget', { companyHandle, zoomTargetHandle: zoomTargetHandleArray[2] ?? '' });
    expect((await info())?.zoomTargets?.map(({ name }) => name)).toEqual(['t0', 't1', 't3', 't4']);
    expect(await admin.fault('saveZoomTarget', { ...image, ...target, width: 0 })).toMatchObject({
      code: 30001,
    });
    expect(
      await admin.fault('setZoomTargets', { companyHandle, assetHandle: handle(2), zoomTargetArray: [] }),
    ).toMatchObject({ code: 30001 });
  });
});
