import type { Folder, Permission } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { WalkOptions } from './list-options.js';

/** A folder of the tree. */
export interface WalkedFolder {
  readonly folder: Folder;
  /** Number of levels below the first folder, which has depth 0. */
  readonly depth: number;
  /** Entries of the permission set that applies to the folder; `undefined` if the response names no set. */
  readonly permissions: readonly Permission[] | undefined;
}

/** A response: its first folder, and the sets of all of its folders by handle. */
interface Branch {
  readonly folder: Folder | undefined;
  readonly sets: ReadonlyMap<string | undefined, readonly Permission[]>;
}

/**
 * Walks folders from the top down. A response holds at most 100,000 folders, so each request covers a few levels only.
 *
 * @internal
 */
export async function* walkFolders(
  caller: Caller,
  options: WalkOptions = {},
): AsyncGenerator<WalkedFolder, void, undefined> {
  const { folderPath, depth = Number.POSITIVE_INFINITY, assetTypeArray, ...call } = options;
  const read = async (path: string | undefined, levels: number): Promise<Branch> => {
    const input = {
      depth: levels,
      ...(path === undefined ? {} : { folderPath: path }),
      ...(assetTypeArray ? { assetTypeArray } : {}),
    };
    const { folders, permissionSetArray = [] } = await caller.call('getFolderTree', input, call);
    const sets = new Map(
      permissionSetArray.map(({ permissionSetHandle, permissionArray = [] }) => [
        permissionSetHandle,
        permissionArray,
      ]),
    );
    return { folder: folders, sets };
  };
  const step = 3;
  async function* walk(
    folder: Folder,
    sets: Branch['sets'],
    level: number,
    fetched: number,
  ): AsyncGenerator<WalkedFolder, void, undefined> {
    const { permissionSetHandle } = folder;
    const permissions = permissionSetHandle === undefined ? undefined : (sets.get(permissionSetHandle) ?? []);
    yield { folder, depth: level, permissions };
    if (level >= depth) return;
    let children = folder.subfolderArray;
    if (fetched <= 0 && folder.hasSubfolders !== false && children === undefined) {
      const again = await read(folder.path, Math.min(step, depth - level));
      children = again.folder?.subfolderArray;
      sets = again.sets;
      fetched = step;
    }
    for (const child of children ?? []) yield* walk(child, sets, level + 1, fetched - 1);
  }
  const root = await read(folderPath, Math.min(step, depth));
  if (root.folder !== undefined) yield* walk(root.folder, root.sets, 0, step);
}
