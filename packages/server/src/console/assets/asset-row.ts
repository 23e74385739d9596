import type { Asset } from '@ips-sdk/types';
import type { AssetRow } from '../api.js';

/** Types of assets that have no picture of their own. */
const PLAIN: ReadonlySet<string> = new Set([
  'Xml',
  'Css',
  'Javascript',
  'Font',
  'IccProfile',
  'Xsl',
  'Zip',
  'VideoCaption',
  'Aco',
]);

/** Where the console has the picture of an asset. */
export function imagePath(assetHandle: string): string {
  return `/console/api/asset/image?handle=${encodeURIComponent(assetHandle)}`;
}

/** An asset as a row of the list. */
export function assetRow(asset: Asset): AssetRow {
  const { assetHandle = '', name = '', type = '', folder = '', subType, fileName, folderHandle } = asset;
  const { created, createUser, lastModified, lastModifyUser, trashState } = asset;
  const { width, height, fileSize, masks } = infoOf(asset);
  const optional = { subType, fileName, folderHandle, created, createUser, lastModified, lastModifyUser };
  return {
    assetHandle,
    name,
    type,
    folder,
    ...Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined && value !== ''),
    ),
    readyForPublish: asset.readyForPublish === true,
    isInTrash: trashState !== undefined && trashState !== 'NotInTrash',
    ...(fileSize === undefined
      ? {}
      : { fileSize: Number.isSafeInteger(Number(fileSize)) ? Number(fileSize) : String(fileSize) }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(PLAIN.has(type) ? {} : { thumbnail: imagePath(assetHandle) }),
    ...(Array.isArray(masks) ? { hasAlpha: masks.length > 0 } : {}),
  };
}

/** The details of its type. */
function infoOf(asset: Asset): {
  readonly width?: number;
  readonly height?: number;
  readonly fileSize?: number | bigint;
  readonly masks?: readonly unknown[];
} {
  const found = Object.entries(asset).find(
    ([name, value]) => name.endsWith('Info') && typeof value === 'object',
  );
  // The contract has these fields in the details of every type that has them.
  return (found?.[1] ?? {}) as ReturnType<typeof infoOf>;
}
