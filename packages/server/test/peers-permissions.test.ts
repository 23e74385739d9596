// The nine operations on permission sets, called by clients of other projects.
import { beforeEach, describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { PEER_CLIENTS, peerAnswers } from './support/peer-calls.js';
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

describe.each(PEER_CLIENTS)('with $name', (client) => {
  it('gives, changes and removes permissions', { timeout: 120_000 }, async (context) => {
    const { typeHandle } = await world.as.c.call('createPropertySetType', {
      companyHandle,
      name: 'Look',
      propertyType: 'CompanyProperty',
      allowMultiple: true,
    });
    const { setHandle } = await world.as.c.call('createPropertySet', {
      typeHandle,
      primaryOwnerHandle: companyHandle,
      propertyArray: [],
    });
    const asset = { companyHandle, assetHandle: world.assets.s };
    const folder = { companyHandle, folderHandle: world.folder('Logos/') };
    const read = { items: world.entries('D Read +override') };
    const denied = { items: world.entries('D Read -override') };
    const answers = await peerAnswers(context, client, server, '2014-04-03', [
      ['setAssetPermissions', { ...asset, permissionArray: read }],
      ['updateAssetPermissions', { ...asset, updateArray: denied }],
      ['removeAssetPermissions', asset],
      ['setFolderPermissions', { ...folder, setChildren: true, permissionArray: read }],
      ['updateFolderPermissions', { ...folder, updateChildren: true, updateArray: denied }],
      ['removeFolderPermissions', { ...folder, updateChildren: true }],
      ['setPropertySetPermissions', { setHandle, permissionArray: read }],
      ['updatePropertySetPermissions', { setHandle, updateArray: denied }],
      ['removePropertySetPermissions', { setHandle }],
      ['setAssetPermissions', { ...asset, permissionArray: denied }],
      ['getAssets', { companyHandle, assetHandleArray: { items: [world.assets.s] } }],
    ]);
    expect(answers.filter((answer) => 'fault' in answer)).toEqual([]);
    expect(answers).toHaveLength(11);
    expect(JSON.stringify(answers.at(-1))).toContain('"permissionType":"Read"');
    expect(await world.found(world.as.pu)).toBe('lmr');
  });
});
