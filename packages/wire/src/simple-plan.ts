import type { Contract } from '@ips-sdk/types/contract';
import { WireError } from './errors.js';

/** The encoding of a simple value. `xml` is kept unchanged. */
export type ValueKind = 'text' | 'boolean' | 'int' | 'long' | 'double' | 'dateTime' | 'binary' | 'xml';

/** The encoding of a simple value, with its limits. */
export interface SimplePlan {
  /** The kind of a simple value; `undefined` for a complex one. */
  readonly kind: ValueKind | undefined;
  /** The range of an integer given as a number. */
  readonly minimum: number;
  readonly maximum: number;
  /** The range of an integer given as a bigint. */
  readonly bounds: Bounds | undefined;
  /** The values of an enumeration. */
  readonly values: readonly string[] | undefined;
}

/** The range of an integer type that exceeds the safe range of a number. */
interface Bounds {
  readonly low: bigint | undefined;
  readonly high: bigint | undefined;
}

const { MIN_SAFE_INTEGER: MIN, MAX_SAFE_INTEGER: MAX } = Number;

const INTEGERS: Readonly<Record<string, readonly [minimum: number, maximum: number, bounds?: Bounds]>> = {
  'xsd:byte': [-128, 127],
  'xsd:unsignedByte': [0, 255],
  'xsd:short': [-32768, 32767],
  'xsd:unsignedShort': [0, 65535],
  'xsd:int': [-2147483648, 2147483647],
  'xsd:unsignedInt': [0, 4294967295],
  'xsd:long': [MIN, MAX, { low: -(2n ** 63n), high: 2n ** 63n - 1n }],
  'xsd:unsignedLong': [0, MAX, { low: 0n, high: 2n ** 64n - 1n }],
  'xsd:integer': [MIN, MAX, { low: undefined, high: undefined }],
  'xsd:nonNegativeInteger': [0, MAX, { low: 0n, high: undefined }],
  'xsd:positiveInteger': [1, MAX, { low: 1n, high: undefined }],
  'xsd:nonPositiveInteger': [MIN, 0, { low: undefined, high: 0n }],
  'xsd:negativeInteger': [MIN, -1, { low: undefined, high: -1n }],
};

const KINDS: Readonly<Record<string, ValueKind>> = {
  'xsd:boolean': 'boolean',
  'xsd:double': 'double',
  'xsd:float': 'double',
  'xsd:dateTime': 'dateTime',
  'xsd:base64Binary': 'binary',
  'xsd:anyType': 'xml',
};

/** Types that the codec treats as text, without checks. */
const TEXTS: ReadonlySet<string> = new Set(
  (
    'string normalizedString token language Name NCName NMTOKEN NMTOKENS ID IDREF IDREFS ENTITY ENTITIES NOTATION QName anyURI ' +
    'anySimpleType date time duration gYear gYearMonth gMonth gMonthDay gDay decimal hexBinary'
  )
    .split(' ')
    .map((name) => `xsd:${name}`),
);

/** The plan of a built-in or simple type; `undefined` for a complex one. */
export function simplePlan(contract: Contract, type: string): SimplePlan | undefined {
  if (type.startsWith('xsd:')) return builtIn(type);
  const definition = Object.hasOwn(contract.types, type) ? contract.types[type] : undefined;
  if (definition === undefined || !('simple' in definition)) return undefined;
  return { ...builtIn(definition.simple), values: definition.values };
}

function builtIn(type: string): SimplePlan {
  const [minimum = 0, maximum = 0, bounds] = INTEGERS[type] ?? [];
  const integer = bounds === undefined ? 'int' : 'long';
  const kind = Object.hasOwn(INTEGERS, type)
    ? integer
    : (KINDS[type] ?? (TEXTS.has(type) ? 'text' : undefined));
  if (kind === undefined) throw new WireError('unknown-name', `the built-in type "${type}" is not supported`);
  return { kind, minimum, maximum, bounds, values: undefined };
}

/** Whether a bigint is in the range of an integer type. */
export function isInBounds(value: bigint, { bounds }: SimplePlan): boolean {
  if (bounds === undefined) return false;
  const { low, high } = bounds;
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}
