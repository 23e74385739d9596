import type {
  AnnotatedContract,
  AnnotatedMessage,
  AnnotatedOperation,
  AnnotatedType,
} from '../annotate/annotated.js';
import { arrayItem } from '../model.js';
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
import { enumerationMembers } from './enumeration-members.js';
import { type GeneratedFile, Imports, typescriptFile } from './generated-file.js';
import {
  bodiesOf,
  distinctMessages,
  hasOpenAttributes,
  OPEN_ATTRIBUTES,
  PropertyNames,
} from './property-names.js';
import { docComment, docText, propertyName, quote } from './source-text.js';
import { type Direction, TypeExpressions } from './type-expression.js';

const PRIMITIVES = `/**
 * Date and time as an ISO 8601 string, such as \`2014-04-03T09:30:00.000-07:00\`, with the UTC offset that the
 * service sent.
 */
export type DateTime = string;

/** Date and time to send: an ISO 8601 string with a UTC offset, or a \`Date\`. */
export type DateTimeInput = string | Date;

/** Binary data as a Base64 string. */
export type Base64 = string;

/** Binary data to send: a Base64 string or the bytes. */
export type Base64Input = string | Uint8Array;

/** \`T\` with exactly one of the fields \`K\`: testing for any of them shows which one is present. */
export type ExactlyOne<T, K extends keyof T> = Omit<T, K> &
  {
    [Present in K]: { [P in Present]-?: Exclude<T[P], undefined> } & { [P in Exclude<K, Present>]?: undefined };
  }[K];

/** \`T\` with one of the fields \`K\` or none: testing for any of them excludes the others. */
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

/** A definition with fields: a type or a message. */
type Owner = AnnotatedType | AnnotatedMessage;

const OPEN_LINE =
  '  /** Attributes that are not in the schema, by name: `name` or `{namespace}name`. */\n' +
  `  ${OPEN_ATTRIBUTES}?: Readonly<Record<string, string>> | undefined;\n`;

class TypesEmitter {
  readonly #annotated: AnnotatedContract;
  readonly #expressions: TypeExpressions;
  readonly #properties: PropertyNames;
  /** The module that declares each name. */
  readonly #modules = new Map<string, string>();

  constructor(annotated: AnnotatedContract) {
    this.#annotated = annotated;
    this.#expressions = new TypeExpressions(annotated);
    this.#properties = new PropertyNames(annotated);
    for (const name of ['DateTime', 'DateTimeInput', 'Base64', 'Base64Input', 'ExactlyOne', 'AtMostOne']) {
      this.#modules.set(name, './primitives.js');
    }
    for (const list of annotated.constants) this.#modules.set(list.name, './constants.js');
    for (const type of annotated.types) {
      this.#modules.set(type.definition.name, `./${type.area}.js`);
      this.#modules.set(this.#expressions.interfaceName(type.definition.name, 'input'), `./${type.area}.js`);
    }
    for (const message of this.#allMessages()) {
      this.#modules.set(message.name, `./${message.area}.js`);
      this.#modules.set(this.#expressions.messageName(message, 'input'), `./${message.area}.js`);
    }
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
    const written = new Set<string>();
    const isNew = ({ name }: AnnotatedMessage): boolean =>
      !written.has(name) && written.add(name) !== undefined;
    const bodies = new Set(bodiesOf(this.#annotated).map((message) => message.name));
    for (const message of this.#annotated.messages) {
      // A message that is also the body of an operation is described there.
      if (message.area !== area || bodies.has(message.name) || !isNew(message)) continue;
      parts.push(...this.#message(message, [message.description], use));
    }
    for (const operation of this.#annotated.operations) {
      if (operation.area !== area) continue;
      parts.push(...this.#operationMessages(operation, isNew, use));
    }
    return typescriptFile(`${area}.ts`, parts.join('\n') || 'export {};\n', imports.byModule);
  }

  operations(): GeneratedFile {
    const imports = new Imports();
    const entries = this.#annotated.operations.map((annotated) => {
      const { operation, roles, idempotency, input, output } = annotated;
      const takes = this.#expressions.messageName(input, 'input');
      imports.use(this.#modules.get(takes) ?? '', takes);
      if (output) imports.use(this.#modules.get(output.name) ?? '', output.name);
      const roleType = roles === undefined ? 'string' : roles.map(quote).join(' | ');
      return (
        docComment(describeOperation(annotated, this.#annotated), '  ') +
        `  ${propertyName(operation.name)}: {\n` +
        `    input: ${takes};\n` +
        `    output: ${output ? output.name : 'undefined'};\n` +
        `    roles: ${roleType};\n` +
        `    idempotency: ${quote(idempotency)};\n` +
        '  };\n'
      );
    });
    const body =
      docComment([
        'All operations by name, with their input and output types, allowed roles and idempotency.',
        "@example\n```ts\ntype Answer = Operations['OPERATION']['output'];\n```".replace(
          'OPERATION',
          this.#annotated.operations[0]?.operation.name ?? '',
        ),
      ]) +
      `export interface Operations {\n${entries.join('\n')}}\n\n` +
      docComment(['Name of an operation.']) +
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
      docComment(['All types and messages of the contract by name.']) +
      `export interface NamedTypes {\n${names.map((name) => `  ${name}: ${name};\n`).join('')}}\n`;
    return typescriptFile('named-types.ts', body, imports.byModule);
  }

  #allMessages(): AnnotatedMessage[] {
    return distinctMessages([...bodiesOf(this.#annotated), ...this.#annotated.messages]);
  }

  /** The messages of an operation that no earlier operation uses. */
  #operationMessages(
    annotated: AnnotatedOperation,
    isNew: (message: AnnotatedMessage) => boolean,
    use: (name: string) => void,
  ): string[] {
    const { operation, input, output } = annotated;
    const name = docText(operation.name);
    const parts: string[] = [];
    if (isNew(input)) {
      const description = `Parameters of \`${name}\`. ${firstSentence(annotated.description)}`;
      parts.push(...this.#message(input, [description], use), ...this.#views(input.name, input.rules, use));
    }
    if (output && isNew(output)) parts.push(...this.#message(output, [`Response of \`${name}\`.`], use));
    return parts;
  }

  #type(type: AnnotatedType, use: (name: string) => void): string[] {
    const { definition } = type;
    const comment = docComment([...describeType(type, this.#annotated.sources), facetText(definition)]);
    if (definition.kind === 'simple') {
      const members = enumerationMembers(definition);
      return this.#forms(definition.name).map((form) => {
        const text =
          members.length > 0
            ? members.map((member) => `\n  | ${member}`).join('')
            : ` ${this.#expressions.primitive(definition.primitive, form, use)}`;
        return `${comment}export type ${this.#expressions.interfaceName(definition.name, form)} =${text};\n`;
      });
    }
    const item = arrayItem(definition);
    const direction = this.#expressions.directionOf(definition.name);
    if (item) {
      const [field] = type.fields;
      return this.#forms(definition.name).map((form) => {
        const name = this.#expressions.interfaceName(definition.name, form);
        const array = field ? this.#expressions.field(field, form, use) : 'unknown[]';
        return `${comment}export type ${name} = ${array};\n`;
      });
    }
    const parts = [
      comment + this.#interface(type, direction, use),
      ...this.#views(definition.name, type.rules, use),
    ];
    if (this.#expressions.needsInputForm(definition.name)) {
      const note = `{@link ${definition.name}} as accepted in requests.`;
      parts.push(docComment([note]) + this.#interface(type, 'input', use));
    }
    return parts;
  }

  /** The directions for which a type is declared. */
  #forms(name: string): Direction[] {
    const direction = this.#expressions.directionOf(name);
    return this.#expressions.needsInputForm(name) ? [direction, 'input'] : [direction];
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
    const names = this.#properties.ofType(definition.name);
    return `export interface ${name}${heritage} ${this.#body(type, names, direction, use)}\n`;
  }

  /**
   * The interface of a message, and a second one for requests if callers may send more forms than responses
   * contain.
   */
  #message(
    message: AnnotatedMessage,
    paragraphs: readonly (string | undefined)[],
    use: (name: string) => void,
  ): string[] {
    const comment = docComment([...paragraphs, remarksTag(message.rules.map(ruleText))]);
    const direction = this.#expressions.messageDirection(message);
    const parts = [comment + this.#messageInterface(message, direction, use)];
    if (this.#expressions.messageName(message, 'input') !== message.name) {
      const note = `{@link ${message.name}} as accepted in requests.`;
      parts.push(docComment([note]) + this.#messageInterface(message, 'input', use));
    }
    return parts;
  }

  #messageInterface(message: AnnotatedMessage, direction: Direction, use: (name: string) => void): string {
    const name = this.#expressions.messageName(message, direction);
    const { type, base = type } = message.element;
    const definition = base === undefined ? undefined : this.#expressions.definition(base);
    const names = this.#properties.ofMessage(message);
    // An array cannot be extended, so its element is written out.
    if (base === undefined || (definition !== undefined && arrayItem(definition) !== undefined))
      return `export interface ${name} ${this.#body(message, names, direction, use)}\n`;
    const extended = this.#expressions.interfaceName(base, direction);
    use(extended);
    const body = type === undefined ? this.#body(message, names, direction, use) : '{}';
    return `export interface ${name} extends ${extended} ${body}\n`;
  }

  #body(owner: Owner, names: readonly string[], direction: Direction, use: (name: string) => void): string {
    const { fields, page } = owner;
    const isOpen = hasOpenAttributes('element' in owner ? owner.element : owner.definition, this.#annotated);
    if (fields.length === 0 && !isOpen) return '{}';
    const lines = fields.map((field, index) => {
      const optional = field.field.min === 0;
      const type = this.#expressions.field(field, direction, use);
      const value = `${propertyName(names[index] ?? field.field.name)}${optional ? '?' : ''}: ${type}`;
      return `${docComment(describeField(field, page), '  ')}  ${value}${optional ? ' | undefined' : ''};\n`;
    });
    if (isOpen) lines.push(OPEN_LINE);
    return `{\n${lines.join('')}}`;
  }

  /** A union type of an exclusive choice. Checking for one member narrows it. */
  #views(name: string, rules: readonly Rule[], use: (name: string) => void): string[] {
    return rules
      .filter((rule) => rule.view !== undefined && rule.kind !== 'atLeastOne')
      .map((rule) => {
        const helper = rule.kind === 'exactlyOne' ? 'ExactlyOne' : 'AtMostOne';
        use(helper);
        const keys = rule.fields.map((f) => `  | ${quote(f)}\n`).join('');
        const text = `{@link ${name}} as a union: testing for one member of the choice excludes the others.`;
        return `${docComment([text])}export type ${rule.view} = ${helper}<\n  ${name},\n${keys}>;\n`;
      });
  }
}

function firstSentence(text: string | undefined): string {
  const match = /^.*?[.!?](?=\s|$)/s.exec(text ?? '');
  return docText((match?.[0] ?? text ?? '').replace(/\s+/g, ' '));
}
