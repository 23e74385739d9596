import type { AnnotatedContract, AnnotatedMessage, AnnotatedType } from '../annotate/annotated.js';
import { arrayItem, type Field, UNBOUNDED } from '../model.js';
import { type GeneratedFile, typescriptFile } from './generated-file.js';
import { bodiesOf, distinctMessages, hasOpenAttributes, PropertyNames } from './property-names.js';
import { docComment, literal, literalKey, quote } from './source-text.js';

const INTERFACES = `/** Special properties of a field. Absent for an ordinary element. */
export interface ContractFieldOptions {
  /** Name of the property in TypeScript, if it differs from the name on the wire. */
  readonly property?: string;
  /** Namespace on the wire, if it differs from that of the type. */
  readonly namespace?: string;
  /** The field is an attribute. */
  readonly attribute?: true;
  /** The field is the text of the element. */
  readonly text?: true;
  /** The element can be \`xsi:nil\`. */
  readonly nillable?: true;
  /** Fields of the same group but different branches are mutually exclusive. */
  readonly choice?: readonly [group: number, branch: number];
  /** The field is a wildcard: each value is a complete XML element that is not in the schema. */
  readonly any?: true;
  /** Fields with the same group number repeat together: fields of a choice in any order, fields of a sequence in turn. */
  readonly repeats?: readonly [kind: 'choice' | 'sequence', group: number];
}

/**
 * A field, in wire order: its name, its type (\`xsd:…\` or the name of a type), and its minimum and maximum occurrences.
 */
export type ContractField = readonly [
  name: string,
  type: string,
  minOccurs: number,
  maxOccurs: number,
  options?: ContractFieldOptions,
];

/** A complex type. The fields of its base type precede its own on the wire and are not repeated here. */
export interface ContractType {
  readonly fields: readonly ContractField[];
  readonly base?: string;
  /** Namespace of the type's elements, if it is not {@link Contract.messageNamespace}. */
  readonly namespace?: string;
  /** The elements can be in any order. */
  readonly all?: true;
  /** The type is only a repeated element, which is a plain array in TypeScript. */
  readonly array?: true;
  /** An element of the type identifies its derived type with \`xsi:type\`. */
  readonly abstract?: true;
  /** Elements can have attributes that are not in the schema; the property \`$attributes\` contains them. */
  readonly anyAttribute?: true;
}

/** A simple type: a string or a number on the wire. */
export interface ContractSimpleType {
  readonly simple: string;
  /** Values of an enumeration. */
  readonly values?: readonly string[];
}

/** An element of the SOAP body, header or fault detail. */
export interface ContractMessage {
  /** Name of the element. Empty for a body without an element. */
  readonly element: string;
  readonly namespace?: string;
  readonly fields: readonly ContractField[];
  readonly all?: true;
  readonly anyAttribute?: true;
  /** Named type that the element is declared with or extends. The fields of that type come first. */
  readonly base?: string;
}

/** Wire details of an operation. \`input\` and \`output\` are names of messages. */
export interface ContractOperation {
  readonly action: string;
  readonly input: string;
  readonly output?: string;
  /** \`safe\`: changes nothing; \`idempotent\`: can be repeated; \`unsafe\`: must not be repeated. */
  readonly idempotency: 'safe' | 'idempotent' | 'unsafe';
}

/** Structure of a service as data, to be interpreted by a codec. */
export interface Contract {
  readonly service: string;
  readonly version: string | undefined;
  readonly wsdlNamespace: string;
  /** Namespace of the messages, and of everything that does not specify another. */
  readonly messageNamespace: string;
  readonly ports: readonly {
    readonly name: string;
    readonly binding: string;
    readonly soapVersion: '1.1' | '1.2';
    readonly address: string;
  }[];
  /** Names of the messages for the request header and its other forms in the schema. */
  readonly headers: readonly string[];
  /** Names of the messages for the faults that operations declare. */
  readonly faults: readonly string[];
  readonly operations: Readonly<Record<string, ContractOperation>>;
  readonly messages: Readonly<Record<string, ContractMessage>>;
  readonly types: Readonly<Record<string, ContractType | ContractSimpleType>>;
}

/** A contract with the types of its operations, for use by a codec or client. */
export interface TypedContract<Types> extends Contract {
  /** Types of the operations. They exist only in TypeScript: the property is never set. */
  readonly '~types'?: Types;
}
`;

/** An entry of a table of the contract: its key, and its text with indentation. */
export interface ContractEntry {
  readonly key: string;
  readonly text: string;
}

/** The parts of the contract tables. */
export interface ContractParts {
  /** The lines before the tables. */
  readonly head: string;
  readonly operations: readonly ContractEntry[];
  readonly messages: readonly ContractEntry[];
  readonly types: readonly ContractEntry[];
}

/** The contract tables, with everything that a codec needs and without descriptions. */
export function emitContract(annotated: AnnotatedContract): GeneratedFile {
  const { head, operations, messages, types } = contractParts(annotated);
  const table = (name: string, entries: readonly ContractEntry[]): string =>
    `  ${name}: {\n${entries.map(({ text }) => text).join('')}  },\n`;
  const body =
    `export const contract: TypedContract<Operations> = {\n${head}` +
    `${table('operations', operations)}${table('messages', messages)}${table('types', types)}};\n`;
  const imports = new Map([['./operations.js', new Set(['Operations'])]]);
  return typescriptFile('contract.ts', `${INTERFACES}\n${contractComment(annotated)}${body}`, imports);
}

/** The documentation of the constant `contract`. */
export function contractComment({ contract }: AnnotatedContract): string {
  const version = contract.version ? ` ${contract.version}` : '';
  return docComment([`Structure of ${contract.service}${version}.`]);
}

