// Worked examples of permissions, over real sockets. `test/permission-model.test.ts` tries many more trees.
import type { Folder } from '@ips-sdk/types';
import { beforeEach, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { companyHandle, type PermissionWorld, permissionWorld } from './support/permission-world.js';
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

const setFolder = (path: string, entries: readonly string[], setChildren = false) =>
  world.as.c.call('setFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(path),
    setChildren,
    permissionArray: world.entries(...entries),
  });
const updateFolder = (path: string, entries: readonly string[], updateChildren = false) =>
  world.as.c.call('updateFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(path),
    updateChildren,
    updateArray: world.entries(...entries),
  });
const setAsset = (name: keyof PermissionWorld['assets'], entries: readonly string[]) =>
  world.as.c.call('setAssetPermissions', {
    companyHandle,
    assetHandle: world.assets[name],
    permissionArray: world.entries(...entries),
  });
const found: PermissionWorld['found'] = (...given) => world.found(...given);

/** Folders of a tree by path below the root, each with the handle of its set. */
function treeOf(folder: Folder | undefined): Record<string, string | undefined> {
  if (folder === undefined) return {};
  return Object.assign(
    { [(folder.path ?? '').replace('SampleCompany/', '')]: folder.permissionSetHandle },
    ...(folder.subfolderArray ?? []).map(treeOf),
  );
}

describe('who is restricted', () => {
  it('is everybody with a portal role but its administrator, by all of their groups', async () => {
    expect(await found(world.as.pu)).toBe('lmrs');
    expect(await found(world.as.pcu)).toBe('lmrs');
    for (const name of ['u', 'c', 'pa', 'admin'] as const) expect(await found(world.as[name])).toBe('lmrs');
  });

  it('sees nothing without a group, without a fault', async () => {
    expect(await found(world.as.no)).toBe('');
    expect((await world.as.no.call('getFolders', { companyHandle })).folderArray ?? []).toEqual([]);
    const { folders } = await world.as.no.call('getFolderTree', { companyHandle, depth: -1 });
    expect(folders).toEqual({
      folderHandle: world.folder(''),
      path: 'SampleCompany/',
      hasSubfolders: false,
    });
  });

  it('needs the role as well', async () => {
    const rename = { companyHandle, assetHandle: world.assets.s, newName: 'new', validateName: true };
    expect(await world.as.pu.fault('renameAsset', rename)).toMatchObject({ code: 20003 });
    await world.as.pc.call('renameAsset', rename);
  });

  it('is evaluated at every call', async () => {
    const member = { companyHandle, groupHandle: world.groups.D, userHandleArray: [world.userHandles.pu] };
    await world.as.c.call('removeGroupMembers', member);
    expect(await found(world.as.pu)).toBe('');
    await world.as.c.call('addGroupMembers', member);
    expect(await found(world.as.pu)).toBe('lmrs');
  });

  it('may read the shared company', async () => {
    const shared = { companyHandle: 'c|0', includeSubfolders: true };
    const { totalRows } = await world.as.no.call('searchAssets', shared);
    expect(totalRows).toBe((await world.as.admin.call('searchAssets', shared)).totalRows);
    expect((await world.as.no.call('getFolders', { companyHandle: 'c|0' })).folderArray).not.toEqual([]);
  });
});

