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

/**
 * The condition for the folders on which a viewer has all of some rights, for queries of `t.folders`.
 *
 * @returns `undefined` if permissions do not restrict the viewer.
 */
export async function folderCondition(
  db: Db,
  viewer: Viewer,
  rights: readonly Right[],
): Promise<SQL | undefined> {
  const rules = await rulesOf(db, viewer);
  if (rules === undefined) return undefined;
  return and(...rights.map((right) => folderAllows(rules, right, t.folders.path)));
}

/**
 * The condition for the assets on which a viewer has all of some rights, for queries of `t.assets` in the viewer's company. It is computed
 * once and serves any number of queries.
 *
 * @returns `undefined` if permissions do not restrict the viewer.
 */
export async function assetCondition(
  db: Db,
  viewer: Viewer,
  rights: readonly Right[],
): Promise<SQL | undefined> {
  const rules = await rulesOf(db, viewer);
  if (rules === undefined) return undefined;
  if (rules.groups.length === 0) return sql`false`;
  const ownSets = await hasAssetSets(db, viewer.companyId);
  const conditions: SQL[] = [];
  for (const right of rights) {
    const inFolder = await inAllowedFolder(db, viewer.companyId, rules, right);
    if (ownSets) conditions.push(assetAllows(rules, right, inFolder ?? sql`true`));
    else if (inFolder !== undefined) conditions.push(inFolder);
  }
  return conditions.length === 0 ? undefined : and(...conditions);
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

/**
 * The condition for assets whose folders allow a right, for many assets: the folders are found once.
 *
 * @returns `undefined` if all folders of the company allow it.
 */
async function inAllowedFolder(
  db: Db,
  companyId: number,
  rules: Rules,
  right: Right,
): Promise<SQL | undefined> {
  if (allowsEverywhere(rules.folders, right)) return undefined;
  const allowed = folderAllows(rules, right, t.folders.path);
  const [row] = await db
    .select({ ids: sql<string | null>`array_agg(${t.folders.id})::text` })
    .from(t.folders)
    .where(and(eq(t.folders.companyId, companyId), allowed));
  if (row === undefined || row.ids === null) return sql`false`;
  // Unlike a list, a subquery costs the planner nothing for each of its numbers.
  return sql`${t.assets.folderId} in (select unnest(${row.ids}::int[]))`;
}

/** Whether a right is allowed in the company's root folder and in all below it. */
function allowsEverywhere({ bounds, ...rules }: FolderRules, right: Right): boolean {
  const [first] = bounds;
  // Only the root has no folder above it.
  if (first === undefined || first.indexOf('/') !== first.length - 1) return false;
  return rules.allowed(right).slice(1, -1).every(Boolean);
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