/** The tables of a contract, entry by entry. */
export function contractParts(annotated: AnnotatedContract): ContractParts {
  const { contract } = annotated;
  const namespace = contract.messageNamespace;
  const properties = new PropertyNames(annotated);
  const isOpen = (owner: Parameters<typeof hasOpenAttributes>[0]): boolean =>
    hasOpenAttributes(owner, annotated);
  const allMessages = distinctMessages([...annotated.messages, ...bodiesOf(annotated)]);
  const byElement = new Map(annotated.messages.map((m) => [m.element, m.name]));
  const declared = (pick: 'headers' | 'faults'): string[] => [
    ...new Set(contract.operations.flatMap((o) => o[pick].map((e) => byElement.get(e) ?? e.name))),
  ];
  const boundHeaders = declared('headers');
  const otherHeaders = contract.otherElements
    .filter((e) => contract.operations.some((o) => o.headers.some((h) => h.xmlName === e.xmlName)))
    .map((e) => byElement.get(e) ?? e.name);
  const head = [
    `  service: ${quote(contract.service)},\n`,
    `  version: ${contract.version === undefined ? 'undefined' : quote(contract.version)},\n`,
    `  wsdlNamespace: ${quote(contract.wsdlNamespace)},\n`,
    `  messageNamespace: ${quote(namespace)},\n`,
    '  ports: [\n',
    ...contract.ports.map((port) => `    ${literal(port)},\n`),
    '  ],\n',
    `  headers: ${literal([...boundHeaders, ...otherHeaders])},\n`,
    `  faults: ${literal(declared('faults'))},\n`,
  ];
  return {
    head: head.join(''),
    operations: annotated.operations.map(({ operation, input, output, idempotency }) => {
      const entry = {
        action: operation.soapAction,
        input: input.name,
        ...(output ? { output: output.name } : {}),
        idempotency,
      };
      return { key: operation.name, text: `    ${literalKey(operation.name)}: ${literal(entry)},\n` };
    }),
    messages: allMessages.map((message) => ({
      key: message.name,
      text: emitMessage(message, namespace, properties.ofMessage(message), isOpen(message.element)),
    })),
    types: annotated.types.map((type) => ({
      key: type.definition.name,
      text: emitType(type, namespace, properties.ofType(type.definition.name), isOpen(type.definition)),
    })),
  };
}

function emitType(
  { definition }: AnnotatedType,
  namespace: string,
  names: readonly string[],
  isOpen: boolean,
): string {
  if (definition.kind === 'simple') {
    const values = definition.enumeration.length > 0 ? { values: definition.enumeration } : {};
    return `    ${literalKey(definition.name)}: ${literal({ simple: `xsd:${definition.primitive}`, ...values })},\n`;
  }
  const head = [
    definition.base === undefined ? '' : `      base: ${quote(definition.base)},\n`,
    definition.namespace === namespace ? '' : `      namespace: ${quote(definition.namespace)},\n`,
    definition.group === 'all' ? '      all: true,\n' : '',
    arrayItem(definition) ? '      array: true,\n' : '',
    definition.abstract ? '      abstract: true,\n' : '',
    isOpen ? '      anyAttribute: true,\n' : '',
  ].join('');
  const rows = emitFields(definition.fields, names, definition.namespace);
  return `    ${literalKey(definition.name)}: {\n${head}${rows}    },\n`;
}

function emitMessage(
  message: AnnotatedMessage,
  namespace: string,
  names: readonly string[],
  isOpen: boolean,
): string {
  const { element } = message;
  const base = element.type ?? element.base;
  const head = [
    `      element: ${quote(element.xmlName)},\n`,
    element.namespace === namespace ? '' : `      namespace: ${quote(element.namespace)},\n`,
    element.group === 'all' ? '      all: true,\n' : '',
    isOpen ? '      anyAttribute: true,\n' : '',
    base === undefined ? '' : `      base: ${quote(base)},\n`,
  ].join('');
  // The fields of an element with a named type are those of the type.
  const own = element.type === undefined ? element.fields : [];
  return `    ${literalKey(message.name)}: {\n${head}${emitFields(own, names, element.namespace)}    },\n`;
}

function emitFields(fields: readonly Field[], names: readonly string[], ownerNamespace: string): string {
  if (fields.length === 0) return '      fields: [],\n';
  const rows = fields.map((field, index) => {
    const type = field.type.kind === 'primitive' ? `xsd:${field.type.name}` : field.type.name;
    const property = names[index] ?? field.name;
    const expected = field.attribute || field.text || field.wildcard ? '' : ownerNamespace;
    const options = {
      ...(property === field.name ? {} : { property }),
      ...(field.namespace === expected ? {} : { namespace: field.namespace }),
      ...(field.attribute ? { attribute: true } : {}),
      ...(field.text ? { text: true } : {}),
      ...(field.nillable ? { nillable: true } : {}),
      ...(field.choice ? { choice: [field.choice.group, field.choice.branch] } : {}),
      ...(field.wildcard ? { any: true } : {}),
      ...(field.repeats ? { repeats: [field.repeats.kind, field.repeats.group] } : {}),
    };
    const columns = [quote(field.name), quote(type), String(field.min), maxText(field.max)];
    if (Object.keys(options).length > 0) columns.push(literal(options));
    return `        [${columns.join(', ')}],\n`;
  });
  return `      fields: [\n${rows.join('')}      ],\n`;
}

function maxText(max: number): string {
  return max === UNBOUNDED ? 'Infinity' : String(max);
}
