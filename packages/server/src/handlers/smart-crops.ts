import { eq } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { acceptBatch } from '../assets/asset-batch.js';
import { inTransaction } from '../assets/asset-changes.js';
import { changedBy, checkType } from '../assets/asset-store.js';
import { smartCropsByHandle } from '../assets/smart-crops.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { assetHandle } from '../handles.js';
import { type CropRect, heldInImage } from '../images/smart-crop.js';
import type { AreaHandlers } from './handler.js';

/** Operations that change smart crops; uploads create them, and getAssociatedAssets lists them. */
export const smartCropHandlers: AreaHandlers = {
  updateSmartCrops: async (input, call) => {
    const crops = await smartCropsByHandle(
      call.db,
      companyOf(call).id,
      input.updateArray.map(({ subAssetHandle }) => subAssetHandle),
    );
    const { accepted, result } = await acceptBatch(call, input.updateArray, {
      array: 'updateArray',
      handleOf: ({ ownerHandle }) => ownerHandle,
      rights: READ_WRITE,
      check: ({ subAssetHandle, cropRect }, asset, path) => {
        checkType(asset, 'Image', `${path}/ownerHandle`);
        const crop = crops.get(subAssetHandle);
        if (crop === undefined) throw unknownHandle(`${path}/subAssetHandle`, subAssetHandle);
        if (crop.assetId !== asset.id) {
          throw invalidParameter(
            `${path}/subAssetHandle`,
            subAssetHandle,
            `a smart crop of ${assetHandle(asset.id)}`,
          );
        }
        return { id: crop.id, rect: rectOf(cropRect, `${path}/cropRect`) };
      },
    });
    await inTransaction(call, async (tx) => {
      for (const { asset, checked } of accepted) {
        await tx.update(t.smartCrops).set(checked.rect).where(eq(t.smartCrops.id, checked.id));
        await tx.update(t.assets).set(changedBy(call)).where(eq(t.assets.id, asset.id));
      }
    });
    return result.answer();
  },
};

/** @throws IpsFault 30001 for a rectangle that is not a part of an image. */
function rectOf(rect: CropRect, path: string): CropRect {
  for (const [name, least] of [
    ['leftN', 0],
    ['topN', 0],
    ['widthN', Number.MIN_VALUE],
    ['heightN', Number.MIN_VALUE],
  ] as const) {
    const value = rect[name];
    if (!(value >= least && value <= 1))
      throw invalidParameter(
        `${path}/${name}`,
        value,
        least === 0 ? 'a number from 0 to 1' : 'a number above 0, up to 1',
      );
  }
  const held = heldInImage(rect);
  if (held === undefined) {
    const { leftN, topN, widthN, heightN } = rect;
    throw invalidParameter(
      path,
      [leftN, topN, widthN, heightN].join(','),
      'a rectangle that ends inside the image: leftN + widthN and topN + heightN of at most 1',
    );
  }
  return held;
}
