// Values that the published JSON Schema allows, for properties about requests and answers that are nearly right.
import { readFileSync } from 'node:fs';
import { docs } from '@ips-sdk/types/docs';
import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;
type Rule = { readonly kind: string; readonly fields: readonly string[] };

const file = new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Schema> };

const dateTime = fc
  .tuple(
    fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
    fc.constantFrom('Z', '+05:30', '-07:00'),
  )
  .map(([date, offset]) => date.toISOString().replace('Z', offset));
const base64 = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('base64'));

const made = new Map<string, fc.Arbitrary<unknown>>();

/** Values of a type or message that follow its schema and the rules about its fields. */
export function schemaValues(name: string, depth: number = 3): fc.Arbitrary<unknown> {
  const key = `${name} ${depth}`;
  const known = made.get(key) ?? valuesOf(definitions[name] ?? {}, depth, rulesOf(name));
  made.set(key, known);
  return known;
}

function rulesOf(name: string): readonly Rule[] {
  return (docs.types[name] ?? docs.messages[name])?.rules ?? [];
}

function valuesOf(schema: Schema, depth: number, rules: readonly Rule[] = []): fc.Arbitrary<unknown> {
  const ref = schema['$ref'];
  if (typeof ref === 'string') return schemaValues(ref.replace('#/definitions/', ''), depth - 1);
  const { minimum, maximum, minLength, maxLength, minItems = 0, maxItems } = schema as Record<string, number>;
  const constants = schema['enum'] as readonly unknown[] | undefined;
  if (constants !== undefined) return fc.constantFrom(...constants);
  switch (schema['type']) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer(defined({ min: minimum, max: maximum && Math.min(maximum, 2 ** 31 - 1) }));
    case 'number':
      return fc.double({ noNaN: true, ...defined({ min: minimum, max: maximum }) });
    case 'array': {
      const items = valuesOf(schema['items'] as Schema, depth);
      if (depth <= 0 && minItems === 0) return fc.constant([]);
      return fc.array(items, { minLength: minItems, maxLength: Math.min(maxItems ?? 3, minItems + 2) });
    }
    case 'object':
      return objectsOf(schema, depth, rules);
    default:
      return textsOf(schema, defined({ minLength, maxLength }));
  }
}

function textsOf(
  schema: Schema,
  length: { readonly minLength?: number; readonly maxLength?: number },
): fc.Arbitrary<unknown> {
  const pattern = schema['pattern'];
  switch (schema['format']) {
    case 'date-time':
      return dateTime;
    case 'uri':
      return fc.webUrl();
    case 'email':
      return fc.emailAddress();
  }
  if (typeof pattern !== 'string')
    return fc.string({ ...length, maxLength: Math.min(length.maxLength ?? 8, 8) });
  return pattern.includes('[A-Za-z0-9+/]')
    ? base64
    : fc.stringMatching(new RegExp(pattern, 'u'), { size: 'xsmall' });
}

/** Objects in which each rule about fields keeps one of them. */
function objectsOf(schema: Schema, depth: number, rules: readonly Rule[]): fc.Arbitrary<unknown> {
  const { $schema: _, ...properties } = (schema['properties'] ?? {}) as Record<string, Schema>;
  const required = new Set(schema['required'] as readonly string[] | undefined);
  return fc.tuple(...rules.map(({ fields }) => fc.constantFrom(...fields))).chain((kept) => {
    const dropped = new Set(rules.flatMap(({ kind, fields }) => (kind === 'atLeastOne' ? [] : fields)));
    const needed = new Set(rules.flatMap(({ kind }, i) => (kind === 'atMostOne' ? [] : [kept[i]])));
    const names = Object.keys(properties).filter((name) => !dropped.has(name) || kept.includes(name));
    const shallow = (name: string) => depth > 0 || required.has(name) || needed.has(name);
    const model = Object.fromEntries(
      names.filter(shallow).map((name) => [name, valuesOf(properties[name] ?? {}, depth)]),
    );
    const requiredKeys = Object.keys(model).filter((name) => required.has(name) || needed.has(name));
    return fc.record(model, { requiredKeys });
  });
}

/** Only the options that have a value. */
function defined<T extends object>(options: T): { [K in keyof T]: NonNullable<T[K]> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  // What was undefined is not there.
  return Object.fromEntries(entries) as { [K in keyof T]: NonNullable<T[K]> };
}
