import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { anyOf } from '../../db/any-of.js';
import type { Db } from '../../db/db.js';
import * as t from '../../db/schema.js';
import type { FolderRules } from './folder-rules.js';
import type { Right } from './rights.js';
import { loadFolderRules } from './rule-store.js';
import type { Viewer } from './viewer.js';

/** The rules of a restricted viewer's company, to evaluate in queries. */
export interface Rules {
  readonly groups: readonly number[];
  readonly folders: FolderRules;
}

/** Loads the rules that apply to a viewer; `undefined` for somebody whom permissions do not restrict. */
export async function rulesOf(
  db: Db,
  { companyId, groups }: Viewer,
  paths?: readonly string[],
): Promise<Rules | undefined> {
  if (groups === undefined) return undefined;
  return { groups, folders: await loadFolderRules(db, companyId, groups, paths) };
}

/** What a viewer may do with the folders and assets of the company, computed once for any number of queries. */
export interface Scope {
  /** For queries of `t.folders`; `undefined` if all of them are allowed. */
  readonly folders: SQL | undefined;
  /** For queries of `t.assets` in the viewer's company; `undefined` if all of them are allowed. */
  readonly assets: SQL | undefined;
  /** Whether a folder is allowed, by its number. */
  allowsFolder(id: number): boolean;
}

const EVERYTHING: Scope = { folders: undefined, assets: undefined, allowsFolder: () => true };

const NOTHING: Scope = { folders: sql`false`, assets: sql`false`, allowsFolder: () => false };

/** The folders and assets on which a viewer has all of some rights. */
export async function scopeOf(db: Db, viewer: Viewer, rights: readonly Right[]): Promise<Scope> {
  const rules = await rulesOf(db, viewer);
  if (rules === undefined) return EVERYTHING;
  if (rules.groups.length === 0) return NOTHING;
  const ownSets = await hasAssetSets(db, viewer.companyId);
  const folders: SQL[] = [];
  const assets: SQL[] = [];
  const filters: ((id: number) => boolean)[] = [];
  for (const right of rights) {
    const allowed = await allowedFolders(db, viewer.companyId, rules, right);
    folders.push(...listed(t.folders.id, allowed));
    const inFolder = listed(t.assets.folderId, allowed);
    if (ownSets) assets.push(assetAllows(rules, right, inFolder[0] ?? sql`true`));
    else assets.push(...inFolder);
    const ids = new Set(JSON.parse(allowed.ids.replace('{', '[').replace('}', ']')) as number[]);
    filters.push((id) => ids.has(id) !== allowed.isExcept);
  }
  return {
    folders: and(...folders),
    assets: and(...assets),
    allowsFolder: (id) => filters.every((filter) => filter(id)),
  };
}

/**
 * The condition for the folders on which a viewer has all of some rights, for queries of `t.folders`.
 *
 * @returns `undefined` if permissions restrict nothing.
 */
export async function folderCondition(
  db: Db,
  viewer: Viewer,
  rights: readonly Right[],
): Promise<SQL | undefined> {
  return (await scopeOf(db, viewer, rights)).folders;
}

/**
 * The condition for the assets on which a viewer has all of some rights, for queries of `t.assets` in the viewer's company. It is computed
 * once and serves any number of queries.
 *
 * @returns `undefined` if permissions restrict nothing.
 */
export async function assetCondition(
  db: Db,
  viewer: Viewer,
  rights: readonly Right[],
): Promise<SQL | undefined> {
  return (await scopeOf(db, viewer, rights)).assets;
}

/** The condition for property sets, for queries of `t.propertySets`: one without a permission set is open to all. */
export function propertySetCondition({ groups }: Viewer, rights: readonly Right[]): SQL | undefined {
  if (groups === undefined) return undefined;
  const own = sql`from ${t.permissionSets} s where s.property_set_id = ${t.propertySets.id}`;
  const each = rights.map(
    (right) =>
      sql`exists (select 1 from ${t.permissionSets} s join ${t.permissionEntries} e on e.set_id = s.id where s.property_set_id = ${t.propertySets.id} and e.type = ${right} and e.is_allowed and ${anyOf(sql`e.group_id`, groups)})`,
  );
  return sql`(not exists (select 1 ${own}) or (${sql.join(each, sql` and `)}))`;
}

/** Whether a folder, by its path, allows a right. */
export function folderAllows({ folders }: Rules, right: Right, path: SQLWrapper): SQL {
  const allowed = folders.allowed(right);
  if (!allowed.includes(true)) return sql`false`;
  return sql`(${param(allowed)}::boolean[])[${range(folders, path)}]`;
}

/**
 * Whether an asset allows a right: by its own permission set or, if it has none, by its folder.
 *
 * @param inFolder - Whether the folder allows it.
 */
