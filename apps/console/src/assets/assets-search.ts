import type { AssetsQuery } from '../api/contract.ts';
import { choiceOf, textOf, textsOf, withoutAbsent } from '../routing/search.ts';

/** What an address of the page says: which assets, and how they are shown. */
export interface AssetsSearch {
  readonly folder?: string;
  readonly below?: 'yes';
  readonly text?: string;
  readonly type?: readonly string[];
  readonly marked?: 'yes' | 'no';
  readonly place?: 'trash';
  readonly sort?: NonNullable<AssetsQuery['sort']>;
  readonly direction?: 'asc' | 'desc';
  readonly view?: 'list';
}

export function readAssetsSearch(search: Record<string, unknown>): AssetsSearch {
  return withoutAbsent({
    folder: textOf(search['folder']),
    below: choiceOf(search['below'], ['yes'] as const),
    text: textOf(search['text']),
    type: textsOf(search['type']),
    marked: choiceOf(search['marked'], ['yes', 'no'] as const),
    place: choiceOf(search['place'], ['trash'] as const),
    sort: choiceOf(search['sort'], ['name', 'type', 'created', 'lastModified', 'fileSize'] as const),
    direction: choiceOf(search['direction'], ['asc', 'desc'] as const),
    view: choiceOf(search['view'], ['list'] as const),
  });
}

/** The question to the host, without pages. */
export function toAssetsQuery({
  folder,
  below,
  text,
  type,
  marked,
  place,
  sort,
  direction,
}: AssetsSearch): AssetsQuery {
  return {
    ...(folder === undefined ? {} : { folder }),
    // Words are looked for below the folder, too: that is why one searches.
    ...(below === 'yes' || text !== undefined || place === 'trash' ? { includeSubfolders: true } : {}),
    ...(text === undefined ? {} : { text }),
    ...(type === undefined ? {} : { type }),
    ...(marked === undefined
      ? {}
      : {
          publishState: marked === 'yes' ? ('MarkedForPublish' as const) : ('NotMarkedForPublish' as const),
        }),
    ...(place === undefined ? {} : { place }),
    ...(sort === undefined ? {} : { sort }),
    ...(direction === undefined ? {} : { direction }),
  };
}

/** Whether anything but the folder narrows the list. */
export function isFiltered({ text, type, marked }: AssetsSearch): boolean {
  return text !== undefined || type !== undefined || marked !== undefined;
}

/** Types of assets to filter by: those that companies have. */
export const ASSET_TYPES: readonly string[] = [
  'Image',
  'ImageSet',
  'SpinSet',
  'AssetSet',
  'Video',
  'MasterVideo',
  'Pdf',
  'PsdTemplate',
  'Template',
  'LayerView',
  'AdjustedView',
  'Illustrator',
  'PostScript',
  'Svg',
  'Font',
  'IccProfile',
  'Zip',
  'Xml',
];
