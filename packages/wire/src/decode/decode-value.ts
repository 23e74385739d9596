import { isBase64, isDateTime } from '@ips-sdk/types/lexical';
import type { FieldPlan } from '../plan.js';
import { isInBounds } from '../simple-plan.js';

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
      return decodeBoolean(text.trim());
    case 'double':
      return decodeDouble(text.trim());
    case 'dateTime': {
      const trimmed = text.trim();
      return isDateTime(trimmed) ? trimmed : BAD;
    }
    default: {
      // Base64 may contain line breaks.
      const compact = text.replace(/[\t\n\r ]+/g, '');
      return isBase64(compact) ? compact : BAD;
    }
  }
}

/** Only digits, few enough to be exact, like nearly every number in a response. */
function decodeInteger(field: FieldPlan, text: string, bigints: boolean): unknown {
  const { length } = text;
  if (length > 0 && length < 10) {
    let value = 0;
    let i = 0;
    for (; i < length; i += 1) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === length) return value <= field.maximum && value >= field.minimum ? value : BAD;
  }
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
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === 'INF' || text === '+INF') return Number.POSITIVE_INFINITY;
  if (text === '-INF') return Number.NEGATIVE_INFINITY;
  return text === 'NaN' ? Number.NaN : BAD;
}
