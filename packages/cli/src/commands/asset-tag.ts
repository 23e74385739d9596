import type { MetadataField, MetadataUpdate } from '@ips-sdk/types';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { printBatch } from './batch-result.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets, needed } from './references.js';

interface Options {
  readonly field?: string;
  readonly add?: string;
  readonly remove?: string;
  readonly set?: string;
  readonly value?: string;
}

/** `ips asset tag` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<number> {
  if (options.field === undefined) throw needed('--field', 'give --field Season');
  const { add, remove, set, value } = options;
  if ([add, remove, set, value].every((one) => one === undefined))
    throw needed('--add, --remove, --set or --value', 'give --add spring,summer');
  if (value !== undefined && [add, remove, set].some((one) => one !== undefined))
    throw new CliError(
      EXIT.usage,
      '--value is for fields without tags; --add, --remove and --set are for tag fields',
    );
  const assets = await findAssets(context, given);
  const field = await findField(
    context,
    options.field,
    assets.map(({ handle }) => handle),
  );
  const update: MetadataUpdate = {
    fieldHandle: field.fieldHandle,
    ...(value === undefined ? {} : typed(field, value)),
    ...(add === undefined ? {} : { addTagValueArray: list(add) }),
    ...(remove === undefined ? {} : { deleteTagValueArray: list(remove) }),
    ...(set === undefined ? {} : { setTagValueArray: list(set) }),
  };
  const input = {
    updateArray: [{ assetHandleArray: assets.map(({ handle }) => handle), updateArray: [update] }],
  };
  if (await printDryRun(context, 'batchSetAssetMetadata', input)) return EXIT.ok;
  const client = await context.client();
  const result = await client.batch('batchSetAssetMetadata', input, { signal: context.signal });
  return printBatch(context, result, 'changed');
}

function list(text: string): string[] {
  return text.split(',').map((one) => one.trim());
}

type FoundField = Pick<MetadataField, 'fieldHandle'> & { readonly type: string | undefined };

/** Finds a field by name, among the fields of the asset type and those of all assets. */
async function findField(
  context: Context,
  reference: string,
  handles: readonly string[],
): Promise<FoundField> {
  const client = await context.client();
  const call = { signal: context.signal };
  if (reference.includes('|')) return { fieldHandle: reference, type: undefined };
  const { assetArray = [] } = await client.getAssets(
    { assetHandleArray: handles.slice(0, 1), responseFieldArray: ['assetArray/items/type'] },
    call,
  );
  const kinds = [...new Set([assetArray[0]?.type ?? 'Asset', 'Asset'])];
  const fields: MetadataField[] = [];
  for (const assetType of kinds)
    fields.push(...(await client.getMetadataFields({ assetType }, call)).fieldArray);
  const found =
    fields.find(({ name }) => name === reference) ??
    fields.find(({ name }) => name.toLowerCase() === reference.toLowerCase());
  if (found !== undefined) return found;
  const names = [...new Set(fields.map(({ name }) => name))];
  const meant = nearest(reference, names);
  throw new CliError(
    EXIT.service,
    `${kinds[0]} assets have no field ${JSON.stringify(reference)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    names.length === 0
      ? 'the company has no such fields; ips call saveMetadataField --help describes how to create one'
      : `the fields are ${names.join(', ')}`,
  );
}

/** The value, under the key for the type of the metadata field. */
function typed({ type, fieldHandle }: FoundField, value: string): Partial<MetadataUpdate> {
  const number = (): number => {
    const n = Number(value);
    if (value.trim() !== '' && Number.isFinite(n)) return n;
    throw new CliError(EXIT.usage, `--value: ${fieldHandle} takes a number, found ${JSON.stringify(value)}`);
  };
  if (/boolean/i.test(type ?? '')) {
    if (value === 'true' || value === 'false') return { boolVal: value === 'true' };
    throw new CliError(
      EXIT.usage,
      `--value: ${fieldHandle} takes true or false, found ${JSON.stringify(value)}`,
    );
  }
  if (/int|long/i.test(type ?? '')) return { longVal: number() };
  if (/float|double/i.test(type ?? '')) return { doubleVal: number() };
  if (/date/i.test(type ?? '')) return { dateVal: value };
  return { value };
}
