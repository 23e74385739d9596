import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../../db/any-of.js';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { missingPermission } from '../../faults.js';
import { assetHandle, propertySetHandle } from '../../handles.js';
import {
  assetAllows,
  folderAllows,
  folderOfAssetAllows,
  propertySetCondition,
  rulesOf,
} from './conditions.js';
import type { Right } from './rights.js';
import type { Viewer } from './viewer.js';

/** The rights that are missing, by number of the asset or path of the folder. What is allowed is not in it. */
export type Missing<Key> = ReadonlyMap<Key, readonly Right[]>;

/**
 * Of some assets of the viewer's company, those that do not allow all of some rights. Three queries, however many assets; none if
 * permissions do not restrict the viewer.
 *
 * @param db - The transaction, inside one.
 */
export async function deniedAssets(
  db: Db,
  viewer: Viewer,
  ids: readonly number[],
  rights: readonly Right[],
): Promise<Missing<number>> {
  if (viewer.groups === undefined || ids.length === 0 || rights.length === 0) return new Map();
  const folders = await db
    .select({ path: t.folders.path })
    .from(t.folders)
    .where(
      inArray(
        t.folders.id,
        db.select({ id: t.assets.folderId }).from(t.assets).where(anyOf(t.assets.id, ids)),
      ),
    );
  const rules = await rulesOf(
    db,
    viewer,
    folders.map(({ path }) => path),
  );
  if (rules === undefined) return new Map();
  const rows = await db
    .select({
      key: t.assets.id,
      allowed: allowedRights(rights, (right) => assetAllows(rules, right, folderOfAssetAllows(rules, right))),
    })
    .from(t.assets)
    .where(and(eq(t.assets.companyId, viewer.companyId), anyOf(t.assets.id, ids)));
  return missingOf(rights, rows);
}

/**
 * Of some folders of the viewer's company, by the paths in their rows, those that do not allow all of some rights.
 *
 * @param db - The transaction, inside one.
 */
export async function deniedFolders(
  db: Db,
  viewer: Viewer,
  paths: readonly string[],
  rights: readonly Right[],
): Promise<Missing<string>> {
  if (paths.length === 0 || rights.length === 0) return new Map();
  const rules = await rulesOf(db, viewer, paths);
  if (rules === undefined) return new Map();
  const allowed = allowedRights(rights, (right) => folderAllows(rules, right, sql`p.path`));
  const { rows } = await db.execute<{ key: string; allowed: Right[] }>(
    sql`select p.path as key, ${allowed} as allowed from unnest(${sql.param([...paths])}::text[]) p(path)`,
  );
  return missingOf(rights, rows);
}

/** @throws IpsFault 20009 for the first asset that does not allow all of some rights. `path` is its place in the request. */
export async function requireAsset(
  db: Db,
  viewer: Viewer,
  id: number,
  rights: readonly Right[],
  path = 'assetHandle',
): Promise<void> {
  const missing = (await deniedAssets(db, viewer, [id], rights)).get(id);
  if (missing !== undefined) throw missingAssetPermission(path, id, missing);
}

/**
 * @param pathOf - The place in the request of the asset at an index.
 * @throws IpsFault 20009 for the first asset that does not allow all of some rights.
 */
export async function requireAssets(
  db: Db,
  viewer: Viewer,
  ids: readonly number[],
  rights: readonly Right[],
  pathOf: (index: number) => string,
): Promise<void> {
  const denied = await deniedAssets(db, viewer, ids, rights);
  const index = ids.findIndex((id) => denied.has(id));
  const id = ids[index];
  const missing = id === undefined ? undefined : denied.get(id);
  if (id !== undefined && missing !== undefined) throw missingAssetPermission(pathOf(index), id, missing);
}

/**
 * @param folder - An existing one, and its handle as the request has it, in which names may be written in another case.
 * @param path - Its place in the request.
 * @throws IpsFault 20009 if the folder does not allow all of some rights.
 */
export async function requireFolder(
  db: Db,
  viewer: Viewer,
  folder: { readonly path: string; readonly handle: string },
  rights: readonly Right[],
  path: string,
): Promise<void> {
  const missing = (await deniedFolders(db, viewer, [folder.path], rights)).get(folder.path);
  if (missing !== undefined) throw missingPermission(path, missing, `folder '${folder.handle}'`);
}

/** @throws IpsFault 20009 if a property set has permissions that do not allow all of some rights. */
export async function requirePropertySet(
  db: Db,
  viewer: Viewer,
  id: number,
  rights: readonly Right[],
  path = 'setHandle',
): Promise<void> {
  for (const right of rights) {
    const condition = propertySetCondition(viewer, [right]);
    if (condition === undefined) return;
    const found = await db.$count(t.propertySets, and(eq(t.propertySets.id, id), condition));
    if (found === 0) throw missingPermission(path, [right], `property set '${propertySetHandle(id)}'`);
  }
}

/** The fault for an asset that does not allow some rights. */
export const missingAssetPermission = (path: string, id: number, rights: readonly Right[]) =>
  missingPermission(path, rights, `asset '${assetHandle(id)}'`);

/** The rights that a row allows, as an array of texts. */
function allowedRights(rights: readonly Right[], allows: (right: Right) => SQL) {
  const each = rights.map((right) => sql`case when ${allows(right)} then ${right}::text end`);
  return sql<(Right | null)[]>`array[${sql.join(each, sql`, `)}]`;
}

function missingOf<Key>(
  rights: readonly Right[],
  rows: readonly { readonly key: Key; readonly allowed: readonly (Right | null)[] }[],
): Missing<Key> {
  const missing = new Map<Key, readonly Right[]>();
  for (const { key, allowed } of rows) {
    const denied = rights.filter((right) => !allowed.includes(right));
    if (denied.length > 0) missing.set(key, denied);
  }
  return missing;
}
