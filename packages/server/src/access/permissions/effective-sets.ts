import type { Permission, PermissionSet } from '@ips-sdk/types';
import { asc, eq, sql } from 'drizzle-orm';
import { anyOf } from '../../db/any-of.js';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { groupHandle, permissionSetHandle } from '../../handles.js';

// The sets that answers show: the own one of an object, or that of the nearest folder above that has one.

/** The number of the set that applies to each of some folders. A folder without one at or above it is omitted. */
export async function nearestSets(
  db: Db,
  folderIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const steps = sql`string_to_array(below.path, '/')`;
  // With the offset, the planner looks up each path by the index, instead of computing the key of every folder.
  const { rows } = await db.execute<{ id: number; setId: number }>(
    sql`select distinct on (below.id) below.id, s.id as "setId" from ${t.folders} below cross join lateral generate_series(1, cardinality(${steps}) - 1) depth cross join lateral (select f.id from ${t.folders} f where f.company_id = below.company_id and lower(f.path) = lower(array_to_string((${steps})[1:depth], '/') || '/') offset 0) f join ${t.permissionSets} s on s.folder_id = f.id where ${anyOf(sql`below.id`, folderIds)} order by below.id, depth desc`,
  );
  return new Map(rows.map(({ id, setId }) => [id, setId]));
}

/** The own sets of a company's folders, by number of the folder. */
export async function setsOfFolders(db: Db, companyId: number): Promise<ReadonlyMap<number, number>> {
  const rows = await db
    .select({ folderId: t.permissionSets.folderId, id: t.permissionSets.id })
    .from(t.permissionSets)
    .where(sql`${t.permissionSets.companyId} = ${companyId} and ${t.permissionSets.folderId} is not null`);
  return new Map(rows.flatMap(({ folderId, id }) => (folderId === null ? [] : [[folderId, id] as const])));
}

/** The permissions that apply to each of some assets, by number of the asset. */
export async function permissionsOfAssets(
  db: Db,
  assets: readonly { readonly id: number; readonly folderId: number }[],
): Promise<ReadonlyMap<number, Permission[]>> {
  const own = await db
    .select({ assetId: t.permissionSets.assetId, id: t.permissionSets.id })
    .from(t.permissionSets)
    .where(
      anyOf(
        t.permissionSets.assetId,
        assets.map(({ id }) => id),
      ),
    );
  const byAsset = new Map(own.map(({ assetId, id }) => [assetId, id]));
  const following = assets.filter(({ id }) => !byAsset.has(id)).map(({ folderId }) => folderId);
  const byFolder = await nearestSets(db, [...new Set(following)]);
  const setOf = (asset: { readonly id: number; readonly folderId: number }): number | undefined =>
    byAsset.get(asset.id) ?? byFolder.get(asset.folderId);
  const permissions = await permissionsOfSets(db, [
    ...new Set(assets.flatMap((asset) => setOf(asset) ?? [])),
  ]);
  return new Map(
    assets.flatMap((asset) => {
      const set = setOf(asset);
      return set === undefined ? [] : [[asset.id, permissions.get(set) ?? []] as const];
    }),
  );
}

/** The permissions of property sets that have some, by number of the property set. */
export async function permissionsOfPropertySets(
  db: Db,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Permission[]>> {
  const sets = await db
    .select({ owner: t.permissionSets.propertySetId, id: t.permissionSets.id })
    .from(t.permissionSets)
    .where(anyOf(t.permissionSets.propertySetId, ids));
  const permissions = await permissionsOfSets(
    db,
    sets.map(({ id }) => id),
  );
  return new Map(
    sets.flatMap(({ owner, id }) => (owner === null ? [] : [[owner, permissions.get(id) ?? []] as const])),
  );
}

/** Sets as returned by the API, by number. */
export async function permissionSetRecords(db: Db, ids: readonly number[]): Promise<PermissionSet[]> {
  const permissions = await permissionsOfSets(db, ids);
  return [...ids]
    .sort((one, other) => one - other)
    .map((id) => ({
      permissionSetHandle: permissionSetHandle(id),
      permissionArray: permissions.get(id) ?? [],
    }));
}

/** The entries of sets as returned by the API, by number of the set. A set without entries is omitted. */
async function permissionsOfSets(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, Permission[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ entry: t.permissionEntries, name: t.groups.name })
    .from(t.permissionEntries)
    .innerJoin(t.groups, eq(t.groups.id, t.permissionEntries.groupId))
    .where(anyOf(t.permissionEntries.setId, ids))
    .orderBy(asc(t.permissionEntries.setId), asc(t.permissionEntries.groupId), asc(t.permissionEntries.type));
  const sets = Map.groupBy(rows, ({ entry }) => entry.setId);
  return new Map([...sets].map(([id, entries]) => [id, entries.map(permissionOf)]));
}

function permissionOf({
  entry,
  name,
}: {
  readonly entry: typeof t.permissionEntries.$inferSelect;
  readonly name: string;
}): Permission {
  return {
    groupHandle: groupHandle(entry.groupId),
    groupName: name,
    permissionType: entry.type,
    isAllowed: entry.isAllowed,
    isOverride: entry.isOverride,
  };
}
