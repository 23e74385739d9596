import type { IpsClient } from '@ips-sdk/client';
import type { Asset } from '@ips-sdk/types';
import { fieldsOf } from './api-fields.js';

/** An asset in an inventory. */
export interface InventoryRow {
  /** Folder and file name. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  /** The size of the file in bytes, if the service reports it. */
  readonly size: number | bigint | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Whether it is marked for publish. */
  readonly publishState: 'MarkedForPublish' | 'NotMarkedForPublish';
  readonly created: string | undefined;
  readonly lastModified: string | undefined;
  readonly handle: string;
}

/** The fields of a row. */
export const INVENTORY_FIELDS = [
  'path',
  'name',
  'type',
  'size',
  'width',
  'height',
  'publishState',
  'created',
  'lastModified',
  'handle',
] as const;

/** Which assets to list. */
export interface InventoryFilter {
  readonly folder?: string | undefined;
  readonly includeSubfolders: boolean;
  readonly types?: readonly string[] | undefined;
  readonly publishState?: 'MarkedForPublish' | 'NotMarkedForPublish' | undefined;
  readonly trashState?: 'InTrash' | 'NotInTrash' | undefined;
}

/** The detail fields of an asset that contain the file size: those of images, videos, fonts, … */
const SIZED = fieldsOf('Asset')
  .filter(([, type]) => fieldsOf(type).some(([name]) => name === 'fileSize'))
  .map(([name]) => name as keyof Asset);

/** The fields requested from the service. */
const WANTED = [
  'totalRows',
  ...[
    'assetHandle',
    'type',
    'name',
    'fileName',
    'folder',
    'readyForPublish',
    'created',
    'lastModified',
    'imageInfo/width',
    'imageInfo/height',
    ...SIZED.map((name) => `${name}/fileSize`),
  ].map((name) => `assetArray/items/${name}`),
];

/** How many handles to remember, to skip assets repeated on a later page after an insertion: two pages. */
const REMEMBERED = 2000;

/** The assets of a company, page by page, in constant memory. */
export async function* inventory(
  client: IpsClient,
  filter: InventoryFilter,
  signal: AbortSignal,
): AsyncGenerator<InventoryRow, void, undefined> {
  const { folder, includeSubfolders, types, publishState, trashState = 'NotInTrash' } = filter;
  const input = {
    includeSubfolders,
    trashState,
    ...(folder === undefined ? {} : { folder }),
    ...(types === undefined ? {} : { assetTypeArray: types }),
    ...(publishState === undefined ? {} : { publishState }),
    sortBy: 'Name',
    sortDirection: 'Ascending',
    responseFieldArray: WANTED,
  };
  const seen = new Set<string>();
  for await (const asset of client.paginate('searchAssets', input, { signal })) {
    const row = inventoryRow(asset);
    if (seen.has(row.handle)) continue;
    seen.add(row.handle);
    const [oldest = ''] = seen;
    if (seen.size > REMEMBERED) seen.delete(oldest);
    yield row;
  }
}

function inventoryRow(asset: Asset): InventoryRow {
  const { name = '', fileName, folder = '', imageInfo } = asset;
  return {
    path: `${folder}${fileName === undefined || fileName === '' ? name : fileName}`,
    name,
    type: asset.type ?? '',
    size: sizeOf(asset),
    width: imageInfo?.width,
    height: imageInfo?.height,
    publishState: asset.readyForPublish ? 'MarkedForPublish' : 'NotMarkedForPublish',
    created: asset.created,
    lastModified: asset.lastModified,
    handle: asset.assetHandle ?? '',
  };
}

function sizeOf(asset: Asset): number | bigint | undefined {
  for (const name of SIZED) {
    const info = asset[name];
    if (typeof info !== 'object' || !('fileSize' in info)) continue;
    const { fileSize } = info;
    if (typeof fileSize === 'number' || typeof fileSize === 'bigint') return fileSize;
  }
  return undefined;
}
