import type { ImageSetMemberUpdate } from '@ips-sdk/types';
import { and, asc, eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { deniedAssets, missingAssetPermission, requireAssets } from '../access/permissions/checks.js';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { createAsset, inTransaction } from '../assets/asset-changes.js';
import { loadAssets, wantedParts } from '../assets/asset-record.js';
import { assetsById, changedBy, checkLive } from '../assets/asset-store.js';
import { SET_TYPES, THUMB_TYPES } from '../assets/asset-types.js';
import { permittedAsset, permittedFolder, permittedLiveAsset } from '../assets/permitted-objects.js';
import { findThumb } from '../assets/thumb-asset.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { assetHandle, parseAssetHandle } from '../handles.js';
import { checkDefinition } from '../sets/set-definition.js';
import type { AreaHandlers } from './handler.js';

/** Operations on sets: those with members, and those with a definition. */
export const setHandlers: AreaHandlers = {
  createImageSet: async (input, call) => {
    if (!SET_TYPES.has(input.type)) {
      throw invalidParameter('type', input.type, `one of ${[...SET_TYPES].join(', ')}`);
    }
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    const thumbAssetId = await findThumb(call, input.thumbAssetHandle);
    const { name, type } = input;
    return { assetHandle: assetHandle(await createAsset(call, { name, type, folder, thumbAssetId })) };
  },

  updateImageSet: async (input, call) => {
    const set = await findSet(call, input.assetHandle);
    const thumbAssetId = await findThumb(call, input.thumbAssetHandle);
    const members =
      input.memberArray === undefined ? undefined : await checkMembers(call, set, input.memberArray);
    await inTransaction(call, async (tx) => {
      if (members !== undefined) await replaceMembers(tx, set, members);
      await touch(
        tx,
        call,
        set,
        thumbOf(
          set,
          thumbAssetId,
          members?.map(({ asset }) => asset),
        ),
      );
    });
    return {};
  },

  getImageSetMembers: async (input, call) => {
    const company = companyOf(call);
    const set = await permittedAsset(call, input.assetHandle, READ);
    checkIsSet(set, input.assetHandle);
    const members = await call.db
      .select({ asset: t.assets, pageReset: t.setMembers.pageReset })
      .from(t.setMembers)
      .innerJoin(t.assets, eq(t.assets.id, t.setMembers.memberId))
      .where(and(eq(t.setMembers.setId, set.id), eq(t.assets.trashState, 'NotInTrash')))
      .orderBy(asc(t.setMembers.position));
    const denied = await deniedAssets(
      call.db,
      await callerOf(call),
      members.map(({ asset }) => asset.id),
      READ,
    );
    const rows = members.filter(({ asset }) => !denied.has(asset.id));
    const assets = await loadAssets(
      call,
      company,
      rows.map(({ asset }) => asset),
      wantedParts(input, 'memberArray/asset'),
    );
    return {
      memberArray: rows.map(({ pageReset }, index) => ({ asset: assets[index], pageReset })),
    };
  },

  setImageSetMembers: async (input, call) => {
    const set = await findSet(call, input.assetHandle);
    const members = await checkMembers(call, set, input.memberArray);
    await inTransaction(call, async (tx) => {
      await replaceMembers(tx, set, members);
      await touch(
        tx,
        call,
        set,
        thumbOf(
          set,
          undefined,
          members.map(({ asset }) => asset),
        ),
      );
    });
    return {};
  },

  createAssetSet: async (input, call) => {
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    const named = await permittedDefinition(call, input.setDefinition);
    const thumbAssetId = (await findThumb(call, input.thumbAssetHandle)) ?? firstImage(named)?.id;
    const { name, subType, setDefinition } = input;
    const id = await createAsset(call, {
      name,
      type: 'AssetSet',
      subType: subType === '' ? undefined : subType,
      folder,
      setDefinition,
      thumbAssetId,
    });
    return { assetHandle: assetHandle(id) };
  },

  updateAssetSet: async (input, call) => {
    const set = await findDefinedSet(call, input.assetHandle);
    const named = await permittedDefinition(call, input.setDefinition);
    const thumbAssetId = await findThumb(call, input.thumbAssetHandle);
    await touch(call.db, call, set, {
      ...(input.setDefinition === undefined ? {} : { setDefinition: input.setDefinition }),
      ...thumbOf(set, thumbAssetId, named),
    });
    return {};
  },

  setAssetSetDefinition: async (input, call) => {
    const set = await findDefinedSet(call, input.assetHandle);
    const named = await permittedDefinition(call, input.setDefinition);
    await touch(call.db, call, set, {
      setDefinition: input.setDefinition,
      ...thumbOf(set, undefined, named),
    });
    return {};
  },
};

async function findSet(call: Call, handle: string): Promise<AssetRow> {
  const set = await permittedLiveAsset(call, handle, READ_WRITE);
  checkIsSet(set, handle);
  return set;
}

function checkIsSet(set: AssetRow, handle: string): void {
  if (!SET_TYPES.has(set.type)) {
    throw invalidParameter('assetHandle', handle, `an asset of type ${[...SET_TYPES].join(', ')}`);
  }
}

async function findDefinedSet(call: Call, handle: string): Promise<AssetRow> {
  const set = await permittedLiveAsset(call, handle, READ_WRITE);
  if (set.type !== 'AssetSet') throw invalidParameter('assetHandle', handle, 'an asset of type AssetSet');
  return set;
}

/** The assets of a definition, all of which the caller may read. */
async function permittedDefinition(call: Call, definition: string | undefined): Promise<AssetRow[]> {
  const named = await checkDefinition(call.db, companyOf(call), definition);
  const ids = named.map(({ id }) => id);
  await requireAssets(call.db, await callerOf(call), ids, READ, () => 'setDefinition');
  return named;
}

/** The new members. In an ImageSet or SpinSet every member begins a page. */
async function checkMembers(
  call: Call,
  set: AssetRow,
  members: readonly ImageSetMemberUpdate[],
): Promise<{ asset: AssetRow; pageReset: boolean }[]> {
  const ids = members.map(({ assetHandle: handle }) => parseAssetHandle(handle) ?? -1);
  const assets = await assetsById(call.db, companyOf(call).id, ids);
  const hidden = await deniedAssets(call.db, await callerOf(call), [...assets.keys()], READ);
  const always = set.type === 'ImageSet' || set.type === 'SpinSet';
  const around = await setsAround(call.db, set.id);
  return members.map((member, index) => {
    const path = `memberArray[${index}]/assetHandle`;
    const asset = assets.get(ids[index] ?? -1);
    if (asset === undefined) throw unknownHandle(path, member.assetHandle);
    const missing = hidden.get(asset.id);
    if (missing !== undefined) throw missingAssetPermission(path, asset.id, missing);
    checkLive(asset, path);
    if (asset.id === set.id)
      throw invalidParameter(path, member.assetHandle, 'an asset other than the set itself');
    // A cycle of sets could never be read completely.
    if (around.has(asset.id)) {
      throw invalidParameter(path, member.assetHandle, 'an asset that does not contain the set itself');
    }
    return { asset, pageReset: always || member.pageReset };
  });
}

/** The sets that contain a set, and those that contain them. */
async function setsAround(db: Db, setId: number): Promise<ReadonlySet<number>> {
  const around = new Set<number>();
  for (let next = [setId]; next.length > 0; ) {
    const rows = await db
      .selectDistinct({ setId: t.setMembers.setId })
      .from(t.setMembers)
      .where(anyOf(t.setMembers.memberId, next));
    next = rows.map((row) => row.setId).filter((id) => !around.has(id));
    for (const id of next) around.add(id);
  }
  return around;
}

async function replaceMembers(
  tx: Db,
  set: AssetRow,
  members: readonly { asset: AssetRow; pageReset: boolean }[],
): Promise<void> {
  await tx.delete(t.setMembers).where(eq(t.setMembers.setId, set.id));
  for (let start = 0; start < members.length; start += 1000) {
    const part = members.slice(start, start + 1000);
    await tx.insert(t.setMembers).values(
      part.map(({ asset, pageReset }, index) => ({
        setId: set.id,
        position: start + index,
        memberId: asset.id,
        pageReset,
      })),
    );
  }
}

/** The first of some assets that can be a thumbnail. */
const firstImage = (assets: readonly AssetRow[]): AssetRow | undefined =>
  assets.find(({ type, trashState }) => THUMB_TYPES.has(type) && trashState === 'NotInTrash');

/** The thumbnail of a set: the given one or, if the set has none yet, the first image among its members. */
function thumbOf(
  set: AssetRow,
  given: number | undefined,
  contents: readonly AssetRow[] = [],
): { readonly thumbAssetId?: number } {
  const thumb = given ?? (set.thumbAssetId === null ? firstImage(contents)?.id : undefined);
  return thumb === undefined ? {} : { thumbAssetId: thumb };
}

async function touch(
  tx: Db,
  call: Call,
  set: AssetRow,
  values: { readonly thumbAssetId?: number; readonly setDefinition?: string },
): Promise<void> {
  await tx
    .update(t.assets)
    .set({ ...values, ...changedBy(call) })
    .where(eq(t.assets.id, set.id));
}
