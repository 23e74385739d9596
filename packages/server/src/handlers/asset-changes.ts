import { eq, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { deniedFolders } from '../access/permissions/checks.js';
import { READ, READ_DELETE, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { acceptBatch } from '../assets/asset-batch.js';
import {
  claimCatalogName,
  createAsset,
  inTransaction,
  moveTo,
  moveToTrash,
  renameTo,
} from '../assets/asset-changes.js';
import { changedBy, checkAssetName, checkType } from '../assets/asset-store.js';
import { CATALOG_TYPES } from '../assets/asset-types.js';
import { permittedFolder, permittedLiveAsset } from '../assets/permitted-objects.js';
import * as t from '../db/schema.js';
import { invalidParameter, missingPermission, unknownHandle } from '../faults.js';
import type { FolderRow } from '../folders/folder-store.js';
import { assetHandle, parseFolderHandle } from '../handles.js';
import { checkLayers } from '../sets/permitted-layers.js';
import type { AreaHandlers } from './handler.js';

/** Operations that change assets. */
export const assetChangeHandlers: AreaHandlers = {
  moveAsset: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    await inTransaction(call, (tx) => moveTo(tx, call, [asset.id], folder));
    return {};
  },

  moveAssets: async (input, call) => {
    const folders = await foldersOfHandles(
      call,
      input.assetMoveArray.map(({ folderHandle }) => folderHandle),
    );
    const paths = [...folders.values()].map(({ path }) => path);
    const closed = await deniedFolders(call.db, await callerOf(call), paths, READ_WRITE);
    const { accepted, result } = await acceptBatch(call, input.assetMoveArray, {
      array: 'assetMoveArray',
      handleOf: (item) => item.assetHandle,
      rights: READ_WRITE,
      check: (item, _asset, path) => {
        const folder = folders.get(item.folderHandle);
        if (folder === undefined) throw unknownHandle(`${path}/folderHandle`, item.folderHandle);
        const missing = closed.get(folder.path);
        if (missing !== undefined)
          throw missingPermission(`${path}/folderHandle`, missing, `folder '${item.folderHandle}'`);
        return folder;
      },
    });
    const moves = new Map<FolderRow, number[]>();
    for (const { asset, checked } of accepted) {
      moves.set(checked, [...(moves.get(checked) ?? []), asset.id]);
    }
    await inTransaction(call, async (tx) => {
      for (const [folder, ids] of moves) await moveTo(tx, call, ids, folder);
    });
    return result.answer();
  },

  renameAsset: async (input, call) => {
    const company = companyOf(call);
    checkAssetName(input.newName, 'newName');
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    await inTransaction(call, async (tx) => {
      if (input.validateName && CATALOG_TYPES.has(asset.type)) {
        await claimCatalogName(tx, company, input.newName, asset.id);
      }
      await renameTo(tx, call, asset, input.newName);
    });
    return {};
  },

  deleteAsset: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_DELETE);
    await inTransaction(call, (tx) => moveToTrash(tx, call, [asset.id]));
    return {};
  },

  deleteAssets: async (input, call) => {
    const { accepted, result } = await acceptBatch(call, input.assetHandleArray, {
      array: 'assetHandleArray',
      handleOf: (handle) => handle,
      rights: READ_DELETE,
      check: () => undefined,
    });
    await inTransaction(call, (tx) =>
      moveToTrash(
        tx,
        call,
        accepted.map(({ asset }) => asset.id),
      ),
    );
    return result.answer();
  },

  createDerivedAsset: async (input, call) => {
    if (input.type !== 'AdjustedView' && input.type !== 'LayerView') {
      throw invalidParameter('type', input.type, 'AdjustedView or LayerView');
    }
    const owner = await permittedLiveAsset(call, input.ownerHandle, READ, 'ownerHandle');
    if (owner.type !== 'Image') {
      throw invalidParameter('ownerHandle', input.ownerHandle, 'an asset of type Image');
    }
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    const { name, type, urlModifier, urlPostApplyModifier } = input;
    await checkLayers(call, input);
    return {
      assetHandle: assetHandle(
        await createAsset(call, { name, type, folder, ownerId: owner.id, urlModifier, urlPostApplyModifier }),
      ),
    };
  },

  createTemplate: async (input, call) => {
    if (input.type !== 'Template' && input.type !== 'Watermark') {
      throw invalidParameter('type', input.type, 'Template or Watermark');
    }
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    const { name, type, urlModifier, urlPostApplyModifier } = input;
    await checkLayers(call, input);
    return {
      assetHandle: assetHandle(
        await createAsset(call, { name, type, folder, urlModifier, urlPostApplyModifier }),
      ),
    };
  },

  // An omitted modifier does not change it; an empty one removes it.
  setUrlModifier: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    if (!CATALOG_TYPES.has(asset.type)) {
      throw invalidParameter('assetHandle', input.assetHandle, 'an asset that image serving delivers');
    }
    await checkLayers(call, input);
    const kept = (given: string | undefined, before: string | null): string | null =>
      given === undefined ? before : given === '' ? null : given;
    await call.db
      .update(t.assets)
      .set({
        urlModifier: kept(input.urlModifier, asset.urlModifier),
        urlPostApplyModifier: kept(input.urlPostApplyModifier, asset.urlPostApplyModifier),
        ...changedBy(call),
      })
      .where(eq(t.assets.id, asset.id));
    return {};
  },

  removeMask: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    checkType(asset, 'Image', 'assetHandle');
    await inTransaction(call, async (tx) => {
      const masks = await tx
        .select({ id: t.assets.id })
        .from(t.assets)
        .where(sql`${t.assets.ownerId} = ${asset.id} and ${t.assets.type} = 'Mask'`);
      await moveToTrash(
        tx,
        call,
        masks.map(({ id }) => id),
      );
      await tx
        .update(t.assets)
        .set({ maskFile: null, ...changedBy(call) })
        .where(eq(t.assets.id, asset.id));
    });
    return {};
  },
};

async function foldersOfHandles(call: Call, handles: readonly string[]): Promise<Map<string, FolderRow>> {
  const paths = new Map(handles.map((handle) => [handle, parseFolderHandle(handle)]));
  const wanted = JSON.stringify([...new Set(paths.values())].filter((path) => path !== undefined));
  const rows = await call.db
    .select()
    .from(t.folders)
    .where(
      sql`${t.folders.companyId} = ${companyOf(call).id} and lower(${t.folders.path}) = any(array(select lower(w.path) from jsonb_array_elements_text(${wanted}::jsonb) w(path)))`,
    );
  const byPath = new Map(rows.map((row) => [row.path.toLowerCase(), row]));
  return new Map(
    [...paths].flatMap(([handle, path]) => {
      const row = byPath.get(path?.toLowerCase() ?? '');
      return row === undefined ? [] : [[handle, row] as const];
    }),
  );
}
