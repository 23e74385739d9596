import type { Folder } from '@ips-sdk/types';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { type Scope, scopeOf } from '../access/permissions/conditions.js';
import { nearestSets, setsOfFolders } from '../access/permissions/effective-sets.js';
import { READ } from '../access/permissions/rights.js';
import type { Viewer } from '../access/permissions/viewer.js';
import { anyTextOf } from '../db/any-of.js';
import { conditionKey } from '../db/condition-key.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { unchangedResult } from '../db/unchanged-results.js';
import { folderHandle, permissionSetHandle } from '../handles.js';
import type { FolderRow } from './folder-store.js';
import { below, parentPath } from './folder-tree.js';

/** Maximum folders in one response. */
const MAX_FOLDERS = 100_000;

/** A folder and those below it, by path, each with the time of the newest readable change to a folder or an asset in it. */
export interface FolderNode {
  readonly row: Pick<FolderRow, 'id' | 'path' | 'lastModified'>;
  readonly children: FolderNode[];
  childLastModified: Date;
  /** Whether the viewer may read it. */
  readonly isReadable: boolean;
  /** The number of the permission set that applies to it. */
  setId: number | undefined;
  /** Whether it holds assets of the requested types. */
  readonly matches: boolean;
  /** Whether a folder below it is readable. */
  hasSubfolders: boolean;
  /** Whether it, or a folder below it, is readable. */
  holdsReadable: boolean;
  /** Whether it, or a folder below it, is readable and holds assets of the requested types. */
  holdsMatch: boolean;
}

/** What a tree is loaded for. */
export interface TreeRequest {
  readonly viewer: Viewer;
  readonly assetTypes: readonly string[] | undefined;
  /** Levels of folders below the first one; a negative number means all. */
  readonly depth: number;
}

/** Before every change: the time of folders that the viewer may not read. */
const NEVER = new Date(0);

/** The tree of a folder, down to a depth. If a response cannot hold all folders, the first ones by path. */
export async function loadTree(db: Db, top: FolderRow, request: TreeRequest): Promise<FolderNode> {
  const branches = await branchesOf(db, top, request, await scopeOf(db, request.viewer, READ));
  const nodes = new Map<string, FolderNode>();
  for (const { id, path, lastModified, changed, ...branch } of branches) {
    nodes.set(path.toLowerCase(), {
      ...branch,
      row: { id, path, lastModified: new Date(lastModified) },
      children: [],
      childLastModified: changed === null ? NEVER : new Date(changed),
      setId: undefined,
    });
  }
  const topNode = nodes.get(top.path.toLowerCase());
  if (topNode === undefined) throw new Error(`the folder ${top.path} is not in its own tree`);
  for (const [path, node] of nodes) {
    if (node !== topNode) nodes.get(parentPath(path))?.children.push(node);
  }
  // Children come after their parents: going backwards, every folder is complete before its parent takes over what it holds.
  for (const [path, node] of [...nodes].reverse()) {
    const parent = node === topNode ? undefined : nodes.get(parentPath(path));
    if (parent === undefined) continue;
    if (parent.childLastModified < node.childLastModified) parent.childLastModified = node.childLastModified;
    parent.hasSubfolders ||= node.holdsReadable;
    parent.holdsReadable ||= node.holdsReadable;
    parent.holdsMatch ||= node.holdsMatch;
  }
  const own = await setsOfFolders(db, top.companyId);
  if (own.size > 0) applySets(topNode, (await nearestSets(db, [top.id])).get(top.id), own);
  return topNode;
}

/** Every folder follows the one above, unless it has a set of its own. */
function applySets(node: FolderNode, above: number | undefined, own: ReadonlyMap<number, number>): void {
  node.setId = own.get(node.row.id) ?? above;
  for (const child of node.children) applySets(child, node.setId, own);
}

/** All folders below a node, by path, without it. */
export function* descendants(node: FolderNode): Generator<FolderNode> {
  for (const child of node.children) {
    yield child;
    yield* descendants(child);
  }
}

/** A folder as returned by the API, without its subfolders. Of one that the viewer may not read, only the path is shown. */
function folderRecord(node: FolderNode): Folder {
  const place = { folderHandle: folderHandle(node.row.path), path: node.row.path };
  const { hasSubfolders } = node;
  if (!node.isReadable) return { ...place, hasSubfolders };
  return {
    ...place,
    lastModified: node.row.lastModified.toISOString(),
    childLastModified: node.childLastModified.toISOString(),
    hasSubfolders,
    ...(node.setId === undefined ? {} : { permissionSetHandle: permissionSetHandle(node.setId) }),
  };
}

