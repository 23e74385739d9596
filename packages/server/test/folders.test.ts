import type { Folder } from '@ips-sdk/types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { insertAssets } from './support/asset-rows.js';
import { connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';

let server: IpsServer;
const companyHandle = 'c|6';
const root = 'SampleCompany/';
const admin = () => connect(server);
const handle = (path: string) => `f|${root}${path}`;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual', now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.reset();
  await server.seed({ companies: [{ name: 'Sample Company', folders: ['A/B/C', 'A/D', 'AB', 'Z'] }] });
});

/** The folders below the root, which stands before them. */
const paths = async () => {
  const { folderArray = [] } = await admin().call('getFolders', { companyHandle });
  expect(folderArray[0]?.path).toBe(root);
  return folderArray.slice(1).map(({ path }) => path?.slice(root.length));
};

describe('a path that the database could not find again', () => {
  /** Text that no compression makes shorter. */
  const text = (bytes: number, seed: number): string =>
    Array.from({ length: bytes / 3 }, (_, at) =>
      String.fromCodePoint(0x4e00 + ((Math.imul(at + 1, 7919 * seed) >>> 5) % 20_000)),
    ).join('');
  const long = [600, 600, 600, 600, 120].map((bytes, at) => text(bytes, at + 1)).join('/');

  it('is refused, as are changes that would make one', async () => {
    await admin().call('createFolder', { companyHandle, folderPath: long });
    const below = await admin().fault('createFolder', {
      companyHandle,
      folderPath: `${long}/${text(120, 9)}`,
    });
    expect(below.code).toBe(30001);
    expect(below.reason).toMatch(/^folderPath: found .*, expected .* of at most 2600 bytes/s);
    const top = handle(`${text(600, 1)}/`);
    const renamed = await admin().fault('renameFolder', {
      companyHandle,
      folderHandle: top,
      folderName: text(750, 6),
    });
    expect([renamed.code, renamed.reason.includes('at most 2600 bytes')]).toEqual([30001, true]);
    const seed = { companies: [{ name: 'Sample Company', folders: [text(2700, 7).slice(0, 900)] }] };
    await expect(server.seed(seed)).rejects.toThrow('companies[0].folders[0]: found ');
  });
});

describe('createFolder', () => {
  it.each([
    '/SpinSets',
    'SpinSets',
    'SpinSets/',
    'SampleCompany/SpinSets',
    'samplecompany/SpinSets/',
    '\\SpinSets',
  ])('takes the path %s', async (folderPath) => {
    expect(await admin().call('createFolder', { companyHandle, folderPath })).toEqual({
      folderHandle: handle('SpinSets/'),
    });
  });

  it('creates missing parents, and keeps the case of existing folders', async () => {
    const { folderHandle } = await admin().call('createFolder', {
      companyHandle,
      folderPath: '/New/Deep & <odd>',
    });
    expect(folderHandle).toBe(handle('New/Deep & <odd>/'));
    expect(await paths()).toContain('New/');
  });

  it('creates a folder once, regardless of case', async () => {
    expect(await admin().fault('createFolder', { companyHandle, folderPath: '/a/b/c' })).toMatchObject({
      code: 30001,
    });
  });

  it.each(['/', '', '..', '/x/../y', '/x|y', '/x\ty', `/${'x'.repeat(256)}`, `/${'x/'.repeat(65)}`])(
    'refuses %j',
    async (folderPath) => {
      const fault = await admin().fault('createFolder', { companyHandle, folderPath });
      expect(fault).toMatchObject({ code: 30001 });
      expect(fault.reason).toContain('folderPath');
    },
  );
});

