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

/** Simple values by their type. */
export type SimpleArbitraries = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Every value that can travel. */
export const anySimple = {
  'xsd:string': carried,
  'xsd:boolean': fc.boolean(),
  'xsd:int': fc.integer({ min: -2147483648, max: 2147483647 }),
  'xsd:long': fc.maxSafeInteger(),
  'xsd:double': fc.double(),
  'xsd:dateTime': dateTime,
  'xsd:base64Binary': base64,
} satisfies SimpleArbitraries;

/** Makes values of a contract's types and messages. */
export class Arbitraries {
  readonly #simple: SimpleArbitraries;
  readonly #contract: Contract;
  readonly #made = new Map<string, fc.Arbitrary<Record<string, unknown>>>();

  constructor(simple: SimpleArbitraries = anySimple, from: Contract = contract) {
    this.#simple = simple;
    this.#contract = from;
  }

  /** Values of a type or message, nested as deep as asked for. */
  of(name: string, depth: number = 4): fc.Arbitrary<Record<string, unknown>> {
    const key = `${name} ${depth}`;
    const known = this.#made.get(key) ?? this.#make(name, depth);
    this.#made.set(key, known);
    return known;
  }

  #make(name: string, depth: number): fc.Arbitrary<Record<string, unknown>> {
    const definition = this.#contract.messages[name] ?? this.#contract.types[name];
    if (definition === undefined || !('fields' in definition)) throw new Error(`no fields in ${name}`);
    const required: Record<string, fc.Arbitrary<unknown>> = {};
    const optional: Record<string, fc.Arbitrary<unknown>> = {};
    for (const [field, type, min] of definition.fields) {
      if (min > 0) required[field] = this.#value(type, depth);
      else if (depth > 0 || type.startsWith('xsd:')) optional[field] = this.#value(type, depth);
    }
    return fc
      .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
      .map(([a, b]) => ({ ...a, ...b }));
  }

  #value(type: string, depth: number): fc.Arbitrary<unknown> {
    const known = this.#simple[type];
    if (known !== undefined) return known;
    const definition = this.#contract.types[type];
    if (definition && 'array' in definition && definition.array) {
      const [row] = definition.fields;
      const [, item = '', min = 0] = row ?? [];
      if (depth <= 0 && min === 0) return fc.constant([]);
      return fc.array(this.#value(item, depth - 1), { minLength: min, maxLength: Math.max(min, 3) });
    }
    return this.of(type, depth - 1);
  }
}

const any = new Arbitraries();

/** Values of a type or message, nested as deep as asked for. */
export function arbitraryOf(name: string, depth?: number): fc.Arbitrary<Record<string, unknown>> {
  return any.of(name, depth);
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
