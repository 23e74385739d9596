import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Call, companyOf } from '../access/call.js';
import { READ_DELETE } from '../access/permissions/rights.js';
import { acceptBatch } from '../assets/asset-batch.js';
import { inTransaction } from '../assets/asset-changes.js';
import { changedBy } from '../assets/asset-store.js';
import { CATALOG_TYPES } from '../assets/asset-types.js';
import { anyOf, anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { assetNameTaken, ruleBroken } from '../faults.js';
import { ensureFolder, touchFolder } from '../folders/folder-store.js';
import { parseAssetHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations on the trash. Emptied assets are deleted by the next nightly cleanup. */
export const trashHandlers: AreaHandlers = {
  emptyAssetsFromTrash: async (input, call) => {
    const { accepted, result } = await acceptBatch(call, input.assetHandleArray, {
      array: 'assetHandleArray',
      handleOf: (handle) => handle,
      rights: READ_DELETE,
      inTrash: true,
      check: (_item, asset, path) => checkInTrash(asset, path),
    });
    await inTransaction(call, async (tx) => {
      const ids = await withOwned(
        tx,
        accepted.map(({ asset }) => asset),
      );
      await tx
        .update(t.assets)
        .set({ trashState: 'InEmptiedTrash', ...changedBy(call) })
        .where(and(anyOf(t.assets.id, ids), eq(t.assets.trashState, 'InTrash')));
    });
    return result.answer();
  },

  restoreAssetsFromTrash: async (input, call) => {
    const taken = await namesTaken(call, input.assetHandleArray);
    const { accepted, result } = await acceptBatch(call, input.assetHandleArray, {
      array: 'assetHandleArray',
      handleOf: (handle) => handle,
      rights: READ_DELETE,
      inTrash: true,
      check: (_item, asset, path) => {
        checkInTrash(asset, path);
        if (CATALOG_TYPES.has(asset.type) && taken.has(asset.id)) {
          throw assetNameTaken(asset.name);
        }
      },
    });
    await inTransaction(call, async (tx) => {
      const ids = await withOwned(
        tx,
        accepted.map(({ asset }) => asset),
      );
      const restored = await tx
        .update(t.assets)
        .set({ trashState: 'NotInTrash', trashedAt: null, ...changedBy(call) })
        .where(and(anyOf(t.assets.id, ids), eq(t.assets.trashState, 'InTrash')))
        .returning({ id: t.assets.id, trashFolder: t.assets.trashFolder });
      await returnToFolders(tx, call, restored);
    });
    return result.answer();
  },
};

/** Moves assets back to the folders that were deleted with them. Missing folders are recreated. */
async function returnToFolders(
  tx: Db,
  call: Call,
  assets: readonly { readonly id: number; readonly trashFolder: string | null }[],
): Promise<void> {
  const companyId = companyOf(call).id;
  const byFolder = Map.groupBy(assets, ({ trashFolder }) => trashFolder);
  for (const [path, inside] of byFolder) {
    if (path === null) continue;
    const folder = await ensureFolder(tx, companyId, path, call.now);
    await tx
      .update(t.assets)
      .set({ folderId: folder.id, trashFolder: null })
      .where(
        anyOf(
          t.assets.id,
          inside.map(({ id }) => id),
        ),
      );
    await touchFolder(tx, companyId, folder.path, call.now);
  }
}

function checkInTrash(asset: AssetRow, path: string): void {
  if (asset.trashState !== 'InTrash')
    throw ruleBroken(`${path}: the asset '${asset.name}' is not in the trash`);
}

/** Of some assets, those whose names other assets use in the meantime. */
async function namesTaken(call: Call, handles: readonly string[]): Promise<ReadonlySet<number>> {
  const ids = handles.flatMap((handle) => parseAssetHandle(handle) ?? []);
  const live = alias(t.assets, 'live');
  const rows = await call.db
    .selectDistinct({ id: t.assets.id })
    .from(t.assets)
    .innerJoin(
      live,
      and(eq(live.companyId, t.assets.companyId), sql`lower(${live.name}) = lower(${t.assets.name})`),
    )
    .where(
      and(
        eq(t.assets.companyId, companyOf(call).id),
        anyOf(t.assets.id, ids),
        eq(live.trashState, 'NotInTrash'),
        anyTextOf(live.type, [...CATALOG_TYPES]),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}

/** Numbers of assets, and of the views and masks that were moved to the trash with them. */
async function withOwned(tx: Db, assets: readonly AssetRow[]): Promise<number[]> {
  const ids = new Set(assets.map(({ id }) => id));
  const trashedAt = new Map(assets.map((asset) => [asset.id, asset.trashedAt?.getTime()]));
  for (let next = [...ids]; next.length > 0; ) {
    const owned = await tx
      .select({ id: t.assets.id, ownerId: t.assets.ownerId, trashedAt: t.assets.trashedAt })
      .from(t.assets)
      .where(
        and(anyOf(t.assets.ownerId, next), isNull(t.assets.engine), ne(t.assets.trashState, 'NotInTrash')),
      );
    const together = owned.filter(
      (each) => !ids.has(each.id) && each.trashedAt?.getTime() === trashedAt.get(each.ownerId ?? 0),
    );
    for (const each of together) {
      ids.add(each.id);
      trashedAt.set(each.id, each.trashedAt?.getTime());
    }
    next = together.map(({ id }) => id);
  }
  return [...ids];
}
