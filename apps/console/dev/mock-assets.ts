import type {
  AssetPage,
  AssetRow,
  AssetsPage,
  DeliveryPreview,
  FoldersAnswer,
  PublishPage,
} from '../src/api/contract.ts';
import { MOCK_NOW, mockRows } from './mock-jobs.ts';

const HOUR = 3_600_000;
const NAMES = [
  'red-runner',
  'blue-runner',
  'sole',
  'laces',
  'box',
  'lookbook',
  'size-chart',
  'hero',
  'detail',
];
const FOLDERS = ['Bags', 'Print', 'Shoes', 'Suppliers'];

/** Names that a script could hide in. Every page has to show them as they are. */
export const HOSTILE = `"><img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}`;

const ago = (hours: number): string => new Date(MOCK_NOW - hours * HOUR).toISOString();

export function mockAsset(index: number, isHostile = false): AssetRow {
  const type = ['Image', 'Image', 'Image', 'Pdf', 'Image', 'Video'][index % 6] ?? 'Image';
  const name = `${NAMES[index % NAMES.length]}${index < NAMES.length ? '' : `-${index}`}`;
  return {
    assetHandle: `a|${index}`,
    name: isHostile && index === 0 ? HOSTILE : name,
    type,
    fileName: `${name}.${{ Image: 'tif', Pdf: 'pdf', Video: 'mp4' }[type] ?? 'bin'}`,
    folder: isHostile ? `MyCompany/${HOSTILE.replaceAll('/', '')}/` : 'MyCompany/Shoes/',
    folderHandle: 'f|MyCompany/Shoes/',
    readyForPublish: index % 3 !== 1,
    isInTrash: false,
    created: ago(400 + index),
    createUser: 'ann@example.com',
    lastModified: ago(index * 5),
    lastModifyUser: 'bob@example.com',
    fileSize: 2_400_000 + index * 100_003,
    ...(type === 'Image' ? { width: 2400, height: 1600, hasAlpha: index % 5 === 4 } : {}),
    ...(type === 'Video' ? {} : { thumbnail: `/console/api/asset/image?handle=${index}` }),
  };
}

export function mockAssetsPage(query: URLSearchParams, total: number, isHostile: boolean): AssetsPage {
  const page = Number(query.get('page') ?? 1);
  const pageSize = Number(query.get('pageSize') ?? 60);
  const isTrash = query.get('place') === 'trash';
  const text = query.get('text')?.toLowerCase() ?? '';
  const rows = Array.from({ length: isTrash ? Math.min(total, 4) : total }, (_, index) => index)
    .map((index) => ({ ...mockAsset(index, isHostile), isInTrash: isTrash }))
    .filter(({ name }) => name.toLowerCase().includes(text));
  return {
    page,
    pageSize,
    total: rows.length,
    assets: rows.slice((page - 1) * pageSize, page * pageSize),
    shell: `ips asset list ${query.get('folder') ?? 'MyCompany/'}`,
  };
}

export function mockFolders(path: string, isHostile: boolean): FoldersAnswer {
  const names = path === '' ? FOLDERS : path.split('/').length < 4 ? ['Boots', 'Runners'] : [];
  const above = path === '' ? 'MyCompany/' : path;
  const shown = isHostile && path === '' ? [HOSTILE.replaceAll('/', ''), ...names] : names;
  return {
    path: above,
    folders: shown.map((name) => ({
      folderHandle: `f|${above}${name}/`,
      path: `${above}${name}/`,
      name,
      hasSubfolders: path === '' && name !== 'Bags',
      lastModified: new Date(MOCK_NOW).toISOString(),
    })),
  };
}

export function mockPreview(handle: string, commands: string): DeliveryPreview {
  const pairs = commands.split('&').filter((part) => part !== '');
  return {
    url: `https://s7d1.example.com/is/image/MyCompany/red-runner${commands === '' ? '' : `?${commands}`}`,
    image: `/console/api/asset/image?handle=${handle.replace('a|', '')}&commands=${encodeURIComponent(commands)}`,
    isPublished: true,
    commands: pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      const meanings: Readonly<Record<string, string>> = { wid: 'width in pixels', fmt: 'format' };
      return { name, value, meaning: meanings[name], isKnown: name in meanings };
    }),
  };
}

export function mockAssetPage(handle: string, isHostile: boolean): AssetPage {
  const index = Number(handle.replace('a|', ''));
  const row = mockAsset(index, isHostile);
  const value = isHostile ? HOSTILE : 'Ann';
  return {
    row,
    asset: { name: row.name },
    metadata: [
      { fieldHandle: 'm|1', name: 'Photographer', fieldType: 'String', value, isEditable: true },
      {
        fieldHandle: 'm|2',
        name: 'Season',
        fieldType: 'Enum',
        value: 'Spring',
        choices: ['Spring', 'Autumn'],
        isEditable: true,
      },
      { fieldHandle: 'm|3', name: 'Cleared', fieldType: 'Boolean', value: 'true', isEditable: true },
      { fieldHandle: 'm|4', name: 'Shot on', fieldType: 'Date', value: undefined, isEditable: true },
      { fieldHandle: 'm|5', name: 'Color space', fieldType: 'String', value: 'sRGB', isEditable: false },
    ],
    contexts: [{ contextHandle: 'pc|1', contextName: 'Image serving', contextType: 'ImageServing' }],
    publishHistory: [],
    jobs: [],
    delivery: mockPreview(handle, 'wid=600&fmt=webp'),
    smartCrops: [
      { handle: 's|1', name: 'Large', rect: { leftN: 0.1, topN: 0.15, widthN: 0.7, heightN: 0.6 } },
      { handle: 's|2', name: 'Small', rect: { leftN: 0.3, topN: 0.1, widthN: 0.35, heightN: 0.75 } },
    ],
    presets: ['Large', 'Thumbnail'],
    related: [mockAsset(index + 1), mockAsset(index + 2)],
    shell: [`ips asset get '${handle}'`, `ips smartcrop list '${handle}'`],
  };
}

export function mockPublish(isEmpty: boolean): PublishPage {
  const runs = mockRows(9).filter(({ typeLabel }) => typeLabel.includes('publish'));
  return {
    contexts: [
      { contextHandle: 'pc|1', contextName: 'Image serving', contextType: 'ImageServing', isActive: true },
      { contextHandle: 'pc|2', contextName: 'Staging', contextType: 'ImageServing', isActive: false },
    ],
    history: isEmpty ? [] : runs.map((job) => ({ job, publishType: 'Incremental' })),
    pending: {
      marked: isEmpty ? 0 : 18_022,
      changed: isEmpty ? 0 : 42,
      since: isEmpty ? undefined : ago(9),
      assets: isEmpty ? [] : Array.from({ length: 12 }, (_, index) => mockAsset(index)),
    },
    shell: 'ips publish',
    typescript:
      "await client.jobs.submit({ imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' } });",
  };
}