describe('sets of folders', () => {
  it('let nothing through that they do not name', async () => {
    await setFolder('Shoes/Men/', ['D Read -override']);
    expect(await found(world.as.pu)).toBe('lrs');
    expect(await found(world.as.pcu)).toBe('lrs');
  });

  it('begin with what applied before when they are updated', async () => {
    await updateFolder('Shoes/Men/', ['D Read -override']);
    expect(await found(world.as.pu)).toBe('lrs');
    // In a group that is denied and in one that is allowed.
    expect(await found(world.as.pcu)).toBe('lmrs');
    expect(await found(world.as.pc)).toBe('lmrs');
  });

  it('keep entries that do not override while nothing above speaks of the group', async () => {
    await updateFolder('Shoes/Men/', ['D Read -override']);
    await setFolder('', ['D Read +override']);
    expect(await found(world.as.pc)).toBe('m');
    expect(await found(world.as.pcu)).toBe('lmrs');
  });

  it('give way to the folder above with entries that do not override', async () => {
    await updateFolder('Shoes/Men/', ['D Read -override']);
    await updateFolder('', ['W Read -override']);
    expect(await found(world.as.pc)).toBe('');
  });

  it('take precedence with entries that override, and the tree shows the way to them', async () => {
    await updateFolder('Shoes/Men/', ['D Read -override', 'W Read +override']);
    await updateFolder('', ['W Read -override']);
    expect(await found(world.as.pc)).toBe('m');
    const { folders, permissionSetArray } = await world.as.pc.call('getFolderTree', {
      companyHandle,
      depth: -1,
    });
    const [set] = permissionSetArray ?? [];
    expect(permissionSetArray).toHaveLength(1);
    expect(treeOf(folders)).toEqual({
      '': undefined,
      'Shoes/': undefined,
      'Shoes/Men/': set?.permissionSetHandle,
    });
    expect(folders?.lastModified).toBeUndefined();
    // Above what may be read, a tree that ends there shows that there is more.
    const { folders: top } = await world.as.pc.call('getFolderTree', { companyHandle, depth: 1 });
    expect(top?.subfolderArray).toMatchObject([{ path: 'SampleCompany/Shoes/', hasSubfolders: true }]);
    expect(top?.subfolderArray?.[0]?.lastModified).toBeUndefined();
    const { folders: only } = await world.as.pc.call('getFolderTree', { companyHandle, depth: 0 });
    expect(only).toEqual({ folderHandle: 'f|SampleCompany/', path: 'SampleCompany/', hasSubfolders: true });
    expect(
      (await world.as.pc.call('getFolders', { companyHandle })).folderArray?.map(({ path }) => path),
    ).toEqual(['SampleCompany/Shoes/Men/']);
  });

  it('replace all sets below with setChildren', async () => {
    await setFolder('Shoes/Men/', ['D Read -override']);
    await setFolder('Logos/', []);
    await setAsset('l', []);
    await setFolder('', ['D Read +override', 'W Read +override'], true);
    const { folders, permissionSetArray = [] } = await world.as.c.call('getFolderTree', {
      companyHandle,
      depth: -1,
    });
    expect(permissionSetArray).toHaveLength(1);
    const { permissionSetHandle, permissionArray } = permissionSetArray[0] ?? {};
    expect(permissionSetHandle).toMatch(/^pm\|\d+$/);
    expect(permissionArray).toEqual([
      {
        groupHandle: world.groups.D,
        groupName: 'Download',
        permissionType: 'Read',
        isAllowed: true,
        isOverride: true,
      },
      {
        groupHandle: world.groups.W,
        groupName: 'Upload',
        permissionType: 'Read',
        isAllowed: true,
        isOverride: true,
      },
    ]);
    expect(treeOf(folders)).toEqual(
      Object.fromEntries(['', 'Shoes/', 'Shoes/Men/', 'Logos/'].map((path) => [path, permissionSetHandle])),
    );
    expect(await found(world.as.pu)).toBe('lmrs');
  });

  it('pass updates on to sets below with updateChildren', async () => {
    await setFolder('Shoes/Men/', ['W Read +override']);
    await setAsset('l', ['W Read +override']);
    await updateFolder('', ['D Read +override'], true);
    expect(await found(world.as.pu)).toBe('lmrs');
    expect(await found(world.as.pc)).toBe('lmrs');
  });

  it('are removed alone, or with those of the folders below, but not of assets', async () => {
    await setFolder('Shoes/', []);
    await setFolder('Shoes/Men/', []);
    await setAsset('s', []);
    const remove = (updateChildren: boolean) =>
      world.as.c.call('removeFolderPermissions', {
        companyHandle,
        folderHandle: world.folder('Shoes/'),
        updateChildren,
      });
    await remove(false);
    expect(await found(world.as.pu)).toBe('lr');
    await remove(true);
    expect(await found(world.as.pu)).toBe('lmr');
  });

  it('keep their handle while they are the same', async () => {
    const handle = async () =>
      treeOf((await world.as.c.call('getFolderTree', { companyHandle, depth: 0 })).folders)[''];
    const before = await handle();
    await setFolder('', ['D Read +override']);
    expect(await handle()).toBe(before);
  });
});

describe('sets of assets', () => {
  it('replace those of the folder until they are removed', async () => {
    await setAsset('l', ['W Read +override', 'W Write +override']);
    expect(await found(world.as.pu)).toBe('mrs');
    expect(await found(world.as.pc)).toBe('lmrs');
    await world.as.pa.call('removeAssetPermissions', { companyHandle, assetHandle: world.assets.l });
    expect(await found(world.as.pu)).toBe('lmrs');
  });

  it('close an asset when they are empty, and are shown as an empty list', async () => {
    await setAsset('l', []);
    for (const name of ['pu', 'pc', 'pcu'] as const) expect(await found(world.as[name])).toBe('mrs');
    for (const name of ['u', 'c', 'pa'] as const) expect(await found(world.as[name])).toBe('lmrs');
    const { assetArray = [] } = await world.as.c.call('getAssets', {
      companyHandle,
      assetHandleArray: [world.assets.l, world.assets.r],
    });
    expect(assetArray[0]?.permissions).toEqual([]);
    expect(assetArray[1]?.permissions).toHaveLength(3);
  });

  it('are shown only where a set applies, and not when they are excluded', async () => {
    const remove = { companyHandle, folderHandle: world.folder(''), updateChildren: true };
    const assetHandleArray = [world.assets.r];
    const excluded = await world.as.c.call('getAssets', {
      companyHandle,
      assetHandleArray,
      excludeFieldArray: ['assetArray/items/permissions'],
    });
    expect(excluded.assetArray?.[0]).not.toHaveProperty('permissions');
    await world.as.c.call('removeFolderPermissions', remove);
    const without = await world.as.c.call('getAssets', { companyHandle, assetHandleArray });
    expect(without.assetArray?.[0]).not.toHaveProperty('permissions');
    expect(await found(world.as.pu)).toBe('');
  });

  it('change nothing else about the asset', async () => {
    const asset = async () =>
      (await world.as.c.call('getAssets', { companyHandle, assetHandleArray: [world.assets.l] }))
        .assetArray?.[0];
    const before = await asset();
    await setAsset('l', []);
    expect(await asset()).toEqual({ ...before, permissions: [] });
  });
});

