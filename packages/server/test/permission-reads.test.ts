// Every operation that reads assets keeps to the permissions of portal users, whatever else it is about; and what happens to permissions
// when assets, folders and groups move, vanish and come back.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import type { OperationName, Operations } from '../src/handled-contract.js';
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

const setAsset = (name: keyof PermissionWorld['assets'], entries: readonly string[]) =>
  world.as.c.call('setAssetPermissions', {
    companyHandle,
    assetHandle: world.assets[name],
    permissionArray: world.entries(...entries),
  });
const setFolder = (path: string, entries: readonly string[]) =>
  world.as.c.call('setFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(path),
    setChildren: false,
    permissionArray: world.entries(...entries),
  });

describe('reads of one asset', () => {
  type Read = Extract<
    OperationName,
    | 'getAssociatedAssets'
    | 'getXMPPacket'
    | 'getZipEntries'
    | 'getAutoCropRect'
    | 'getAssetJobLogs'
    | 'getAssetPublishHistory'
    | 'getImageSetMembers'
  >;
  const READS: readonly (readonly [Read, object])[] = [
    ['getAssociatedAssets', {}],
    ['getXMPPacket', {}],
    ['getZipEntries', {}],
    ['getAutoCropRect', { autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.1 } }],
    ['getAssetJobLogs', {}],
    ['getAssetPublishHistory', {}],
    ['getImageSetMembers', {}],
  ];

  it.each(READS)('%s needs to read it', async (operation, more) => {
    const input = { companyHandle, assetHandle: world.assets.l, ...more } as Operations[Read]['input'];
    const outcome = async (): Promise<unknown> => {
      try {
        await world.as.pcu.call(operation, input);
      } catch (error) {
        return error;
      }
      return 'answered';
    };
    // Whatever the operation says of an asset that may be read: not that a permission is missing.
    expect(await outcome()).not.toMatchObject({ code: 20009 });
    await setAsset('l', ['W Write +override']);
    const roleAdmits = (await outcome()) as { code?: number };
    // Portal users cannot call some of them at all.
    if (roleAdmits.code !== 20003) {
      expect(roleAdmits).toMatchObject({ code: 20009, reason: expect.stringContaining(world.assets.l) });
    }
  });

  it('getOriginalFilePaths needs to read all of them', async () => {
    const { l, s } = world.assets;
    const input = { companyHandle, assetHandleArray: [s, l] };
    await world.as.pcu.call('getOriginalFilePaths', input);
    await setAsset('l', []);
    expect(await world.as.pcu.fault('getOriginalFilePaths', input)).toMatchObject({
      code: 20009,
      reason: `assetHandleArray[1]: missing Read permission on asset '${l}'`,
    });
  });

  it('getGenerationInfo needs to read the asset, and leaves out the others', async () => {
    await setAsset('l', []);
    expect(
      await world.as.pcu.fault('getGenerationInfo', { companyHandle, originatorHandle: world.assets.l }),
    ).toMatchObject({ code: 20009 });
    expect(
      await world.as.pcu.call('getGenerationInfo', { companyHandle, originatorHandle: world.assets.s }),
    ).toEqual({ generationArray: [] });
  });
});

