import type { AnnotatedContract, AnnotatedField } from '../annotate/annotated.js';
import { NO_EVIDENCE } from '../annotate/evidence.js';
import type { Rule, Sourced } from '../overlay/overlay.js';
import { deprecationTag } from './describe.js';
import { evidenceDoc } from './describe-evidence.js';
import { type GeneratedFile, typescriptFile } from './generated-file.js';
import { fieldNames } from './property-names.js';
import { docComment, literal, literalKey, quote } from './source-text.js';

const DOC_INTERFACES = `/** A statement of another source that contradicts an entry. */
export interface ContradictionDoc {
  readonly source: string;
  readonly says: string;
}

/** Evidence for an entry. A source is written as \`section/name\`; see {@link ContractDocs.sources}. */
export interface EvidenceDoc {
  /** Sources, if other than only the page of the definition. */
  readonly source?: readonly string[];
  /** \`true\` if no source supports the entry, or the keys of the statements that no source supports. */
  readonly inferred?: true | readonly string[];
  readonly contradicts?: readonly ContradictionDoc[];
}

/** Documentation of a field, for people and for tools that display it. */
export interface FieldDoc extends EvidenceDoc {
  readonly description?: string;
  /** Additional information, with a separate source or none. */
  readonly note?: string;
  /** Names of the constant lists whose values the field accepts. */
  readonly constants?: readonly string[];
  /** Name of the string format. */
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
  readonly deprecated?: string;
  /** Name that the service's documentation uses instead. */
  readonly documentedName?: string;
}

/** Rule on how many of several fields can be present together. */
export interface RuleDoc extends EvidenceDoc {
  readonly kind: 'exactlyOne' | 'atMostOne' | 'atLeastOne';
  readonly fields: readonly string[];
  readonly reason: string;
}

/** Documentation of a type or message. */
export interface TypeDoc extends EvidenceDoc {
  readonly area: string;
  /** Page of the service's documentation. */
  readonly page?: string;
  readonly description?: string;
  readonly note?: string;
  readonly deprecated?: string;
  readonly rules?: readonly RuleDoc[];
  readonly fields: Readonly<Record<string, FieldDoc>>;
}

/** A sentence about page sizes, limits, permissions and similar. */
export interface LimitDoc extends EvidenceDoc {
  readonly text: string;
}

/** Documentation of an operation. Its fields are documented with its messages. */
export interface OperationDoc extends EvidenceDoc {
  readonly area: string;
  /** Page of the service's documentation. */
  readonly page?: string;
  readonly description?: string;
  readonly limits?: readonly LimitDoc[];
  readonly deprecated?: string;
  readonly examples?: readonly { readonly title: string; readonly input: unknown; readonly output?: unknown }[];
}

/** A named string format. */
export interface FormatDoc extends EvidenceDoc {
  readonly description: string;
  readonly pattern?: string;
  readonly jsonSchema?: string;
  readonly example?: string;
}

/** Known values of a field. */
export interface ConstantsDoc extends EvidenceDoc {
  readonly title: string;
  readonly description: string;
  readonly note?: string;
  /** Page of the service's documentation. */
  readonly page?: string;
  readonly values: Readonly<Record<string, string>>;
  /** Values whose meaning is not stated in any source. */
  readonly inferredMeanings?: readonly string[];
}

/** Sources of one kind. */
export interface SourcesDoc {
  readonly kind: 'page' | 'recording' | 'program' | 'contract';
  readonly description: string;
  /** URL of a source; \`{name}\` is replaced by its name. */
  readonly url?: string;
  /** Description of each source. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Documentation of a contract. */
export interface ContractDocs {
  readonly sources: Readonly<Record<string, SourcesDoc>>;
  readonly areas: Readonly<Record<string, { readonly title: string; readonly description: string }>>;
  readonly formats: Readonly<Record<string, FormatDoc>>;
  readonly constants: Readonly<Record<string, ConstantsDoc>>;
  readonly operations: Readonly<Record<string, OperationDoc>>;
  readonly messages: Readonly<Record<string, TypeDoc>>;
  readonly types: Readonly<Record<string, TypeDoc>>;
}
`;

