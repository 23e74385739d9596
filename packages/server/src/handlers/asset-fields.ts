import { colorSpaces, fontStyles, fontTypes, profileClasses } from '@ips-sdk/types/constants';
import { eq, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { deniedAssets, missingAssetPermission } from '../access/permissions/checks.js';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { acceptBatch } from '../assets/asset-batch.js';
import { inTransaction } from '../assets/asset-changes.js';
import { assetsById, changedBy, checkLive, checkType } from '../assets/asset-store.js';
import { checkThumb } from '../assets/thumb-asset.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations that set fields of many assets. */
export const assetFieldHandlers: AreaHandlers = {
  batchSetImageFields: async (input, call) => {
    const { accepted, result } = await acceptBatch(call, input.updateArray, {
      array: 'updateArray',
      handleOf: (item) => item.assetHandle,
      rights: READ_WRITE,
      check: (item, asset, path) => {
        checkType(asset, 'Image', `${path}/assetHandle`);
        if (item.resolution !== undefined && !(item.resolution > 0)) {
          throw invalidParameter(`${path}/resolution`, item.resolution, 'a number above 0');
        }
      },
    });
    await inTransaction(call, async (tx) => {
      for (const { item, asset } of accepted) {
        const { resolution, anchorX, anchorY, userData } = item;
        await mergeInfo(tx, call, asset.id, { anchorX, anchorY, userData }, resolution);
      }
    });
    return result.answer();
  },

  // No operation of the API returns these fields. They are stored with the font.
  batchSetFontFields: async (input, call) => {
    const { accepted, result } = await acceptBatch(call, input.updateArray, {
      array: 'updateArray',
      handleOf: (item) => item.assetHandle,
      rights: READ_WRITE,
      check: (item, asset, path) => {
        checkType(asset, 'Font', `${path}/assetHandle`);
        checkConstant(item.style, fontStyles, `${path}/style`);
        checkConstant(item.type, fontTypes, `${path}/type`);
      },
    });
    await inTransaction(call, async (tx) => {
      for (const { item, asset } of accepted) {
        const { assetHandle: _, ...fields } = item;
        await mergeInfo(tx, call, asset.id, fields);
      }
    });
    return result.answer();
  },

  batchSetIccProfileFields: async (input, call) => {
    const { accepted, result } = await acceptBatch(call, input.updateArray, {
      array: 'updateArray',
      handleOf: (item) => item.assetHandle,
      rights: READ_WRITE,
      check: (item, asset, path) => {
        checkType(asset, 'IccProfile', `${path}/assetHandle`);
        checkConstant(item.class, profileClasses, `${path}/class`);
        checkConstant(item.colorSpace, colorSpaces, `${path}/colorSpace`);
        checkConstant(item.pcsType, colorSpaces, `${path}/pcsType`);
      },
    });
    await inTransaction(call, async (tx) => {
      for (const { item, asset } of accepted) {
        const { assetHandle: _, ...fields } = item;
        await mergeInfo(tx, call, asset.id, fields);
      }
    });
    return result.answer();
  },

  // An update without a thumbnail removes it.
  batchSetThumbAsset: async (input, call) => {
    const thumbs = await assetsById(
      call.db,
      companyOf(call).id,
      input.updateArray.flatMap(({ thumbAssetHandle }) => parseAssetHandle(thumbAssetHandle ?? '') ?? []),
    );
    const hidden = await deniedAssets(call.db, await callerOf(call), [...thumbs.keys()], READ);
    const { accepted, result } = await acceptBatch(call, input.updateArray, {
      array: 'updateArray',
      handleOf: (item) => item.assetHandle,
      rights: READ_WRITE,
      check: (item, asset, path) => {
        if (item.thumbAssetHandle === undefined) return null;
        const thumb = thumbs.get(parseAssetHandle(item.thumbAssetHandle) ?? -1);
        if (thumb === undefined) throw unknownHandle(`${path}/thumbAssetHandle`, item.thumbAssetHandle);
        const missing = hidden.get(thumb.id);
        if (missing !== undefined)
          throw missingAssetPermission(`${path}/thumbAssetHandle`, thumb.id, missing);
        checkThumb(thumb, `${path}/thumbAssetHandle`);
        checkLive(thumb, `${path}/thumbAssetHandle`);
        if (thumb.id === asset.id) {
          throw invalidParameter(
            `${path}/thumbAssetHandle`,
            item.thumbAssetHandle,
            'an asset other than the one that gets the thumbnail',
          );
        }
        return thumb.id;
      },
    });
    await inTransaction(call, async (tx) => {
      for (const { asset, checked } of accepted) {
        await tx
          .update(t.assets)
          .set({ thumbAssetId: checked, ...changedBy(call) })
          .where(eq(t.assets.id, asset.id));
      }
    });
    return result.answer();
  },
};

/** @throws IpsFault 30001 for a value that is not one of the service's constants. */
function checkConstant(value: string | undefined, known: readonly string[], path: string): void {
  if (value !== undefined && !known.includes(value)) throw invalidParameter(path, value, known.join(', '));
}

/** Sets values in the free-form details of an asset; absent ones are not changed. */
async function mergeInfo(
  tx: Db,
  call: Call,
  id: number,
  values: Readonly<Record<string, unknown>>,
  resolution?: number | undefined,
): Promise<void> {
  await tx
    .update(t.assets)
    .set({
      info: sql`${t.assets.info} || ${JSON.stringify(values)}::jsonb`,
      ...(resolution === undefined ? {} : { resolution }),
      ...changedBy(call),
    })
    .where(eq(t.assets.id, id));
}
