import { type Call, companyOf } from '../access/call.js';
import { deniedAssets, requireAsset, requireFolder } from '../access/permissions/checks.js';
import { READ, type Right } from '../access/permissions/rights.js';
import { callerOf, type Viewer } from '../access/permissions/viewer.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import type { FolderRow } from '../folders/folder-store.js';
import { checkLive, findAsset, folderOfHandle } from './asset-store.js';

// What a handle of a request names, if the caller may do with it what the operation does.

/**
 * The asset of a handle, on which the caller has all of some rights.
 *
 * @param path - Of the handle in the request.
 * @param db - The transaction, inside one.
 * @throws IpsFault 30001 when the company has no such asset, 20009 when a right is missing.
 */
export async function permittedAsset(
  call: Call,
  handle: string,
  rights: readonly Right[],
  path = 'assetHandle',
  db: Db = call.db,
): Promise<AssetRow> {
  const row = await findAsset(db, companyOf(call).id, handle, path);
  await requireAsset(db, await callerOf(call, db), row.id, rights, path);
  return row;
}

/**
 * The asset of a handle, for a change. Assets in the trash cannot be changed.
 *
 * @throws IpsFault 30001 when the company has no such asset, 20009 when a right is missing, 30000 when it is in the trash.
 */
export async function permittedLiveAsset(
  call: Call,
  handle: string,
  rights: readonly Right[],
  path = 'assetHandle',
  db: Db = call.db,
): Promise<AssetRow> {
  const row = await permittedAsset(call, handle, rights, path, db);
  checkLive(row, path);
  return row;
}

/** Of some assets of the viewer's company, in the same order, those that the viewer may read. */
export async function readableOf<Row extends { readonly id: number }>(
  db: Db,
  viewer: Viewer,
  rows: readonly Row[],
): Promise<Row[]> {
  const denied = await deniedAssets(
    db,
    viewer,
    rows.map(({ id }) => id),
    READ,
  );
  return rows.filter(({ id }) => !denied.has(id));
}

/**
 * The folder of a handle, on which the caller has all of some rights.
 *
 * @throws IpsFault 30001 when the company has no such folder, 20009 when a right is missing.
 */
export async function permittedFolder(
  call: Call,
  handle: string,
  rights: readonly Right[],
  path = 'folderHandle',
  db: Db = call.db,
): Promise<FolderRow> {
  const folder = await folderOfHandle(db, companyOf(call).id, handle, path);
  await requireFolder(db, await callerOf(call, db), { path: folder.path, handle }, rights, path);
  return folder;
}
