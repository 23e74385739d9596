import { ConsoleError } from './problem.js';

/** The query of a request as Fastify parses it. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One value of a query. @throws ConsoleError if it is repeated. */
export function one(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(name, 'several values', 'one value');
  if (value.length > 10_000) throw invalid(name, `${value.length} characters`, 'at most 10000');
  return value;
}

/** One value that must be there. */
export function needed(query: Query, name: string): string {
  const value = one(query, name);
  if (value === undefined) throw invalid(name, 'nothing', 'a value');
  return value;
}

/** All values of a repeated parameter; `undefined` without any. */
export function many(query: Query, name: string): readonly string[] | undefined {
  const value = query[name];
  const values = (typeof value === 'string' ? [value] : (value ?? [])).filter((text) => text !== '');
  if (values.length > 200) throw invalid(name, `${values.length} values`, 'at most 200');
  return values.length === 0 ? undefined : values;
}

/** A whole number, with a default. */
export function whole(query: Query, name: string, otherwise: number, min: number, max: number): number {
  const text = one(query, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw invalid(name, `"${text}"`, `a whole number from ${min} to ${max}`);
  return value;
}

/** One of some words. */
export function word<Word extends string>(
  query: Query,
  name: string,
  allowed: readonly Word[],
): Word | undefined {
  const text = one(query, name);
  const found = allowed.find((each) => each === text);
  if (text !== undefined && found === undefined) throw invalid(name, `"${text}"`, allowed.join(', '));
  return found;
}

/** Some of some words. */
export function words<Word extends string>(
  query: Query,
  name: string,
  allowed: readonly Word[],
): readonly Word[] | undefined {
  return many(query, name)?.map((text) => {
    const found = allowed.find((each) => each === text);
    if (found === undefined) throw invalid(name, `"${text}"`, allowed.join(', '));
    return found;
  });
}

/** A time. */
export function moment(query: Query, name: string): string | undefined {
  const text = one(query, name);
  if (text !== undefined && Number.isNaN(Date.parse(text)))
    throw invalid(name, `"${text}"`, 'an ISO 8601 time such as 2026-11-26T02:00:00Z');
  return text;
}

export function flag(query: Query, name: string): boolean {
  return word(query, name, ['true', 'false']) === 'true';
}

function invalid(name: string, found: string, expected: string): ConsoleError {
  const message = `${name}: found ${found}, expected ${expected}`;
  return new ConsoleError('input', message, { issues: [{ path: name, message, severity: 'error' }] });
}
