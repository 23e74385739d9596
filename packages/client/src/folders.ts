import type { Folder } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { WalkOptions } from './list-options.js';

/** A folder of the tree. */
export interface WalkedFolder {
  readonly folder: Folder;
  /** Number of levels below the first folder, which has depth 0. */
  readonly depth: number;
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
  const read = async (path: string | undefined, levels: number): Promise<Folder | undefined> => {
    const input = {
      depth: levels,
      ...(path === undefined ? {} : { folderPath: path }),
      ...(assetTypeArray ? { assetTypeArray } : {}),
    };
    return (await caller.call('getFolderTree', input, call)).folders;
  };
  const step = 3;
  async function* walk(
    folder: Folder,
    level: number,
    fetched: number,
  ): AsyncGenerator<WalkedFolder, void, undefined> {
    yield { folder, depth: level };
    if (level >= depth) return;
    let children = folder.subfolderArray;
    if (fetched <= 0 && folder.hasSubfolders !== false && children === undefined) {
      const again = await read(folder.path, Math.min(step, depth - level));
      children = again?.subfolderArray;
      fetched = step;
    }
    for (const child of children ?? []) yield* walk(child, level + 1, fetched - 1);
  }
  const root = await read(folderPath, Math.min(step, depth));
  if (root !== undefined) yield* walk(root, 0, step);
}