describe('getFolders', () => {
  it('lists the root and all folders below it, flat and by path', async () => {
    expect(await paths()).toEqual(['A/', 'A/B/', 'A/B/C/', 'A/D/', 'AB/', 'Z/']);
  });

  it('lists a folder and those below it, not those whose name begins like its own', async () => {
    for (const folderPath of ['/A', 'SampleCompany/A/', 'a']) {
      const { folderArray } = await admin().call('getFolders', { companyHandle, folderPath });
      expect(folderArray?.map(({ path }) => path)).toEqual(
        ['A/', 'A/B/', 'A/B/C/', 'A/D/'].map((name) => `${root}${name}`),
      );
    }
    expect(await admin().fault('getFolders', { companyHandle, folderPath: '/Nowhere' })).toMatchObject({
      code: 30001,
    });
  });

  it('shows for each folder when it or its contents changed, and whether it has subfolders', async () => {
    await server.clock.advance(60_000);
    await admin().call('createFolder', { companyHandle, folderPath: '/A/B/New' });
    const { folderArray } = await admin().call('getFolders', { companyHandle });
    const later = server.clock.now().toISOString();
    expect(folderArray?.find(({ path }) => path === `${root}A/`)).toEqual({
      folderHandle: handle('A/'),
      path: `${root}A/`,
      lastModified: later,
      childLastModified: later,
      hasSubfolders: true,
    });
    const quiet = folderArray?.find(({ path }) => path === `${root}Z/`);
    expect(quiet?.hasSubfolders).toBe(false);
    expect(quiet?.lastModified).not.toBe(later);
  });

  it('tells of changes of assets in a folder and in those below it', async () => {
    const [red = '', blue = ''] = await plantAssets(server, [
      { name: 'red', folder: `${root}A/B/` },
      { name: 'blue', folder: `${root}Z/` },
    ]);
    const timesOf = async (path: string) => {
      const { folderArray } = await admin().call('getFolders', { companyHandle });
      const folder = folderArray?.find((each) => each.path === `${root}${path}`);
      return [folder?.lastModified, folder?.childLastModified];
    };
    const before = await timesOf('A/');
    await server.clock.advance(60_000);
    await admin().call('renameAsset', {
      companyHandle,
      assetHandle: red,
      newName: 'crimson',
      validateName: true,
    });
    const renamed = server.clock.now().toISOString();
    expect(await timesOf('A/B/')).toEqual([before[0], renamed]);
    expect(await timesOf('A/')).toEqual([before[0], renamed]);
    await server.clock.advance(60_000);
    await admin().call('deleteAsset', { companyHandle, assetHandle: blue });
    expect((await timesOf('Z/'))[1]).toBe(server.clock.now().toISOString());
    expect((await timesOf('A/'))[1]).toBe(renamed);
  });

  it('keeps to the fields that are asked for', async () => {
    const only = await admin().call('getFolders', {
      companyHandle,
      folderPath: '/A/B',
      responseFieldArray: ['folderArray/items/path'],
    });
    expect(only).toEqual({ folderArray: [{ path: `${root}A/B/` }, { path: `${root}A/B/C/` }] });
    const without = await admin().call('getFolders', {
      companyHandle,
      folderPath: '/A/B',
      excludeFieldArray: ['folderArray/items/lastModified', 'folderArray/items/childLastModified'],
    });
    expect(without).toEqual({
      folderArray: [
        { folderHandle: handle('A/B/'), path: `${root}A/B/`, hasSubfolders: true },
        { folderHandle: handle('A/B/C/'), path: `${root}A/B/C/`, hasSubfolders: false },
      ],
    });
  });

  it('lists only folders with assets of the requested types', async () => {
    await plantAssets(server, [
      { name: 'red', folder: `${root}A/B/C/` },
      { name: 'film', type: 'Video', folder: `${root}Z/` },
      { name: 'gone', folder: `${root}AB/`, trashState: 'InTrash' },
    ]);
    const { folderArray } = await admin().call('getFolders', { companyHandle, assetTypeArray: ['Image'] });
    expect(folderArray?.map(({ path }) => path)).toEqual([`${root}A/B/C/`]);
  });
});

