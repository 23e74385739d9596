// Checks of values in a seed. Their errors name the value by its path.
import { clip, hintFor } from '../option-checks.js';
import { SeedError } from './seed-error.js';

/** @throws SeedError unless the value is an object with no other keys. */
export function record(path: string, value: unknown, keys: readonly string[]): object {
  const place = path === '' ? 'a seed' : path;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SeedError(place, `found ${kindOf(value)}, expected an object with ${keys.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return value;
  throw new SeedError(place, `unknown field "${clip(unknown)}"; ${hintFor(unknown, keys)}`);
}

/** @throws SeedError unless the value is an object or absent. */
export function entries(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SeedError(path, `found ${kindOf(value)}, expected an object`);
  return Object.entries(value);
}

/** @throws SeedError unless the value is an array or absent. */
export function list<T>(path: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new SeedError(path, `found ${kindOf(value)}, expected an array`);
  return value;
}

/** @throws SeedError unless the value is a string that is not empty. */
export function text(path: string, value: unknown): void {
  if (value === '') throw new SeedError(path, 'found an empty string, expected at least one character');
  if (typeof value !== 'string') throw new SeedError(path, `found ${kindOf(value)}, expected a string`);
}

/** @throws SeedError unless the value is absent, or a string that is not empty. */
export function optionalText(path: string, value: unknown): void {
  if (value !== undefined) text(path, value);
}

/** @throws SeedError unless the value is a boolean or absent. */
export function flag(path: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new SeedError(path, `found ${shown(value)}, expected true or false`);
}

/** @throws SeedError unless the value is a whole number in a range. */
export function whole(path: string, value: unknown, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
    throw new SeedError(path, `found ${shown(value)}, expected a whole number from ${least} to ${most}`);
}

/** @throws SeedError unless the value is a number from 0 to 1. */
export function fraction(path: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1))
    throw new SeedError(path, `found ${shown(value)}, expected a number from 0 to 1`);
}

/** @throws SeedError unless the value is one of some texts. */
export function oneOf(path: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new SeedError(path, `found ${shown(value)}, expected one of ${allowed.join(', ')}`);
}

/** @throws SeedError unless the value is a text of a form, or absent. */
export function matching(path: string, value: unknown, form: RegExp, expected: string): void {
  if (value !== undefined && (typeof value !== 'string' || !form.test(value)))
    throw new SeedError(path, `found ${shown(value)}, expected ${expected}`);
}

/** A date with time and offset. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** The first year that the database has, and the last one that responses can show. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** @throws SeedError unless the value is a time or absent. */
export function time(path: string, value: unknown): void {
  if (value === undefined) return;
  const moment = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!(moment >= FIRST && moment <= LAST))
    throw new SeedError(
      path,
      `found ${shown(value)}, expected an ISO 8601 time with an offset, such as 2026-01-31T12:00:00Z`,
    );
}

/** A value in a message. Never use it for passwords. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return clip(typeof value === 'bigint' ? `${value}` : JSON.stringify(value));
}

/** Describes a value without showing it: it may be or contain a password. */
export function kindOf(value: unknown): string {
  if (value === '') return 'an empty string';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return (
    { string: 'a string', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'an object'
  );
}
