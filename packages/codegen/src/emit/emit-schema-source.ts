import type { AnnotatedContract, AnnotatedField } from '../annotate/annotated.js';
import { arrayItem, type Field, type TypeDefinition } from '../model.js';
import { primitiveInfo, type XsdPrimitive } from '../wsdl/primitives.js';
import { deprecationTag } from './describe.js';
import { fieldNames } from './property-names.js';
import { described, propertyName, quote } from './source-text.js';

/** Base64 in groups of four characters, with the optional line breaks of the service's documentation. */
const BASE64_PATTERN =
  '^[ \\t\\r\\n]*(?:(?:[A-Za-z0-9+/][ \\t\\r\\n]*){4})*' +
  '(?:(?:[A-Za-z0-9+/][ \\t\\r\\n]*){2}(?:=[ \\t\\r\\n]*){2}|(?:[A-Za-z0-9+/][ \\t\\r\\n]*){3}=[ \\t\\r\\n]*)?$';

/**
 * The contract as one TypeScript file in closed form, for `typescript-json-schema` to turn into JSON Schema.
 *
 * It declares the published types in a form that suits this tool: constants as closed unions, arrays without aliases (it
 * would call every alias `Array`), and restrictions of values as tags on their own line (`@TJS-type`, `@minimum`,
 * `@pattern`, and `@items.…` for the items of an array). The interface `Arrays` lists the array types.
 */
export function emitSchemaSource(annotated: AnnotatedContract): string {
  const types = new Map(annotated.contract.types.map((t) => [t.name, t]));
  const body = (fields: readonly AnnotatedField[]): string => {
    const names = fieldNames(fields);
    const lines = fields.map((field, index) => {
      const name = propertyName(names[index] ?? field.field.name);
      const optional = field.field.min === 0 ? '?' : '';
      const whole = `${fieldType(field, types)}${field.field.nillable ? ' | null' : ''}`;
      return `${comment(fieldTags(field, types), '  ')}  ${name}${optional}: ${whole};\n`;
    });
    return `{\n${lines.join('')}}`;
  };

  const parts: string[] = [];
  const arrays: string[] = [];
  for (const list of annotated.constants) {
    const values = [...list.values.keys(), ...list.spellings.keys()].map((v) => `  | ${quote(v)}\n`).join('');
    parts.push(`${comment([described(list)])}export type ${list.name} =\n${values};\n`);
  }
  for (const type of annotated.types) {
    const { definition } = type;
    const description = described(type);
    if (definition.kind === 'simple') {
      const members = definition.enumeration.map((v) => `  | ${quote(v)}\n`).join('');
      const text = members === '' ? ` ${primitiveType(definition.primitive)}` : `\n${members}`;
      parts.push(`${comment([description])}export type ${definition.name} =${text};\n`);
    } else if (arrayItem(definition)) {
      const [item] = type.fields;
      if (item) {
        arrays.push(
          `${comment([description, ...countTags(item.field, item.overlay), ...valueTags(item, types, 'items.')], '  ')}  ${definition.name}: ${fieldType(item, types)};\n`,
        );
      }
    } else {
      const heritage = definition.base === undefined ? '' : ` extends ${definition.base}`;
      const lines = [description, deprecationTag(type.deprecated)];
      parts.push(`${comment(lines)}export interface ${definition.name}${heritage} ${body(type.fields)}\n`);
    }
  }
  for (const { operation, input, output, description, deprecated } of annotated.operations) {
    const lines = [`Parameters of ${operation.name}. ${description ?? ''}`, deprecationTag(deprecated)];
    parts.push(`${comment(lines)}export interface ${input.name} ${body(input.fields)}\n`);
    if (output) {
      parts.push(
        `${comment([`Response of ${operation.name}.`])}export interface ${output.name} ${body(output.fields)}\n`,
      );
    }
  }
  for (const message of annotated.messages) {
    parts.push(`${comment([message.description])}export interface ${message.name} ${body(message.fields)}\n`);
  }
  parts.push(`export interface Arrays {\n${arrays.join('')}}\n`);
  return parts.join('\n');
}

