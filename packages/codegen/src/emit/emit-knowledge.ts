import type { AnnotatedContract, AnnotatedField } from '../annotate/annotated.js';
import type { Documented } from '../overlay/overlay.js';
import { deprecationTag } from './describe.js';
import { fieldNames } from './emit-types.js';
import { type GeneratedFile, Imports, typescriptFile } from './generated-file.js';
import { docComment, docText, literal, literalKey, quote } from './source-text.js';

/** The values of the constant lists, the roles and the fault codes, for use at run time. */
export function emitConstants(annotated: AnnotatedContract): GeneratedFile {
  const parts = annotated.constants.map((list) => {
    const values = [...list.values.keys()].map((value) => `  ${quote(value)},\n`).join('');
    return (
      docComment([docText(list.description), `@remarks The list "${docText(list.title)}" of the service.`]) +
      `export const ${constantName(list.name)} = [\n${values}] as const;\n`
    );
  });
  const spellings = annotated.constants
    .filter((list) => list.spellings.size > 0)
    .map((list) => `  ${list.name}: ${literal(Object.fromEntries(list.spellings))},\n`);
  parts.push(
    docComment([
      'Other spellings that the service is known to print, by list, each with the value that it stands for.',
    ]) +
      `export const constantSpellings: Readonly<Record<string, Readonly<Record<string, string>>>> = {\n${spellings.join('')}};\n`,
  );
  if (annotated.faultCodes.length > 0) {
    const codes = annotated.faultCodes.map(
      ({ code, name, fault, description }) => `  ${code}: ${literal({ name, fault, description })},\n`,
    );
    parts.push(
      docComment(['What a fault code means, by its number.']) +
        `export const faultCodes = {\n${codes.join('')}} as const;\n`,
    );
  }
  return typescriptFile('constant-values.ts', parts.join('\n'));
}

/** `ActiveJobState` → `activeJobStates`. */
function constantName(list: string): string {
  const lower = list.charAt(0).toLowerCase() + list.slice(1);
  return lower.endsWith('s') || lower.endsWith('x') ? `${lower}es` : `${lower}s`;
}

/** The roles that may call each operation. */
export function emitRoles(annotated: AnnotatedContract): GeneratedFile {
  const imports = new Imports();
  imports.use('./operations.js', 'OperationName');
  const roles = [...annotated.roles]
    .map(([role, text]) => `  /** ${docText(text)} */\n  | ${quote(role)}`)
    .join('\n');
  const rows = annotated.operations.map(
    ({ operation, roles: allowed }) =>
      `  ${literalKey(operation.name)}: ${allowed === undefined ? 'undefined' : literal(allowed)},\n`,
  );
  const body =
    docComment(['A role that a user can have.']) +
    `export type Role =\n${roles};\n\n` +
    docComment([
      'The roles that may call each operation, as the service documents them; `undefined` where it lists none.',
    ]) +
    `export const operationRoles: Readonly<Record<OperationName, readonly Role[] | undefined>> = {\n${rows.join('')}};\n`;
  return typescriptFile('roles.ts', body, imports.byModule);
}

const DOC_INTERFACES = `/** What is known of a field, for people and for tools that talk to people. */
export interface FieldDoc {
  readonly description?: string;
  /** The names of the constant lists whose values the field holds. */
  readonly constants?: readonly string[];
  /** The name of the text format. */
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly unit?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  /** The value must not be shown or logged. */
  readonly secret?: true;
  /** Concluded from samples; the service does not document it. */
  readonly inferred?: true;
  readonly deprecated?: string;
  /** The name that the service's documentation prints instead. */
  readonly documentedName?: string;
}

/** How many of some fields may be present together. */
export interface RuleDoc {
  readonly kind: 'exactlyOne' | 'atMostOne' | 'atLeastOne';
  readonly fields: readonly string[];
  readonly reason: string;
}

/** What is known of a type or message. */
export interface TypeDoc {
  readonly area: string;
  readonly description?: string;
  readonly deprecated?: string;
  readonly rules?: readonly RuleDoc[];
  readonly fields: Readonly<Record<string, FieldDoc>>;
}

/** What is known of an operation. Its fields are documented with its messages. */
export interface OperationDoc {
  readonly area: string;
  readonly description?: string;
  readonly limits?: readonly string[];
  readonly deprecated?: string;
  readonly examples?: readonly { readonly title: string; readonly input: unknown; readonly output?: unknown }[];
}

/** A named format of text. */
export interface FormatDoc {
  readonly description: string;
  readonly pattern?: string;
  readonly jsonSchema?: string;
  readonly example?: string;
}

/** Everything that is known of a contract beyond its structure. */
export interface ContractDocs {
  readonly areas: Readonly<Record<string, { readonly title: string; readonly description: string }>>;
  readonly formats: Readonly<Record<string, FormatDoc>>;
  readonly constants: Readonly<
    Record<string, { readonly title: string; readonly description: string; readonly values: Readonly<Record<string, string>> }>
  >;
  readonly operations: Readonly<Record<string, OperationDoc>>;
  readonly messages: Readonly<Record<string, TypeDoc>>;
  readonly types: Readonly<Record<string, TypeDoc>>;
}
`;

