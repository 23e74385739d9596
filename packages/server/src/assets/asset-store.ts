import { and, eq, sql } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { type FolderRow, findFolder } from '../folders/folder-store.js';
import { assetHandle, parseAssetHandle, parseFolderHandle } from '../handles.js';

/** Assets of the company by number. Unknown numbers are omitted. */
export async function assetsById(
  db: Db,
  companyId: number,
  ids: readonly number[],
): Promise<Map<number, AssetRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(t.assets)
    .where(and(eq(t.assets.companyId, companyId), anyOf(t.assets.id, [...new Set(ids)])));
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * The asset of a handle.
 *
 * @param path - Of the handle in the request.
 * @throws IpsFault 30001 when the company has no such asset.
 */
export async function findAsset(
  db: Db,
  companyId: number,
  handle: string,
  path = 'assetHandle',
): Promise<AssetRow> {
  const id = parseAssetHandle(handle);
  const row = id === undefined ? undefined : (await assetsById(db, companyId, [id])).get(id);
  if (row === undefined) throw unknownHandle(path, handle);
  return row;
}

/**
 * The asset of a handle, for a change. Assets in the trash cannot be changed.
 *
 * @throws IpsFault 30001 when the company has no such asset, 30000 when it is in the trash.
 */
export async function findLiveAsset(
  db: Db,
  companyId: number,
  handle: string,
  path = 'assetHandle',
): Promise<AssetRow> {
  const row = await findAsset(db, companyId, handle, path);
  checkLive(row, path);
  return row;
}

/** @throws IpsFault 30000 when the asset is in the trash. */
export function checkLive(row: AssetRow, path: string): void {
  if (row.trashState !== 'NotInTrash') throw ruleBroken(`${path}: the asset '${row.name}' is in the trash`);
}

/** @throws IpsFault 30001 when the asset is of another type. */
export function checkType(asset: AssetRow, type: string, path: string): void {
  if (asset.type !== type) throw invalidParameter(path, assetHandle(asset.id), `an asset of type ${type}`);
}

/**
 * The folder of a handle.
 *
 * @throws IpsFault 30001 when the company has no such folder.
 */
export async function folderOfHandle(
  db: Db,
  companyId: number,
  handle: string,
  path = 'folderHandle',
): Promise<FolderRow> {
  const folderPath = parseFolderHandle(handle);
  const folder = folderPath === undefined ? undefined : await findFolder(db, companyId, folderPath);
  if (folder === undefined) throw unknownHandle(path, handle);
  return folder;
}

/** The columns that every change of an asset sets. The new version makes the next publish include it. */
export function changedBy(call: Call) {
  return {
    lastModified: call.now,
    lastModifyUserId: call.identity.user.id,
    version: sql<number>`${t.assets.version} + 1`,
  };
}

/**
 * @param path - Of the name in the request.
 * @throws IpsFault 30001 for an invalid name.
 */
export function checkAssetName(name: string, path = 'name'): void {
  if (name.trim() === '' || name.length > 255 || /[/\\\p{Cc}]/u.test(name)) {
    throw invalidParameter(path, name, 'a name of 1 to 255 characters without slashes or control characters');
  }
}
