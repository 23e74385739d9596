import type { Folder } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';

/** A folder on the way through a tree. */
export interface WalkedFolder {
  readonly folder: Folder;
  /** How far below the start it is; the start itself is 0. */
  readonly depth: number;
}

/** How folders are walked. */
export interface WalkOptions extends CallOptions {
  /** Where to begin, relative to the company's root; the root unless given. */
  readonly folderPath?: string | undefined;
  /** How many levels below the start; all unless given. */
  readonly depth?: number | undefined;
  /** Only folders that hold assets of these types. */
  readonly assetTypeArray?: readonly string[] | undefined;
}

/**
 * Walks folders from the top down. Few levels are asked for at a time, since an answer holds at most 100,000 folders: where an
 * answer ends above folders with more below, those are asked for next.
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