describe('reads of several assets leave out those that may not be read', () => {
  beforeEach(() => setAsset('l', []));

  it('getAssets and getAssetsByName', async () => {
    const { l, s } = world.assets;
    const names = (assets: readonly { name?: string | undefined }[] | undefined) =>
      assets?.map(({ name }) => name);
    const byHandle = await world.as.pu.call('getAssets', { companyHandle, assetHandleArray: [l, s] });
    expect(names(byHandle.assetArray)).toEqual(['s']);
    const byName = await world.as.pu.call('getAssetsByName', { companyHandle, nameArray: ['l', 's'] });
    expect(names(byName.assetArray)).toEqual(['s']);
  });

  it('getImageSetMembers and getAssociatedAssets', async () => {
    const { l, s } = world.assets;
    const set = await world.as.c.call('createImageSet', {
      companyHandle,
      folderHandle: world.folder(''),
      name: 'set',
      type: 'ImageSet',
    });
    const memberArray = [l, s].map((assetHandle) => ({ assetHandle, pageReset: true }));
    await world.as.c.call('setImageSetMembers', { companyHandle, ...set, memberArray });
    const members = await world.as.pcu.call('getImageSetMembers', { companyHandle, ...set });
    expect(members.memberArray?.map(({ asset }) => asset?.name)).toEqual(['s']);
    const containers = (assetHandle: string) =>
      world.as.pcu.call('getAssociatedAssets', { companyHandle, assetHandle });
    expect((await containers(s)).containerArray?.map(({ name }) => name)).toEqual(['set']);
    await world.as.c.call('setAssetPermissions', { companyHandle, ...set, permissionArray: [] });
    expect((await containers(s)).containerArray).toEqual([]);
    expect(await world.as.pcu.fault('getImageSetMembers', { companyHandle, ...set })).toMatchObject({
      code: 20009,
    });
  });

  it('batchGetAssetPublishContexts', async () => {
    const { l, s } = world.assets;
    const { assetPublishContextsArray } = await world.as.pcu.call('batchGetAssetPublishContexts', {
      companyHandle,
      assetHandleArray: [l, s],
    });
    expect(assetPublishContextsArray?.map(({ assetHandle }) => assetHandle)).toEqual([s]);
  });

  it('searches by metadata, values and counts', async () => {
    const { fieldHandle } = await world.as.c.call('createMetadataField', {
      companyHandle,
      assetType: 'Asset',
      name: 'Season',
      fieldType: 'String',
    });
    for (const name of ['l', 's'] as const) {
      await world.as.c.call('setAssetMetadata', {
        companyHandle,
        assetHandle: world.assets[name],
        updateArray: [{ fieldHandle, value: `season of ${name}` }],
      });
    }
    const search = {
      companyHandle,
      metadataConditionArray: [
        { fieldHandle: 'custom_attributes.Season', op: 'StartsWith', value: 'season' },
      ],
    };
    const unique = async (name: 'c' | 'pu') =>
      (await world.as[name].call('getUniqueMetadataValues', { companyHandle, fieldHandle })).values;
    expect(await unique('c')).toEqual(['season of l', 'season of s']);
    expect(await unique('pu')).toEqual(['season of s']);
    const distinct = async (name: 'c' | 'pu') =>
      (
        await world.as[name].call('getDistinctMetadataValues', {
          companyHandle,
          metadataKey: 'custom_attributes.Season',
        })
      ).valueArray;
    expect(await distinct('c')).toContainEqual({ value: 'season of l', count: 1 });
    expect(await distinct('pu')).toEqual([
      { value: 'N/A', count: 2 },
      { value: 'season of s', count: 1 },
    ]);
    const count = async (name: 'c' | 'pu') =>
      (await world.as[name].call('getAssetCounts', { companyHandle })).countArray;
    expect(await count('c')).toEqual([{ assetType: 'Image', count: 4 }]);
    expect(await count('pu')).toEqual([{ assetType: 'Image', count: 3 }]);
    const found = async (name: 'c' | 'pu') =>
      (await world.as[name].call('searchAssetsByMetadata', search)).totalRows;
    expect([await found('c'), await found('pu')]).toEqual([2, 1]);
  });
});

describe('property sets', () => {
  const propertyArray = [{ name: 'color', value: 'red' }];

  it('with permissions are for the groups that they name', async () => {
    const { typeHandle } = await world.as.c.call('createPropertySetType', {
      companyHandle,
      name: 'Look',
      propertyType: 'CompanyProperty',
      allowMultiple: true,
    });
    const owned = { typeHandle, primaryOwnerHandle: companyHandle };
    const open = await world.as.c.call('createPropertySet', { ...owned, propertyArray });
    const closed = await world.as.c.call('createPropertySet', {
      ...owned,
      propertyArray,
      permissionArray: world.entries('W Read +override', 'W Write +override', 'D Read -override'),
    });
    const seen = async (name: 'pu' | 'pcu' | 'pc' | 'c') =>
      (await world.as[name].call('getPropertySets', owned)).setArray?.map(({ setHandle }) => setHandle);
    const both = [open.setHandle, closed.setHandle];
    expect([await seen('pu'), await seen('pc'), await seen('pcu'), await seen('c')]).toEqual([
      [open.setHandle],
      both,
      both,
      both,
    ]);
    const { setArray } = await world.as.c.call('getPropertySets', owned);
    expect(setArray?.map(({ permissions }) => permissions?.length)).toEqual([undefined, 3]);

    const update = { ...closed, propertyArray };
    await world.as.pc.call('updatePropertySet', update);
    expect(await world.as.pu.fault('updatePropertySet', update)).toMatchObject({ code: 20009 });
    await world.as.pu.call('updatePropertySet', { ...open, propertyArray });
    await world.as.c.call('updatePropertySetPermissions', {
      ...closed,
      updateArray: world.entries('W Write -override'),
    });
    expect(await world.as.pc.fault('updatePropertySet', update)).toMatchObject({ code: 20009 });
    await world.as.c.call('setPropertySetPermissions', { ...closed, permissionArray: [] });
    expect(await seen('pc')).toEqual([open.setHandle]);
    await world.as.c.call('removePropertySetPermissions', closed);
    expect(await seen('pu')).toEqual(both);
    await world.as.c.call('deletePropertySet', closed);
  });
});

