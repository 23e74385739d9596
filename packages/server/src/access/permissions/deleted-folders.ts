import { type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../../db/any-of.js';
import type { Db } from '../../db/db.js';
import { isWithin } from '../../db/ignore-case.js';
import * as t from '../../db/schema.js';
import type { FolderRow } from '../../folders/folder-store.js';
import { nearestSets } from './effective-sets.js';

/** An entry of a set of a deleted folder, in which entries of deleted folders above have already been taken into account. */
interface KeptEntry {
  readonly groupId: number;
  readonly right: string;
  readonly isAllowed: boolean;
  readonly isOverride: boolean;
}

interface DeletedSet {
  readonly id: number;
  readonly folderId: number;
  readonly path: string;
  readonly entries: readonly KeptEntry[];
}

/**
 * Before a folder is deleted: gives its assets, which go to the trash, the permissions that they have by the sets of the deleted folders. An
 * asset that follows one of these gets a set of its own; entries of own sets that give way to one of these take over what it says.
 */
export async function keepPermissionsOf(tx: Db, folder: FolderRow): Promise<void> {
  const sets = await deletedSets(tx, folder);
  if (sets.length === 0) return;
  const { rows: folders } = await tx.execute<{ id: number }>(
    sql`select id from ${t.folders} where company_id = ${folder.companyId} and ${isWithin(sql`path`, folder.path)}`,
  );
  const nearest = await nearestSets(
    tx,
    folders.map(({ id }) => id),
  );
  for (const set of sets) {
    const inside = [...nearest].flatMap(([folderId, setId]) => (setId === set.id ? [folderId] : []));
    const assets = sql`select a.id from ${t.assets} a where ${anyOf(sql`a.folder_id`, inside)}`;
    await takeOver(tx, set.entries, assets);
    await copyTo(tx, folder.companyId, set.entries, assets);
  }
}

/** Fixes the entries of own sets that give way to a deleted folder. */
async function takeOver(tx: Db, entries: readonly KeptEntry[], assets: SQL): Promise<void> {
  const said = (field: string): SQL =>
    sql`(select k.${sql.identifier(field)} from ${recordset(entries)} where k."groupId" = e.group_id and k."right" = e.type)`;
  await tx.execute(
    sql`update ${t.permissionEntries} e set is_allowed = coalesce(${said('isAllowed')}, e.is_allowed), is_override = coalesce(${said('isOverride')}, true) where not e.is_override and e.set_id in (select s.id from ${t.permissionSets} s where s.asset_id in (${assets}))`,
  );
}

/** Gives assets without an own set one. */
async function copyTo(tx: Db, companyId: number, entries: readonly KeptEntry[], assets: SQL): Promise<void> {
  await tx.execute(
    sql`with made as (insert into ${t.permissionSets} (company_id, asset_id) select ${companyId}::int, id from (${assets}) a on conflict (asset_id) do nothing returning id) insert into ${t.permissionEntries} (set_id, group_id, type, is_allowed, is_override) select made.id, k."groupId", k."right", k."isAllowed", k."isOverride" from made cross join ${recordset(entries)}`,
  );
}

const recordset = (entries: readonly KeptEntry[]): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) k("groupId" int, "right" text, "isAllowed" boolean, "isOverride" boolean)`;

/** The sets of a folder and of those below it, each with what the ones above it in the same folder add. */
async function deletedSets(tx: Db, folder: FolderRow): Promise<DeletedSet[]> {
  const { rows } = await tx.execute<Omit<DeletedSet, 'entries'> & { own: readonly KeptEntry[] }>(
    sql`select s.id, s.folder_id as "folderId", lower(f.path) as path, coalesce((select jsonb_agg(jsonb_build_object('groupId', e.group_id, 'right', e.type, 'isAllowed', e.is_allowed, 'isOverride', e.is_override)) from ${t.permissionEntries} e where e.set_id = s.id), '[]') as own from ${t.permissionSets} s join ${t.folders} f on f.id = s.folder_id where f.company_id = ${folder.companyId} and ${isWithin(sql`f.path`, folder.path)} order by lower(f.path) collate "C"`,
  );
  const done: DeletedSet[] = [];
  for (const { own, ...set } of rows) {
    const above = done.findLast(({ path }) => set.path.startsWith(path));
    done.push({ ...set, entries: own.map((entry) => joined(entry, above?.entries)) });
  }
  return done;
}

/** What an entry amounts to without the set above it. */
function joined(entry: KeptEntry, above: readonly KeptEntry[] | undefined): KeptEntry {
  if (entry.isOverride || above === undefined) return entry;
  const said = above.find(({ groupId, right }) => groupId === entry.groupId && right === entry.right);
  return said ?? { ...entry, isOverride: true };
}
