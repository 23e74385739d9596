import type {
  AnnotatedContract,
  AnnotatedField,
  AnnotatedMessage,
  AnnotatedOperation,
  AnnotatedType,
} from '../annotate/annotated.js';
import { arrayItem, type MessageElement } from '../model.js';
import type { Rule } from '../overlay/overlay.js';
import {
  describeField,
  describeOperation,
  describeType,
  facetText,
  remarksTag,
  ruleText,
} from './describe.js';
import { emitConstantTypes } from './emit-constants.js';
import { type GeneratedFile, Imports, typescriptFile } from './generated-file.js';
import { docComment, docText, propertyName, quote } from './source-text.js';
import { type Direction, TypeExpressions } from './type-expression.js';

const PRIMITIVES = `/**
 * A point in time as ISO 8601 text, such as \`2014-04-03T09:30:00.000-07:00\`. The offset that the service sent
 * is kept.
 */
export type DateTime = string;

/** A point in time to send: ISO 8601 text with an offset, or a \`Date\`. */
export type DateTimeInput = string | Date;

/** Binary data as base64 text. */
export type Base64 = string;

/** Binary data to send: base64 text, or the bytes themselves. */
export type Base64Input = string | Uint8Array;

/** \`T\` with exactly one of the fields \`K\`: a test for any of them tells which one it is. */
export type ExactlyOne<T, K extends keyof T> = Omit<T, K> &
  {
    [Present in K]: { [P in Present]-?: Exclude<T[P], undefined> } & { [P in Exclude<K, Present>]?: undefined };
  }[K];

/** \`T\` with one of the fields \`K\` or none: a test for any of them rules the others out. */
export type AtMostOne<T, K extends keyof T> = ExactlyOne<T, K> | (Omit<T, K> & { [P in K]?: undefined });
`;

/** The TypeScript declarations of a contract: a file per area, the constants, the primitives and an index. */
export function emitTypes(annotated: AnnotatedContract): GeneratedFile[] {
  const emitter = new TypesEmitter(annotated);
  const files = [
    { path: 'primitives.ts', text: typescriptFile('primitives.ts', PRIMITIVES).text },
    ...annotated.areas.map((area) => emitter.area(area.name)),
  ];
  if (annotated.constants.length > 0) files.push(emitConstantTypes(annotated));
  files.push(emitter.operations(), emitter.named());
  return [...files, emitIndex(files)];
}

/** `export type *` of every file, so that importing types leaves nothing in a bundle. */
function emitIndex(files: readonly GeneratedFile[]): GeneratedFile {
  const lines = files.map(({ path }) => `export type * from './${path.replace(/\.ts$/, '.js')}';\n`);
  return typescriptFile('index.ts', lines.sort().join(''));
}

/** What has fields: a type or a message. */
interface Owner {
  readonly page: string | undefined;
  readonly fields: readonly AnnotatedField[];
}

class TypesEmitter {
  readonly #annotated: AnnotatedContract;
  readonly #expressions: TypeExpressions;
  readonly #faults: ReadonlySet<MessageElement>;
  /** The module of each declared name. */
  readonly #modules = new Map<string, string>();

