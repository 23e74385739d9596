import type { AnnotatedContract, AnnotatedMessage, AnnotatedType } from '../annotate/annotated.js';
import { arrayItem, type Field, UNBOUNDED } from '../model.js';
import { type GeneratedFile, typescriptFile } from './generated-file.js';
import { bodiesOf, distinctMessages, hasOpenAttributes, PropertyNames } from './property-names.js';
import { docComment, literal, literalKey, quote } from './source-text.js';

const INTERFACES = `/** What is unusual about a field; absent for the ordinary element. */
export interface ContractFieldOptions {
  /** The property's name in TypeScript, where it is not the name on the wire. */
  readonly property?: string;
  /** The namespace on the wire, where it is not that of the type. */
  readonly namespace?: string;
  /** The field is an attribute. */
  readonly attribute?: true;
  /** The field is the text of the element. */
  readonly text?: true;
  /** The element may be \`xsi:nil\`. */
  readonly nillable?: true;
  /** Fields of one group but another branch exclude each other. */
  readonly choice?: readonly [group: number, branch: number];
  /** The field is a wildcard: each value is a whole element as XML, which the schema does not name. */
  readonly any?: true;
  /** Fields of one number repeat together: those of a choice in any order, those of a sequence in turn. */
  readonly repeats?: readonly [kind: 'choice' | 'sequence', group: number];
}

/**
 * A field in its place on the wire: its name; \`xsd:…\` or the name of a type; how often it must and may occur.
 */
export type ContractField = readonly [
  name: string,
  type: string,
  minOccurs: number,
  maxOccurs: number,
  options?: ContractFieldOptions,
];

/** A complex type. The fields of its base come first on the wire and are not repeated here. */
export interface ContractType {
  readonly fields: readonly ContractField[];
  readonly base?: string;
  /** The namespace of the type's elements, where it is not {@link Contract.messageNamespace}. */
  readonly namespace?: string;
  /** The elements may come in any order. */
  readonly all?: true;
  /** The type is nothing but a repeated element, and a plain array in TypeScript. */
  readonly array?: true;
  /** An element of the type says by \`xsi:type\` which of the types that extend it it has. */
  readonly abstract?: true;
  /** Elements may have attributes that the schema does not name; the property \`$attributes\` holds them. */
  readonly anyAttribute?: true;
}

/** A simple type: text or a number on the wire. */
export interface ContractSimpleType {
  readonly simple: string;
  /** The values of an enumeration. */
  readonly values?: readonly string[];
}

/** An element of the SOAP body, header or fault detail. */
export interface ContractMessage {
  /** The name of the element; empty for a body without one. */
  readonly element: string;
  readonly namespace?: string;
  readonly fields: readonly ContractField[];
  readonly all?: true;
  readonly anyAttribute?: true;
  /** The named type that the element is declared with, or extends: that type's fields come first. */
  readonly base?: string;
}

/** How an operation travels. \`input\` and \`output\` are names of messages. */
export interface ContractOperation {
  readonly action: string;
  readonly input: string;
  readonly output?: string;
  /** \`safe\` changes nothing, \`idempotent\` may be repeated, \`unsafe\` must not be. */
  readonly idempotency: 'safe' | 'idempotent' | 'unsafe';
}

/** A service's structure as data, for a codec to interpret. */
export interface Contract {
  readonly service: string;
  readonly version: string | undefined;
  readonly wsdlNamespace: string;
  /** The namespace of the messages, and of all that does not name another. */
  readonly messageNamespace: string;
  readonly ports: readonly {
    readonly name: string;
    readonly binding: string;
    readonly soapVersion: '1.1' | '1.2';
    readonly address: string;
  }[];
  /** The header that requests carry, and other forms of it that the schema defines; names of messages. */
  readonly headers: readonly string[];
  /** The faults that operations declare; names of messages. */
  readonly faults: readonly string[];
  readonly operations: Readonly<Record<string, ContractOperation>>;
  readonly messages: Readonly<Record<string, ContractMessage>>;
  readonly types: Readonly<Record<string, ContractType | ContractSimpleType>>;
}

/** A contract that carries the types of its operations, for a codec or client to take over. */
export interface TypedContract<Types> extends Contract {
  /** The types. They exist in TypeScript only: the property is never there. */
  readonly '~types'?: Types;
}
`;

/** An entry of a table of the contract: its key, and its text with indentation. */
export interface ContractEntry {
  readonly key: string;
  readonly text: string;
}

/** The parts of the tables that a contract is made of. */
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
  return docComment([`The structure of ${contract.service}${version}.`]);
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
