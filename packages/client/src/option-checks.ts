import { nearest } from '@ips-sdk/types/nearest';
import { ConfigError } from './config-error.js';

/** The longest part of a value that an error shows. */
const SHOWN = 60;

/**
 * Checks the value of an option.
 *
 * @throws ConfigError naming the option.
 */
export type Check = (value: unknown, path: string) => void;

/** A check for each option. The compiler requires all of them. */
export type Checks<Options> = { readonly [Name in keyof Options]-?: Check };

/** A check that accepts the values for which a test returns true. */
export function accepting(expected: string, test: (value: unknown) => boolean, isSecret = false): Check {
  return (value, path) => {
    if (!test(value))
      throw new ConfigError(path, `expected ${expected}, found ${isSecret ? kindOf(value) : shown(value)}`);
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);

export const text: Check = accepting('a string', (value) => typeof value === 'string');
export const name: Check = accepting(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
);
/** A string that errors must not show. */
export const secret: Check = accepting('a string', (value) => typeof value === 'string', true);
export const flag: Check = accepting('true or false', (value) => typeof value === 'boolean');
export const callback: Check = accepting('a function', (value) => typeof value === 'function');
export const object: Check = accepting('an object', isObject);
/** The stubs of a mock, whose names are checked where the contract is known. */
export const stubs: Check = accepting(
  'an object with stubs by the names of operations',
  (value) => isObject(value) && !Array.isArray(value),
);
/** A value that is checked where it is used. */
export const anything: Check = () => undefined;

/** A time limit; `Infinity` is no limit. */
export const timeLimit: Check = accepting(
  'a number of milliseconds above 0',
  (value) => isNumber(value) && value > 0,
);
export const milliseconds: Check = accepting(
  'a number of milliseconds from 0',
  (value) => isNumber(value) && value >= 0,
);
/** The first of several delays. After an infinite one nothing would happen. */
export const firstDelay: Check = accepting(
  'a finite number of milliseconds from 0',
  (value) => Number.isFinite(value) && (value as number) >= 0,
);

export const signal: Check = accepting(
  'an AbortSignal',
  (value) => isObject(value) && 'aborted' in value && 'addEventListener' in value,
);
export const date: Check = accepting(
  'a Date or a string such as "2026-01-31T08:00:00Z"',
  (value) =>
    (value instanceof Date && !Number.isNaN(value.getTime())) ||
    (typeof value === 'string' && !Number.isNaN(Date.parse(value))),
);
export const listOfStrings: Check = accepting(
  'an array of strings',
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
);
export const stringOrList: Check = accepting('a string or an array of strings', (value) =>
  [value].flat().every((item) => typeof item === 'string'),
);
/**
 * A string is iterable too, but as its characters. The items are not checked, since some iterables can be
 * read only once.
 */
export const iterable: Check = accepting(
  'an array of strings, or another iterable',
  (value) => isObject(value) && Symbol.iterator in value,
);
export const httpUrl: Check = accepting(
  'an http or https URL',
  (value) => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value),
  true,
);

/** A whole number. `Infinity` counts as one where there is no upper limit. */
export function whole(from: number, to: number = Number.POSITIVE_INFINITY): Check {
  const range = to === Number.POSITIVE_INFINITY ? `from ${from}` : `from ${from} to ${to}`;
  return accepting(
    `a whole number ${range}`,
    (value) => isNumber(value) && (Number.isInteger(value) || value === to) && value >= from && value <= to,
  );
}

/** One of several strings. The compiler requires all of the type. */
export function oneOf<Value extends string>(values: Readonly<Record<Value, true>>): Check {
  const all = Object.keys(values).map((value) => JSON.stringify(value));
  const last = all.pop();
  return accepting(
    all.length === 0 ? `${last}` : `${all.join(', ')} or ${last}`,
    (value) => typeof value === 'string' && Object.hasOwn(values, value),
  );
}

/** Exchanges with a service, as they are read from a folder. */
export const recording: Check = accepting(
  'a recording, such as readRecording returns',
  (value) => isObject(value) && isObject(value['manifest']) && Array.isArray(value['exchanges']),
);
/** Paths, files and folders to upload. */
export const sources: Check = accepting(
  'a path, a file, or an iterable of them',
  (value) => typeof value === 'string' || isObject(value),
);
/** A path, a file with a path, or a file with content. */
export const source: Check = accepting(
  'a path, { path } or { content, destPath }',
  (value) =>
    typeof value === 'string' ||
    (isObject(value) && ('content' in value ? typeof value['destPath'] : typeof value['path']) === 'string'),
);

/** An object with options of its own. */
export function options<Options>(checks: Checks<Options>): Check {
  return (value, path) => checkAll(checks, value, path);
}

/** A boolean, or a value that another check accepts. */
export function orBoolean(check: Check, ...booleans: readonly boolean[]): Check {
  return (value, path) => {
    if (typeof value !== 'boolean') check(value, path);
    else if (!booleans.includes(value))
      throw new ConfigError(path, `expected ${booleans.join(' or ')} or an object, found ${value}`);
  };
}

const requiredChecks = new WeakSet<Check>();

/** A check of an option that must be given. */
export function required(check: Check): Check {
  const strict: Check = (value, path) => check(value, path);
  requiredChecks.add(strict);
  return strict;
}

/** Options that are `undefined` count as absent. */
function checkAll(checks: Readonly<Record<string, Check>>, given: unknown, path: string): void {
  if (!isObject(given) || Array.isArray(given))
    throw new ConfigError(path || 'options', `expected an object, found ${shown(given)}`);
  const place = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const [key, value] of Object.entries(given)) {
    if (Object.hasOwn(checks, key) || value === undefined) continue;
    const names = Object.keys(checks);
    const meant = nearest(key, names);
    throw new ConfigError(
      place(clip(key)),
      `unknown option; ${meant === undefined ? `expected one of ${names.join(', ')}` : `did you mean ${meant}?`}`,
    );
  }
  for (const [key, check] of Object.entries(checks)) {
    const value = given[key];
    if (value !== undefined || requiredChecks.has(check)) check(value, place(key));
  }
}

/**
 * Checks the options of a function, for callers whose compiler does not.
 *
 * @returns The options.
 * @throws ConfigError naming an unknown option, or one with a wrong value.
 */
export function checked<Options extends object | undefined>(
  checks: Checks<NonNullable<Options>>,
  given: Options,
): Options {
  if (given !== undefined) checkAll(checks, given, '');
  return given;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A value as an error shows it. The server has the same, for the same words. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(value));
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

/** A text that is not too long for a message. */
function clip(value: string): string {
  return value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
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