describe('getFolderTree', () => {
  const shape = (folder: Folder | undefined): unknown =>
    folder?.subfolderArray === undefined
      ? folder?.path?.slice(root.length)
      : [folder.path?.slice(root.length), ...folder.subfolderArray.map(shape)];
  const tree = async (input: object) =>
    shape((await admin().call('getFolderTree', { companyHandle, depth: -1, ...input })).folders);

  it('nests folders down to the requested depth', async () => {
    expect(await tree({ depth: 0 })).toBe('');
    expect(await tree({ depth: 1 })).toEqual(['', 'A/', 'AB/', 'Z/']);
    expect(await tree({ depth: 2 })).toEqual(['', ['A/', 'A/B/', 'A/D/'], 'AB/', 'Z/']);
    const all = ['', ['A/', ['A/B/', 'A/B/C/'], 'A/D/'], 'AB/', 'Z/'];
    expect(await tree({ depth: -1 })).toEqual(all);
    expect(await tree({ depth: -2 })).toEqual(all);
    expect(await tree({ depth: 99 })).toEqual(all);
    expect(await tree({ depth: 1, folderPath: '/A/B' })).toEqual(['A/B/', 'A/B/C/']);
  });

  it('has at every depth what the whole tree has', async () => {
    await server.seed({ companies: [{ name: 'Sample Company', folders: ['A/B/C/D/E', 'A!/B', 'Z/Y'] }] });
    await insertAssets(server, [
      { name: 'red', folder: `${root}A/B/C/D/`, last_modified: '2026-04-01T00:00:00.123Z' },
      { name: 'blue', folder: `${root}A/D/`, type: 'Video', last_modified: '2026-05-01T00:00:00Z' },
      { name: 'old', folder: `${root}Z/Y/`, last_modified: '2020-01-01T00:00:00Z' },
      { name: 'gone', folder: `${root}Z/`, trash_state: 'InTrash', last_modified: '2026-06-01T00:00:00Z' },
    ]);
    for (const assetTypeArray of [[], ['Image'], ['Video'], ['Flash']]) {
      const load = (depth: number, folderPath: string) =>
        admin().call('getFolderTree', { companyHandle, depth, folderPath, assetTypeArray });
      for (const folderPath of ['/', '/A', '/A/B/C/D/E']) {
        const { folders: whole } = await load(-1, folderPath);
        for (let depth = 0; depth < 7; depth += 1)
          expect((await load(depth, folderPath)).folders).toEqual(cut(whole, depth));
      }
    }
    const { folders } = await admin().call('getFolderTree', { companyHandle, depth: 1 });
    const changes = new Map(
      folders?.subfolderArray?.map(({ path, childLastModified }) => [path, childLastModified]),
    );
    expect(changes.get(`${root}A/`)).toBe('2026-05-01T00:00:00.000Z');
    expect(changes.get(`${root}Z/`)).toBe('2026-06-01T00:00:00.000Z');
  });

  it('shows at the lowest level whether there are more', async () => {
    const { folders } = await admin().call('getFolderTree', { companyHandle, depth: 1 });
    expect(folders?.subfolderArray?.map(({ hasSubfolders }) => hasSubfolders)).toEqual([true, false, false]);
  });

  it('has no list of subfolders in a folder without any', async () => {
    const { folders } = await admin().call('getFolderTree', { companyHandle, depth: -1, folderPath: '/AB' });
    expect(folders).toMatchObject({ path: `${root}AB/`, hasSubfolders: false });
    expect(folders).not.toHaveProperty('subfolderArray');
  });

  it('keeps branches that lead to assets of the requested types', async () => {
    await plantAssets(server, [{ name: 'red', folder: `${root}A/B/C/` }]);
    expect(await tree({ assetTypeArray: ['Image'] })).toEqual(['', ['A/', ['A/B/', 'A/B/C/']]]);
  });

  it('answers only the requested fields, at every level', async () => {
    const answer = await admin().call('getFolderTree', {
      companyHandle,
      depth: -1,
      folderPath: '/A/B',
      responseFieldArray: ['folders/path', 'folders/subfolderArray/items/folderHandle'],
    });
    expect(answer).toEqual({
      folders: { path: `${root}A/B/`, subfolderArray: [{ folderHandle: handle('A/B/C/') }] },
    });
  });
});

/** A tree without what is below a depth. */
function cut(folder: Folder | undefined, depth: number): Folder | undefined {
  if (folder?.subfolderArray === undefined) return folder;
  const { subfolderArray, ...own } = folder;
  if (depth === 0) return own;
  return { ...own, subfolderArray: subfolderArray.flatMap((each) => cut(each, depth - 1) ?? []) };
}

