import { hasOffset, isBase64, isDateTime } from '@ips-sdk/types/lexical';
import { WireError } from '../errors.js';
import type { ComplexPlan, FieldPlan } from '../plan.js';
import { unknownElementsOf } from '../unknown-elements.js';
import { encodeUnknown } from './encode-unknown.js';
import { escapeText } from './escape.js';
import { type Path, pathText } from './path.js';

/** Characters that need handling: markup, a carriage return, what XML forbids, and surrogates, which may be unpaired. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.
const SPECIAL = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;

/**
 * Writes the children of a complex value in the order of the contract.
 *
 * @throws WireError for an unknown or missing field, and for a value that cannot be written as the field's type.
 */
export function encodeFields(plan: ComplexPlan, value: unknown, path: Path, sends: boolean): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(value, 'an object', path, false);
  }
  const record = value as Readonly<Record<string, unknown>>;
  let xml = '';
  let present = 0;
  for (const field of plan.fields) {
    const fieldValue = record[field.name];
    if (fieldValue === undefined || !Object.hasOwn(record, field.name)) {
      if (field.required) {
        throw new WireError(
          'missing-field',
          'the field is required',
          pathText({ parent: path, key: field.name }),
        );
      }
      continue;
    }
    present += 1;
    xml += encodeField(field, fieldValue, path, sends);
  }
  // Most values have no unknown keys, so they are looked for only when there are more keys than known ones.
  const keys = Object.keys(record);
  if (keys.length !== present) {
    for (const key of keys) {
      if (record[key] === undefined || plan.byName.has(key)) continue;
      // A message may name its JSON Schema for editors. No element has such a name.
      if (key === '$schema' && path.parent === undefined) continue;
      throw new WireError(
        'unknown-field',
        `${plan.name} has no such field in ${plan.contract}`,
        pathText({ parent: path, key }),
      );
    }
  }
  const unknown = unknownElementsOf(record);
  return unknown === undefined ? xml : xml + encodeUnknown(unknown, path, sends);
}

function encodeField(field: FieldPlan, value: unknown, parent: Path, sends: boolean): string {
  const { kind } = field;
  if (kind === 'text' && typeof value === 'string' && !SPECIAL.test(value)) {
    return value === '' ? field.empty : field.open + value + field.close;
  }
  const path: Path = { parent, key: field.name };
  if (kind !== undefined) return wrap(field, encodeSimple(field, value, path));
  const plan = field.complex as ComplexPlan;
  return wrap(
    field,
    plan.item === undefined
      ? encodeFields(plan, value, path, sends)
      : encodeItems(plan, plan.item, value, path, sends),
  );
}

function wrap(field: FieldPlan, content: string): string {
  return content === '' ? field.empty : field.open + content + field.close;
}

function encodeItems(plan: ComplexPlan, item: FieldPlan, value: unknown, path: Path, sends: boolean): string {
  if (!Array.isArray(value)) throw bad(value, 'an array', path, false);
  if (value.length < plan.minItems || value.length > plan.maxItems) {
    const expected = value.length < plan.minItems ? `at least ${plan.minItems}` : `at most ${plan.maxItems}`;
    throw new WireError('bad-value', `found ${value.length} entries, expected ${expected}`, pathText(path));
  }
  let xml = '';
  for (let i = 0; i < value.length; i += 1) {
    const entry: unknown = value[i];
    const at: Path = { parent: path, key: i };
    if (item.kind !== undefined) {
      xml += wrap(item, encodeSimple(item, entry, at));
    } else {
      const plan = item.complex as ComplexPlan;
      xml += wrap(
        item,
        plan.item === undefined
          ? encodeFields(plan, entry, at, sends)
          : encodeItems(plan, plan.item, entry, at, sends),
      );
    }
  }
  const unknown = unknownElementsOf(value);
  return unknown === undefined ? xml : xml + encodeUnknown(unknown, path, sends);
}

function encodeSimple(field: FieldPlan, value: unknown, path: Path): string {
  switch (field.kind) {
    case 'text':
      if (typeof value !== 'string') throw bad(value, 'a string', path, field.secret);
      return SPECIAL.test(value) ? escapeText(value, path) : value;
    case 'boolean':
      if (typeof value !== 'boolean') throw bad(value, 'true or false', path, field.secret);
      return value ? 'true' : 'false';
    case 'int':
    case 'long':
      return encodeInteger(field, value, path);
    case 'double':
      return encodeDouble(value, path);
    case 'dateTime':
      return encodeDateTime(value, path);
    default:
      return encodeBinary(value, path);
  }
}

function encodeInteger(field: FieldPlan, value: unknown, path: Path): string {
  if (typeof value === 'bigint' && field.kind === 'long') {
    if (BigInt.asIntN(64, value) !== value) throw bad(value, 'an integer of 64 bits', path, false);
    return value.toString();
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) throw bad(value, 'a whole number', path, false);
  if (value < field.minimum || value > field.maximum) {
    if (field.kind === 'long') {
      throw new WireError(
        'unsafe-integer',
        `${value} is not exact as a number; give it as a bigint`,
        pathText(path),
      );
    }
    throw bad(value, `a whole number from ${field.minimum} to ${field.maximum}`, path, false);
  }
  return Object.is(value, -0) ? '0' : String(value);
}

function encodeDouble(value: unknown, path: Path): string {
  if (typeof value !== 'number') throw bad(value, 'a number', path, false);
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
}

function encodeDateTime(value: unknown, path: Path): string {
  if (value instanceof Date) {
    const year = yearOf(value);
    if (!(year >= 1 && year <= 9999)) throw bad(value, 'a valid Date in the years 1 to 9999', path, false);
    return value.toISOString();
  }
  if (typeof value !== 'string' || !isDateTime(value)) {
    throw bad(value, 'a Date, or a date and time such as 2014-04-03T09:30:00-07:00', path, false);
  }
  if (!hasOffset(value)) {
    throw bad(value, 'a date and time with its offset, such as Z or -07:00', path, false);
  }
  return value;
}

/** The year of a `Date` in UTC; `NaN` of an invalid one, and of an object that only inherits from a `Date`. */
function yearOf(date: Date): number {
  try {
    return date.getUTCFullYear();
  } catch {
    return Number.NaN;
  }
}

function encodeBinary(value: unknown, path: Path): string {
  // An object that only inherits from bytes holds none.
  if (value instanceof Uint8Array && ArrayBuffer.isView(value)) return toBase64(value);
  if (typeof value !== 'string' || !isBase64(value)) throw bad(value, 'bytes, or base64 text', path, false);
  return value;
}

/** Avoids Node's Buffer, so that the codec runs everywhere. Slices, since a call takes a limited number of arguments. */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

function bad(value: unknown, expected: string, path: Path, secret: boolean): WireError {
  return new WireError(
    'bad-value',
    `found ${secret ? 'a secret' : show(value)}, expected ${expected}`,
    pathText(path),
  );
}

function show(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Date) return Number.isNaN(yearOf(value)) ? 'an invalid Date' : value.toISOString();
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' || typeof value === 'function')
    return `${typeof value === 'object' ? 'an object' : 'a function'}`;
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
