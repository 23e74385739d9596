// Twenty worked examples of permissions, by their numbers, over real sockets. Each begins with the same company: D has Read on the root,
// W has Read and Write there; pu is in D, pc in W, pcu in both, and no in neither. `test/permission-model.test.ts` tries many more trees.
import type { Folder } from '@ips-sdk/types';
import { beforeEach, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import {
  companyHandle,
  type PermissionWorld,
  permissionWorld,
  type UserName,
} from './support/permission-world.js';
import { serverForFile } from './support/shared-server.js';

let server: IpsServer;
let world: PermissionWorld;
serverForFile('manual', (shared) => {
  server = shared;
});
beforeEach(async () => {
  await server.reset();
  world = await permissionWorld(server);
});

type AssetName = keyof PermissionWorld['assets'];

const setFolder = (path: string, entries: readonly string[], setChildren = false) =>
  world.as.c.call('setFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(path),
    setChildren,
    permissionArray: world.entries(...entries),
  });
const updateFolder = (path: string, entries: readonly string[]) =>
  world.as.c.call('updateFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(path),
    updateChildren: false,
    updateArray: world.entries(...entries),
  });
const setAsset = (name: AssetName, entries: readonly string[]) =>
  world.as.c.call('setAssetPermissions', {
    companyHandle,
    assetHandle: world.assets[name],
    permissionArray: world.entries(...entries),
  });
const asset = (name: AssetName) => ({ companyHandle, assetHandle: world.assets[name] });
const found = (name: UserName, as: Parameters<PermissionWorld['found']>[1] = {}) =>
  world.found(world.as[name], as);
const tree = (name: UserName) => world.as[name].call('getFolderTree', { companyHandle, depth: -1 });

/** Folders of a tree by path below the root, each with the handle of its set. */
function setsOf(folder: Folder | undefined): Record<string, string | undefined> {
  if (folder === undefined) return {};
  return Object.assign(
    { [(folder.path ?? '').replace('SampleCompany/', '')]: folder.permissionSetHandle },
    ...(folder.subfolderArray ?? []).map(setsOf),
  );
}

/** Example 7. */
const closeMen = () => setFolder('Shoes/Men/', ['D Read -override']);
/** Example 8. */
const denyMen = () => updateFolder('Shoes/Men/', ['D Read -override']);

it('1: a portal user sees all that follows a root with Read for a group of theirs', async () => {
  expect(await found('pu')).toBe('lmrs');
});

it('2: a portal user without a group sees nothing, without a fault', async () => {
  expect(await found('no')).toBe('');
  expect((await world.as.no.call('getFolders', { companyHandle })).folderArray ?? []).toEqual([]);
});

it('3: a user with a role that is not restricted needs no group', async () => {
  expect(await found('u')).toBe('lmrs');
});

it('4: the role is checked before the permission', async () => {
  const rename = { ...asset('s'), newName: 'new', validateName: true };
  expect(await world.as.pu.fault('renameAsset', rename)).toMatchObject({ code: 20003 });
});

it('5: Read and Write of the root let a contributor rename', async () => {
  await world.as.pc.call('renameAsset', { ...asset('s'), newName: 'new', validateName: true });
  expect(
    (await world.as.pc.call('getAssetsByName', { companyHandle, nameArray: ['new'] })).assetArray,
  ).toEqual([expect.objectContaining({ assetHandle: world.assets.s })]);
});

it('6: nobody restricted deletes without Delete, and the portal administrator does', async () => {
  expect(await world.as.pc.fault('deleteAsset', asset('s'))).toMatchObject({
    code: 20009,
    reason: expect.stringContaining('missing Delete permission'),
  });
  expect(await found('c')).toBe('lmrs');
  await world.as.pa.call('deleteAsset', asset('s'));
  expect(await found('c')).toBe('lmr');
});

it('7: an own set lets nothing through that it does not name', async () => {
  await closeMen();
  expect(await found('pu')).toBe('lrs');
  expect(await found('pcu')).toBe('lrs');
});

it('8: an update begins with what applied before', async () => {
  await denyMen();
  expect(await found('pu')).toBe('lrs');
  expect(await found('pcu')).toBe('lmrs');
});

it('9: one group that allows is enough, although another denies', async () => {
  await denyMen();
  expect(await found('c', { accessGroupHandle: world.groups.D })).toBe('lrs');
  expect(await found('c', { accessGroupHandle: world.groups.W })).toBe('lmrs');
  expect(await found('pcu')).toBe('lmrs');
});

it('10: an entry that does not override keeps its value while nothing above names its group', async () => {
  await denyMen();
  await setFolder('', ['D Read +override']);
  expect(await found('pcu', { accessGroupHandle: world.groups.W })).toBe('m');
  expect(await found('pcu', { accessGroupHandle: world.groups.D })).toBe('lrs');
  expect(await found('pcu')).toBe('lmrs');
});

it('11: an entry that does not override gives way to the folder above', async () => {
  await denyMen();
  await updateFolder('', ['W Read -override']);
  expect(await found('pc')).toBe('');
});

it('12: an entry that overrides does not, and the tree shows the way to its folder', async () => {
  await denyMen();
  await updateFolder('Shoes/Men/', ['W Read +override']);
  await updateFolder('', ['W Read -override']);
  expect(await found('pc')).toBe('m');
  const { folders, permissionSetArray } = await tree('pc');
  expect(permissionSetArray).toHaveLength(1);
  expect(setsOf(folders)).toEqual({
    '': undefined,
    'Shoes/': undefined,
    'Shoes/Men/': permissionSetArray?.[0]?.permissionSetHandle,
  });
});