export function assetAllows(rules: Rules, right: Right, inFolder: SQL): SQL {
  if (rules.groups.length === 0) return sql`false`;
  const asset = t.assets.id;
  const own = sql`exists (select 1 from ${t.permissionSets} s where s.asset_id = ${asset})`;
  const entry = sql`exists (select 1 from ${t.permissionSets} s join ${t.permissionEntries} e on e.set_id = s.id where s.asset_id = ${asset} and e.type = ${right} and ${anyOf(sql`e.group_id`, rules.groups)} and case when e.is_override then e.is_allowed else coalesce(${folderDecision(rules, right)}, e.is_allowed) end)`;
  return sql`((${inFolder} and not ${own}) or ${entry})`;
}

/** Whether the folder of an asset allows a right, for a few assets: finds the path of each folder. */
export function folderOfAssetAllows(rules: Rules, right: Right): SQL {
  return sql`(select ${folderAllows(rules, right, sql`f.path`)} from ${t.folders} f where f.id = ${t.assets.folderId})`;
}

/** What the folder of an asset says about the group of an entry `e`; null if nothing. */
function folderDecision({ groups, folders }: Rules, right: Right): SQL {
  const all = groups.flatMap((group) => folders.decisions(right, group));
  if (!all.some((decision) => decision !== null)) return sql`null::boolean`;
  const stride = folders.bounds.length + 1;
  const position = sql`(array_position(${param(groups)}::int[], e.group_id) - 1) * ${sql.raw(String(stride))}`;
  return sql`(select (${param(all)}::boolean[])[${position} + ${range(folders, sql`f.path`)}] from ${t.folders} f where f.id = ${t.assets.folderId})`;
}

/** Folders by number, as the text of an array: these or, with `isExcept`, all but these. */
interface FolderList {
  readonly ids: string;
  readonly isExcept: boolean;
}

/**
 * The folders of a company that allow a right. Finds those that differ from the root, which are usually fewer, by the ranges of their paths.
 */
async function allowedFolders(
  db: Db,
  companyId: number,
  { folders }: Rules,
  right: Right,
): Promise<FolderList> {
  const { bounds } = folders;
  const allowed = folders.allowed(right);
  // Only the root has no folder above it. Without a set of its own, it allows nothing.
  const isExcept = bounds[0]?.indexOf('/') === bounds[0]?.lastIndexOf('/') && allowed[1] === true;
  const starts: string[] = [];
  const ends: string[] = [];
  bounds.forEach((bound, index) => {
    const end = bounds[index + 1];
    // The last range, after all folders with sets, is like the root.
    if (end === undefined || allowed[index + 1] === isExcept) return;
    if (ends.at(-1) === bound) ends[ends.length - 1] = end;
    else {
      starts.push(bound);
      ends.push(end);
    }
  });
  if (starts.length === 0) return { ids: '{}', isExcept };
  const path = sql`lower(f.path) collate "C"`;
  // With the offset, the planner takes each range as one of constants, which is narrow, and reads it by the index. In a plain join, it
  // expects a ninth of all folders in each, and compares every folder with every range.
  const { rows } = await db.execute<{ ids: string | null }>(
    sql`select array_agg(f.id)::text as ids from unnest(${param(starts)}::text[], ${param(ends)}::text[]) r(first, behind) cross join lateral (select f.id from ${t.folders} f where f.company_id = ${companyId} and ${path} >= r.first and ${path} < r.behind offset 0) f`,
  );
  return { ids: rows[0]?.ids ?? '{}', isExcept };
}

/** Whether a folder is among those of a list; nothing if all are. */
function listed(id: SQLWrapper, { ids, isExcept }: FolderList): SQL[] {
  if (ids === '{}') return isExcept ? [] : [sql`false`];
  // A subquery costs the planner nothing for each number, unlike a list; as a test of its truth, it remains a filter of rows that are found
  // in the order of the answer, and does not become a join that has to be sorted.
  const among = sql`${id} in (select unnest(${ids}::int[]))`;
  return [isExcept ? sql`(${among}) is not true` : sql`(${among}) is true`];
}

/** Whether an asset of the company has a permission set of its own. */
async function hasAssetSets(db: Db, companyId: number): Promise<boolean> {
  const [row] = await db
    .select({ id: t.permissionSets.id })
    .from(t.permissionSets)
    .where(and(eq(t.permissionSets.companyId, companyId), sql`${t.permissionSets.assetId} is not null`))
    .limit(1);
  return row !== undefined;
}

/** The number of the range of a path, from 1. */
function range({ bounds }: FolderRules, path: SQLWrapper): SQL {
  return sql`width_bucket(lower(${path}) collate "C", ${param(bounds)}::text[]) + 1`;
}

/** An array as one parameter. */
const param = (values: readonly (string | number | boolean | null)[]) => sql.param([...values]);
