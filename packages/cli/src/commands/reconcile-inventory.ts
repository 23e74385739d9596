import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import type { InventoryRow } from './asset-inventory.js';
import { parseCsvTable } from './csv.js';

/** An asset that the company should have. */
export interface Expected {
  readonly name: string;
  /** The folder below the company root, with a trailing slash; `undefined` if the inventory does not contain it. */
  readonly folder: string | undefined;
  readonly fileName: string;
  readonly publish: boolean;
  /** The size of the file in bytes, if the inventory contains it. */
  readonly size: number | undefined;
  /** The file to upload if the asset is missing, if known. */
  readonly source: { readonly file: string } | { readonly url: string } | undefined;
}

/** How an inventory is read. */
export interface InventoryOptions {
  /** Folders that paths in the inventory may start with in place of the root, in order of preference. */
  readonly roots: readonly string[];
  /** The local folder with the files, stored under their inventory paths. */
  readonly files: string | undefined;
}

/** Column names and their synonyms. */
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
 * Reads the assets of a CSV inventory, such as the output of `ips asset list --csv`.
 *
 * @throws CliError with the line of an invalid value.
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
      `${file}: the header has no column path or name`,
      'the columns are path or name, and optionally folder, fileName, size, publishState, file and url; ips asset list --csv writes an inventory',
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
      fail(
        `publishState: expected a value such as yes, no, MarkedForPublish or NotMarkedForPublish, found ${JSON.stringify(publish)}`,
      );
    const size = value('size') === '' ? undefined : Number(value('size'));
    if (size !== undefined && !(size >= 0))
      fail(`size: expected a number of bytes, found ${JSON.stringify(value('size'))}`);
    const url = value('url');
    if (url !== '' && !URL.canParse(url)) fail(`url: expected a URL, found ${JSON.stringify(url)}`);
    const { folder } = place ?? { folder: undefined };
    const local = value('file') || localFile(options.files, folder, fileName);
    const source = local !== '' ? { file: local } : url === '' ? undefined : { url };
    return [{ name, folder, fileName, publish: YES.test(publish), size, source }];
  });
}

/** Converts an asset of another company to an expected asset. */
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

/** Splits a path into the folder below the root and the file name. Accepts Windows paths. */
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
