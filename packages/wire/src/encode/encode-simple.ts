import { hasOffset, isBase64, isDateTime } from '@ips-sdk/types/lexical';
import { WireError } from '../errors.js';
import { isInBounds } from '../simple-plan.js';
import type { FieldPlan } from '../type-plan.js';
import { encodeFragment } from './encode-fragment.js';
import { escapeText } from './escape.js';
import { type Path, pathText } from './path.js';

/** Characters that need handling: markup, carriage returns, characters that XML forbids, and surrogates, which may be unpaired. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.
export const SPECIAL: RegExp = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;

/** Writes a value by the type of its field, escaped for the content of an element. */
export function encodeSimple(field: FieldPlan, value: unknown, path: Path): string {
  switch (field.kind) {
    case 'text':
      if (typeof value !== 'string') throw bad(value, 'a string', path, field.secret);
      if (field.values !== undefined && !field.values.includes(value))
        throw bad(value, `one of ${field.values.join(', ')}`, path, field.secret);
      return SPECIAL.test(value) ? escapeText(value, path) : value;
    case 'xml':
      return encodeFragment(value, path);
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
    if (!isInBounds(value, field)) throw bad(value, describeBounds(field), path, false);
    return value.toString();
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) throw bad(value, 'a whole number', path, false);
  if (value < field.minimum || value > field.maximum) {
    if (field.kind === 'long') {
      throw new WireError(
        'unsafe-integer',
        `${value} exceeds the safe range of a number; pass a bigint`,
        pathText(path),
      );
    }
    throw bad(value, `a whole number from ${field.minimum} to ${field.maximum}`, path, false);
  }
  return Object.is(value, -0) ? '0' : String(value);
}

function describeBounds({ bounds }: FieldPlan): string {
  if (bounds?.low === -(2n ** 63n)) return 'a 64-bit integer';
  return `a whole number from ${bounds?.low ?? '-∞'} to ${bounds?.high ?? '∞'}`;
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
    throw bad(value, 'a date and time with an offset, such as Z or -07:00', path, false);
  }
  return value;
}

/** The UTC year of a `Date`; `NaN` for an invalid one, or for an object that only inherits from a `Date`. */
function yearOf(date: Date): number {
  try {
    return date.getUTCFullYear();
  } catch {
    return Number.NaN;
  }
}

function encodeBinary(value: unknown, path: Path): string {
  // An object that only inherits from a byte array contains no bytes.
  if (value instanceof Uint8Array && ArrayBuffer.isView(value)) return toBase64(value);
  if (typeof value !== 'string' || !isBase64(value)) throw bad(value, 'bytes or base64 text', path, false);
  return value;
}

/** Avoids Node's Buffer, so the codec runs everywhere. It works in slices because the number of arguments of a call is limited. */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

export function bad(value: unknown, expected: string, path: Path, secret: boolean): WireError {
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
