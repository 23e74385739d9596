import type { AnnotatedContract } from '@ips-sdk/codegen';

type Schema = Record<string, unknown>;
type Rule = AnnotatedContract['types'][number]['rules'][number];

/**
 * Completes the definitions of typescript-json-schema:
 * - array types, which it reads as fields of `Arrays`, become definitions;
 * - exclusivity rules, which TypeScript types do not express, are added with standard keywords;
 * - messages can reference their schema with `$schema`, so that editors complete JSON files.
 */
export function mendDefinitions(
  definitions: Record<string, Schema>,
  annotated: AnnotatedContract,
): Record<string, Schema> {
  const { Arrays: arrays, ...rest } = definitions;
  const all: Record<string, Schema> = {
    ...rest,
    ...((arrays?.['properties'] as Record<string, Schema>) ?? {}),
  };
  // The tool numbers definitions that it finds in two forms; each type of the contract has one form.
  const numbered = Object.keys(all).filter((name) => /_\d+$/.test(name));
  if (numbered.length > 0) throw new Error(`definitions in two forms: ${numbered.join(', ')}`);
  for (const type of annotated.types) addRules(all[type.definition.name], type.rules);
  for (const { input, output } of annotated.operations) {
    addRules(all[input.name], input.rules);
    for (const message of [input, output]) allowSchemaKey(message && all[message.name]);
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function addRules(schema: Schema | undefined, rules: readonly Rule[]): void {
  if (schema === undefined || rules.length === 0) return;
  schema['allOf'] = rules.map(({ kind, fields, reason }) => {
    const present = fields.map((field) => ({ required: [field] }));
    const none = { not: { anyOf: present } };
    const keyword =
      kind === 'exactlyOne'
        ? { oneOf: present }
        : kind === 'atLeastOne'
          ? { anyOf: present }
          : { oneOf: [...present, none] };
    return { $comment: reason, ...keyword };
  });
}

function allowSchemaKey(schema: Schema | undefined): void {
  if (schema === undefined) return;
  const key = {
    $schema: {
      type: 'string',
      description: 'Schema of this document, for editors. Not sent to the service.',
    },
  };
  schema['properties'] = { ...key, ...((schema['properties'] as Schema | undefined) ?? {}) };
}