describe('access overrides', () => {
  beforeEach(() =>
    server.seed({
      users: [
        {
          email: 'bob@example.com',
          password: 'Sunny-Day-42',
          memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
        },
      ],
    }),
  );

  it('are for administrators', async () => {
    const bob = connect(server, { email: 'bob@example.com', password: 'Sunny-Day-42' });
    const accessUserHandle = 'u|42|bob@example.com';
    expect((await admin().call('getFolders', { companyHandle, accessUserHandle })).folderArray).toHaveLength(
      7,
    );
    const { userInfo } = await admin().call('getUserInfo', {});
    expect(
      await bob.fault('getFolders', { companyHandle, accessUserHandle: userInfo.userHandle }),
    ).toMatchObject({
      code: 20004,
    });
    // Everybody may name themselves.
    expect((await bob.call('getFolders', { companyHandle, accessUserHandle })).folderArray).toHaveLength(7);
    expect(
      await admin().fault('getFolders', { companyHandle, accessUserHandle: 'u|99|x@example.com' }),
    ).toMatchObject({ code: 20002 });
    expect(await admin().fault('getFolders', { companyHandle, accessGroupHandle: 'g|5' })).toMatchObject({
      code: 20008,
    });
  });
});

describe('renameFolder', () => {
  it('gives the folder and all below it new paths and handles', async () => {
    const [asset] = await plantAssets(server, [{ name: 'red', folder: `${root}A/B/C/` }]);
    expect(
      await admin().call('renameFolder', { companyHandle, folderHandle: handle('A/'), folderName: 'Boots' }),
    ).toEqual({ folderHandle: handle('Boots/') });
    expect(await paths()).toEqual(['AB/', 'Boots/', 'Boots/B/', 'Boots/B/C/', 'Boots/D/', 'Z/']);
    const { assetArray } = await admin().call('getAssets', {
      companyHandle,
      assetHandleArray: [asset ?? ''],
    });
    expect(assetArray?.[0]?.folder).toBe(`${root}Boots/B/C/`);
    expect(
      await admin().fault('renameFolder', { companyHandle, folderHandle: handle('A/'), folderName: 'X' }),
    ).toMatchObject({ code: 30001 });
  });

  it('can change just the case', async () => {
    await admin().call('renameFolder', { companyHandle, folderHandle: handle('A/'), folderName: 'a' });
    expect(await paths()).toEqual(['a/', 'a/B/', 'a/B/C/', 'a/D/', 'AB/', 'Z/']);
  });

  it('changes nothing when the name is taken or invalid', async () => {
    const before = await paths();
    for (const folderName of ['Z', 'ab', '', '..', 'x/y', 'x\\y', 'x|y', ' x']) {
      expect(
        await admin().fault('renameFolder', { companyHandle, folderHandle: handle('A/'), folderName }),
      ).toMatchObject({ code: 30001 });
    }
    expect(await paths()).toEqual(before);
  });

  it('refuses the root folder', async () => {
    expect(
      await admin().fault('renameFolder', { companyHandle, folderHandle: `f|${root}`, folderName: 'X' }),
    ).toMatchObject({ code: 30000 });
  });
});

describe('moveFolder', () => {
  const move = (from: string, to: string) => ({
    companyHandle,
    folderHandle: handle(from),
    destFolderHandle: handle(to),
  });

  it('moves the folder with all below it', async () => {
    expect(await admin().call('moveFolder', move('A/', 'Z/'))).toEqual({ folderHandle: handle('Z/A/') });
    expect(await paths()).toEqual(['AB/', 'Z/', 'Z/A/', 'Z/A/B/', 'Z/A/B/C/', 'Z/A/D/']);
  });

  it('moves it to the root, and to where it is', async () => {
    expect(await admin().call('moveFolder', move('A/B/', ''))).toEqual({ folderHandle: handle('B/') });
    expect(await admin().call('moveFolder', move('A/D/', 'A/'))).toEqual({ folderHandle: handle('A/D/') });
    expect(await paths()).toEqual(['A/', 'A/D/', 'AB/', 'B/', 'B/C/', 'Z/']);
  });

  it('does not move a folder into itself, or onto another', async () => {
    const before = await paths();
    expect(await admin().fault('moveFolder', move('A/', 'A/'))).toMatchObject({ code: 30001 });
    expect(await admin().fault('moveFolder', move('A/', 'A/B/C/'))).toMatchObject({ code: 30001 });
    await admin().call('createFolder', { companyHandle, folderPath: '/Z/a' });
    expect(await admin().fault('moveFolder', move('A/', 'Z/'))).toMatchObject({ code: 30001 });
    expect(await admin().fault('moveFolder', move('A/', 'Nowhere/'))).toMatchObject({ code: 30001 });
    expect((await paths())?.filter((path) => path !== 'Z/a/')).toEqual(before);
    // `AB` begins with the letters of `A`, and is another folder all the same.
    await admin().call('moveFolder', move('A/', 'AB/'));
  });
});