/** The descriptions, ranges, formats and examples, for documentation, help texts and generated examples. */
export function emitDocs(annotated: AnnotatedContract): GeneratedFile {
  const messages = annotated.operations.flatMap((o) => [o.input, ...(o.output ? [o.output] : [])]);
  const section = (name: string, rows: readonly string[]): string => `  ${name}: {\n${rows.join('')}  },\n`;
  const body = [
    section(
      'areas',
      annotated.areas.map(
        ({ name, title, description }) => `    ${literalKey(name)}: ${literal({ title, description })},\n`,
      ),
    ),
    section(
      'formats',
      annotated.formats.map(
        ({ name, description, pattern, jsonSchema, example }) =>
          `    ${literalKey(name)}: ${literal(compact({ description, pattern, jsonSchema, example }))},\n`,
      ),
    ),
    section(
      'constants',
      annotated.constants.map(({ name, title, description, values }) => {
        const rows = [...values]
          .map(([value, text]) => `        ${literalKey(value)}: ${quote(text)},\n`)
          .join('');
        return (
          `    ${literalKey(name)}: {\n      title: ${quote(title)},\n      description: ${quote(description)},\n` +
          `      values: {\n${rows}      },\n    },\n`
        );
      }),
    ),
    section(
      'operations',
      annotated.operations.map(({ operation, area, description, limits, deprecated, examples }) => {
        const doc = compact({
          area,
          description,
          limits: limits.length > 0 ? limits : undefined,
          deprecated: plainDeprecation(deprecated),
          examples:
            examples.length > 0
              ? examples.map(({ title, input, output }) => compact({ title, input, output }))
              : undefined,
        });
        return `    ${literalKey(operation.name)}: ${literal(doc)},\n`;
      }),
    ),
    section(
      'messages',
      [...new Set([...annotated.messages, ...messages])].map((m) =>
        typeDoc(m.name, { area: m.area, description: m.description, rules: m.rules }, m.fields),
      ),
    ),
    section(
      'types',
      annotated.types.map((t) => {
        const { area, description, rules } = t;
        const head = { area, description, deprecated: plainDeprecation(t.deprecated), rules };
        return typeDoc(t.definition.name, head, t.fields);
      }),
    ),
  ].join('');
  const text = `${DOC_INTERFACES}\n${docComment(['What is known of the contract.'])}export const docs: ContractDocs = {\n${body}};\n`;
  return typescriptFile('docs.ts', text);
}

function typeDoc(
  name: string,
  head: {
    rules: readonly { kind: string; fields: readonly string[]; reason: string }[];
    [key: string]: unknown;
  },
  fields: readonly AnnotatedField[],
): string {
  const rules = head.rules.map(({ kind, fields: named, reason }) => ({ kind, fields: named, reason }));
  const rest = compact({ ...head, rules: rules.length > 0 ? rules : undefined });
  const names = fieldNames(fields);
  const rows = fields
    .map((f, i) => `        ${literalKey(names[i] ?? f.field.name)}: ${literal(fieldDoc(f))},\n`)
    .join('');
  const entries = Object.entries(rest).map(
    ([key, value]) => `      ${literalKey(key)}: ${literal(value)},\n`,
  );
  return `    ${literalKey(name)}: {\n${entries.join('')}      fields: {\n${rows}      },\n    },\n`;
}

function fieldDoc({ description, overlay, constants }: AnnotatedField): Record<string, unknown> {
  return compact({
    description,
    constants: constants.length > 0 ? constants.map((list) => list.name) : undefined,
    format: overlay?.format,
    pattern: overlay?.pattern,
    minimum: overlay?.minimum,
    maximum: overlay?.maximum,
    minLength: overlay?.minLength,
    maxLength: overlay?.maxLength,
    minItems: overlay?.minItems,
    maxItems: overlay?.maxItems,
    unit: overlay?.unit,
    default: overlay?.default,
    example: overlay?.example,
    secret: overlay?.secret || undefined,
    inferred: overlay?.inferred || undefined,
    deprecated: plainDeprecation(overlay?.deprecated),
    documentedName: documentedName(overlay?.documented),
  });
}

function documentedName(documented: Documented | undefined): string | undefined {
  return documented?.name;
}

function plainDeprecation(deprecation: Parameters<typeof deprecationTag>[0]): string | undefined {
  return deprecationTag(deprecation)?.replace('@deprecated ', '').replaceAll('\\', '');
}

function compact(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