/** The item field if the field is an array, otherwise the field itself. */
function innermost(
  field: Field,
  types: ReadonlyMap<string, TypeDefinition>,
): { field: Field; array: boolean } {
  let array = field.max > 1;
  // An array type that contains itself has no innermost field.
  for (const seen = new Set<Field>(); !seen.has(field); ) {
    seen.add(field);
    const definition = field.type.kind === 'type' ? types.get(field.type.name) : undefined;
    const item = definition && arrayItem(definition);
    if (item === undefined) break;
    array = true;
    field = item;
  }
  return { field, array };
}

function fieldType({ field, constants }: AnnotatedField, types: ReadonlyMap<string, TypeDefinition>): string {
  const inner = innermost(field, types);
  const { type } = inner.field;
  const item =
    constants.length > 0
      ? constants.map((list) => list.name).join(' | ')
      : type.kind === 'type'
        ? type.name
        : primitiveType(type.name);
  return inner.array ? `(${item})[]` : item;
}

function primitiveType(name: XsdPrimitive): string {
  switch (primitiveInfo(name).family) {
    case 'boolean':
      return 'boolean';
    case 'int':
    case 'long':
    case 'double':
      return 'number';
    case 'any':
      return 'unknown';
    default:
      return 'string';
  }
}

function fieldTags(
  annotated: AnnotatedField,
  types: ReadonlyMap<string, TypeDefinition>,
): (string | undefined)[] {
  const { overlay, field } = annotated;
  const description = described({ description: annotated.description, note: overlay?.note });
  const { array } = innermost(field, types);
  const definition = field.type.kind === 'type' ? types.get(field.type.name) : undefined;
  return [
    overlay?.unit === undefined ? description : `${description} In ${overlay.unit}.`,
    ...(array ? countTags((definition && arrayItem(definition)) ?? field, overlay) : []),
    ...valueTags(annotated, types, array ? 'items.' : ''),
    overlay?.default === undefined ? undefined : `@default ${JSON.stringify(overlay.default)}`,
    overlay?.example === undefined ? undefined : `@examples [${JSON.stringify(overlay.example)}]`,
  ];
}

function countTags(item: Field, overlay: AnnotatedField['overlay']): (string | undefined)[] {
  return [
    tag('minItems', overlay?.minItems ?? (item.min > 0 ? item.min : undefined)),
    tag('maxItems', overlay?.maxItems ?? (Number.isFinite(item.max) ? item.max : undefined)),
  ];
}

/** The restrictions of one value. With the prefix `items.` the tags apply to the items of an array. */
function valueTags(
  { field, overlay, format, constants }: AnnotatedField,
  types: ReadonlyMap<string, TypeDefinition>,
  prefix: '' | 'items.',
): (string | undefined)[] {
  const { type } = innermost(field, types).field;
  if (type.kind === 'type' || constants.length > 0) return [];
  const info = primitiveInfo(type.name);
  const keywords: [string, unknown][] = [];
  if (info.family === 'int' || info.family === 'long') {
    keywords.push([prefix === '' ? 'TJS-type' : 'type', 'integer']);
  } else if (prefix === 'items.') {
    keywords.push(['type', primitiveType(type.name)]);
  }
  keywords.push(['minimum', overlay?.minimum ?? info.minimum], ['maximum', overlay?.maximum ?? info.maximum]);
  keywords.push([
    'pattern',
    overlay?.pattern ?? format?.pattern ?? (info.family === 'binary' ? BASE64_PATTERN : undefined),
  ]);
  keywords.push(['format', info.family === 'dateTime' ? 'date-time' : format?.jsonSchema]);
  keywords.push(['minLength', overlay?.minLength], ['maxLength', overlay?.maxLength]);
  return keywords.map(([keyword, value]) => tag(`${prefix}${keyword}`, value));
}

function tag(name: string, value: unknown): string | undefined {
  return value === undefined ? undefined : `@${name} ${String(value)}`;
}

/** One tag per line, unfolded, since the tool reads a tag to the end of its line. */
function comment(lines: readonly (string | undefined)[], indent: string = ''): string {
  const kept = lines.filter((l): l is string => l !== undefined && l.trim() !== '');
  if (kept.length === 0) return '';
  const text = kept.map((l) => `${indent} * ${l.replace(/\s+/g, ' ').replaceAll('*/', '* /')}\n`).join('');
  return `${indent}/**\n${text}${indent} */\n`;
}
