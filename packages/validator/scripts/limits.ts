import type { FieldDoc } from '@ips-sdk/types/docs';
import type { Schema } from './schema.ts';

/** Limits of a value, by the keywords of JSON Schema. */
export type Limits = Readonly<Record<string, number>>;

const KEYWORDS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const;

/** The ranges of the contract's integer types, for fields whose own limits are only inferred. */
const INTEGER = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } as const;

/**
 * Removes undocumented limits from a schema. The service may accept values that exceed them.
 */
export function splitLimits(
  schema: Schema,
  doc: FieldDoc | undefined,
): { readonly documented: Schema; readonly inferred: Limits | undefined } {
  const keys = KEYWORDS.filter(
    (key) =>
      doc?.[key] !== undefined &&
      doc[key] === schema[key] &&
      (doc.inferred === true || doc.inferred?.includes(key)),
  );
  if (keys.length === 0) return { documented: schema, inferred: undefined };
  const documented = Object.fromEntries(
    Object.entries(schema).filter(([key]) => !keys.some((inferred) => inferred === key)),
  );
  // Without its own limit, an int keeps that of its type. So does a long, which is recognized by its other limit.
  const isInt = schema['type'] === 'integer' && schema['maximum'] === INTEGER.maximum;
  const isLong = schema['type'] === 'integer' && schema['maximum'] === Number.MAX_SAFE_INTEGER;
  return {
    documented: {
      ...documented,
      ...(isInt && keys.includes('minimum') ? { minimum: INTEGER.minimum } : {}),
      ...(isLong && keys.includes('minimum') ? { minimum: Number.MIN_SAFE_INTEGER } : {}),
    },
    inferred: Object.fromEntries(keys.map((key) => [key, doc?.[key] ?? 0])),
  };
}
