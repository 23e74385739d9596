import type { Asset, SystemFieldCondition } from '@ips-sdk/types';
import { assetSearchSystemFields, assetTypes } from '@ips-sdk/types/constants';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { fieldNames } from './api-fields.js';
import { ASSET_COLUMN_FIELDS, ASSET_COLUMNS } from './asset-columns.js';
import { folderPath } from './references.js';

interface Options {
  readonly folder?: string;
  readonly flat?: boolean;
  readonly type?: readonly string[];
  readonly keyword?: readonly string[];
  readonly where?: readonly string[];
  readonly marked?: 'yes' | 'no';
  readonly trash?: boolean;
  readonly sort: string;
  readonly reverse?: boolean;
  readonly limit: string;
}

/** The fields of the output. */
export const fields = fieldNames('Asset');

/** `ips asset search` */
export async function run(context: Context, options: Options, text?: string): Promise<undefined> {
  const limit = Number(options.limit);
  const conditions = [
    ...(text === undefined ? [] : [{ field: 'Name', op: 'Contains', value: text }]),
    ...(options.where ?? []).map(condition),
  ];
  const types = options.type?.map(assetType);
  const client = await context.client();
  const input = {
    includeSubfolders: !options.flat,
    ...(options.folder === undefined ? {} : { folder: folderPath(options.folder) }),
    ...(types === undefined ? {} : { assetTypeArray: types }),
    ...(options.keyword === undefined ? {} : { keywordArray: options.keyword }),
    ...(conditions.length === 0
      ? {}
      : { systemFieldMatchMode: 'MatchAll', systemFieldConditionArray: conditions }),
    ...(options.marked === undefined
      ? {}
      : { publishState: options.marked === 'yes' ? 'MarkedForPublish' : 'NotMarkedForPublish' }),
    trashState: options.trash ? 'InTrash' : 'NotInTrash',
    sortBy: options.sort,
    sortDirection: options.reverse ? 'Descending' : 'Ascending',
    ...(limit > 0 && limit < 1000 ? { recordsPerPage: limit } : {}),
    // Tables need few fields; JSON has all of them.
    ...(!context.print.showsColumns ? {} : { responseFieldArray: ['totalRows', ...ASSET_COLUMN_FIELDS] }),
  };
  let isCut = false;
  async function* found(): AsyncGenerator<Asset> {
    let n = 0;
    for await (const asset of client.paginate('searchAssets', input, { signal: context.signal })) {
      yield asset;
      n += 1;
      if (limit > 0 && n >= limit) {
        isCut = true;
        return;
      }
    }
  }
  const printed = await context.print.rows(found(), ASSET_COLUMNS, fields);
  if (printed === 0) context.note('no assets');
  else if (isCut) context.note(`showing the first ${limit}; --limit 0 shows all`);
  return undefined;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '=': 'Equals',
  '!=': 'NotEquals',
  '*=': 'Contains',
  '^=': 'StartsWith',
  '$=': 'EndsWith',
};

/** Parses a condition: `FileName^=red`. */
function condition(text: string): SystemFieldCondition {
  const match = /^(\w+)([!*^$]?=)(.*)$/s.exec(text);
  const [, field = '', operator = '', value = ''] = match ?? [];
  const known = assetSearchSystemFields.find((name) => name.toLowerCase() === field.toLowerCase());
  if (match !== null && known !== undefined)
    return { field: known, op: OPERATORS[operator] ?? 'Equals', value };
  const meant = nearest(field || text, assetSearchSystemFields);
  throw new CliError(
    EXIT.usage,
    `--where: expected a field, an operator (= != *= ^= $=) and a value, found ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `the fields are ${assetSearchSystemFields.join(', ')}`,
  );
}

/** The exact name of an asset type. Ignores case. */
export function assetType(text: string): string {
  const known = assetTypes.find((name) => name.toLowerCase() === text.toLowerCase());
  if (known !== undefined) return known;
  const meant = nearest(text, assetTypes);
  // The service may know types that the contract lacks.
  if (meant === undefined) return text;
  throw new CliError(EXIT.usage, `--type: unknown type ${JSON.stringify(text)}; did you mean ${meant}?`);
}
