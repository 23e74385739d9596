import type { Context } from '../context.js';
import { bytes, type Column, localTime } from '../output/columns.js';
import { INVENTORY_FIELDS, type InventoryRow, inventory } from './asset-inventory.js';
import { assetType } from './asset-search.js';
import { folderPath } from './references.js';

interface Options {
  readonly flat?: boolean;
  readonly type?: readonly string[];
  readonly marked?: 'yes' | 'no';
  readonly trash?: boolean;
}

const COLUMNS: readonly Column<InventoryRow>[] = [
  { title: 'PATH', value: ({ path }) => path, shrinks: true, least: 24 },
  { title: 'TYPE', value: ({ type }) => type },
  {
    title: 'SIZE',
    value: ({ size }) => (size === undefined ? undefined : String(size)),
    human: ({ size }) => (size === undefined ? '' : bytes(Number(size))),
    align: 'right',
    optional: true,
  },
  { title: 'WIDTH', value: ({ width }) => width, align: 'right', optional: true },
  { title: 'HEIGHT', value: ({ height }) => height, align: 'right', optional: true },
  {
    title: 'PUBLISH',
    field: 'publishState',
    value: ({ publishState }) => publishState,
    human: ({ publishState }) => (publishState === 'MarkedForPublish' ? 'marked' : ''),
    optional: true,
  },
  {
    title: 'CREATED',
    value: ({ created }) => created,
    human: ({ created }) => localTime(created),
    optional: true,
  },
  {
    title: 'MODIFIED',
    field: 'lastModified',
    value: ({ lastModified }) => lastModified,
    human: ({ lastModified }) => localTime(lastModified),
    optional: true,
  },
  { title: 'HANDLE', value: ({ handle }) => handle, optional: true },
];

/** The fields of the output. */
export const fields = INVENTORY_FIELDS;

/** `ips asset list` */
export async function run(context: Context, options: Options, folder?: string): Promise<undefined> {
  const types = options.type?.map(assetType);
  const client = await context.client();
  const rows = inventory(
    client,
    {
      folder: folder === undefined ? undefined : folderPath(folder),
      includeSubfolders: !options.flat,
      types,
      publishState: markOf(options.marked),
      trashState: options.trash ? 'InTrash' : 'NotInTrash',
    },
    context.signal,
  );
  const printed = await context.print.rows(rows, COLUMNS, INVENTORY_FIELDS);
  if (printed === 0) context.note('no assets');
  return undefined;
}

function markOf(marked: Options['marked']): 'MarkedForPublish' | 'NotMarkedForPublish' | undefined {
  if (marked === undefined) return undefined;
  return marked === 'yes' ? 'MarkedForPublish' : 'NotMarkedForPublish';
}
