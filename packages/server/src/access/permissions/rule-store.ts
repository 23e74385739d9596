import { and, asc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { anyOf } from '../../db/any-of.js';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import { type Entry, type FolderRules, type FolderSet, folderRules } from './folder-rules.js';
import { isRight } from './rights.js';

/**
 * The rules of a company's folders for some groups, in one query.
 *
 * @param paths - Reads only the sets of these folders and of those above them.
 */
export async function loadFolderRules(
  db: Db,
  companyId: number,
  groups: readonly number[],
  paths?: readonly string[],
): Promise<FolderRules> {
  const path = sql<string>`lower(${t.folders.path})`;
  const rows = await db
    .select({
      path,
      groupId: t.permissionEntries.groupId,
      right: t.permissionEntries.type,
      isAllowed: t.permissionEntries.isAllowed,
      isOverride: t.permissionEntries.isOverride,
    })
    .from(t.permissionSets)
    .innerJoin(t.folders, eq(t.folders.id, t.permissionSets.folderId))
    .leftJoin(
      t.permissionEntries,
      and(eq(t.permissionEntries.setId, t.permissionSets.id), anyOf(t.permissionEntries.groupId, groups)),
    )
    .where(
      and(
        eq(t.permissionSets.companyId, companyId),
        isNotNull(t.permissionSets.folderId),
        paths === undefined ? undefined : and(eq(t.folders.companyId, companyId), isAbove(paths)),
      ),
    )
    .orderBy(asc(sql`lower(${t.folders.path}) collate "C"`));
  const sets: (FolderSet & { readonly entries: Entry[] })[] = [];
  for (const { path: folder, groupId, right, isAllowed, isOverride } of rows) {
    let set = sets.at(-1);
    if (set?.path !== folder) {
      set = { path: folder, entries: [] };
      sets.push(set);
    }
    if (groupId === null || isAllowed === null || isOverride === null || !isRight(right)) continue;
    set.entries.push({ groupId, right, isAllowed, isOverride });
  }
  return folderRules(sets);
}

/** The paths of folders and of all above them. */
export const pathsAbove = (paths: readonly string[]): string[] => {
  const all = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      all.add(path.slice(0, end + 1));
    }
  }
  return [...all];
};

/** Whether a folder is one of some, or above one of them. The list is a single parameter. */
function isAbove(paths: readonly string[]): SQL {
  return sql`lower(${t.folders.path}) = any(array(select lower(p) from unnest(${sql.param(pathsAbove(paths))}::text[]) p))`;
}
