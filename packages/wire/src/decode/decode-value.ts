import { isBase64, isDateTime } from '@ips-sdk/types/lexical';
import { isInBounds } from '../simple-plan.js';
import type { FieldPlan } from '../type-plan.js';

/** Result of {@link decodeValue} for a text that does not have the field's type. */
export const BAD: unique symbol = Symbol('bad value');
/** Result of {@link decodeValue} for an integer outside the safe range of a number. */
export const UNSAFE: unique symbol = Symbol('unsafe integer');

/** Reads the text of a simple element as the type of its field. */
export function decodeValue(field: FieldPlan, text: string, bigints: boolean): unknown {
  switch (field.kind) {
    case 'text':
    case 'xml':
      return text;
    case 'int':
    case 'long':
      return decodeInteger(field, text, bigints);
    case 'boolean':
      return decodeBoolean(trimmed(text));
    case 'double':
      return decodeDouble(trimmed(text));
    case 'dateTime': {
      const dateTime = trimmed(text);
      return isDateTime(dateTime) ? dateTime : BAD;
    }
    default: {
      // Base64 may contain line breaks.
      const compact = text.replace(/[\t\n\r ]+/g, '');
      return isBase64(compact) ? compact : BAD;
    }
  }
}

/** The text without white space around it. Nearly every text has none, which two comparisons show. */
function trimmed(text: string): string {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  return first > 32 && first < 127 && last > 32 && last < 127 ? text : text.trim();
}

/** The value of a text of only digits, few enough to be exact, like nearly every number in a response; -1 for any other text. */
function decodeDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = 0;
  for (let i = 0; i < length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function decodeInteger(field: FieldPlan, text: string, bigints: boolean): unknown {
  const short = decodeDigits(text);
  if (short >= 0) return short <= field.maximum && short >= field.minimum ? short : BAD;
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) return BAD;
  const value = Number(trimmed);
  if (value >= field.minimum && value <= field.maximum) return value === 0 ? 0 : value;
  if (field.kind !== 'long') return BAD;
  const exact = BigInt(trimmed.replace(/^\+/, ''));
  if (!isInBounds(exact, field)) return BAD;
  return bigints ? exact : UNSAFE;
}

function decodeBoolean(text: string): unknown {
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : BAD;
}

function decodeDouble(text: string): unknown {
  const short = decodeDigits(text);
  if (short >= 0) return short;
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === 'INF' || text === '+INF') return Number.POSITIVE_INFINITY;
  if (text === '-INF') return Number.NEGATIVE_INFINITY;
  return text === 'NaN' ? Number.NaN : BAD;
}
