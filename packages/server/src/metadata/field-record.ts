import type { MetadataField } from '@ips-sdk/types';
import { assetTypes } from '@ips-sdk/types/constants';
import { invalidParameter } from '../faults.js';
import { fieldHandle } from '../handles.js';
import { FIELD_TYPES, isTagType, type MetadataFieldRow } from './field-types.js';
import { parsedValue } from './field-values.js';

/** A field as returned by the API. All fields of this server are user-defined. */
export function fieldRecord(row: MetadataFieldRow): MetadataField {
  return {
    fieldHandle: fieldHandle(row),
    name: row.name,
    type: row.type,
    defaultValue: row.defaultValue ?? '',
    isRequired: false,
    isUserDefined: true,
    isHidden: row.isHidden,
    isEnforced: row.isEnforced,
    ...(row.initialTagValue === null ? {} : { initialTagValue: row.initialTagValue }),
  };
}

/**
 * An asset type that can have fields, as stored. `Asset` and `All` mean all types.
 *
 * @throws IpsFault 30001 for an unknown type.
 */
export function fieldAssetType(given: string): string {
  const lower = given.toLowerCase();
  if (lower === 'all' || lower === 'asset') return 'Asset';
  const known = assetTypes.find((type) => type.toLowerCase() === lower);
  if (known === undefined)
    throw invalidParameter('assetType', given, 'an asset type, or Asset for all of them');
  return known;
}

/** @throws IpsFault 30001 for an unknown field type. */
export function checkFieldType(given: string): void {
  if (!FIELD_TYPES.includes(given)) {
    throw invalidParameter('fieldType', given, `one of ${FIELD_TYPES.join(', ')}`);
  }
}

/** @throws IpsFault 30001 for an invalid field name. */
export function checkFieldName(name: string): void {
  if (name.trim() === '' || name.length > 255 || /[|\p{Cc}]/u.test(name)) {
    throw invalidParameter('name', name, 'a name of 1 to 255 characters without "|" or control characters');
  }
}

/**
 * The default of a field, as stored.
 *
 * @throws IpsFault 30001 for a default of a tag field, and for one that the field's type does not allow.
 */
export function checkedDefault(fieldType: string, given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (isTagType(fieldType)) throw invalidParameter('defaultValue', given, 'no default for a tag field');
  return parsedValue(fieldType, given, 'defaultValue');
}

/**
 * The initial tag of a field, as stored. The documented sample gives one to a text field, which keeps it and has no dictionary.
 *
 * @throws IpsFault 30001 for an initial tag of any other field that is not a tag field.
 */
export function checkedInitialTag(fieldType: string, given: string | undefined): string | null {
  if (given === undefined || given === '') return null;
  if (!isTagType(fieldType) && fieldType !== 'String')
    throw invalidParameter('initialTagValue', given, 'no initial tag: the field has neither tags nor text');
  if (fieldType === 'BooleanTag' && given !== 'True' && given !== 'False') {
    throw invalidParameter('initialTagValue', given, 'True or False');
  }
  return given;
}
