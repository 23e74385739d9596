import { readFileSync } from 'node:fs';
import { contract } from '@ips-sdk/types/contract';
import { docs, type FieldDoc } from '@ips-sdk/types/docs';
import { splitLimits } from './limits.ts';
import type { Schema } from './schema.ts';

/** One name to compile: its schema in the keywords of {@link compile}. */
export interface Definition {
  readonly name: string;
  readonly schema: Schema;
  /** Whether values can nest without limit, so a check may overflow the stack. */
  readonly recursive: boolean;
  /** Whether only the service sends it. */
  readonly answer: boolean;
}

const file = new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Schema> };

const constantLists = new Set(Object.keys(docs.constants));

/** Every type and message of the contract, ready to compile. */
export function readDefinitions(): Definition[] {
  const { requests: inputs, answers } = directions();
  const names = Object.keys(definitions).filter((name) => !constantLists.has(name));
  return names.map((name) => ({
    name,
    schema: transform(definitions[name] as Schema, {
      input: inputs.has(name),
      rules: rulesOf(name),
      fields: (docs.types[name] ?? docs.messages[name])?.fields ?? {},
    }),
    answer: answers.has(name),
    recursive: reaches(name).has(name) || [...reaches(name)].some((other) => reaches(other).has(other)),
  }));
}

interface Context {
  /** A `Date` and bytes are accepted as well as text. */
  readonly input: boolean;
  readonly rules: readonly unknown[];
  /** The known fields of an object. */
  readonly fields: Readonly<Record<string, FieldDoc>>;
}

/** Converts published JSON Schema to the keywords that {@link compile} supports. */
function transform(schema: Schema, context: Context): Schema {
  const ref = referenced(schema);
  if (ref !== undefined) {
    return constantLists.has(ref)
      ? constants([ref], definitions[ref] as Schema)
      : { ipsRef: { name: ref, nests: reaches(ref).has(ref) } };
  }
  const nested = { ...context, rules: [], fields: {} };
  if (schema['enum'] !== undefined) return constants([], schema);
  if (schema['format'] === 'date-time') return { ipsDateTime: context.input };
  if (schema['type'] === 'object') {
    const { $schema: _, ...properties } = (schema['properties'] ?? {}) as Record<string, Schema>;
    const required = (schema['required'] ?? []) as string[];
    return {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => {
          const { documented, inferred } = splitLimits(value, context.fields[key]);
          const keywords = transform(documented, nested);
          return [key, inferred === undefined ? keywords : { ...keywords, ipsInferred: inferred }];
        }),
      ),
      required,
      ipsKnown: {
        names: Object.keys(properties),
        optional: Object.keys(properties).filter((key) => !required.includes(key)),
        renamed: renamedFields(Object.keys(properties)),
        message: Object.hasOwn((schema['properties'] ?? {}) as object, '$schema'),
      },
      ...(context.rules.length > 0 ? { ipsRules: context.rules } : {}),
    };
  }
  if (schema['type'] === 'array') {
    return {
      type: 'array',
      ...pick(schema, ['minItems', 'maxItems']),
      ipsItems: transform((schema['items'] ?? {}) as Schema, nested),
    };
  }
  const pattern = schema['pattern'] as string | undefined;
  if (pattern?.includes('[A-Za-z0-9+/]')) return { ipsBase64: context.input };
  return {
    ...pick(schema, ['type', 'minimum', 'maximum', 'minLength', 'maxLength']),
    // Texts with a format are examined further only if they do not match it.
    ...(schema['type'] === 'string' && schema['format'] === undefined ? { ipsText: true } : {}),
    ...(pattern === undefined ? {} : { ipsPattern: { pattern, expected: expectedText(pattern) } }),
    ...(schema['format'] === undefined ? {} : { ipsFormat: schema['format'] }),
  };
}

/** The meaning of a pattern, such as `a company handle such as c|6`. */
function expectedText(pattern: string): string {
  const [name, format] = Object.entries(docs.formats).find(([, f]) => f.pattern === pattern) ?? [];
  if (name === undefined) return `text that matches ${pattern}`;
  const words = name.replaceAll('-', ' ');
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}${format?.example ? ` such as ${format.example}` : ''}`;
}

/** A reference, with or without a description. */
function referenced(schema: Schema): string | undefined {
  const ref = schema['$ref'];
  return typeof ref === 'string' ? ref.replace('#/definitions/', '') : undefined;
}

function constants(lists: readonly string[], schema: Schema): Schema {
  return { type: 'string', ipsConstant: { lists, values: schema['enum'] } };
}

function pick(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(keys.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]));
}

function rulesOf(name: string): readonly unknown[] {
  return (docs.types[name] ?? docs.messages[name])?.rules ?? [];
}

const documentedNames = [...Object.values(docs.types), ...Object.values(docs.messages)].flatMap(
  ({ fields }) =>
    Object.entries(fields).flatMap(([field, { documentedName }]) =>
      documentedName ? [{ documentedName, field }] : [],
    ),
);

/** Maps documented names to names on the wire, for the fields of a definition that the documentation misnames. */
function renamedFields(fields: readonly string[]): Record<string, string> {
  const renamed = documentedNames.filter(
    (d) => fields.includes(d.field) && !fields.includes(d.documentedName),
  );
  return Object.fromEntries(renamed.map(({ documentedName, field }) => [documentedName, field]));
}

const reachCache = new Map<string, ReadonlySet<string>>();

/** The names that a definition refers to, directly or through others. */
function reaches(name: string): ReadonlySet<string> {
  const known = reachCache.get(name);
  if (known) return known;
  const reached = new Set<string>();
  const queue = [...references(definitions[name])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    queue.push(...references(definitions[next]));
  }
  reachCache.set(name, reached);
  return reached;
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, v]) =>
    key === '$ref' && typeof v === 'string' ? [v.replace('#/definitions/', '')] : references(v),
  );
}

/** The names that occur only in requests, and those that occur only in responses and faults. */
function directions(): { readonly requests: ReadonlySet<string>; readonly answers: ReadonlySet<string> } {
  const inputs = Object.values(contract.operations).map((operation) => operation.input);
  const outputs = Object.values(contract.operations).flatMap((operation) => operation.output ?? []);
  const withReached = (names: readonly string[]): Set<string> =>
    new Set([...names, ...names.flatMap((name) => [...reaches(name)])]);
  const answered = withReached([...outputs, ...contract.faults]);
  const sent = withReached([...contract.headers, ...inputs]);
  return {
    requests: new Set([...sent].filter((name) => !answered.has(name))),
    answers: new Set([...answered].filter((name) => !sent.has(name))),
  };
}