  constructor(annotated: AnnotatedContract) {
    this.#annotated = annotated;
    this.#expressions = new TypeExpressions(annotated);
    this.#faults = new Set(annotated.contract.operations.flatMap((o) => o.faults));
    for (const name of ['DateTime', 'DateTimeInput', 'Base64', 'Base64Input', 'ExactlyOne', 'AtMostOne']) {
      this.#modules.set(name, './primitives.js');
    }
    for (const list of annotated.constants) this.#modules.set(list.name, './constants.js');
    for (const type of annotated.types) {
      this.#modules.set(type.definition.name, `./${type.area}.js`);
      this.#modules.set(this.#expressions.interfaceName(type.definition.name, 'input'), `./${type.area}.js`);
    }
    for (const message of this.#allMessages()) this.#modules.set(message.name, `./${message.area}.js`);
  }

  area(area: string): GeneratedFile {
    const own = `./${area}.js`;
    const imports = new Imports();
    const use = (name: string): void => {
      const module = this.#modules.get(name);
      if (module !== undefined && module !== own) imports.use(module, name);
    };
    const parts: string[] = [];
    for (const type of this.#annotated.types) if (type.area === area) parts.push(...this.#type(type, use));
    for (const message of this.#annotated.messages) {
      if (message.area !== area) continue;
      const direction = this.#faults.has(message.element) ? 'output' : 'input';
      parts.push(this.#message(message, direction, [message.description], use));
    }
    for (const operation of this.#annotated.operations) {
      if (operation.area !== area) continue;
      parts.push(...this.#operationMessages(operation, use));
    }
    return typescriptFile(`${area}.ts`, parts.join('\n') || 'export {};\n', imports.byModule);
  }

  operations(): GeneratedFile {
    const imports = new Imports();
    const entries = this.#annotated.operations.map((annotated) => {
      const { operation, roles, idempotency, input, output } = annotated;
      imports.use(this.#modules.get(input.name) ?? '', input.name);
      if (output) imports.use(this.#modules.get(output.name) ?? '', output.name);
      const roleType = roles === undefined ? 'string' : roles.map(quote).join(' | ');
      return (
        docComment(describeOperation(annotated, this.#annotated), '  ') +
        `  ${propertyName(operation.name)}: {\n` +
        `    input: ${input.name};\n` +
        `    output: ${output ? output.name : 'undefined'};\n` +
        `    roles: ${roleType};\n` +
        `    idempotency: ${quote(idempotency)};\n` +
        '  };\n'
      );
    });
    const body =
      docComment([
        'Every operation by name, with the types of its input and output, the roles that may call it and whether it may be repeated.',
        "@example\n```ts\ntype Answer = Operations['OPERATION']['output'];\n```".replace(
          'OPERATION',
          this.#annotated.operations[0]?.operation.name ?? '',
        ),
      ]) +
      `export interface Operations {\n${entries.join('\n')}}\n\n` +
      docComment(['The name of an operation.']) +
      'export type OperationName = keyof Operations;\n';
    return typescriptFile('operations.ts', body, imports.byModule);
  }

  /** Every type and message by name, for code that is generic over them. */
  named(): GeneratedFile {
    const imports = new Imports();
    const names = [
      ...this.#annotated.types.map((t) => t.definition.name),
      ...this.#allMessages().map((message) => message.name),
    ];
    for (const name of names) imports.use(this.#modules.get(name) ?? '', name);
    const body =
      docComment(['Every type and message of the contract by its name.']) +
      `export interface NamedTypes {\n${names.map((name) => `  ${name}: ${name};\n`).join('')}}\n`;
    return typescriptFile('named-types.ts', body, imports.byModule);
  }

  #allMessages(): AnnotatedMessage[] {
    const sides = this.#annotated.operations.flatMap((o) => [o.input, ...(o.output ? [o.output] : [])]);
    return [...new Set([...sides, ...this.#annotated.messages])];
  }

  #operationMessages(annotated: AnnotatedOperation, use: (name: string) => void): string[] {
    const { operation, input, output } = annotated;
    const name = docText(operation.name);
    const parts = [
      this.#message(input, 'input', [`What \`${name}\` takes. ${firstSentence(annotated.description)}`], use),
      ...this.#views(input.name, input.rules, use),
    ];
    if (output) parts.push(this.#message(output, 'output', [`What \`${name}\` answers.`], use));
    return parts;
  }

  #type(type: AnnotatedType, use: (name: string) => void): string[] {
    const { definition } = type;
    const comment = docComment([...describeType(type, this.#annotated.sources), facetText(definition)]);
    if (definition.kind === 'simple') {
      const direction = this.#expressions.directionOf(definition.name);
      const text =
        definition.enumeration.length > 0
          ? definition.enumeration.map((value) => `\n  | ${quote(value)}`).join('')
          : ` ${this.#expressions.primitive(definition.primitive, direction, use)}`;
      return [`${comment}export type ${definition.name} =${text};\n`];
    }
    const item = arrayItem(definition);
    const direction = this.#expressions.directionOf(definition.name);
    if (item) {
      const [field] = type.fields;
      const aliases: string[] = [];
      const forms: Direction[] = this.#expressions.needsInputForm(definition.name)
        ? [direction, 'input']
        : [direction];
      for (const form of forms) {
        const name = this.#expressions.interfaceName(definition.name, form);
        const array = field ? this.#expressions.field(field, form, use) : 'unknown[]';
        aliases.push(`${comment}export type ${name} = ${array};\n`);
      }
      return aliases;
    }
    const parts = [
      comment + this.#interface(type, direction, use),
      ...this.#views(definition.name, type.rules, use),
    ];
    if (this.#expressions.needsInputForm(definition.name)) {
      const note = `{@link ${definition.name}} as a caller may send it.`;
      parts.push(docComment([note]) + this.#interface(type, 'input', use));
    }
    return parts;
  }

  #interface(type: AnnotatedType, direction: Direction, use: (name: string) => void): string {
    const { definition } = type;
    const name = this.#expressions.interfaceName(definition.name, direction);
    let heritage = '';
    if (definition.kind === 'complex' && definition.base !== undefined) {
      const base = this.#expressions.interfaceName(definition.base, direction);
      use(base);
      heritage = ` extends ${base}`;
    }
    return `export interface ${name}${heritage} ${this.#body(type, direction, use)}\n`;
  }

  #message(
    message: AnnotatedMessage,
    direction: Direction,
    paragraphs: readonly (string | undefined)[],
    use: (name: string) => void,
  ): string {
    const comment = docComment([...paragraphs, remarksTag(message.rules.map(ruleText))]);
    if (message.element.type !== undefined) {
      const base = this.#expressions.interfaceName(message.element.type, direction);
      use(base);
      const definition = this.#expressions.definition(message.element.type);
      const isArray = definition !== undefined && arrayItem(definition) !== undefined;
      if (isArray)
        return `${comment}export interface ${message.name} ${this.#body(message, direction, use)}\n`;
      return `${comment}export interface ${message.name} extends ${base} {}\n`;
    }
    return `${comment}export interface ${message.name} ${this.#body(message, direction, use)}\n`;
  }

  #body(owner: Owner, direction: Direction, use: (name: string) => void): string {
    const { fields, page } = owner;
    if (fields.length === 0) return '{}';
    const names = fieldNames(fields);
    const lines = fields.map((field, index) => {
      const optional = field.field.min === 0;
      const type = this.#expressions.field(field, direction, use);
      const value = `${propertyName(names[index] ?? field.field.name)}${optional ? '?' : ''}: ${type}`;
      return `${docComment(describeField(field, page), '  ')}  ${value}${optional ? ' | undefined' : ''};\n`;
    });
    return `{\n${lines.join('')}}`;
  }

  /** A view of an exclusive choice that narrows by the member that is present. */
  #views(name: string, rules: readonly Rule[], use: (name: string) => void): string[] {
    return rules
      .filter((rule) => rule.view !== undefined && rule.kind !== 'atLeastOne')
      .map((rule) => {
        const helper = rule.kind === 'exactlyOne' ? 'ExactlyOne' : 'AtMostOne';
        use(helper);
        const keys = rule.fields.map((f) => `  | ${quote(f)}\n`).join('');
        const text = `{@link ${name}} as a union, so that a test for one member of the choice rules the others out.`;
        return `${docComment([text])}export type ${rule.view} = ${helper}<\n  ${name},\n${keys}>;\n`;
      });
  }
}

/**
 * The property names of fields: the name on the wire, `$value` for the text of an element, and a `$` before an
 * attribute that shares its name with an element.
 */
export function fieldNames(fields: readonly AnnotatedField[]): string[] {
  const elements = new Set(
    fields.filter(({ field }) => !field.attribute && !field.text).map(({ field }) => field.name),
  );
  return fields.map(({ field }) => {
    if (field.text) return '$value';
    return field.attribute && elements.has(field.name) ? `$${field.name}` : field.name;
  });
}

function firstSentence(text: string | undefined): string {
  const match = /^.*?[.!?](?=\s|$)/s.exec(text ?? '');
  return docText((match?.[0] ?? text ?? '').replace(/\s+/g, ' '));
}
