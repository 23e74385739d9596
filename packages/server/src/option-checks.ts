// Checks of options and filters, for callers whose compiler does not check them. Their errors name the value by its path.
import { nearest } from '@ips-sdk/types/nearest';

/** The longest part of a value that an error shows. */
const SHOWN = 60;

/** @throws RangeError naming the option. */
export type Check = (value: unknown, path: string) => void;

/** A check for each option. The compiler requires all of them. */
export type Checks<Options> = { readonly [Name in keyof Options]-?: Check };

/** A check that accepts the values for which a test returns true. Errors show no secrets. */
export function accepting(expected: string, test: (value: unknown) => boolean, isSecret = false): Check {
  return (value, path) => {
    if (!test(value))
      throw new RangeError(`${path}: expected ${expected}, found ${isSecret ? kindOf(value) : shown(value)}`);
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** No file, program or database has a name with this character. */
const isName = (value: unknown): boolean => isText(value) && !value.includes('\0');

export const text: Check = accepting('a string', (value) => typeof value === 'string');
export const name: Check = accepting('a non-empty string', isName);
export const secret: Check = accepting('a non-empty string', isText, true);
export const flag: Check = accepting('true or false', (value) => typeof value === 'boolean');
export const callback: Check = accepting('a function', (value) => typeof value === 'function');
export const object: Check = accepting('an object', isObject);
export const time: Check = accepting(
  'a valid Date',
  (value) => value instanceof Date && !Number.isNaN(value.getTime()),
);
/** A value that is checked where it is used. */
export const anything: Check = () => undefined;

export function whole(from: number, to: number): Check {
  return accepting(
    `a whole number from ${from} to ${to}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to,
  );
}

/** One of several texts. The compiler requires all of the type. */
export function oneOf<Value extends string>(values: Readonly<Record<Value, true>>): Check {
  return accepting(
    quoted(Object.keys(values)),
    (value) => typeof value === 'string' && Object.hasOwn(values, value),
  );
}

/** Texts as an error lists them: `"a", "b" or "c"`. */
export function quoted(values: readonly string[]): string {
  const all = values.map((value) => JSON.stringify(value));
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}

/** A URL with one of several schemes. It may contain a password. */
export function urlOf(schemes: readonly string[], expected: string): Check {
  return accepting(
    expected,
    (value) => typeof value === 'string' && URL.canParse(value) && schemes.includes(new URL(value).protocol),
    true,
  );
}

/**
 * Checks options. Those that are `undefined` count as absent.
 *
 * @param subject - What they are, for an error about all of them.
 * @param path - The option that contains them. Default: none.
 * @throws RangeError naming an unknown option, or one with a wrong value.
 */
export function checkOptions<Options>(
  checks: Checks<Options>,
  given: unknown,
  subject: string,
  path = '',
): void {
  if (!isObject(given)) throw new RangeError(`${subject}: expected an object, found ${shown(given)}`);
  const names = Object.keys(checks);
  const all: Readonly<Record<string, Check>> = checks;
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const check = Object.hasOwn(all, key) ? all[key] : undefined;
    if (check !== undefined) check(value, `${path}${key}`);
    else throw new RangeError(`${path}${clip(key)}: unknown option; ${hintFor(key, names)}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as an error shows it. The client has the same, for the same words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(value));
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

/** The kind of a value, which shows nothing of it. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  if (typeof value === 'string') return 'another string';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What a message about an unknown name suggests: the known name that was probably meant, or all of them. */
export function hintFor(unknown: string, names: readonly string[]): string {
  const meant = nearest(unknown, names);
  return meant === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${meant}?`;
}

/** A text that is not too long for a message. */
export function clip(value: string): string {
  return value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
}
