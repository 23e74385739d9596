import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { checkFieldName, fieldAssetType } from '../metadata/field-record.js';
import { fieldIndex } from '../metadata/field-store.js';
import { appliesTo, isTagType, type MetadataFieldRow } from '../metadata/field-types.js';
import { BOOLEAN_TAGS, updatedValues } from '../metadata/field-values.js';
import { shown } from './seed-checks.js';
import { at, SeedError } from './seed-error.js';
import type { AddedItem } from './seed-place.js';
import type { SeedField, SeedItem } from './seed-types.js';

/** Values that are written with one statement. */
const BATCH = 5000;

/**
 * Adds metadata fields to a company. Those that it has are not changed.
 *
 * @throws SeedError for a field that the company has with another type.
 */
export async function addFields(
  tx: Db,
  company: CompanyRow,
  fields: readonly SeedField[],
  path: string,
): Promise<void> {
  for (const [index, field] of fields.entries()) {
    const place = `${path}[${index}]`;
    const { name, type = 'String', tags = [] } = field;
    await at(`${place}.name`, () => checkFieldName(name));
    const assetType = await at(`${place}.assetType`, () => fieldAssetType(field.assetType ?? 'Asset'));
    const known = (await fieldIndex(tx, company)).named(name).find((each) => each.assetType === assetType);
    if (known !== undefined && known.type !== type)
      throw new SeedError(
        `${place}.type`,
        `"${company.name}" has the field "${name}" with the type ${known.type}`,
      );
    if (known !== undefined) continue;
    const dictionary = type === 'BooleanTag' ? [...BOOLEAN_TAGS] : [...new Set(tags)];
    await tx.insert(t.metadataFields).values({ companyId: company.id, assetType, name, type, dictionary });
  }
}

/**
 * Stores the values of assets and sets in metadata fields.
 *
 * @throws SeedError for a field that the company or the type of asset lacks, and for a value that the field cannot have.
 */
export async function addValues(tx: Db, company: CompanyRow, added: readonly AddedItem[]): Promise<void> {
  const described = added.filter(({ item }) => item.metadata !== undefined);
  if (described.length === 0) return;
  const fields = await fieldIndex(tx, company);
  const types = await typesOf(tx, described);
  let rows: { assetId: number; fieldId: number; values: string[] }[] = [];
  const write = async (): Promise<void> => {
    if (rows.length > 0) await tx.execute(insertOf(t.metadataValues, rows));
    rows = [];
  };
  for (const { id, path, item } of described) {
    for (const [name, value] of Object.entries(item.metadata ?? {})) {
      const place = `${path}.metadata.${name}`;
      const type = types.get(id) ?? '';
      const named = fields.named(name);
      const field = named.find((each) => appliesTo(each, type));
      if (field === undefined)
        throw noField(place, name, named.length === 0 ? company.name : `assets of type ${type}`);
      const values = await at(place, () => valuesOf(field, value));
      if (values.length > 0) rows.push({ assetId: id, fieldId: field.id, values });
    }
    if (rows.length >= BATCH) await write();
  }
  await write();
}

function noField(place: string, name: string, owner: string): SeedError {
  return new SeedError(place, `${owner} has no metadata field ${shown(name)}; add it to metadataFields`);
}

/** A value as its field stores it. */
function valuesOf(field: MetadataFieldRow, value: NonNullable<SeedItem['metadata']>[string]): string[] {
  if (isTagType(field.type)) {
    const tags = typeof value === 'object' ? [...value] : [tagOf(value)];
    return updatedValues(field, { fieldHandle: '', setTagValueArray: tags }, [], '');
  }
  return updatedValues(
    field,
    { fieldHandle: '', value: typeof value === 'object' ? value.join(',') : String(value) },
    [],
    '',
  );
}

/** The dictionary of a field for true and false has them with capitals. */
const tagOf = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);

async function typesOf(tx: Db, added: readonly AddedItem[]): Promise<ReadonlyMap<number, string>> {
  const ids = added.map(({ id }) => id);
  const rows = await tx
    .select({ id: t.assets.id, type: t.assets.type })
    .from(t.assets)
    .where(anyOf(t.assets.id, ids));
  return new Map(rows.map(({ id, type }) => [id, type]));
}
