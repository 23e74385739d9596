import type { Asset } from '@ips-sdk/types';
import type { Caller } from '../caller.js';

/** The number of assets per call. */
const AT_ONCE = 500;

/** A sent file. */
interface SentFile {
  readonly destPath: string;
  readonly assetHandle: string | undefined;
}

const FIELDS = ['assetHandle', 'name', 'fileName', 'folder', 'trashState'].map(
  (name) => `assetArray/items/${name}`,
);

/**
 * Looks up sent files.
 *
 * @returns The files that are no longer at their destination because their assets were deleted, moved or renamed.
 *
 * @internal
 */
export async function findMissing<File extends SentFile>(
  caller: Caller,
  files: readonly File[],
  signal: AbortSignal | undefined,
): Promise<File[]> {
  const there = new Set<string>();
  const note = (assets: readonly Asset[] = []): void => {
    for (const { fileName = '', name = '', folder = '', trashState = 'NotInTrash' } of assets) {
      if (trashState !== 'NotInTrash') continue;
      for (const one of [fileName, name]) there.add(`${folder}${one}`.toLowerCase());
    }
  };
  const isThere = ({ destPath }: File): boolean => {
    const path = destPath.toLowerCase();
    return there.has(path) || there.has(stemOf(path));
  };
  for (let i = 0; i < files.length; i += AT_ONCE) {
    const part = files.slice(i, i + AT_ONCE);
    const nameArray = [
      ...new Set(part.map(({ destPath }) => stemOf(destPath.slice(destPath.lastIndexOf('/') + 1)))),
    ];
    const byName = await caller.call(
      'getAssetsByName',
      { nameArray, responseFieldArray: FIELDS },
      { signal },
    );
    note(byName.assetArray);
    // An asset gets another name if an asset in another folder has its name.
    const assetHandleArray = part.flatMap((file) => (isThere(file) ? [] : (file.assetHandle ?? [])));
    if (assetHandleArray.length === 0) continue;
    const byHandle = await caller.call(
      'getAssets',
      { assetHandleArray, responseFieldArray: FIELDS },
      { signal },
    );
    note(byHandle.assetArray);
  }
  return files.filter((file) => !isThere(file));
}

function stemOf(path: string): string {
  return path.replace(/(?<=[^/])\.[^./]+$/, '');
}