describe('events', () => {
  const found = (name: 'pu' | 'pc' | 'pcu') => world.found(world.as[name]);

  it('a moved asset follows its new folder, unless it has a set of its own', async () => {
    await setFolder('Shoes/Men/', ['W Read +override']);
    await setAsset('s', ['D Read +override']);
    for (const name of ['l', 's'] as const) {
      await world.as.c.call('moveAsset', {
        companyHandle,
        assetHandle: world.assets[name],
        folderHandle: world.folder('Shoes/Men/'),
      });
    }
    expect(await found('pu')).toBe('rs');
  });

  it('a renamed or moved folder keeps its set', async () => {
    await setFolder('Shoes/Men/', ['W Read +override']);
    const { folderHandle } = await world.as.c.call('renameFolder', {
      companyHandle,
      folderHandle: world.folder('Shoes/Men/'),
      folderName: 'Boots',
    });
    expect(await found('pu')).toBe('lrs');
    await world.as.c.call('moveFolder', {
      companyHandle,
      folderHandle,
      destFolderHandle: world.folder('Logos/'),
    });
    expect(await found('pu')).toBe('lrs');
    await world.as.c.call('renameAsset', {
      companyHandle,
      assetHandle: world.assets.m,
      newName: 'mm',
      validateName: true,
    });
    expect(await found('pu')).toBe('lrs');
  });

  it('a folder without a set that is moved follows its new parent', async () => {
    await setFolder('Logos/', []);
    await world.as.c.call('moveFolder', {
      companyHandle,
      folderHandle: world.folder('Shoes/'),
      destFolderHandle: world.folder('Logos/'),
    });
    expect(await found('pu')).toBe('r');
  });

  it('a copy follows its folder, not the original', async () => {
    await setAsset('l', []);
    const view = await world.as.c.call('createDerivedAsset', {
      companyHandle,
      ownerHandle: world.assets.l,
      folderHandle: world.folder('Logos/'),
      name: 'view',
      type: 'AdjustedView',
      urlModifier: 'wid=10',
    });
    const { assetArray } = await world.as.pu.call('getAssets', {
      companyHandle,
      assetHandleArray: [view.assetHandle],
    });
    expect(assetArray).toHaveLength(1);
  });

  it('the trash changes nothing, and neither does coming back', async () => {
    await setAsset('l', ['W Read +override']);
    const trash = (trashState: string) =>
      world.as.pu.call('searchAssets', { companyHandle, includeSubfolders: true, trashState });
    for (const name of ['l', 's'] as const) {
      await world.as.c.call('deleteAsset', { companyHandle, assetHandle: world.assets[name] });
    }
    expect((await trash('InTrash')).assetArray?.map(({ name }) => name)).toEqual(['s']);
    const assetHandleArray = [world.assets.l, world.assets.s];
    await world.as.c.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray });
    expect(await found('pu')).toBe('mrs');
    expect(await found('pc')).toBe('lmrs');
  });

  it('the assets of a deleted folder keep what they had, also when they come back', async () => {
    await setFolder('Shoes/', ['D Read -override', 'W Read +']);
    await setFolder('Shoes/Men/', ['D Read +', 'W Read +override']);
    await setAsset('s', ['D Read +']);
    const before = { pu: await found('pu'), pc: await found('pc') };
    expect(before).toEqual({ pu: 'lr', pc: 'lmr' });
    await world.as.c.call('deleteFolder', { companyHandle, folderHandle: world.folder('Shoes/') });
    const trash = async (name: 'pu' | 'pc') => {
      const { assetArray } = await world.as[name].call('searchAssets', {
        companyHandle,
        includeSubfolders: true,
        trashState: 'InTrash',
      });
      return assetArray?.map((asset) => asset.name).join('');
    };
    expect([await trash('pu'), await trash('pc')]).toEqual(['', 'm']);
    await world.as.c.call('restoreAssetsFromTrash', {
      companyHandle,
      assetHandleArray: [world.assets.m, world.assets.s],
    });
    expect({ pu: await found('pu'), pc: await found('pc') }).toEqual(before);
    const { permissionSetArray } = await world.as.c.call('getFolders', { companyHandle });
    // The folders that were made again have no set of their own.
    expect(permissionSetArray).toHaveLength(1);
  });

  it('a deleted group leaves its sets closed', async () => {
    await setAsset('l', ['D Read +override']);
    await world.as.c.call('deleteGroup', { companyHandle, groupHandle: world.groups.D });
    expect(await found('pu')).toBe('');
    expect(await found('pc')).toBe('mrs');
    const { assetArray } = await world.as.c.call('getAssets', {
      companyHandle,
      assetHandleArray: [world.assets.l],
    });
    expect(assetArray?.[0]?.permissions).toEqual([]);
  });
});
