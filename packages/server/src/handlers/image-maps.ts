import type { ZoomTargetDefinition } from '@ips-sdk/types';
import { and, eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { requireAsset } from '../access/permissions/checks.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { inTransaction } from '../assets/asset-changes.js';
import { changedBy } from '../assets/asset-store.js';
import { permittedLiveAsset } from '../assets/permitted-objects.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { imageMapHandle, parseImageMapHandle, parseZoomTargetHandle, zoomTargetHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Most zoom targets of an image. */
const MOST_TARGETS = 5;

const SHAPES = ['Rectangle', 'Polygon'];

/** Operations on image regions: maps, which have links, and zoom targets. */
export const imageMapHandlers: AreaHandlers = {
  saveImageMap: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    checkMap(input, '');
    const { name, shapeType, region, action, position, enabled } = input;
    const values = { name, shapeType, region, action, position, enabled, lastModified: call.now };
    const existing =
      input.imageMapHandle === undefined ? undefined : await findMap(call, input.imageMapHandle, image);
    const id = await inTransaction(call, async (tx) => {
      await touch(tx, call, image.id);
      if (existing !== undefined) {
        await tx.update(t.imageMaps).set(values).where(eq(t.imageMaps.id, existing.id));
        return existing.id;
      }
      const [row] = await tx
        .insert(t.imageMaps)
        .values({ ...values, assetId: image.id })
        .returning({ id: t.imageMaps.id });
      return row?.id ?? 0;
    });
    return { imageMapHandle: imageMapHandle({ assetId: image.id, id }) };
  },

  setImageMaps: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    input.imageMapArray.forEach((map, index) => {
      checkMap(map, `imageMapArray[${index}]/`);
    });
    const rows = await inTransaction(call, async (tx) => {
      await touch(tx, call, image.id);
      await tx.delete(t.imageMaps).where(eq(t.imageMaps.assetId, image.id));
      if (input.imageMapArray.length === 0) return [];
      return tx
        .insert(t.imageMaps)
        .values(
          input.imageMapArray.map(({ name, shapeType, region, action, enabled }, index) => ({
            name,
            shapeType,
            region,
            action,
            enabled,
            position: index + 1,
            assetId: image.id,
            lastModified: call.now,
          })),
        )
        .returning();
    });
    return { imageMapHandleArray: rows.map(imageMapHandle) };
  },

  deleteImageMap: async (input, call) => {
    const map = await findMap(call, input.imageMapHandle);
    await requireAsset(call.db, await callerOf(call), map.assetId, READ_WRITE, 'imageMapHandle');
    await inTransaction(call, async (tx) => {
      await tx.delete(t.imageMaps).where(eq(t.imageMaps.id, map.id));
      await touch(tx, call, map.assetId);
    });
    return {};
  },

  saveZoomTarget: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    checkTarget(input, '');
    const values = { ...targetValues(input), lastModified: call.now };
    const existing =
      input.zoomTargetHandle === undefined
        ? undefined
        : await findTarget(call, input.zoomTargetHandle, image);
    const id = await inTransaction(call, async (tx) => {
      await touch(tx, call, image.id);
      if (existing !== undefined) {
        await tx.update(t.zoomTargets).set(values).where(eq(t.zoomTargets.id, existing.id));
        return existing.id;
      }
      const count = await tx.$count(t.zoomTargets, eq(t.zoomTargets.assetId, image.id));
      if (count >= MOST_TARGETS) {
        throw ruleBroken(
          `assetHandle: the image '${image.name}' already has ${MOST_TARGETS} zoom targets, the maximum`,
        );
      }
      const [row] = await tx
        .insert(t.zoomTargets)
        .values({ ...values, position: count + 1, assetId: image.id })
        .returning({ id: t.zoomTargets.id });
      return row?.id ?? 0;
    });
    return { zoomTargetHandle: zoomTargetHandle({ assetId: image.id, id }) };
  },

  setZoomTargets: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    if (input.zoomTargetArray.length > MOST_TARGETS) {
      throw invalidParameter(
        'zoomTargetArray',
        input.zoomTargetArray.length,
        `at most ${MOST_TARGETS} entries`,
      );
    }
    input.zoomTargetArray.forEach((target, index) => {
      checkTarget(target, `zoomTargetArray[${index}]/`);
    });
    const rows = await inTransaction(call, async (tx) => {
      await touch(tx, call, image.id);
      await tx.delete(t.zoomTargets).where(eq(t.zoomTargets.assetId, image.id));
      if (input.zoomTargetArray.length === 0) return [];
      return tx
        .insert(t.zoomTargets)
        .values(
          input.zoomTargetArray.map((target, index) => ({
            ...targetValues(target),
            position: index + 1,
            assetId: image.id,
            lastModified: call.now,
          })),
        )
        .returning();
    });
    return { zoomTargetHandleArray: rows.map(zoomTargetHandle) };
  },

  deleteZoomTarget: async (input, call) => {
    const target = await findTarget(call, input.zoomTargetHandle);
    await requireAsset(call.db, await callerOf(call), target.assetId, READ_WRITE, 'zoomTargetHandle');
    await inTransaction(call, async (tx) => {
      await tx.delete(t.zoomTargets).where(eq(t.zoomTargets.id, target.id));
      await touch(tx, call, target.assetId);
    });
    return {};
  },
};