describe('requests with permissions', () => {
  it('are refused with the right fault', async () => {
    const asset = { companyHandle, assetHandle: world.assets.l };
    const [entry] = world.entries('D Read +override');
    if (entry === undefined) throw new Error('no entry');
    const fault = (permissionArray: (typeof entry)[], on = asset) =>
      world.as.c.fault('setAssetPermissions', { ...on, permissionArray });
    expect(await fault([{ ...entry, permissionType: 'read' }])).toMatchObject({
      code: 30001,
      reason: expect.stringMatching(/permissionArray\[0\].permissionType.*Read, Write, Delete/),
    });
    expect(await fault([entry, { ...entry, groupHandle: 'g|999' }])).toMatchObject({
      code: 30001,
      reason: expect.stringContaining('permissionArray[1]/groupHandle'),
    });
    expect(await fault([], { ...asset, assetHandle: 'a|999999' })).toMatchObject({ code: 30001 });
    await world.as.c.call('deleteAsset', asset);
    expect(await fault([])).toMatchObject({ code: 30000 });
    for (const name of ['u', 'pu', 'pc', 'pcu'] as const) {
      expect(
        await world.as[name].fault('setAssetPermissions', { ...asset, permissionArray: [] }),
      ).toMatchObject({
        code: 20003,
      });
    }
  });

  it('take handles as they were before 4.0, and the last entry for a group and a type', async () => {
    await world.as.c.call('setFolderPermissions', {
      companyHandle: '6',
      folderHandle: 'SampleCompany/Logos/',
      setChildren: true,
      permissionArray: world
        .entries('D Read -override', 'D Read +override')
        .map((entry) => ({ ...entry, groupHandle: entry.groupHandle.slice(2) })),
    });
    await world.as.c.call('setAssetPermissions', {
      companyHandle,
      assetHandle: `${world.assets.s.slice(2)}|1|1`,
      permissionArray: [],
    });
    expect(await found(world.as.pu)).toBe('lmr');
    expect(await found(world.as.pc)).toBe('mr');
  });
});

describe('access as another', () => {
  it('evaluates as a user or as a group', async () => {
    const { pu, c } = world.userHandles;
    await setFolder('Shoes/Men/', ['W Read +override']);
    expect(await found(world.as.c, { accessUserHandle: pu })).toBe('lrs');
    expect(await found(world.as.c, { accessGroupHandle: world.groups.W })).toBe('lmrs');
    expect(await found(world.as.pcu, { accessGroupHandle: world.groups.D })).toBe('lrs');
    expect(await found(world.as.pu, { accessUserHandle: pu })).toBe('lrs');
    expect(await found(world.as.c, { accessUserHandle: c })).toBe('lmrs');
    expect(await found(world.as.pa, { accessUserHandle: world.userHandles.u })).toBe('lmrs');
    const { assetArray } = await world.as.c.call('getAssetsByName', {
      companyHandle,
      nameArray: ['m', 's'],
      accessUserHandle: pu,
    });
    expect(assetArray?.map(({ name }) => name)).toEqual(['s']);
    const { folderArray } = await world.as.c.call('getFolders', { companyHandle, accessUserHandle: pu });
    expect(folderArray?.map(({ path }) => path)).not.toContain('SampleCompany/Shoes/Men/');
  });

  it('is refused to those who may not', async () => {
    const search = (name: 'pu' | 'u' | 'c', more: object) =>
      world.as[name].fault('searchAssets', { companyHandle, includeSubfolders: true, ...more });
    const { pu, c, no } = world.userHandles;
    const { D, W } = world.groups;
    expect(await search('pu', { accessGroupHandle: W })).toMatchObject({ code: 20008 });
    expect(await search('pu', { accessUserHandle: c })).toMatchObject({ code: 20004 });
    expect(await search('u', { accessUserHandle: pu })).toMatchObject({ code: 20004 });
    expect(await search('c', { accessUserHandle: 'u|9999|x@example.com' })).toMatchObject({ code: 20002 });
    expect(await search('c', { accessGroupHandle: 'g|9999' })).toMatchObject({ code: 20008 });
    expect(await search('c', { accessUserHandle: no, accessGroupHandle: D })).toMatchObject({ code: 20008 });
    expect(await found(world.as.c, { accessUserHandle: pu, accessGroupHandle: D })).toBe('lmrs');
  });
});
