import type { Metadata } from '@ips-sdk/types';
import type * as t from '../db/schema.js';

export type MetadataFieldRow = typeof t.metadataFields.$inferSelect;

/** The form in which the values of a field are stored, compared and returned. */
export type ValueForm = 'text' | 'boolean' | 'long' | 'double' | 'date' | 'tags';

const FORMS: Readonly<Record<string, ValueForm>> = {
  Untyped: 'text',
  String: 'text',
  Color: 'text',
  Dimension: 'text',
  FileName: 'text',
  Boolean: 'boolean',
  Int: 'long',
  Float: 'double',
  Date: 'date',
  BooleanTag: 'tags',
  SingleTag: 'tags',
  SingleFixedTag: 'tags',
  MultiTag: 'tags',
  MultiFixedTag: 'tags',
};

/** The types that a field can have. */
export const FIELD_TYPES: readonly string[] = Object.keys(FORMS);

/** The form of a field type's values; `undefined` for an unknown type. */
export const formOf = (fieldType: string): ValueForm | undefined =>
  Object.hasOwn(FORMS, fieldType) ? FORMS[fieldType] : undefined;

export const isTagType = (fieldType: string): boolean => formOf(fieldType) === 'tags';

/** Whether an asset can have several tags in the field. */
export const isMultiTag = (fieldType: string): boolean =>
  fieldType === 'MultiTag' || fieldType === 'MultiFixedTag';

/** Whether the dictionary of a tag field is closed, which restricts assets to its tags. */
export const isClosed = (fieldType: string): boolean =>
  fieldType === 'SingleFixedTag' || fieldType === 'MultiFixedTag' || fieldType === 'BooleanTag';

/** Whether a field applies to an asset's type. Fields of type `Asset` apply to all types. */
export const appliesTo = (field: MetadataFieldRow, assetType: string): boolean =>
  field.assetType === 'Asset' || field.assetType.toUpperCase() === assetType.toUpperCase();

/**
 * A value as returned by the API: as text, and in the field for its form.
 *
 * @param values - As stored: one text, or the tags.
 */
export function metadataOf(field: MetadataFieldRow, values: readonly string[]): Metadata {
  const [value = ''] = values;
  const common = { name: field.name, value };
  switch (formOf(field.type)) {
    case 'boolean':
      return { ...common, boolVal: value === 'true' };
    case 'long':
      return { ...common, longVal: Number(value) };
    case 'double':
      return { ...common, doubleVal: Number(value) };
    case 'date':
      return { ...common, dateVal: value };
    case 'tags':
      return { name: field.name, value: values.join(','), valueArray: [...values] };
    default:
      return common;
  }
}

/** The values in a field of an asset without its own. */
export function defaultValues(field: MetadataFieldRow): readonly string[] {
  if (isTagType(field.type)) return field.initialTagValue === null ? [] : [field.initialTagValue];
  return field.defaultValue === null || field.defaultValue === '' ? [] : [field.defaultValue];
}
