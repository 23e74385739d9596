import { DeliveryError } from './delivery-error.js';

/** One part of a request, between two `&`. */
export interface Token {
  /** As written, decoded: `wid`, `$view$` or `$text`. */
  readonly name: string;
  /** As written, encoded; `undefined` without `=`. */
  readonly value: string | undefined;
}

/** Commands whose values may be requests of their own, in brackets. */
const NESTING = /^(?:src|mask)$/i;

/** The parts of a request. Comments, which begin with a dot, are dropped; brackets of nested requests are kept whole. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOf(text, at);
    const part = text.slice(at, end);
    at = end + 1;
    if (part === '' || part.startsWith('.')) continue;
    const equals = part.indexOf('=');
    const name = lenient(equals < 0 ? part : part.slice(0, equals)).trim();
    if (name === '') continue;
    tokens.push({ name, value: equals < 0 ? undefined : part.slice(equals + 1) });
  }
  return tokens;
}

/** Where the part ends that begins at a place. */
function endOf(text: string, from: number): number {
  const plain = text.indexOf('&', from);
  const first = plain < 0 ? text.length : plain;
  const [head = '', name = ''] =
    /^([\w.]+)=(?:is|ir|fxg)?[({]/i.exec(text.slice(from, Math.min(text.length, from + 20))) ?? [];
  if (!NESTING.test(name)) return first;
  let depth = 1;
  for (let at = from + head.length; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '(') depth += 1;
    else if (character === '}' || character === ')') depth -= 1;
    else if (character === '&' && depth <= 0) return at;
  }
  return text.length;
}

/**
 * Decodes a value: `%` escapes in UTF-8, or in Latin-1 where they are not valid UTF-8, and `+` as a blank.
 *
 * @param name - The command, for the error.
 * @throws DeliveryError for an incomplete escape.
 */
export function decodeValue(name: string, text: string): string {
  const blank = text.replaceAll('+', ' ');
  if (!blank.includes('%')) return blank;
  if (/%(?![0-9a-f]{2})/i.test(blank))
    throw new DeliveryError(name, text, 'a properly URL-encoded value: % before two hexadecimal digits');
  try {
    return decodeURIComponent(blank);
  } catch {
    return blank.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}

function lenient(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A request inside of a value: `is{MyCompany/shoe?wid=100}`. */
export interface NestedRequest {
  /** Its kind; empty for a foreign URL. */
  readonly kind: 'is' | 'ir' | 'fxg' | '';
  /** What is before the question mark. */
  readonly object: string;
  /** What is behind it, encoded. */
  readonly query: string;
}

/**
 * The nested request that a value of `src` or `mask` is.
 *
 * @returns `undefined` for the plain name of an object.
 *
 * @example
 * ```ts
 * import { nestedRequest } from '@ips-sdk/delivery';
 *
 * console.log(nestedRequest('is{MyCompany/shoe?wid=100&fmt=png}')?.query); // wid=100&fmt=png
 * console.log(nestedRequest('MyCompany/shoe')); // undefined
 * ```
 */
export function nestedRequest(value: string): NestedRequest | undefined {
  const [, kind = '', content] = /^\s*(is|ir|fxg)?[({](.*)[)}]\s*$/is.exec(value) ?? [];
  if (content === undefined) return undefined;
  const question = content.indexOf('?');
  return {
    // One of the alternatives of the pattern.
    kind: kind.toLowerCase() as NestedRequest['kind'],
    object: (question < 0 ? content : content.slice(0, question)).trim(),
    query: question < 0 ? '' : content.slice(question + 1),
  };
}
