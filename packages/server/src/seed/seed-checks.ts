// Checks of values in a seed. Their errors name the value by its path.

/** @throws Error unless the value is an object with no other keys. */
export function record(path: string, value: unknown, keys: readonly string[]): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path}: found ${kindOf(value)}, expected an object with ${keys.join(', ')}`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new Error(`${path}: unknown field "${unknown}"; expected ${keys.join(', ')}`);
  return value;
}

/** @throws Error unless the value is an array or absent. */
export function list<T>(path: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${path}: found ${kindOf(value)}, expected an array`);
  return value;
}

/** @throws Error unless the value is a string that is not empty. */
export function text(path: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new Error(`${path}: found ${kindOf(value)}, expected a string`);
}

/** @throws Error unless the value is a boolean or absent. */
export function flag(path: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new Error(`${path}: found ${JSON.stringify(value)}, expected true or false`);
}

/** Describes a value without showing it: it may be or contain a password. */
function kindOf(value: unknown): string {
  if (value === '') return 'an empty string';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return (
    { string: 'a string', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? 'an object'
  );
}
