/** A finding of compiled code: its path, its rule, and the rule's parameters. */
export interface RawError {
  instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Adds one finding. */
export function add(all: RawError[] | null, error: RawError): RawError[] {
  if (all === null) return [error];
  all.push(error);
  return all;
}

/** Adds the findings of a nested value below its path. */
export function below(all: RawError[] | null, nested: RawError[] | null, path: string): RawError[] {
  const result = all ?? [];
  for (const error of nested ?? []) result.push({ ...error, instancePath: path + error.instancePath });
  return result;
}

/** Adds a finding that has no parameters. */
export function addAt(all: RawError[] | null, path: string, keyword: string): RawError[] {
  return add(all, { instancePath: path, keyword, params: {} });
}

/** Adds the finding that XML cannot carry a text. */
export function addText(all: RawError[] | null, path: string): RawError[] {
  return addAt(all, path, 'ipsText');
}

/** The key under which `@ips-sdk/wire` keeps elements that the contract lacks. */
const UNKNOWN_ELEMENTS = Symbol.for('@ips-sdk/wire unknown elements');

/** Whether a value holds elements that the contract lacks, which are sent only on request. */
export function hasUnknownElements(value: object): boolean {
  return (value as { readonly [UNKNOWN_ELEMENTS]?: unknown })[UNKNOWN_ELEMENTS] !== undefined;
}

/** Whether an object may hold more than its own fields: almost none does. */
export function isUnusual(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || hasUnknownElements(value);
}

/** Adds what an unusual object holds beside its own fields. A field that it inherits would not be sent. */
export function unusual(
  all: RawError[] | null,
  path: string,
  value: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): RawError[] {
  const result = hasUnknownElements(value) ? addAt(all, path, 'unknownElements') : (all ?? []);
  for (const name of known) {
    if (!Object.hasOwn(value, name) && value[name] !== undefined)
      add(result, { instancePath: path, keyword: 'inherited', params: { name } });
  }
  return result;
}

export { hasOffset, isBase64, isDateTime } from '@ips-sdk/types/lexical';
export { isBase64Input, isDateTimeInput, isEmail, isUri, isXmlText } from './formats.js';

/**
 * How deeply values of one type may be nested in each other. The codec recurses as well, with larger frames, and so do those who work
 * with the value; how much stack is left depends on the caller.
 */
const MAX_NESTED = 1000;
let depth = 0;

/**
 * Runs the report of a type whose values may hold others of it.
 *
 * @throws RangeError when they are nested too deeply, as the stack would if it were smaller.
 */
export function nested(report: (value: unknown) => boolean, value: unknown): boolean {
  if (depth >= MAX_NESTED) throw new RangeError('the value is nested too deeply');
  depth += 1;
  try {
    return report(value);
  } finally {
    depth -= 1;
  }
}

/**
 * Runs a check that recurses as deeply as its input. Input that is nested more deeply than the stack allows is not a
 * value of any type.
 */
export function safely(check: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
