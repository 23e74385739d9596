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

/** A smart crop of an image that is not stored yet. */
export type MadeSmartCrop = AskedSmartCrop & CropRect;

/** The source of images. */
export interface CropSource {
  readonly files: FileStore;
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the smart crops that a job requests.
 *
 * @returns The crops, or a warning for the log with the reason why there are none.
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
    // The image itself is valid, because it was already decoded.
    if (error instanceof ImageError) return none(error.message);
    throw error;
  }
}

/**
 * Stores smart crops of an asset. A crop with the name of an existing one replaces it and keeps its handle;
 * other crops stay.
 */
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

/** The smart crops of an asset, in order of creation. */
export function smartCropsOf(db: Db, assetId: number): Promise<SmartCropRow[]> {
  return db
    .select()
    .from(t.smartCrops)
    .where(eq(t.smartCrops.assetId, assetId))
    .orderBy(asc(t.smartCrops.id));
}

/** The smart crops of some assets by asset, in the order in which they were made. */
export async function smartCropsOfAll(
  db: Db,
  assetIds: readonly number[],
): Promise<ReadonlyMap<number, readonly SmartCropRow[]>> {
  const rows = await db
    .select()
    .from(t.smartCrops)
    .where(anyOf(t.smartCrops.assetId, assetIds))
    .orderBy(asc(t.smartCrops.id));
  return Map.groupBy(rows, ({ assetId }) => assetId);
}

/** A smart crop as image serving delivers it. */
export function publishedCrop(crop: SmartCropRow): t.PublishedSmartCrop {
  const { name, width, height, leftN, topN, widthN, heightN } = crop;
  return { name, width, height, leftN, topN, widthN, heightN };
}

/** Smart crops of a company by their handles; unknown handles are omitted. */
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

/** Whether a job with the same file would create smart crops that the asset lacks. */
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

/** A smart crop as returned by the API. */
export function subAssetOf(crop: SmartCropRow): SubAsset {
  const { name, leftN, topN, widthN, heightN } = crop;
  return {
    subAssetHandle: smartCropHandle(crop),
    type: 'SmartCrop',
    name,
    smartCrop: { cropRect: { leftN, topN, widthN, heightN } },
  };
}
