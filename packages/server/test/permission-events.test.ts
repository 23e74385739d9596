// What becomes of an asset's permissions when its image is copied, replaced or uploaded again, and when it is emptied from the trash.
import { expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import {
  companyHandle,
  type PermissionWorld,
  permissionWorld,
  type UserName,
} from './support/permission-world.js';
import { plain, RED } from './support/pictures.js';
import { serverForEachTest } from './support/shared-server.js';

let server: IpsServer;
let world: PermissionWorld;
let picture = '';

/** An uploaded image in Logos, next to what the world has. */
serverForEachTest('instant', async (shared) => {
  server = shared;
  world = await permissionWorld(server);
  picture = await upload(10);
});

/** Uploads a picture of some width over the one that is there. */
async function upload(width: number): Promise<string> {
  const { email, password } = server.admin;
  const namespace = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
  const form = new FormData();
  form.append(
    'auth',
    `<authHeader xmlns="${namespace}"><user>${email}</user><password>${password}</password><appName>tests</appName><appVersion>1</appVersion></authHeader>`,
  );
  form.append(
    'uploadParams',
    `<uploadPostParam xmlns="${namespace}"><companyHandle>${companyHandle}</companyHandle><jobName>width ${width}</jobName><endJob>true</endJob><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
  );
  const content = await plain(width, 20, RED).png().toBuffer();
  form.append('file', new Blob([new Uint8Array(content)]), 'SampleCompany/Logos/picture.png');
  const answer = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  expect(await answer.text()).toContain('jobHandle');
  const { assetArray } = await world.as.c.call('getAssetsByName', { companyHandle, nameArray: ['picture'] });
  return assetArray?.[0]?.assetHandle ?? '';
}

const setPicture = (...entries: string[]) =>
  world.as.c.call('setAssetPermissions', {
    companyHandle,
    assetHandle: picture,
    permissionArray: world.entries(...entries),
  });

const widthOf = async (assetHandle: string) =>
  (await world.as.c.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] })).assetArray?.[0]
    ?.imageInfo?.width;

/** Who of the portal users reads an asset. */
async function readersOf(assetHandle: string): Promise<UserName[]> {
  const readers: UserName[] = [];
  for (const name of ['pu', 'pc', 'no'] as const) {
    const { assetArray = [] } = await world.as[name].call('getAssets', {
      companyHandle,
      assetHandleArray: [assetHandle],
    });
    if (assetArray.length > 0) readers.push(name);
  }
  return readers;
}

it('copyImage makes an asset that follows its folder, not the original', async () => {
  await setPicture('W Read +override');
  const copy = await world.as.pc.call('copyImage', {
    companyHandle,
    assetHandle: picture,
    folderHandle: world.folder('Logos/'),
    name: 'copy',
    urlModifier: 'wid=5',
  });
  expect(await readersOf(picture)).toEqual(['pc']);
  expect(await readersOf(copy.assetHandle)).toEqual(['pu', 'pc']);
});

it('replaceImage keeps the own set of an asset', async () => {
  await setPicture('W Read +override');
  await world.as.c.call('replaceImage', { companyHandle, assetHandle: picture, urlModifier: 'wid=5' });
  expect(await widthOf(picture)).toBe(5);
  expect(await readersOf(picture)).toEqual(['pc']);
});

it('an upload over an asset keeps its own set', async () => {
  await setPicture('W Read +override');
  expect(await upload(30)).toBe(picture);
  expect(await widthOf(picture)).toBe(30);
  expect(await readersOf(picture)).toEqual(['pc']);
});

it('an upload over an asset without an own set gives it none', async () => {
  expect(await upload(30)).toBe(picture);
  expect(await readersOf(picture)).toEqual(['pu', 'pc']);
  await world.as.c.call('setFolderPermissions', {
    companyHandle,
    folderHandle: world.folder('Logos/'),
    setChildren: false,
    permissionArray: world.entries('D Read +override'),
  });
  expect(await readersOf(picture)).toEqual(['pu']);
});

it('what was emptied from the trash is evaluated as before, until the cleanup', async () => {
  await setPicture('W Read +override');
  const { s } = world.assets;
  for (const assetHandle of [picture, s]) {
    await world.as.c.call('deleteAsset', { companyHandle, assetHandle });
  }
  await world.as.c.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray: [picture, s] });
  const emptied = async (name: UserName) => {
    const { assetArray } = await world.as[name].call('searchAssets', {
      companyHandle,
      includeSubfolders: true,
      trashState: 'InEmptiedTrash',
      sortBy: 'Name',
    });
    return assetArray?.map((asset) => asset.name);
  };
  expect(await emptied('pu')).toEqual(['s']);
  expect(await emptied('pc')).toEqual(['picture', 's']);
  expect(await emptied('no')).toEqual([]);
});
