import type { PermissionUpdate } from '@ips-sdk/types';
import { type Call, companyOf } from '../access/call.js';
import { entriesOf } from '../access/permissions/entries.js';
import type { Entry } from '../access/permissions/folder-rules.js';
import {
  removeSet,
  removeSetsBelow,
  replaceSet,
  type SetOwner,
  updateSet,
  updateSetsBelow,
} from '../access/permissions/set-store.js';
import { inTransaction } from '../assets/asset-changes.js';
import { findLiveAsset, folderOfHandle } from '../assets/asset-store.js';
import type { AreaHandlers } from './handler.js';
import { companyOfSet, findPropertySet } from './property-sets.js';

/**
 * Operations on permission sets. They change no asset: neither its times nor the next publish.
 */
export const permissionHandlers: AreaHandlers = {
  setAssetPermissions: async (input, call) => {
    const owner = await assetOwner(call, input.assetHandle);
    const entries = await entriesOf(call, companyOf(call), input.permissionArray, 'permissionArray');
    await inTransaction(call, (tx) => replaceSet(tx, owner, entries));
    return {};
  },

  updateAssetPermissions: async (input, call) => {
    const owner = await assetOwner(call, input.assetHandle);
    const entries = await entriesOf(call, companyOf(call), input.updateArray, 'updateArray');
    await inTransaction(call, (tx) => updateSet(tx, owner, entries));
    return {};
  },

  removeAssetPermissions: async (input, call) => {
    await removeSet(call.db, await assetOwner(call, input.assetHandle));
    return {};
  },

  // With children, all of them follow the folder afterwards.
  setFolderPermissions: async (input, call) => {
    const folder = await folderOfHandle(call.db, companyOf(call).id, input.folderHandle);
    const entries = await entriesOf(call, companyOf(call), input.permissionArray, 'permissionArray');
    await inTransaction(call, async (tx) => {
      await replaceSet(tx, { kind: 'folder', folder }, entries);
      if (input.setChildren) await removeSetsBelow(tx, folder, { assets: true });
    });
    return {};
  },

  // With children, their own sets get the entries as well; those without one follow anyway.
  updateFolderPermissions: async (input, call) => {
    const folder = await folderOfHandle(call.db, companyOf(call).id, input.folderHandle);
    const entries = await entriesOf(call, companyOf(call), input.updateArray, 'updateArray');
    await inTransaction(call, async (tx) => {
      await updateSet(tx, { kind: 'folder', folder }, entries);
      if (input.updateChildren) await updateSetsBelow(tx, folder, entries);
    });
    return {};
  },

  // With children, the sets of folders below are removed as well; assets keep theirs.
  removeFolderPermissions: async (input, call) => {
    const folder = await folderOfHandle(call.db, companyOf(call).id, input.folderHandle);
    await inTransaction(call, async (tx) => {
      await removeSet(tx, { kind: 'folder', folder });
      if (input.updateChildren) await removeSetsBelow(tx, folder, { assets: false });
    });
    return {};
  },

  setPropertySetPermissions: async (input, call) => {
    const { owner, entries } = await propertySet(
      call,
      input.setHandle,
      input.permissionArray,
      'permissionArray',
    );
    await inTransaction(call, (tx) => replaceSet(tx, owner, entries));
    return {};
  },

  updatePropertySetPermissions: async (input, call) => {
    const { owner, entries } = await propertySet(call, input.setHandle, input.updateArray, 'updateArray');
    await inTransaction(call, (tx) => updateSet(tx, owner, entries));
    return {};
  },

  removePropertySetPermissions: async (input, call) => {
    const { owner } = await propertySet(call, input.setHandle, [], '');
    await removeSet(call.db, owner);
    return {};
  },
};

/** @throws IpsFault 30001 for an unknown asset, 30000 for one in the trash. */
async function assetOwner(call: Call, handle: string): Promise<SetOwner> {
  const { id, companyId, folderId } = await findLiveAsset(call.db, companyOf(call).id, handle);
  return { kind: 'asset', id, companyId, folderId };
}

/** A property set that the caller may change, and entries for the groups of its company. */
async function propertySet(
  call: Call,
  handle: string,
  updates: readonly PermissionUpdate[],
  path: string,
): Promise<{ readonly owner: SetOwner; readonly entries: Entry[] }> {
  const set = await findPropertySet(call, handle);
  const { id, companyId } = set;
  return {
    owner: { kind: 'propertySet', id, companyId },
    entries: await entriesOf(call, await companyOfSet(call, set), updates, path),
  };
}
