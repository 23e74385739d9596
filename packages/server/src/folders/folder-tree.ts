import type { Folder } from '@ips-sdk/types';
import { and, asc, eq, exists, inArray, max, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { isWithin } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { folderHandle } from '../handles.js';
import { type FolderRow, findFolder } from './folder-store.js';

/** Maximum folders in one response. */
const MAX_FOLDERS = 100_000;

/** The condition for a folder and all below it. Path segments are compared whole: `A/` is not above `AB/`. */
export function below(folder: FolderRow): SQL | undefined {
  return and(eq(t.folders.companyId, folder.companyId), isWithin(t.folders.path, folder.path));
}

/**
 * The folder at a path of a request: from the company's root, which can be omitted. Without a path, the root
 * itself.
 *
 * @throws IpsFault 30001
 */
export async function folderAtPath(
  db: Db,
  company: CompanyRow,
  path: string | undefined,
): Promise<FolderRow> {
  const steps = (path ?? '').split('/').filter((step) => step !== '');
  const root = company.rootPath.replace(/\/$/, '');
  if (folded(steps[0] ?? '') === folded(root)) steps.shift();
  const folder = await findFolder(db, company.id, [root, ...steps, ''].join('/'));
  if (folder === undefined) throw invalidParameter('folderPath', path, 'the path of an existing folder');
  return folder;
}

/** Names that differ only in case or in how accents are written are the same. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

/** A folder and all below it, by path, each with the time of the newest change to a folder or an asset in it. */
export interface FolderNode {
  readonly row: FolderRow;
  readonly children: FolderNode[];
  childLastModified: Date;
  /** Whether it holds assets of the requested types. */
  readonly matches: boolean;
}

/** The tree of a folder. If a response cannot hold all folders, the first ones by path. */
export async function loadTree(
  db: Db,
  top: FolderRow,
  assetTypes: readonly string[] | undefined,
): Promise<FolderNode> {
  const rows = await db
    .select()
    .from(t.folders)
    .where(below(top))
    .orderBy(asc(sql`lower(${t.folders.path})`))
    .limit(MAX_FOLDERS);
  const matching = await foldersWith(db, top, assetTypes);
  const changes = await assetChanges(db, top);
  const nodes = new Map<string, FolderNode>();
  for (const row of rows) {
    nodes.set(row.path.toLowerCase(), {
      row,
      children: [],
      childLastModified: later(row.lastModified, changes.get(row.id)),
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
  return topNode;
}

/** `A/B/` of `A/B/C/`. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}

/** All folders below a node, by path, without it. */
export function* descendants(node: FolderNode): Generator<FolderNode> {
  for (const child of node.children) {
    yield child;
    yield* descendants(child);
  }
}

/** A folder as returned by the API, without its subfolders. */
export function folderRecord(node: FolderNode): Folder {
  return {
    folderHandle: folderHandle(node.row.path),
    path: node.row.path,
    lastModified: node.row.lastModified.toISOString(),
    childLastModified: node.childLastModified.toISOString(),
    hasSubfolders: node.children.length > 0,
  };
}

/**
 * A folder with its subfolders, down to a depth; a negative one means all. With a filter of asset types,
 * folders without such assets are omitted unless a folder below has some.
 */
export function nestedRecord(node: FolderNode, depth: number): Folder {
  const record = folderRecord(node);
  if (depth === 0) return record;
  const shown = node.children.filter(holdsMatch);
  if (shown.length === 0) return record;
  return { ...record, subfolderArray: shown.map((child) => nestedRecord(child, depth - 1)) };
}

function holdsMatch(node: FolderNode): boolean {
  return node.matches || node.children.some(holdsMatch);
}

const later = (one: Date, other: Date | undefined): Date =>
  other === undefined || other < one ? one : other;

/** When an asset in each folder was last changed; those in the trash were changed when they were deleted. */
async function assetChanges(db: Db, top: FolderRow): Promise<ReadonlyMap<number, Date>> {
  const last = max(t.assets.lastModified);
  const rows = await db
    .select({ folderId: t.assets.folderId, last })
    .from(t.assets)
    .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
    .where(below(top))
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
              ),
            ),
        ),
      ),
    );
  return new Set(rows.map(({ id }) => id));
}
