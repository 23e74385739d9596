import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { missingPermission } from '../../faults.js';
import type { FolderRow } from '../../folders/folder-store.js';
import { below } from '../../folders/folder-tree.js';
import { folderHandle } from '../../handles.js';
import { deniedAssets, deniedFolders, missingAssetPermission } from './checks.js';
import { assetCondition, folderCondition } from './conditions.js';
import type { Right } from './rights.js';
import type { Viewer } from './viewer.js';

/**
 * Checks everything in a folder: all folders below it, and all assets in them that are not in the trash. The number of queries does not
 * depend on theirs.
 *
 * @throws IpsFault 20009 for one that does not allow all of some rights. The fault names it only if the viewer may read it.
 */
export async function requireContents(
  db: Db,
  viewer: Viewer,
  folder: FolderRow,
  rights: readonly Right[],
  path = 'folderHandle',
): Promise<void> {
  const hidden = `what is in folder '${folderHandle(folder.path)}'`;
  const allowedFolders = await folderCondition(db, viewer, rights);
  if (allowedFolders !== undefined) {
    const [denied] = await db
      .select({ path: t.folders.path })
      .from(t.folders)
      .where(and(below(folder), sql`(${allowedFolders}) is not true`))
      .limit(1);
    if (denied !== undefined) {
      const missing = (await deniedFolders(db, viewer, [denied.path], rights)).get(denied.path) ?? rights;
      const name = `folder '${folderHandle(denied.path)}'`;
      throw missingPermission(path, missing, missing.includes('Read') ? hidden : name);
    }
  }
  const allowedAssets = await assetCondition(db, viewer, rights);
  if (allowedAssets === undefined) return;
  const inside = db.select({ id: t.folders.id }).from(t.folders).where(below(folder));
  const [asset] = await db
    .select({ id: t.assets.id })
    .from(t.assets)
    .where(
      and(
        eq(t.assets.companyId, folder.companyId),
        inArray(t.assets.folderId, inside),
        eq(t.assets.trashState, 'NotInTrash'),
        sql`(${allowedAssets}) is not true`,
      ),
    )
    .limit(1);
  if (asset === undefined) return;
  const missing = (await deniedAssets(db, viewer, [asset.id], rights)).get(asset.id) ?? rights;
  throw missing.includes('Read')
    ? missingPermission(path, missing, hidden)
    : missingAssetPermission(path, asset.id, missing);
}
