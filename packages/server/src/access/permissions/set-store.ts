import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/db.js';
import { isWithin } from '../../db/ignore-case.js';
import * as t from '../../db/schema.js';
import type { FolderRow } from '../../folders/folder-store.js';
import { nearestSets } from './effective-sets.js';
import type { Entry } from './folder-rules.js';

/** What a permission set belongs to. */
export type SetOwner =
  | { readonly kind: 'folder'; readonly folder: FolderRow }
  | { readonly kind: 'asset'; readonly id: number; readonly companyId: number; readonly folderId: number }
  | { readonly kind: 'propertySet'; readonly id: number; readonly companyId: number | null };

const COLUMNS = {
  folder: t.permissionSets.folderId,
  asset: t.permissionSets.assetId,
  propertySet: t.permissionSets.propertySetId,
};

/** Whether an object has a set of its own. */
export async function hasSet(db: Db, owner: SetOwner): Promise<boolean> {
  return (await db.$count(t.permissionSets, eq(COLUMNS[owner.kind], ownerId(owner)))) > 0;
}

/** Replaces the own set of an object, or gives it one. Without entries, no group gets in. */
export async function replaceSet(tx: Db, owner: SetOwner, entries: readonly Entry[]): Promise<void> {
  const setId = await ownSet(tx, owner);
  await tx.delete(t.permissionEntries).where(eq(t.permissionEntries.setId, setId));
  await merge(tx, eq(t.permissionSets.id, setId), entries);
}

/**
 * Changes entries of the own set of an object. An object without one gets a copy of the set that it follows, which still follows the folder
 * above where that says something.
 */
export async function updateSet(tx: Db, owner: SetOwner, entries: readonly Entry[]): Promise<void> {
  const followed = (await hasSet(tx, owner)) ? undefined : await followedSet(tx, owner);
  const setId = await ownSet(tx, owner);
  if (followed !== undefined) {
    await tx.execute(
      sql`insert into ${t.permissionEntries} (set_id, group_id, type, is_allowed, is_override) select ${setId}::int, e.group_id, e.type, e.is_allowed, false from ${t.permissionEntries} e where e.set_id = ${followed} on conflict do nothing`,
    );
  }
  await merge(tx, eq(t.permissionSets.id, setId), entries);
}

/** Removes the own set of an object, which then follows the folder above. */
export async function removeSet(tx: Db, owner: SetOwner): Promise<void> {
  await tx.delete(t.permissionSets).where(eq(COLUMNS[owner.kind], ownerId(owner)));
}

/** Removes the own sets of all folders below a folder and, on request, of the assets in it and below. */
export async function removeSetsBelow(
  tx: Db,
  folder: FolderRow,
  { assets }: { readonly assets: boolean },
): Promise<void> {
  await tx.delete(t.permissionSets).where(setsBelow(tx, folder, assets));
}

/** Changes entries in all own sets of the folders below a folder, and of the assets in it and below. */
export async function updateSetsBelow(tx: Db, folder: FolderRow, entries: readonly Entry[]): Promise<void> {
  await merge(tx, setsBelow(tx, folder, true), entries);
}

/** The number of the own set of an object, which is created if there is none. */
async function ownSet(tx: Db, owner: SetOwner): Promise<number> {
  const column = COLUMNS[owner.kind];
  const companyId = owner.kind === 'folder' ? owner.folder.companyId : owner.companyId;
  const [row] = await tx
    .insert(t.permissionSets)
    .values({
      companyId,
      ...(owner.kind === 'folder'
        ? { folderId: owner.folder.id }
        : owner.kind === 'asset'
          ? { assetId: owner.id }
          : { propertySetId: owner.id }),
    })
    // An update that changes nothing locks the row and returns its number.
    .onConflictDoUpdate({ target: column, set: { companyId } })
    .returning({ id: t.permissionSets.id });
  if (row === undefined) throw new Error('the permission set was not stored');
  return row.id;
}

/** The set that an object without an own one follows. */
async function followedSet(tx: Db, owner: SetOwner): Promise<number | undefined> {
  if (owner.kind === 'propertySet') return undefined;
  const folderId = owner.kind === 'folder' ? owner.folder.id : owner.folderId;
  return (await nearestSets(tx, [folderId])).get(folderId);
}

const ownerId = (owner: SetOwner): number => (owner.kind === 'folder' ? owner.folder.id : owner.id);

/** Adds entries to sets, in place of those for the same group and right. */
async function merge(tx: Db, sets: SQL | undefined, entries: readonly Entry[]): Promise<void> {
  // The last entry for a group and a right counts.
  const unique = [...new Map(entries.map((entry) => [`${entry.groupId} ${entry.right}`, entry])).values()];
  if (unique.length === 0) return;
  await tx.execute(
    sql`insert into ${t.permissionEntries} (set_id, group_id, type, is_allowed, is_override) select ${t.permissionSets.id}, e."groupId", e."right", e."isAllowed", e."isOverride" from ${t.permissionSets} cross join jsonb_to_recordset(${JSON.stringify(unique)}::jsonb) e("groupId" int, "right" text, "isAllowed" boolean, "isOverride" boolean) where ${sets} on conflict (set_id, group_id, type) do update set is_allowed = excluded.is_allowed, is_override = excluded.is_override`,
  );
}

/** The own sets of the folders below a folder, without itself, and of the assets in it and below. */
function setsBelow(tx: Db, folder: FolderRow, assets: boolean): SQL | undefined {
  const inside = tx
    .select({ id: t.folders.id })
    .from(t.folders)
    .where(and(eq(t.folders.companyId, folder.companyId), isWithin(t.folders.path, folder.path)));
  const folders = and(
    inArray(t.permissionSets.folderId, inside),
    sql`${t.permissionSets.folderId} <> ${folder.id}`,
  );
  if (!assets) return and(eq(t.permissionSets.companyId, folder.companyId), folders);
  const contents = inArray(
    t.permissionSets.assetId,
    tx.select({ id: t.assets.id }).from(t.assets).where(inArray(t.assets.folderId, inside)),
  );
  return and(eq(t.permissionSets.companyId, folder.companyId), or(folders, contents));
}