/** The descriptions, ranges, formats and examples, for documentation, help texts and generated examples. */
export function emitDocs(annotated: AnnotatedContract): GeneratedFile {
  const messages = annotated.operations.flatMap((o) => [o.input, ...(o.output ? [o.output] : [])]);
  const section = (name: string, rows: readonly string[]): string => `  ${name}: {\n${rows.join('')}  },\n`;
  const row = (name: string, doc: object): string => `    ${literalKey(name)}: ${literal(compact(doc))},\n`;
  /** The evidence of an entry. `page` documents the definition that contains the entry. */
  const evidenceOf = (entry: Sourced, page?: string): object =>
    evidenceDoc(annotated.evidence.get(entry) ?? NO_EVIDENCE, page);
  const rulesDoc = (rules: readonly Rule[], page?: string): readonly object[] | undefined =>
    nonEmpty(
      rules.map((rule) => {
        const { kind, fields, reason } = rule;
        return compact({ kind, fields, reason, ...evidenceOf(rule, page) });
      }),
    );

  const body = [
    section(
      'sources',
      annotated.sources.map(({ name, kind, description, url, names }) => {
        const said = [...names].flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]));
        return row(name, {
          kind,
          description,
          url,
          names: said.length > 0 ? Object.fromEntries(said) : undefined,
        });
      }),
    ),
    section(
      'areas',
      annotated.areas.map(({ name, title, description }) => row(name, { title, description })),
    ),
    section(
      'formats',
      annotated.formats.map((format) => {
        const { name, description, pattern, jsonSchema, example } = format;
        return row(name, { description, pattern, jsonSchema, example, ...evidenceOf(format) });
      }),
    ),
    section(
      'constants',
      annotated.constants.map((list) => {
        const { title, description, note, page } = list;
        const inferred = [...list.values].filter(([, value]) => annotated.evidence.get(value)?.whole);
        const head = compact({
          title,
          description,
          note,
          page,
          ...evidenceOf(list, page),
          inferredMeanings: nonEmpty(inferred.map(([name]) => name)),
        });
        const values = [...list.values].map(
          ([value, meaning]) => [value, quote(meaning.description)] as const,
        );
        return block(list.name, head, 'values', values);
      }),
    ),
    section(
      'operations',
      annotated.operations.map((o) => {
        const { area, description, page, limits, examples } = o;
        return row(o.operation.name, {
          area,
          description,
          page,
          ...evidenceDoc(o.evidence, page),
          limits: nonEmpty(limits.map((limit) => compact({ text: limit.text, ...evidenceOf(limit, page) }))),
          deprecated: plainDeprecation(o.deprecated),
          examples: nonEmpty(examples.map(({ title, input, output }) => compact({ title, input, output }))),
        });
      }),
    ),
    section(
      'messages',
      [...new Set([...annotated.messages, ...messages])].map((m) => {
        const { area, description, page, rules } = m;
        const evidence = evidenceDoc(m.evidence, page);
        return typeDoc(m, m.name, { area, description, page, ...evidence, rules: rulesDoc(rules, page) });
      }),
    ),
    section(
      'types',
      annotated.types.map((t) => {
        const { area, description, note, page, rules } = t;
        const deprecated = plainDeprecation(t.deprecated);
        const head = { area, description, note, page, ...evidenceDoc(t.evidence, page), deprecated };
        return typeDoc(t, t.definition.name, { ...head, rules: rulesDoc(rules, page) });
      }),
    ),
  ].join('');
  const text = `${DOC_INTERFACES}\n${docComment(['Documentation of the contract.'])}export const docs: ContractDocs = {\n${body}};\n`;
  return typescriptFile('docs.ts', text);
}

function typeDoc(
  { fields, page }: { readonly fields: readonly AnnotatedField[]; readonly page: string | undefined },
  name: string,
  head: object,
): string {
  const names = fieldNames(fields);
  const rows = fields.map((f, i) => [names[i] ?? f.field.name, literal(fieldDoc(f, page))] as const);
  return block(name, compact(head), 'fields', rows);
}

/** An entry whose last member is a record, printed with one line for each key. */
function block(
  name: string,
  head: object,
  last: string,
  rows: readonly (readonly [key: string, value: string])[],
): string {
  const entries = Object.entries(head).map(
    ([key, value]) => `      ${literalKey(key)}: ${literal(value)},\n`,
  );
  const members = rows.map(([key, value]) => `        ${literalKey(key)}: ${value},\n`);
  return `    ${literalKey(name)}: {\n${entries.join('')}      ${last}: {\n${members.join('')}      },\n    },\n`;
}

function fieldDoc(
  { description, overlay, constants, evidence }: AnnotatedField,
  page: string | undefined,
): object {
  return compact({
    description,
    note: overlay?.note,
    constants: nonEmpty(constants.map((list) => list.name)),
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
    ...evidenceDoc(evidence, page),
    deprecated: plainDeprecation(overlay?.deprecated),
    documentedName: overlay?.documented?.name,
  });
}

function plainDeprecation(deprecation: Parameters<typeof deprecationTag>[0]): string | undefined {
  return deprecationTag(deprecation)?.replace('@deprecated ', '').replaceAll('\\', '');
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function compact(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