describe('deleteFolder', () => {
  it('deletes the folder with all below it, and moves its assets to the trash', async () => {
    const handles = await plantAssets(server, [
      { name: 'red', folder: `${root}A/B/C/` },
      { name: 'blue', folder: `${root}A/B/` },
      { name: 'green', folder: `${root}A/D/` },
    ]);
    await admin().call('deleteFolder', { companyHandle, folderHandle: handle('A/B/') });
    expect(await paths()).toEqual(['A/', 'A/D/', 'AB/', 'Z/']);
    const { assetArray } = await admin().call('getAssets', { companyHandle, assetHandleArray: handles });
    expect(assetArray?.map(({ name, trashState, folder }) => [name, trashState, folder])).toEqual([
      ['red', 'InTrash', `${root}A/`],
      ['blue', 'InTrash', `${root}A/`],
      ['green', 'NotInTrash', `${root}A/D/`],
    ]);
  });

  it('is undone by restoring its assets: folders that are gone are made again', async () => {
    const handles = await plantAssets(server, [
      { name: 'red', folder: `${root}A/B/C/` },
      { name: 'blue', folder: `${root}A/B/` },
      { name: 'green', folder: `${root}A/D/` },
    ]);
    const [red = '', blue = '', green = ''] = handles;
    const foldersOf = async () =>
      (await admin().call('getAssets', { companyHandle, assetHandleArray: handles })).assetArray?.map(
        ({ folder }) => folder,
      );
    const restore = (...assetHandleArray: string[]) =>
      admin().call('restoreAssetsFromTrash', { companyHandle, assetHandleArray });
    // In two steps, of which the second deletes the folder above the first, which is renamed meanwhile.
    await admin().call('deleteFolder', { companyHandle, folderHandle: handle('A/B/C/') });
    await admin().call('deleteFolder', { companyHandle, folderHandle: handle('A/B/') });
    await admin().call('renameFolder', { companyHandle, folderHandle: handle('A/'), folderName: 'Q' });
    await admin().call('deleteFolder', { companyHandle, folderHandle: handle('Q/') });
    expect(await paths()).toEqual(['AB/', 'Z/']);
    await restore(red);
    expect(await paths()).toEqual(['AB/', 'Q/', 'Q/B/', 'Q/B/C/', 'Z/']);
    await restore(blue, green);
    expect(await foldersOf()).toEqual([`${root}Q/B/C/`, `${root}Q/B/`, `${root}Q/D/`]);
    // The place is remembered once.
    await admin().call('moveAsset', { companyHandle, assetHandle: red, folderHandle: handle('Z/') });
    await admin().call('deleteAsset', { companyHandle, assetHandle: red });
    await restore(red);
    expect((await foldersOf())?.[0]).toBe(`${root}Z/`);
  });

  it('takes views of its images along, wherever they are', async () => {
    const [owner = ''] = await plantAssets(server, [{ name: 'red', folder: `${root}A/B/` }]);
    const { assetHandle: view } = await admin().call('createDerivedAsset', {
      companyHandle,
      ownerHandle: owner,
      folderHandle: handle('Z/'),
      name: 'view',
      type: 'AdjustedView',
    });
    await admin().call('deleteFolder', { companyHandle, folderHandle: handle('A/') });
    const { assetArray } = await admin().call('getAssets', { companyHandle, assetHandleArray: [view] });
    expect(assetArray?.[0]).toMatchObject({ trashState: 'InTrash', folder: `${root}Z/` });
  });

  it('refuses the root folder, and unknown folders', async () => {
    expect(await admin().fault('deleteFolder', { companyHandle, folderHandle: `f|${root}` })).toMatchObject({
      code: 30000,
    });
    expect(
      await admin().fault('deleteFolder', { companyHandle, folderHandle: handle('Nowhere/') }),
    ).toMatchObject({
      code: 30001,
    });
  });
});
