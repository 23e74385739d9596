import type { MetadataUpdate } from '@ips-sdk/types';
import { invalidParameter, missingParameter, ruleBroken } from '../faults.js';
import { formOf, isClosed, isMultiTag, isTagType, type MetadataFieldRow } from './field-types.js';

/**
 * The values of a field after an update, as stored: one text, or the tags. An empty list unsets the field.
 *
 * @param before - The asset's current values.
 * @param path - Of the update in the request.
 * @throws IpsFault 30001 for a value that the field cannot have, 30002 for an update without one.
 */
export function updatedValues(
  field: MetadataFieldRow,
  update: MetadataUpdate,
  before: readonly string[],
  path: string,
): string[] {
  return isTagType(field.type) ? updatedTags(field, update, before, path) : [plainValue(field, update, path)];
}

/**
 * A text as the value of a field, in the form in which it is stored.
 *
 * @throws IpsFault 30001 for a text that is not such a value.
 */
export function parsedValue(fieldType: string, text: string, path: string): string {
  switch (formOf(fieldType)) {
    case 'boolean': {
      const flag = { true: 'true', '1': 'true', false: 'false', '0': 'false' }[text.trim().toLowerCase()];
      if (flag === undefined) throw invalidParameter(path, text, 'true or false');
      return flag;
    }
    case 'long': {
      const number = /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(number)) throw invalidParameter(path, text, 'a whole number');
      return String(number);
    }
    case 'double': {
      const number = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(number)) throw invalidParameter(path, text, 'a number');
      return String(number);
    }
    case 'date':
      return dateValue(text, path);
    default:
      return text;
  }
}

function plainValue(field: MetadataFieldRow, update: MetadataUpdate, path: string): string {
  const { value, boolVal, longVal, doubleVal, dateVal } = update;
  for (const name of ['addTagValueArray', 'setTagValueArray', 'deleteTagValueArray'] as const) {
    if (update[name] !== undefined) {
      throw ruleBroken(`${path}/${name}: the field '${field.name}' is not a tag field`);
    }
  }
  switch (formOf(field.type)) {
    case 'boolean':
      if (boolVal !== undefined) return String(boolVal);
      break;
    case 'long':
      if (longVal !== undefined) return String(longVal);
      break;
    case 'double':
      if (doubleVal !== undefined) return String(doubleVal);
      if (longVal !== undefined) return String(longVal);
      break;
    case 'date':
      if (dateVal !== undefined) return dateValue(dateVal, `${path}/dateVal`);
      break;
    default: {
      const given = value ?? boolVal ?? longVal ?? doubleVal;
      if (given !== undefined) return String(given);
      if (dateVal !== undefined) return dateValue(dateVal, `${path}/dateVal`);
    }
  }
  if (value !== undefined) return parsedValue(field.type, value, `${path}/value`);
  const names = { boolean: 'boolVal', long: 'longVal', double: 'doubleVal', date: 'dateVal' };
  throw missingParameter(`${path}/${names[formOf(field.type) as keyof typeof names] ?? 'value'}`);
}

function dateValue(given: string | Date, path: string): string {
  const date = new Date(given);
  if (Number.isNaN(date.getTime())) throw invalidParameter(path, String(given), 'an ISO 8601 time');
  return date.toISOString();
}

function updatedTags(
  field: MetadataFieldRow,
  update: MetadataUpdate,
  before: readonly string[],
  path: string,
): string[] {
  const {
    addTagValueArray: add,
    setTagValueArray: set,
    deleteTagValueArray: remove,
    value,
    boolVal,
  } = update;
  const single = value ?? (boolVal === undefined ? undefined : boolVal ? 'True' : 'False');
  if (add === undefined && set === undefined && remove === undefined && single === undefined) {
    throw missingParameter(`${path}/setTagValueArray`);
  }
  const removed = new Set(remove ?? []);
  const start = set ?? (single === undefined ? before : [single]);
  const tags = [...new Set([...start, ...(add ?? [])])].filter((tag) => !removed.has(tag));
  if (!isMultiTag(field.type) && tags.length > 1) {
    throw invalidParameter(
      path,
      tags.join(','),
      `at most one tag, because '${field.name}' is of type ${field.type}`,
    );
  }
  for (const tag of tags) checkTag(field, tag, path);
  return tags;
}

/** @throws IpsFault 30001 for a tag that is not in the dictionary of the field, if that is closed. */
function checkTag(field: MetadataFieldRow, tag: string, path: string): void {
  if (tag === '') throw invalidParameter(path, tag, 'a non-empty tag');
  const allowed = field.type === 'BooleanTag' ? BOOLEAN_TAGS : field.dictionary;
  if (isClosed(field.type) && !allowed.includes(tag)) {
    throw invalidParameter(path, tag, `a value in the dictionary of '${field.name}'`);
  }
}

/** The dictionary of a field for true and false. */
export const BOOLEAN_TAGS: readonly string[] = ['True', 'False'];
