import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import type { InventoryRow } from './asset-inventory.js';
import { parseCsvTable } from './csv.js';

/** An asset that the company should have. */
export interface Expected {
  readonly name: string;
  /** Its folder below the root of the company, with a slash at the end; `undefined` where the inventory does not say it. */
  readonly folder: string | undefined;
  readonly fileName: string;
  readonly publish: boolean;
  /** The size of its file in bytes, where the inventory says it. */
  readonly size: number | undefined;
  /** Where its file is, if it can be uploaded. */
  readonly source: { readonly file: string } | { readonly url: string } | undefined;
}

/** How an inventory is read. */
export interface InventoryOptions {
  /** The folders that may be the root in paths of the inventory, in the order in which they are tried. */
  readonly roots: readonly string[];
  /** The local folder with the files, in which they have the paths of the inventory. */
  readonly files: string | undefined;
}

/** The columns that mean the same. */
const COLUMNS = {
  path: ['path', 'destpath', 'dest'],
  name: ['name', 'assetname', 'id'],
  folder: ['folder'],
  fileName: ['filename'],
  size: ['size', 'filesize', 'bytes'],
  publish: ['publishstate', 'publish', 'published', 'readyforpublish', 'marked'],
  file: ['file', 'source', 'local'],
  url: ['url', 'sourceurl'],
} as const;

const YES = /^(?:|yes|y|true|1|markedforpublish|marked|published)$/i;
const NO = /^(?:no|n|false|0|notmarkedforpublish|unmarked|unpublished)$/i;

/**
 * The assets of an inventory in CSV, such as that of `ips asset list --csv`.
 *
 * @throws CliError with the line that is wrong.
 */
export function readInventory(text: string, file: string, options: InventoryOptions): Expected[] {
  const { names, records } = table(text, file);
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, known]) => [
      column,
      names.findIndex((name) => (known as readonly string[]).includes(name.replace(/[\s_-]/g, ''))),
    ]),
  ) as Readonly<Record<keyof typeof COLUMNS, number>>;
  if (at.path === -1 && at.name === -1)
    throw new CliError(
      EXIT.usage,
      `${file}: the first line names neither a column path nor a column name`,
      'the columns are path or name, and any of folder, fileName, size, publishState, file and url; ips asset list --csv writes such a file',
    );
  return records.flatMap(({ line, values }) => {
    if (values.every((value) => value === '')) return [];
    const value = (column: keyof typeof COLUMNS): string => values[at[column]] ?? '';
    const fail = (problem: string): never => {
      throw new CliError(EXIT.usage, `${file}, line ${line}: ${problem}`);
    };
    const path =
      value('path') || (value('folder') && `${value('folder')}/${value('fileName') || value('name')}`);
    const place = path === '' ? undefined : placeOf(path, options.roots);
    const fileName = place?.fileName ?? (value('fileName') || value('name'));
    const name = value('name') || stemOf(fileName);
    if (name === '') fail('the asset has no name');
    const publish = value('publish');
    if (!YES.test(publish) && !NO.test(publish))
      fail(`${JSON.stringify(publish)} says neither that it is to be published nor that it is not`);
    const size = value('size') === '' ? undefined : Number(value('size'));
    if (size !== undefined && !(size >= 0)) fail(`the size ${JSON.stringify(value('size'))} is not a number`);
    const url = value('url');
    if (url !== '' && !URL.canParse(url)) fail(`${JSON.stringify(url)} is not a URL`);
    const { folder } = place ?? { folder: undefined };
    const local = value('file') || localFile(options.files, folder, fileName);
    const source = local !== '' ? { file: local } : url === '' ? undefined : { url };
    return [{ name, folder, fileName, publish: YES.test(publish), size, source }];
  });
}

/** The assets of another company. */
export function expectedOf(row: InventoryRow, options: InventoryOptions): Expected {
  const { folder, fileName } = placeOf(row.path, options.roots);
  const local = localFile(options.files, folder, fileName);
  return {
    name: row.name,
    folder,
    fileName,
    publish: row.publishState === 'MarkedForPublish',
    size: row.size === undefined ? undefined : Number(row.size),
    source: local === '' ? undefined : { file: local },
  };
}

function table(text: string, file: string): ReturnType<typeof parseCsvTable> {
  try {
    return parseCsvTable(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliError(EXIT.usage, `${file}: ${error.message}`);
  }
}

/** The folder below the root, and the name of the file. Paths of Windows are understood too. */
export function placeOf(path: string, roots: readonly string[]): { folder: string; fileName: string } {
  const steps = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  const fileName = steps.pop() ?? '';
  const folder = steps.map((step) => `${step}/`).join('');
  const root = roots.find((one) => one !== '' && folder.toLowerCase().startsWith(one.toLowerCase()));
  return { folder: root === undefined ? folder : folder.slice(root.length), fileName };
}

/** The name of a file without its extension. */
export function stemOf(fileName: string): string {
  return fileName.replace(/(?<=.)\.\w{1,5}$/, '');
}

function localFile(files: string | undefined, folder: string | undefined, fileName: string): string {
  if (files === undefined) return '';
  const path = join(files, folder ?? '', fileName);
  return existsSync(path) ? path : '';
}
