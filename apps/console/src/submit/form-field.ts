import type { JsonSchema } from '../api/contract.ts';

/** How the value of a field is entered. */
export type FieldForm =
  | 'text'
  | 'number'
  | 'choice'
  | 'yesNo'
  | 'group'
  | 'list'
  | 'assets'
  | 'asset'
  | 'folder'
  | 'path'
  | 'context';

/** A field of a form. */
export interface FormField {
  /** The name in the contract, such as `readyForPublish`. */
  readonly name: string;
  /** In words: `Ready for publish`. */
  readonly label: string;
  readonly form: FieldForm;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  /** In words: the default. */
  readonly fallback: string | undefined;
  /** In words: range, unit of the schema, or an example. */
  readonly expected: string | undefined;
  /** Of a choice. */
  readonly choices: readonly string[];
  readonly schema: JsonSchema;
}

/** Schemas by name. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** What a `$ref` may lead through. */
const DEPTH = 20;

/** The schema that a reference leads to. Words beside the reference take precedence. */
export function resolveSchema(schema: JsonSchema, definitions: Definitions): JsonSchema {
  let found = schema;
  for (let depth = 0; found.$ref !== undefined && depth < DEPTH; depth++) {
    const name = found.$ref.split('/').at(-1) ?? '';
    const target = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (target === undefined) return { description: found.description };
    const { $ref: _, ...words } = found;
    found = { ...target, ...words };
  }
  return found;
}

/** Fields that only answers contain, or that the form sets by itself. */
const HIDDEN = new Set(['$schema', 'numUrls', 'numFiles']);

/** The fields of an object, in the order of the contract. */
export function fieldsOf(schema: JsonSchema, definitions: Definitions): readonly FormField[] {
  const object = resolveSchema(schema, definitions);
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {})
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, property]) => fieldOf(name, property, required.has(name), definitions));
}

/** The field of one item of a list. */
export function itemFieldOf(list: FormField, index: number, definitions: Definitions): FormField {
  const field = fieldOf(list.name, list.schema.items ?? {}, true, definitions);
  return { ...field, label: `${list.label} ${index + 1}` };
}

function fieldOf(
  name: string,
  property: JsonSchema,
  isRequired: boolean,
  definitions: Definitions,
): FormField {
  const schema = resolveSchema(property, definitions);
  const choices = choicesOf(schema);
  return {
    name,
    label: labelOf(name),
    form: formOf(name, schema, choices),
    description: schema.description,
    isRequired,
    fallback: schema['default'] === undefined ? undefined : describeValue(schema['default']),
    expected: choices.length > 0 ? undefined : describeRange(schema),
    choices,
    schema,
  };
}

function formOf(name: string, schema: JsonSchema, choices: readonly string[]): FieldForm {
  if (schema.type === 'array') {
    const pattern = schema.items?.['pattern'];
    return isAssetPattern(pattern) ? 'assets' : 'list';
  }
  if (schema.type === 'object' || schema.properties !== undefined) return 'group';
  if (schema.type === 'boolean') return 'yesNo';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (choices.length > 0) return 'choice';
  if (name === 'contextHandle') return 'context';
  if (name === 'destFolder') return 'folder';
  if (name === 'destPath') return 'path';
  return isAssetPattern(schema['pattern']) ? 'asset' : 'text';
}

/** Handles of assets begin with `a|`. */
function isAssetPattern(pattern: unknown): boolean {
  return typeof pattern === 'string' && /^\^\(?a\\\|/.test(pattern);
}

/** Constants, whether the schema lists them strictly or as suggestions. */
function choicesOf(schema: JsonSchema): readonly string[] {
  const lists = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const values = lists.flatMap((part) => [
    ...(part.enum ?? []),
    ...(part['const'] === undefined ? [] : [part['const']]),
  ]);
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

/** `postImageServingPublishJob` as `Post image serving publish job`, `is_modifier` as `Is modifier`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/Array$/, '')
    .replace(/_/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
    .map((word) => ACRONYMS[word] ?? word)
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ACRONYMS: Readonly<Record<string, string>> = {
  url: 'URL',
  urls: 'URLs',
  http: 'HTTP',
  xmp: 'XMP',
  pdf: 'PDF',
  pdfs: 'PDFs',
  fmt: 'format',
};

function describeValue(value: unknown): string {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeRange(schema: JsonSchema): string | undefined {
  const { minimum, maximum, maxItems } = schema;
  // Limits of 32 and 64 bits are those of the type, and help nobody.
  const upper = typeof maximum === 'number' && maximum < 2_147_483_647 ? maximum : undefined;
  if (typeof minimum === 'number' && upper !== undefined) return `from ${minimum} to ${upper}`;
  if (upper !== undefined) return `at most ${upper}`;
  if (typeof maxItems === 'number') return `at most ${maxItems}`;
  const examples: unknown = schema['examples'];
  if (Array.isArray(examples) && examples.length > 0 && schema.type !== 'array') {
    return `such as ${describeValue(examples[0])}`;
  }
  return typeof minimum === 'number' && minimum > 0 ? `at least ${minimum}` : undefined;
}
