import type { Folder } from '@ips-sdk/types';
import { and, asc, eq, exists, inArray, max, type SQL, sql } from 'drizzle-orm';
import { scopeOf } from '../access/permissions/conditions.js';
import { nearestSets, setsOfFolders } from '../access/permissions/effective-sets.js';
import { READ } from '../access/permissions/rights.js';
import type { Viewer } from '../access/permissions/viewer.js';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { folderHandle, permissionSetHandle } from '../handles.js';
import type { FolderRow } from './folder-store.js';
import { below, parentPath } from './folder-tree.js';

/** Maximum folders in one response. */
const MAX_FOLDERS = 100_000;

/** A folder and all below it, by path, each with the time of the newest readable change to a folder or an asset in it. */
export interface FolderNode {
  readonly row: FolderRow;
  readonly children: FolderNode[];
  childLastModified: Date;
  /** Whether the viewer may read it. */
  readonly isReadable: boolean;
  /** The number of the permission set that applies to it. */
  setId: number | undefined;
  /** Whether it holds assets of the requested types. */
  readonly matches: boolean;
}

/** What a tree is loaded for. */
export interface TreeRequest {
  readonly viewer: Viewer;
  readonly assetTypes: readonly string[] | undefined;
}

/** Before every change: the time of folders that the viewer may not read. */
const NEVER = new Date(0);

/** The tree of a folder. If a response cannot hold all folders, the first ones by path. */
export async function loadTree(
  db: Db,
  top: FolderRow,
  { viewer, assetTypes }: TreeRequest,
): Promise<FolderNode> {
  const readable = await scopeOf(db, viewer, READ);
  const rows = await db
    .select()
    .from(t.folders)
    .where(below(top))
    .orderBy(asc(sql`lower(${t.folders.path})`))
    .limit(MAX_FOLDERS);
  const matching = await foldersWith(db, top, assetTypes, readable.assets);
  const changes = await assetChanges(db, top, readable.assets);
  const nodes = new Map<string, FolderNode>();
  for (const row of rows) {
    const isReadable = readable.allowsFolder(row.id);
    nodes.set(row.path.toLowerCase(), {
      row,
      children: [],
      childLastModified: isReadable ? later(row.lastModified, changes.get(row.id)) : NEVER,
      isReadable,
      setId: undefined,
      matches: matching?.has(row.id) ?? true,
    });
  }
  const topNode = nodes.get(top.path.toLowerCase());
  if (topNode === undefined) throw new Error(`the folder ${top.path} is not in its own tree`);
  for (const [path, node] of nodes) {
    if (node !== topNode) nodes.get(parentPath(path))?.children.push(node);
  }
  // Children come after their parents: going backwards, every folder is complete before its parent takes over its time.
  for (const [path, node] of [...nodes].reverse()) {
    const parent = node === topNode ? undefined : nodes.get(parentPath(path));
    if (parent !== undefined && parent.childLastModified < node.childLastModified) {
      parent.childLastModified = node.childLastModified;
    }
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
  const hasSubfolders = node.children.some(holdsReadable);
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
    const shown = node.children.filter(holdsMatch);
    if (shown.length === 0) return record;
    return { ...record, subfolderArray: shown.map((child) => this.nested(child, depth - 1)) };
  }
}

/** Whether a folder, or one below it, is readable and holds assets of the requested types. */
function holdsMatch(node: FolderNode): boolean {
  return (node.isReadable && node.matches) || node.children.some(holdsMatch);
}

function holdsReadable(node: FolderNode): boolean {
  return node.isReadable || node.children.some(holdsReadable);
}

const later = (one: Date, other: Date | undefined): Date =>
  other === undefined || other < one ? one : other;

/** When an asset in each folder was last changed; those in the trash were changed when they were deleted. */
async function assetChanges(
  db: Db,
  top: FolderRow,
  readable: SQL | undefined,
): Promise<ReadonlyMap<number, Date>> {
  const last = max(t.assets.lastModified);
  const rows = await db
    .select({ folderId: t.assets.folderId, last })
    .from(t.assets)
    .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
    .where(and(below(top), readable))
    .groupBy(t.assets.folderId);
  return new Map(
    rows.flatMap(({ folderId, last: time }) => (time === null ? [] : [[folderId, time] as const])),
  );
}

/** The folders that hold assets of some types outside the trash; `undefined` when no types are given. */
async function foldersWith(
  db: Db,
  top: FolderRow,
  assetTypes: readonly string[] | undefined,
  readable: SQL | undefined,
): Promise<ReadonlySet<number> | undefined> {
  if (assetTypes === undefined || assetTypes.length === 0) return undefined;
  const rows = await db
    .select({ id: t.folders.id })
    .from(t.folders)
    .where(
      and(
        below(top),
        exists(
          db
            .select({ one: sql`1` })
            .from(t.assets)
            .where(
              and(
                eq(t.assets.folderId, t.folders.id),
                eq(t.assets.trashState, 'NotInTrash'),
                inArray(t.assets.type, [...assetTypes]),
                readable,
              ),
            ),
        ),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}
