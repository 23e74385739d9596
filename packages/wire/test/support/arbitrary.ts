import { type Contract, contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';

/** Text that XML can carry, with a liking for what needs care. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    'a&b',
    '<x>',
    ']]>',
    '"\'',
    '\r\n\t',
    '\u0085\u2028',
    '😀',
    '&amp;',
    '-->',
    '<![CDATA[x]]>',
    '\ufeff',
    '\ufffd',
  ),
);
const carried = text.map((t) =>
  [...t.toWellFormed()]
    .filter((c) => !/[\p{Cc}\ufffe\uffff]/u.test(c) || /[\t\n\r\u0080-\u009f]/.test(c))
    .join(''),
);

const dateTime = fc
  .tuple(
    fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9998-12-30T00:00:00Z'),
      noInvalidDate: true,
    }),
    fc.constantFrom('Z', '+00:00', '-07:00', '+13:45'),
  )
  .map(([date, offset]) => date.toISOString().replace('Z', offset));

const base64 = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));

const simple: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'xsd:string': carried,
  'xsd:boolean': fc.boolean(),
  'xsd:int': fc.integer({ min: -2147483648, max: 2147483647 }),
  'xsd:long': fc.maxSafeInteger(),
  'xsd:double': fc.double(),
  'xsd:dateTime': dateTime,
  'xsd:base64Binary': base64,
};

const made = new Map<string, fc.Arbitrary<Record<string, unknown>>>();

/** Values of a type or message, nested as deep as asked for. */
export function arbitraryOf(
  name: string,
  depth: number = 4,
  from: Contract = contract,
): fc.Arbitrary<Record<string, unknown>> {
  const key = `${name} ${depth}`;
  const known = made.get(key) ?? makeValue(name, depth, from);
  made.set(key, known);
  return known;
}

function makeValue(name: string, depth: number, from: Contract): fc.Arbitrary<Record<string, unknown>> {
  const definition = from.messages[name] ?? from.types[name];
  if (definition === undefined || !('fields' in definition)) throw new Error(`no fields in ${name}`);
  const required: Record<string, fc.Arbitrary<unknown>> = {};
  const optional: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [field, type, min] of definition.fields) {
    if (min > 0) required[field] = fieldValue(type, depth, from);
    else if (depth > 0 || type.startsWith('xsd:')) optional[field] = fieldValue(type, depth, from);
  }
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([a, b]) => ({ ...a, ...b }));
}

function fieldValue(type: string, depth: number, from: Contract): fc.Arbitrary<unknown> {
  const known = simple[type];
  if (known !== undefined) return known;
  const definition = from.types[type];
  if (definition && 'array' in definition && definition.array) {
    const [row] = definition.fields;
    const [, item = '', min = 0] = row ?? [];
    if (depth <= 0 && min === 0) return fc.constant([]);
    return fc.array(fieldValue(item, depth - 1, from), { minLength: min, maxLength: Math.max(min, 3) });
  }
  return arbitraryOf(type, depth - 1, from);
}

/** A value with the keys of all its objects in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((v, i) => shuffled(v, seed + i));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, v], i) => [key, shuffled(v, seed + i)] as const);
  const order = entries.map((entry, i) => ({ entry, key: Math.imul(i + 1, seed | 1) ^ (seed >>> 3) }));
  return Object.fromEntries(order.sort((a, b) => a.key - b.key).map(({ entry }) => entry));
}

/** The names of all operations. */
export const operationNames: readonly string[] = Object.keys(contract.operations);