/** Folders as returned by the API, and the numbers of the permission sets that they name. */
export class FolderAnswer {
  readonly #sets = new Set<number>();

  get setIds(): number[] {
    return [...this.#sets];
  }

  /** A folder without its subfolders. */
  record(node: FolderNode): Folder {
    if (node.isReadable && node.setId !== undefined) this.#sets.add(node.setId);
    return folderRecord(node);
  }

  /**
   * A folder with its subfolders, down to a depth; a negative one means all. With a filter of asset types, folders without such assets are
   * omitted unless a folder below has some; so are those that the viewer may not read.
   */
  nested(node: FolderNode, depth: number): Folder {
    const record = this.record(node);
    if (depth === 0) return record;
    const shown = node.children.filter((child) => child.holdsMatch);
    if (shown.length === 0) return record;
    return { ...record, subfolderArray: shown.map((child) => this.nested(child, depth - 1)) };
  }
}

/** A folder of a tree; one on the last level with what all below it hold. */
interface Branch {
  readonly id: number;
  readonly path: string;
  /** Milliseconds, as is the next one. */
  readonly lastModified: number;
  /** The newest readable change; `null` if nothing is readable. */
  readonly changed: number | null;
  readonly isReadable: boolean;
  readonly matches: boolean;
  readonly hasSubfolders: boolean;
  readonly holdsReadable: boolean;
  readonly holdsMatch: boolean;
}

/** The folders of a tree, by path. In a company with many folders, reading them takes most of the time of a tree. */
function branchesOf(
  db: Db,
  top: FolderRow,
  { assetTypes, depth }: TreeRequest,
  readable: Scope,
): Promise<readonly Branch[]> {
  const { id, path, lastModified } = t.folders;
  const inFolder = eq(t.assets.folderId, id);
  const matches =
    assetTypes === undefined || assetTypes.length === 0
      ? sql`true`
      : sql`exists (select 1 from ${t.assets} where ${and(inFolder, eq(t.assets.trashState, 'NotInTrash'), anyTextOf(t.assets.type, assetTypes), readable.assets)})`;
  // By an index. Assets in the trash were changed when they were deleted.
  const newest = sql`(select max(${t.assets.lastModified}) from ${t.assets} where ${and(inFolder, readable.assets)})`;
  // No path has so many steps.
  const levels = Math.min(1000, top.path.split('/').length - 1 + depth);
  const steps = sql`string_to_array(${path}, '/')`;
  const [isShown, branch] =
    depth < 0
      ? [sql`true`, sql`lower(${path})`]
      : [
          sql`cardinality(${steps}) - 1 <= ${levels}::int`,
          sql`lower(array_to_string((${steps})[1:least(${levels}::int, cardinality(${steps}) - 1)], '/') || '/')`,
        ];
  const milliseconds = (time: SQL): SQL => sql`(extract(epoch from ${time}) * 1000)::float8`;
  // With the offsets, each expression is computed once.
  const found = sql`select ${id}, ${path}, ${lastModified}, ${readable.folders ?? sql`true`} as is_readable from ${t.folders} where ${below(top)} offset 0`;
  const each = sql`select ${id}, ${path}, ${lastModified}, is_readable, is_readable and ${matches} as holds, ${matches} as matches, case when is_readable then greatest(${lastModified}, ${newest}) end as changed, ${isShown} as is_shown, ${branch} as branch from (${found}) folders offset 0`;
  const statement = sql`select max(id) filter (where is_shown) as id, max(path) filter (where is_shown) as path, ${milliseconds(sql`max(last_modified) filter (where is_shown)`)} as "lastModified", ${milliseconds(sql`max(changed)`)} as changed, bool_or(is_readable) filter (where is_shown) as "isReadable", bool_or(matches) filter (where is_shown) as matches, coalesce(bool_or(is_readable) filter (where not is_shown), false) as "hasSubfolders", bool_or(is_readable) as "holdsReadable", bool_or(holds) as "holdsMatch" from (${each}) each group by branch order by branch limit ${MAX_FOLDERS}::int`;
  const key = conditionKey(statement);
  const query = async () => (await db.execute<Branch & Record<string, unknown>>(statement)).rows;
  return unchangedResult(
    db,
    top.companyId,
    key && `folders of a tree\n${key}`,
    query,
    ({ length }) => length,
  );
}
