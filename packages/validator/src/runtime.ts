/** A compiled finding: its path, its rule, and the rule's parameters. */
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

/** Adds the finding for a text that XML does not allow. */
export function addText(all: RawError[] | null, path: string): RawError[] {
  return addAt(all, path, 'ipsText');
}

/** The key under which `@ips-sdk/wire` keeps elements that the contract lacks. */
const UNKNOWN_ELEMENTS = Symbol.for('@ips-sdk/wire unknown elements');

/** Whether a value has elements that the contract lacks. They are sent only on request. */
export function hasUnknownElements(value: object): boolean {
  return (value as { readonly [UNKNOWN_ELEMENTS]?: unknown })[UNKNOWN_ELEMENTS] !== undefined;
}

/** Whether an object may have more than its own fields. This is rare. */
export function isUnusual(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || hasUnknownElements(value);
}

/** Adds findings for an unusual object: unknown elements, and inherited fields, which would not be sent. */
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
 * The maximum nesting of values of one type. The codec recurses too, with larger frames, as do programs that use the value. The
 * available stack depends on the caller.
 */
const MAX_NESTED = 1000;
let depth = 0;

/**
 * Runs the report of a type whose values may contain others of the same type.
 *
 * @throws RangeError when they are nested too deeply, like a stack overflow.
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
 * Runs a check that recurses as deeply as its input. Input nested more deeply than the stack allows has no type.
 */
export function safely(check: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