async function findImage(call: Call, handle: string): Promise<AssetRow> {
  const asset = await permittedLiveAsset(call, handle, READ_WRITE);
  if (asset.type !== 'Image') throw invalidParameter('assetHandle', handle, 'an asset of type Image');
  return asset;
}

/** An image map of the company; of one image, if given. */
async function findMap(call: Call, handle: string, image?: AssetRow) {
  const [found] = await call.db
    .select({ map: t.imageMaps })
    .from(t.imageMaps)
    .innerJoin(t.assets, eq(t.assets.id, t.imageMaps.assetId))
    .where(
      and(
        eq(t.imageMaps.id, parseImageMapHandle(handle) ?? -1),
        eq(t.assets.companyId, companyOf(call).id),
        image === undefined ? undefined : eq(t.assets.id, image.id),
      ),
    );
  if (found === undefined) throw unknownHandle('imageMapHandle', handle);
  return found.map;
}

/** A zoom target of the company; of one image, if given. */
async function findTarget(call: Call, handle: string, image?: AssetRow) {
  const [found] = await call.db
    .select({ target: t.zoomTargets })
    .from(t.zoomTargets)
    .innerJoin(t.assets, eq(t.assets.id, t.zoomTargets.assetId))
    .where(
      and(
        eq(t.zoomTargets.id, parseZoomTargetHandle(handle) ?? -1),
        eq(t.assets.companyId, companyOf(call).id),
        image === undefined ? undefined : eq(t.assets.id, image.id),
      ),
    );
  if (found === undefined) throw unknownHandle('zoomTargetHandle', handle);
  return found.target;
}

function checkMap(map: { readonly shapeType: string; readonly region: string }, path: string): void {
  if (!SHAPES.includes(map.shapeType)) {
    throw invalidParameter(`${path}shapeType`, map.shapeType, SHAPES.join(' or '));
  }
  if (map.region.trim() === '') throw invalidParameter(`${path}region`, map.region, 'coordinates');
}

function checkTarget(target: ZoomTargetDefinition, path: string): void {
  for (const side of ['width', 'height'] as const) {
    if (target[side] < 1) throw invalidParameter(`${path}${side}`, target[side], 'at least 1 pixel');
  }
}

const targetValues = ({ name, xPosition, yPosition, width, height, userData }: ZoomTargetDefinition) => ({
  name,
  x: xPosition,
  y: yPosition,
  width,
  height,
  userData: userData ?? null,
});

async function touch(tx: Db, call: Call, assetId: number): Promise<void> {
  await tx.update(t.assets).set(changedBy(call)).where(eq(t.assets.id, assetId));
}
