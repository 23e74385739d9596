import type { Asset } from '@ips-sdk/types';
import { type Column, localTime } from '../output/columns.js';

/** The columns of a list of assets. */
export const ASSET_COLUMNS: readonly Column<Asset>[] = [
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'FOLDER', value: ({ folder }) => folder, shrinks: true, optional: true },
  {
    title: 'SIZE',
    value: ({ imageInfo }) =>
      imageInfo?.width === undefined ? undefined : `${imageInfo.width}x${imageInfo.height}`,
    align: 'right',
    optional: true,
  },
  {
    title: 'READY',
    value: ({ readyForPublish }) => readyForPublish,
    human: ({ readyForPublish }) => (readyForPublish ? 'yes' : 'no'),
    optional: true,
  },
  { title: 'HANDLE', value: ({ assetHandle }) => assetHandle },
  {
    title: 'MODIFIED',
    value: ({ lastModified }) => lastModified,
    human: ({ lastModified }) => localTime(lastModified),
    optional: true,
  },
];

/** The fields that the columns need, used to limit responses. */
export const ASSET_COLUMN_FIELDS: readonly string[] = [
  'name',
  'type',
  'folder',
  'imageInfo/width',
  'imageInfo/height',
  'readyForPublish',
  'assetHandle',
  'lastModified',
].map((name) => `assetArray/items/${name}`);

/** The columns of assets in CSV: all fields except the details of less common types. */
export const ASSET_FIELDS = [
  'assetHandle',
  'type',
  'subType',
  'name',
  'fileName',
  'folder',
  'folderHandle',
  'readyForPublish',
  'trashState',
  'projects',
  'ipsImageUrl',
  'created',
  'createUser',
  'lastModified',
  'lastModifyUser',
  'metadataArray',
  'imageInfo',
  'videoInfo',
] as const;
