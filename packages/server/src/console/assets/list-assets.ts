import type { AssetsPage, AssetsQuery } from '../api.js';
import type { Session } from '../session.js';
import { shellLine } from '../shell-text.js';
import { assetRow } from './asset-row.js';

/** A query with its defaults. */
export type CompleteAssetsQuery = AssetsQuery & { readonly page: number; readonly pageSize: number };

const SORTS = {
  name: 'Name',
  type: 'AssetType',
  created: 'Created',
  lastModified: 'Modified',
  fileSize: 'FileSize',
} as const;

/** What lists do not show, and what takes the service long. */
const LEFT_OUT = ['metadataArray', 'permissions', 'projects'].map((name) => `assetArray/items/${name}`);

/** One page of assets. */
export async function listAssets(session: Session, query: CompleteAssetsQuery): Promise<AssetsPage> {
  const { folder = session.company.rootPath, includeSubfolders = false, text, type, publishState } = query;
  const { totalRows, assetArray = [] } = await session.client.searchAssets({
    folder,
    includeSubfolders,
    trashState: query.place === 'trash' ? 'InTrash' : 'NotInTrash',
    ...(publishState === undefined ? {} : { publishState }),
    ...(type === undefined ? {} : { assetTypeArray: type }),
    ...(text === undefined
      ? {}
      : {
          systemFieldMatchMode: 'MatchAny',
          systemFieldConditionArray: ['Name', 'FileName'].map((field) => ({
            field,
            op: 'Contains',
            value: text,
          })),
        }),
    sortBy: SORTS[query.sort ?? 'name'],
    sortDirection: query.direction === 'desc' ? 'Descending' : 'Ascending',
    recordsPerPage: query.pageSize,
    resultsPage: query.page,
    excludeFieldArray: LEFT_OUT,
  });
  return {
    assets: assetArray.map(assetRow),
    page: query.page,
    pageSize: query.pageSize,
    total: totalRows ?? assetArray.length,
    shell: commandOf(folder, query),
  };
}

function commandOf(folder: string, { text, includeSubfolders, type, place }: AssetsQuery): string {
  return shellLine(
    'ips',
    'asset',
    'search',
    ...(text === undefined ? [] : [text]),
    '--folder',
    folder,
    ...(includeSubfolders ? [] : ['--flat']),
    ...(type ?? []).flatMap((one) => ['--type', one]),
    ...(place === 'trash' ? ['--trash'] : []),
  );
}
