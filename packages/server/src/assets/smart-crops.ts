import type { SubAsset } from '@ips-sdk/types/2019-09-10-beta';
import { and, asc, eq } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { FileStore } from '../files/file-store.js';
import { parseSmartCropHandle, smartCropHandle } from '../handles.js';
import { ImageError } from '../images/image-library.js';
import { attentiveCrops, type CropRect } from '../images/smart-crop.js';
import type { FileContents } from './file-contents.js';
import type { AskedSmartCrop } from './smart-crop-options.js';

export type SmartCropRow = typeof t.smartCrops.$inferSelect;

/** A smart crop that was made of an image and is not stored yet. */
export type MadeSmartCrop = AskedSmartCrop & CropRect;

/** Where images are read from. */
export interface CropSource {
  readonly files: FileStore;
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes the smart crops that a job asks for.
 *
 * @returns The crops, or a warning for the log that says why there are none.
 */
export async function makeSmartCrops(
  { files, maxPixels, signal }: CropSource,
  { type, optimizedFile }: FileContents,
  asked: readonly AskedSmartCrop[],
): Promise<{ readonly crops: readonly MadeSmartCrop[]; readonly warnings: readonly string[] }> {
  const none = (why: string) => ({ crops: [], warnings: [`no smart crop was made: ${why}`] });
  if (asked.length === 0) return { crops: [], warnings: [] };
  if (type !== 'Image') return none(`smart crops require an asset of type Image, not ${type}`);
  if (optimizedFile === undefined) return none('this server cannot decode the image');
  try {
    const rects = await attentiveCrops(await files.path(optimizedFile), asked, maxPixels, signal);
    return {
      crops: asked.flatMap((crop, index) => {
        const rect = rects[index];
        return rect === undefined ? [] : [{ ...crop, ...rect }];
      }),
      warnings: [],
    };
  } catch (error) {
    // The image itself is in order: it was decoded before.
    if (error instanceof ImageError) return none(error.message);
    throw error;
  }
}

/** Stores smart crops of an asset. One with the name of an earlier one takes its place and its handle; others stay. */
export async function storeSmartCrops(
  tx: Db,
  assetId: number,
  crops: readonly MadeSmartCrop[],
): Promise<void> {
  if (crops.length === 0) return;
  const known = new Map((await smartCropsOf(tx, assetId)).map(({ id, name }) => [name.toLowerCase(), id]));
  for (const crop of crops) {
    const id = known.get(crop.name.toLowerCase());
    if (id === undefined) await tx.insert(t.smartCrops).values({ assetId, ...crop });
    else await tx.update(t.smartCrops).set(crop).where(eq(t.smartCrops.id, id));
  }
}

/** The smart crops of an asset, in the order in which they were made. */
export function smartCropsOf(db: Db, assetId: number): Promise<SmartCropRow[]> {
  return db
    .select()
    .from(t.smartCrops)
    .where(eq(t.smartCrops.assetId, assetId))
    .orderBy(asc(t.smartCrops.id));
}

/** Smart crops of a company by their handles; unknown handles are left out. */
export async function smartCropsByHandle(
  db: Db,
  companyId: number,
  handles: readonly string[],
): Promise<Map<string, SmartCropRow>> {
  const ids = [...new Set(handles.flatMap((handle) => parseSmartCropHandle(handle)?.id ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ crop: t.smartCrops })
    .from(t.smartCrops)
    .innerJoin(t.assets, eq(t.assets.id, t.smartCrops.assetId))
    .where(and(eq(t.assets.companyId, companyId), anyOf(t.smartCrops.id, ids)));
  return new Map(rows.map(({ crop }) => [smartCropHandle(crop), crop]));
}

/** Whether a job that brings the same file again would make smart crops that the asset lacks. */
export async function lacksSmartCrops(
  db: Db,
  asset: AssetRow,
  asked: readonly AskedSmartCrop[],
): Promise<boolean> {
  if (asked.length === 0 || asset.type !== 'Image' || asset.optimizedFile === null) return false;
  const known = new Map((await smartCropsOf(db, asset.id)).map((crop) => [crop.name.toLowerCase(), crop]));
  return asked.some(({ name, type, width, height }) => {
    const crop = known.get(name.toLowerCase());
    return crop?.type !== type || crop.width !== width || crop.height !== height;
  });
}

/** A smart crop in the terms of the API. */
export function subAssetOf(crop: SmartCropRow): SubAsset {
  const { name, leftN, topN, widthN, heightN } = crop;
  return {
    subAssetHandle: smartCropHandle(crop),
    type: 'SmartCrop',
    name,
    smartCrop: { cropRect: { leftN, topN, widthN, heightN } },
  };
}