it("13: an asset's own set replaces that of its folder until it is removed", async () => {
  await setAsset('l', ['W Read +override', 'W Write +override']);
  expect(await found('pu')).toBe('mrs');
  await world.as.c.call('removeAssetPermissions', asset('l'));
  expect(await found('pu')).toBe('lmrs');
});

it('14: an empty set closes an asset to portal users', async () => {
  await setAsset('l', []);
  for (const name of ['pu', 'pc', 'pcu'] as const) expect(await found(name)).toBe('mrs');
  for (const name of ['u', 'c', 'pa'] as const) expect(await found(name)).toBe('lmrs');
  const { assetArray } = await world.as.c.call('getAssets', {
    companyHandle,
    assetHandleArray: [world.assets.l],
  });
  expect(assetArray?.[0]?.permissions).toEqual([]);
});

it('15: setChildren removes all sets below, also those of assets', async () => {
  await closeMen();
  await setFolder('Logos/', []);
  await setAsset('l', []);
  await setFolder('', ['D Read +override'], true);
  expect(await found('pu')).toBe('lmrs');
  const { folders, permissionSetArray } = await tree('c');
  expect(permissionSetArray).toHaveLength(1);
  const handle = permissionSetArray?.[0]?.permissionSetHandle;
  expect(setsOf(folders)).toEqual({
    '': handle,
    'Shoes/': handle,
    'Shoes/Men/': handle,
    'Logos/': handle,
  });
});

it('16: a moved asset follows its new folder, unless it has a set of its own', async () => {
  await closeMen();
  const toMen = { ...asset('l'), folderHandle: world.folder('Shoes/Men/') };
  await world.as.c.call('moveAsset', toMen);
  expect(await found('pu')).toBe('rs');
  await world.as.c.call('moveAsset', { ...toMen, folderHandle: world.folder('Logos/') });
  await setAsset('l', ['D Read +override']);
  await world.as.c.call('moveAsset', toMen);
  expect(await found('pu')).toBe('lrs');
});

it('17: a folder is created only with Read and Write on the one above', async () => {
  const create = (path: string) => ({ companyHandle, folderPath: `SampleCompany/${path}` });
  await world.as.pc.call('createFolder', create('Shoes/New/'));
  await setFolder('Logos/', ['D Read +override', 'W Read +override']);
  expect(await world.as.pcu.fault('createFolder', create('Logos/New/'))).toMatchObject({
    code: 20009,
    reason: `folderPath: missing Write permission on folder '${world.folder('Logos/')}'`,
  });
  expect(Object.keys(setsOf((await tree('c')).folders)).sort()).toEqual(
    ['', 'Logos/', 'Shoes/', 'Shoes/Men/', 'Shoes/New/'].sort(),
  );
});

it('18: a folder is deleted only with Delete on everything in it', async () => {
  await updateFolder('', ['D Delete +override']);
  await setAsset('m', ['D Read +override']);
  const shoes = { companyHandle, folderHandle: world.folder('Shoes/') };
  const before = await server.snapshot();
  expect(await world.as.pcu.fault('deleteFolder', shoes)).toMatchObject({
    code: 20009,
    reason: `folderHandle: missing Delete permission on asset '${world.assets.m}'`,
  });
  expect(await server.snapshot()).toEqual(before);
  await world.as.c.call('removeAssetPermissions', asset('m'));
  await world.as.pcu.call('deleteFolder', shoes);
  expect(await found('c')).toBe('lr');
});

it('19: a batch changes what it may, and has an error row for the rest', async () => {
  await setAsset('l', ['D Read +override']);
  const publishState = 'MarkedForPublish';
  expect(
    await world.as.pc.call('setAssetsPublishState', {
      companyHandle,
      publishStateUpdateArray: (['s', 'l'] as const).map((name) => ({
        assetHandle: world.assets[name],
        publishState,
      })),
    }),
  ).toMatchObject({
    successCount: 1,
    errorCount: 1,
    errorDetailArray: [{ assetHandle: world.assets.l, code: 20009 }],
  });
  const { assetArray } = await world.as.c.call('getAssets', {
    companyHandle,
    assetHandleArray: [world.assets.s, world.assets.l],
  });
  expect(assetArray?.map(({ readyForPublish }) => readyForPublish)).toEqual([true, false]);
});

it('20: a request is evaluated as another user or group, for those who may ask for it', async () => {
  const { D, W } = world.groups;
  const { pu, c } = world.userHandles;
  // What pu and pc see differs.
  await setFolder('Shoes/Men/', ['W Read +override']);
  await setAsset('l', ['D Read +override']);
  expect(await found('pu')).toBe('lrs');
  expect(await found('pc')).toBe('mrs');
  expect(await found('c', { accessUserHandle: pu })).toBe('lrs');
  expect(await found('c', { accessGroupHandle: W })).toBe('mrs');
  expect(await found('pcu', { accessGroupHandle: D })).toBe('lrs');
  const search = { companyHandle, includeSubfolders: true };
  expect(await world.as.pu.fault('searchAssets', { ...search, accessGroupHandle: W })).toMatchObject({
    code: 20008,
  });
  expect(await world.as.pu.fault('searchAssets', { ...search, accessUserHandle: c })).toMatchObject({
    code: 20004,
  });
  await world.as.c.call('deleteGroup', { companyHandle, groupHandle: D });
  expect(await found('pu')).toBe('');
  // The set of l has lost its only entry, and stays.
  expect(await found('pc')).toBe('mrs');
  const { assetArray } = await world.as.c.call('getAssets', {
    companyHandle,
    assetHandleArray: [world.assets.l],
  });
  expect(assetArray?.[0]?.permissions).toEqual([]);
});
