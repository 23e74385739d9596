import type { ExcludeByproductCondition } from '@ips-sdk/types';
import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import { anyOf, anyTextOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { findFolder } from '../folders/folder-store.js';
import { below } from '../folders/folder-tree.js';
import { parseProjectHandle } from '../handles.js';

/** The limits of a search that `searchAssets` and the filters of `searchAssetsByMetadata` share. */
export interface AssetScope {
  readonly folder?: string | undefined;
  readonly includeSubfolders?: boolean | undefined;
  readonly publishState?: string | undefined;
  readonly trashState?: string | undefined;
  readonly assetTypeArray?: readonly string[] | undefined;
  readonly excludeAssetTypeArray?: readonly string[] | undefined;
  readonly assetSubTypeArray?: readonly string[] | undefined;
  readonly strictSubTypeCheck?: boolean | undefined;
  readonly excludeByproducts?: boolean | undefined;
  readonly excludeByproductArray?: readonly ExcludeByproductCondition[] | undefined;
  readonly projectHandle?: string | undefined;
}

/** Folders of which a page can be merged from their own pages. Of more, the pages together are larger than what has to be passed over. */
const FEW_FOLDERS = 32;

/** The assets of a scope. */
export interface ScopedAssets {
  /** All of them have to hold. */
  readonly conditions: readonly SQL[];
  /** The numbers of the folders that the conditions name, if they are few. */
  readonly folders: readonly number[] | undefined;
}

/**
 * The assets of a scope, as conditions. By default, assets in the trash are omitted.
 *
 * @param path - Prefix of field names in faults.
 * @throws IpsFault 30001 for an unknown folder, project or state.
 */
export async function scopeConditions(
  db: Db,
  company: CompanyRow,
  scope: AssetScope,
  path = '',
): Promise<ScopedAssets> {
  const inFolders = await folderScope(db, company, scope, `${path}folder`);
  const conditions = [
    eq(t.assets.companyId, company.id),
    ...inFolders.conditions,
    ...publishCondition(scope.publishState, `${path}publishState`),
    ...trashCondition(scope.trashState, `${path}trashState`),
    ...typeConditions(scope),
    ...byproductConditions(scope),
    ...(await projectCondition(db, company, scope.projectHandle, `${path}projectHandle`)),
  ];
  return { conditions, folders: inFolders.folders };
}

/** The allowed types and subtypes. Assets without a subtype match unless the check is strict. */
export function typeConditions(scope: AssetScope): SQL[] {
  const { assetTypeArray = [], excludeAssetTypeArray = [], assetSubTypeArray = [] } = scope;
  const conditions: SQL[] = [];
  if (assetTypeArray.length > 0) conditions.push(anyTextOf(t.assets.type, assetTypeArray));
  if (excludeAssetTypeArray.length > 0) {
    conditions.push(sql`not ${anyTextOf(t.assets.type, excludeAssetTypeArray)}`);
  }
  if (assetSubTypeArray.length > 0) {
    const among = anyTextOf(t.assets.subType, assetSubTypeArray);
    conditions.push(
      scope.strictSubTypeCheck === true ? among : sql`(${t.assets.subType} is null or ${among})`,
    );
  }
  return conditions;
}

async function folderScope(
  db: Db,
  company: CompanyRow,
  { folder: given, includeSubfolders = true }: AssetScope,
  path: string,
): Promise<ScopedAssets> {
  const folderPath = given === undefined || given === '' ? company.rootPath : fullPath(company, given);
  const isRoot = folderPath.toLowerCase() === company.rootPath.toLowerCase();
  if (isRoot && includeSubfolders) return { conditions: [], folders: undefined };
  const folder = await findFolder(db, company.id, folderPath);
  if (folder === undefined) throw invalidParameter(path, given, 'the path of an existing folder');
  if (!includeSubfolders) return inFew([folder.id]);
  const inside = () => db.select({ id: t.folders.id }).from(t.folders).where(below(folder));
  const first = await inside().limit(FEW_FOLDERS + 1);
  if (first.length <= FEW_FOLDERS) return inFew(first.map(({ id }) => id));
  return { conditions: [inArray(t.assets.folderId, inside())], folders: undefined };
}

function inFew(folders: readonly number[]): ScopedAssets {
  const [only] = folders;
  const condition =
    folders.length === 1 && only !== undefined
      ? eq(t.assets.folderId, only)
      : anyOf(t.assets.folderId, folders);
  return { conditions: [condition], folders };
}

/** A path from the company's root, with a trailing slash. The root can be omitted. */
function fullPath(company: CompanyRow, given: string): string {
  const inner = `${given.replace(/^(f\|)?\/*/, '').replace(/\/*$/, '')}/`;
  const hasRoot = inner.toLowerCase().startsWith(company.rootPath.toLowerCase());
  return hasRoot ? inner : `${company.rootPath}${inner === '/' ? '' : inner}`;
}

function publishCondition(state: string | undefined, path: string): SQL[] {
  switch (state) {
    case undefined:
      return [];
    case 'MarkedForPublish':
      return [eq(t.assets.readyForPublish, true)];
    case 'NotMarkedForPublish':
      return [eq(t.assets.readyForPublish, false)];
    default:
      throw invalidParameter(path, state, 'MarkedForPublish or NotMarkedForPublish');
  }
}

function trashCondition(state: string | undefined, path: string): SQL[] {
  switch (state) {
    case 'Any':
      return [];
    case undefined:
    case 'NotInTrash':
    case 'InTrash':
    case 'InEmptiedTrash':
      return [eq(t.assets.trashState, state ?? 'NotInTrash')];
    default:
      throw invalidParameter(path, state, 'NotInTrash, InTrash, InEmptiedTrash or Any');
  }
}

/** If present, the array replaces the flag. */
function byproductConditions({ excludeByproducts, excludeByproductArray }: AssetScope): SQL[] {
  if (excludeByproductArray === undefined) {
    return excludeByproducts === true ? [sql`${t.assets.engine} is null`] : [];
  }
  return excludeByproductArray.map(
    ({ engine, generatedAssetType }) =>
      sql`not (${t.assets.engine} is not null and ${t.assets.engine} = ${engine} and ${t.assets.type} = ${generatedAssetType})`,
  );
}

async function projectCondition(
  db: Db,
  company: CompanyRow,
  handle: string | undefined,
  path: string,
): Promise<SQL[]> {
  if (handle === undefined) return [];
  const project = await findProject(db, company, handle, path);
  return [
    sql`${t.assets.id} in (select p.asset_id from ${t.projectAssets} p where p.project_id = ${project.id})`,
  ];
}

/** @throws IpsFault 30001 when the company has no such project. */
export async function findProject(db: Db, company: CompanyRow, handle: string, path = 'projectHandle') {
  const parsed = parseProjectHandle(handle);
  const [project] =
    parsed === undefined || parsed.companyId !== company.id
      ? []
      : await db
          .select()
          .from(t.projects)
          .where(sql`${t.projects.companyId} = ${company.id} and ${t.projects.name} = ${parsed.name}`);
  if (project === undefined) throw unknownHandle(path, handle);
  return project;
}
