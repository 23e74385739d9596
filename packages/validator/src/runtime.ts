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

/** Adds the finding that a date and time lacks its offset. */
export function noOffset(all: RawError[] | null, path: string): RawError[] {
  return add(all, { instancePath: path, keyword: 'noOffset', params: {} });
}

export { hasOffset, isBase64, isDateTime } from '@ips-sdk/types/lexical';
export { isBase64Input, isDateTimeInput, isEmail, isUri } from './formats.js';

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
