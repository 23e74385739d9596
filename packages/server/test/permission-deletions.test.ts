// The assets of a deleted folder are as open as they were: in the trash, and when they are back in folders that were made again without
// permission sets.
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

const BOOTS = 'Shoes/Men/Boots/';

interface Example {
  readonly when: string;
  /** Permission sets by folder, and that of the asset in Boots. The root remains, the others are deleted with Shoes. */
  readonly sets: Readonly<
    Partial<Record<'root' | 'Shoes/' | 'Shoes/Men/' | 'Shoes/Men/Boots/' | 'asset', readonly string[]>>
  >;
  /** Whether D reads the asset, before and after. */
  readonly isRead: boolean;
}

const allows = { root: ['D Read +override'] };
const silent = { root: ['W Read +override'] };

const EXAMPLES: readonly Example[] = [
  { when: 'nothing in it has a set', sets: allows, isRead: true },
  { when: 'its set denies', sets: { ...allows, 'Shoes/': ['D Read -override'] }, isRead: false },
  { when: 'its set allows', sets: { ...silent, 'Shoes/': ['D Read +override'] }, isRead: true },
  { when: 'its set does not name the group', sets: { ...allows, 'Shoes/Men/': [] }, isRead: false },
  {
    when: 'its set gives way to the folder that remains',
    sets: { ...allows, 'Shoes/': ['D Read -'] },
    isRead: true,
  },
  {
    when: 'its set gives way to a deleted one, which denies',
    sets: { ...allows, 'Shoes/': ['D Read -override'], 'Shoes/Men/': ['D Read +'] },
    isRead: false,
  },
  {
    when: 'its set would give way, but the deleted one above does not name the group',
    sets: { ...allows, 'Shoes/': [], 'Shoes/Men/': ['D Read -'] },
    isRead: false,
  },
  {
    when: 'the nearest of several deleted sets denies',
    sets: {
      ...allows,
      'Shoes/': ['D Read +override'],
      'Shoes/Men/': ['D Read -override'],
      [BOOTS]: ['D Read +'],
    },
    isRead: false,
  },
  {
    when: "the asset's own set gives way to a deleted one, which allows",
    sets: { ...silent, 'Shoes/Men/': ['D Read +override'], asset: ['D Read -'] },
    isRead: true,
  },
  {
    when: "the asset's own set gives way to a deleted one, which denies",
    sets: { ...allows, 'Shoes/Men/': ['D Read -override'], asset: ['D Read +'] },
    isRead: false,
  },
  {
    when: "the asset's own set would give way, but the deleted one does not name the group",
    sets: { ...allows, 'Shoes/Men/': [], asset: ['D Read -'] },
    isRead: false,
  },
  {
    when: "the asset's own set gives way to a deleted one, and that to the folder that remains",
    sets: { ...allows, 'Shoes/Men/': ['D Read -'], asset: ['D Read -'] },
    isRead: true,
  },
  {
    when: "the asset's own set takes precedence over a deleted one",
    sets: { ...allows, 'Shoes/Men/': ['D Read +override'], asset: ['D Read -override'] },
    isRead: false,
  },
  {
    when: "the asset's own set does not name the group",
    sets: { ...allows, 'Shoes/Men/': ['D Read +override'], asset: ['W Read +override'] },
    isRead: false,
  },
];

describe('deleting a folder and restoring from it changes nothing when', () => {
  it.each(EXAMPLES)('$when', async ({ sets, isRead }) => {
    const { c, pu } = world.as;
    const assetHandle = world.assets.m;
    await c.call('createFolder', { companyHandle, folderPath: `SampleCompany/${BOOTS}` });
    await c.call('moveAsset', { companyHandle, assetHandle, folderHandle: world.folder(BOOTS) });
    for (const [owner, entries] of Object.entries(sets)) {
      const permissionArray = world.entries(...entries);
      if (owner === 'asset')
        await c.call('setAssetPermissions', { companyHandle, assetHandle, permissionArray });
      else
        await c.call('setFolderPermissions', {
          companyHandle,
          folderHandle: world.folder(owner === 'root' ? '' : owner),
          setChildren: false,
          permissionArray,
        });
    }
    const seen = async (trashState: string): Promise<boolean> => {
      const search = { companyHandle, includeSubfolders: true, trashState };
      const { assetArray } = await pu.call('searchAssets', search);
      return assetArray?.some((asset) => asset.assetHandle === assetHandle) ?? false;
    };
    expect(await seen('NotInTrash')).toBe(isRead);
    await c.call('deleteFolder', { companyHandle, folderHandle: world.folder('Shoes/') });
    expect(await seen('InTrash')).toBe(isRead);
    await c.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [assetHandle] });
    expect(await seen('NotInTrash')).toBe(isRead);
  });
});
