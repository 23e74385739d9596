import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { printableJson } from './sanitize.js';

/** Formats a value as JSON that is safe for terminals. Large integers stay exact. */
export function json(value: unknown, indent?: number): string {
  // rawJSON is newer than the library types.
  const raw = (JSON as unknown as { rawJSON?: (text: string) => unknown }).rawJSON;
  const text = JSON.stringify(
    value,
    (_, one: unknown) => (typeof one === 'bigint' ? (raw?.(String(one)) ?? String(one)) : one),
    indent,
  );
  return printableJson(text ?? 'null');
}

/** The field names in `--json name,state`; `undefined` for plain `--json` or `--csv`, which mean all fields. */
export function fieldNames(option: string | true | undefined): readonly string[] | undefined {
  if (typeof option !== 'string') return undefined;
  return option
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * Returns an object with only the requested fields, in the requested order.
 *
 * @param known - Fields that such objects can have, even if this one does not.
 * @param option - The option that names the fields, for the error.
 * @throws CliError for an unknown field.
 */
export function pick(
  value: object,
  names: readonly string[] | undefined,
  known: readonly string[],
  option: string = '--json',
): Record<string, unknown> {
  const fields = value as Record<string, unknown>;
  if (names === undefined) return fields;
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(fields, name) && !known.includes(name))
        throw unknownField(name, [...known, ...Object.keys(fields)], option);
      return [name, fields[name] ?? null];
    }),
  );
}

/** The error for an unknown field. */
export function unknownField(name: string, known: readonly string[], option: string): CliError {
  const all = [...new Set(known)].sort();
  const meant = nearest(name, all);
  return new CliError(
    EXIT.usage,
    `${option}: unknown field "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    all.length === 0 ? undefined : `the fields are ${all.join(', ')}`,
  );
}
