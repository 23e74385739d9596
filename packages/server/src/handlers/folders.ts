import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { requireContents } from '../access/permissions/contents.js';
import { keepPermissionsOf } from '../access/permissions/deleted-folders.js';
import { permissionSetRecords } from '../access/permissions/effective-sets.js';
import { requirePlaces } from '../access/permissions/places.js';
import { type AccessHandles, requestedViewer } from '../access/permissions/requested-viewer.js';
import { READ_DELETE, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { moveToTrash } from '../assets/asset-changes.js';
import { permittedFolder } from '../assets/permitted-objects.js';
import { cleanPath } from '../assets/upload-path.js';
import type { Db } from '../db/db.js';
import { isWithin } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { alreadyExists, invalidParameter, ruleBroken } from '../faults.js';
import {
  ensureFolder,
  type FolderRow,
  findFolder,
  isPathTooLong,
  MAX_PATH_BYTES,
  touchFolder,
} from '../folders/folder-store.js';
import { below, folderAtPath, parentPath, requestedPath } from '../folders/folder-tree.js';
import { descendants, FolderAnswer, type FolderNode, loadTree } from '../folders/loaded-tree.js';
import { folderHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations on folders. */
export const folderHandlers: AreaHandlers = {
  createFolder: async (input, call) => {
    const company = companyOf(call);
    const path = `${cleanPath(company, input.folderPath, 'folderPath')}/`;
    checkName(lastStep(path), 'folderPath');
    if (isPathTooLong(path)) throw pathTooLong('folderPath', path);
    return call.db.transaction(async (tx) => {
      const parent = parentPath(path);
      await requirePlaces(tx, await callerOf(call, tx), [parent], READ_WRITE, () => 'folderPath');
      if ((await findFolder(tx, company.id, path)) !== undefined) throw alreadyExists('folderPath', path);
      const folder = await ensureFolder(tx, company.id, path, call.now);
      await touchFolder(tx, company.id, parentPath(folder.path), call.now);
      return { folderHandle: folderHandle(folder.path) };
    });
  },

  getFolders: async (input, call) => {
    const tree = await requestedTree(call, input, -1);
    const answer = new FolderAnswer();
    const shown = [tree, ...descendants(tree)].filter(({ isReadable, matches }) => isReadable && matches);
    const folderArray = shown.map((node) => answer.record(node));
    return { folderArray, ...(await setsOf(call, answer)) };
  },

  getFolderTree: async (input, call) => {
    const tree = await requestedTree(call, input, input.depth);
    const answer = new FolderAnswer();
    const found = answer.nested(tree, input.depth);
    // Without anything to read, only the requested path, as it was written.
    const path = requestedPath(companyOf(call), input.folderPath);
    const folders = tree.holdsReadable ? found : { ...found, folderHandle: folderHandle(path), path };
    return { folders, ...(await setsOf(call, answer)) };
  },

  renameFolder: async (input, call) => {
    const company = companyOf(call);
    checkName(input.folderName, 'folderName');
    return call.db.transaction(async (tx) => {
      const folder = await permittedFolder(call, input.folderHandle, READ_WRITE, 'folderHandle', tx);
      checkNotRoot(folder, company, 'renamed');
      const path = `${parentPath(folder.path)}${input.folderName}/`;
      return { folderHandle: await relocate(tx, folder, path, 'folderName', call.now) };
    });
  },

  moveFolder: async (input, call) => {
    const company = companyOf(call);
    return call.db.transaction(async (tx) => {
      const folder = await permittedFolder(call, input.folderHandle, READ_WRITE, 'folderHandle', tx);
      checkNotRoot(folder, company, 'moved');
      const target = await permittedFolder(call, input.destFolderHandle, READ_WRITE, 'destFolderHandle', tx);
      if (target.path.toLowerCase().startsWith(folder.path.toLowerCase())) {
        throw invalidParameter(
          'destFolderHandle',
          input.destFolderHandle,
          'a folder outside the one to move',
        );
      }
      const path = `${target.path}${lastStep(folder.path)}/`;
      return { folderHandle: await relocate(tx, folder, path, 'destFolderHandle', call.now) };
    });
  },

  // The assets in it and below move to the trash with their folder recorded, and the folder is recreated when they are restored.
  deleteFolder: async (input, call) => {
    const company = companyOf(call);
    await call.db.transaction(async (tx) => {
      const folder = await permittedFolder(call, input.folderHandle, READ_DELETE, 'folderHandle', tx);
      checkNotRoot(folder, company, 'deleted');
      await requireContents(tx, await callerOf(call, tx), folder, READ_DELETE);
      const parent = await findFolder(tx, company.id, parentPath(folder.path));
      if (parent === undefined) throw new Error(`the parent of ${folder.path} is missing`);
      const affected = tx.select({ id: t.folders.id }).from(t.folders).where(below(folder));
      const assets = await tx
        .select({ id: t.assets.id })
        .from(t.assets)
        .where(and(inArray(t.assets.folderId, affected), eq(t.assets.trashState, 'NotInTrash')));
      await moveToTrash(
        tx,
        call,
        assets.map(({ id }) => id),
      );
      await keepPermissionsOf(tx, folder);
      await tx
        .update(t.assets)
        .set({
          folderId: parent.id,
          trashFolder: sql`coalesce(${t.assets.trashFolder}, (select f.path from ${t.folders} f where f.id = ${t.assets.folderId}))`,
        })
        .where(inArray(t.assets.folderId, affected));
      await tx.delete(t.folders).where(below(folder));
      await touchFolder(tx, company.id, parent.path, call.now);
    });
    return {};
  },
};

/** The tree of a request, as seen by the user or group whose permissions it asks for. */
async function requestedTree(
  call: Call,
  input: AccessHandles & {
    readonly folderPath?: string | undefined;
    readonly assetTypeArray?: readonly string[] | undefined;
  },
  depth: number,
): Promise<FolderNode> {
  const viewer = await requestedViewer(call, input);
  const top = await folderAtPath(call.db, companyOf(call), input.folderPath);
  return loadTree(call.db, top, { viewer, assetTypes: input.assetTypeArray, depth });
}

/** The permission sets that the folders of an answer name. */
async function setsOf(call: Call, { setIds }: FolderAnswer) {
  return setIds.length === 0 ? {} : { permissionSetArray: await permissionSetRecords(call.db, setIds) };
}

/** Gives a folder and all below it new paths, unless the path is taken. Returns the new handle. */
async function relocate(tx: Db, folder: FolderRow, path: string, field: string, now: Date): Promise<string> {
  if (path === folder.path) return folderHandle(path);
  const other = await findFolder(tx, folder.companyId, path);
  if (other !== undefined && other.id !== folder.id) throw alreadyExists(field, path);
  if (path.split('/').length > 66) throw invalidParameter(field, path, 'a path of at most 64 folders');
  // The folders below it get longer paths as well.
  const [longest] = await tx
    .select({ path: t.folders.path })
    .from(t.folders)
    .where(below(folder))
    .orderBy(desc(sql`octet_length(${t.folders.path})`))
    .limit(1);
  if (isPathTooLong(`${path}${(longest ?? folder).path.slice(folder.path.length)}`))
    throw pathTooLong(field, path);
  await tx
    .update(t.folders)
    .set({ path: sql`${path} || substr(${t.folders.path}, char_length(${folder.path}) + 1)` })
    .where(below(folder));
  await tx.update(t.folders).set({ lastModified: now }).where(eq(t.folders.id, folder.id));
  // Deleted folders below it move along, for the assets that are restored to them.
  await tx
    .update(t.assets)
    .set({ trashFolder: sql`${path} || substr(${t.assets.trashFolder}, char_length(${folder.path}) + 1)` })
    .where(and(eq(t.assets.companyId, folder.companyId), isWithin(t.assets.trashFolder, folder.path)));
  // Files that are published by path have to move as well.
  await tx
    .update(t.assets)
    .set({ version: sql`${t.assets.version} + 1` })
    .where(
      inArray(
        t.assets.folderId,
        tx
          .select({ id: t.folders.id })
          .from(t.folders)
          .where(below({ ...folder, path })),
      ),
    );
  await touchFolder(tx, folder.companyId, parentPath(folder.path), now);
  await touchFolder(tx, folder.companyId, parentPath(path), now);
  return folderHandle(path);
}

const pathTooLong = (field: string, path: string) =>
  invalidParameter(field, path, `a path of at most ${MAX_PATH_BYTES} bytes, also for the folders below it`);

/** The name of a folder, the last segment of its path. */
function lastStep(path: string): string {
  return path.slice(parentPath(path).length, -1);
}

function checkName(name: string, field: string): void {
  if (
    name.trim() !== name ||
    name === '' ||
    name.length > 255 ||
    /^\.{1,2}$/.test(name) ||
    /[/\\|\p{Cc}]/u.test(name)
  ) {
    throw invalidParameter(
      field,
      name,
      'a name of 1 to 255 characters, without slashes, "|", control characters or surrounding spaces',
    );
  }
}

function checkNotRoot(folder: FolderRow, company: CompanyRow, what: string): void {
  if (folder.path.toLowerCase() === company.rootPath.toLowerCase()) {
    throw ruleBroken(`The root folder of a company cannot be ${what}`);
  }
}
