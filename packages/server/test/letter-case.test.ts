// Names are equal regardless of case, in every alphabet.
import { expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
/** A final sigma, and a capital that becomes two characters in lower case. */
const NAMES = ['Äpfel', 'ΟΔΟΣ', 'İstanbul'];

let server: IpsServer;

serverForFile('manual', async (shared) => {
  server = shared;
});

it.each(NAMES)('the folder %s is found, moved into and deleted by its handle', async (name) => {
  const admin = connect(server);
  const { folderHandle } = await admin.call('createFolder', { companyHandle, folderPath: `/${name}` });
  expect(await admin.fault('createFolder', { companyHandle, folderPath: `/${name}` })).toMatchObject({
    code: 30001,
    reason: expect.stringContaining('already exists') as string,
  });
  const [assetHandle = ''] = await plantAssets(server, [{ name: `in ${name}` }]);
  await admin.call('moveAssets', { companyHandle, assetMoveArray: [{ assetHandle, folderHandle }] });
  const found = await admin.call('searchAssets', { companyHandle, folder: name, includeSubfolders: false });
  expect(found.assetArray?.map((asset) => asset.name)).toEqual([`in ${name}`]);
  const inner = await admin.call('createFolder', { companyHandle, folderPath: `/${name}/inner` });
  expect(await admin.call('renameFolder', { companyHandle, folderHandle, folderName: `${name} 2` })).toEqual({
    folderHandle: `f|SampleCompany/${name} 2/`,
  });
  expect(await admin.fault('deleteFolder', { companyHandle, ...inner })).toMatchObject({ code: 30001 });
  await admin.call('deleteFolder', { companyHandle, folderHandle: `f|SampleCompany/${name} 2/inner/` });
  await admin.call('deleteFolder', { companyHandle, folderHandle: `f|SampleCompany/${name} 2/` });
  expect((await admin.call('getFolders', { companyHandle })).folderArray).toMatchObject([
    { path: 'SampleCompany/' },
  ]);
});

it.each(NAMES)('the name %s is taken once an asset has it', async (name) => {
  await plantAssets(server, [{ name }]);
  const { inUseNameArray } = await connect(server).call('checkAssetNames', {
    companyHandle,
    assetNameArray: [name, 'free'],
  });
  expect(inUseNameArray).toEqual([name]);
});

it.each(NAMES)('the company %s and its user are found by name and address', async (name) => {
  const admin = connect(server);
  const { companyInfo } = await admin.call('addCompany', { companyName: name });
  expect(await admin.call('getCompanyInfo', { companyName: name })).toEqual({ companyInfo });
  expect(await admin.fault('addCompany', { companyName: name })).toMatchObject({ code: 30001 });
  const email = `${name}@example.com`;
  const password = 'Sunny-Day-42';
  await admin.call('addUser', {
    firstName: 'A',
    lastName: 'B',
    email,
    password,
    isValid: true,
    isIpsAdmin: false,
    membershipArray: [{ companyHandle: companyInfo.companyHandle, role: 'IpsUser', isActive: true }],
  });
  expect(await connect(server, { email, password }).call('getUserInfo', {})).toMatchObject({
    userInfo: { email },
  });
});
