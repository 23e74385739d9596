import type { Contract, ContractField, ContractMessage, ContractType } from '@ips-sdk/types/contract';
import { contractName } from './contract-name.js';
import { WireError } from './errors.js';

/** How a simple value is written and read. */
export type ValueKind = 'text' | 'boolean' | 'int' | 'long' | 'double' | 'dateTime' | 'binary';

/** A field, ready to encode and decode. */
export interface FieldPlan {
  readonly name: string;
  readonly required: boolean;
  /** The kind of a simple value; `undefined` for a complex one. */
  readonly kind: ValueKind | undefined;
  /** The range of an integer. */
  readonly minimum: number;
  readonly maximum: number;
  /** The plan of a complex value. */
  readonly complex: ComplexPlan | undefined;
  /** Its index in the order of the wire. */
  readonly index: number;
  /** The value must not appear in messages. */
  readonly secret: boolean;
  /** `<name>` and the related tags, for the common case of an element without prefix. */
  readonly open: string;
  readonly close: string;
  readonly empty: string;
}

/** A complex type or message. */
export interface ComplexPlan {
  readonly name: string;
  /** How messages call the contract that the type is of. */
  readonly contract: string;
  readonly fields: readonly FieldPlan[];
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly requiredCount: number;
  /** The repeated element of an array type. */
  readonly item: FieldPlan | undefined;
  /** How often the repeated element must and may occur. */
  readonly minItems: number;
  readonly maxItems: number;
  /** The elements may come in any order. */
  readonly anyOrder: boolean;
}

/** A message: a complex value in its own element. */
export interface MessagePlan {
  readonly name: string;
  readonly element: string;
  readonly namespace: string;
  readonly body: ComplexPlan;
}

const INT32 = { minimum: -2147483648, maximum: 2147483647 };
const SAFE = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const RANGES: Readonly<Record<string, { kind: ValueKind; minimum: number; maximum: number }>> = {
  'xsd:byte': { kind: 'int', minimum: -128, maximum: 127 },
  'xsd:unsignedByte': { kind: 'int', minimum: 0, maximum: 255 },
  'xsd:short': { kind: 'int', minimum: -32768, maximum: 32767 },
  'xsd:unsignedShort': { kind: 'int', minimum: 0, maximum: 65535 },
  'xsd:int': { kind: 'int', ...INT32 },
  'xsd:unsignedInt': { kind: 'int', minimum: 0, maximum: 4294967295 },
  'xsd:long': { kind: 'long', ...SAFE },
  'xsd:integer': { kind: 'long', ...SAFE },
};
const KINDS: Readonly<Record<string, ValueKind>> = {
  'xsd:boolean': 'boolean',
  'xsd:double': 'double',
  'xsd:float': 'double',
  'xsd:dateTime': 'dateTime',
  'xsd:base64Binary': 'binary',
};
const SECRETS: ReadonlySet<string> = new Set(['password', 'accessToken', 'samlResponse', 'AuthPassword']);

/** Whether the value of an element of this name must not appear in messages. */
export function isSecretName(name: string): boolean {
  return SECRETS.has(name);
}

/** Compiles the tables of a contract on first use, so that a client that calls two operations compiles two. */
export class Plans {
  readonly contract: Contract;
  /** How messages call the contract. */
  readonly name: string;
  readonly #types = new Map<string, ComplexPlan>();
  readonly #messages = new Map<string, MessagePlan>();
  #byElement: ReadonlyMap<string, string> | undefined;

  constructor(contract: Contract) {
    this.contract = contract;
    this.name = contractName(contract);
  }

  /** The plan of a message by its name, such as `SubmitJobParam`. */
  message(name: string): MessagePlan {
    const known = this.#messages.get(name);
    if (known) return known;
    const message = Object.hasOwn(this.contract.messages, name) ? this.contract.messages[name] : undefined;
    if (message === undefined)
      throw new WireError('unknown-name', `the ${this.name} has no message "${name}"`);
    const plan: MessagePlan = {
      name,
      element: message.element,
      namespace: message.namespace ?? this.contract.messageNamespace,
      body: this.#compile(message.element, message),
    };
    this.#messages.set(name, plan);
    return plan;
  }

  /** The plan of the message that an element of the body is. */
  byElement(element: string): MessagePlan | undefined {
    this.#byElement ??= new Map(
      Object.entries(this.contract.messages)
        .filter(([name]) => !this.contract.headers.includes(name))
        .map(([name, message]) => [message.element, name]),
    );
    const name = this.#byElement.get(element);
    return name === undefined ? undefined : this.message(name);
  }

  /** The messages of an operation. */
  operation(name: string): {
    readonly input: MessagePlan;
    readonly output: MessagePlan | undefined;
    readonly action: string;
  } {
    const operation = Object.hasOwn(this.contract.operations, name)
      ? this.contract.operations[name]
      : undefined;
    if (operation === undefined)
      throw new WireError('unknown-name', `the ${this.name} has no operation "${name}"`);
    const output = operation.output === undefined ? undefined : this.message(operation.output);
    return { input: this.message(operation.input), output, action: operation.action };
  }

  #type(name: string): ComplexPlan {
    const known = this.#types.get(name);
    if (known) return known;
    const type = this.contract.types[name];
    if (type === undefined || !('fields' in type))
      throw new WireError('unknown-name', `the ${this.name} has no type "${name}"`);
    // A type may contain itself, as a folder its subfolders, so the plan is registered before its fields are compiled.
    const plan = { name } as ComplexPlan;
    this.#types.set(name, plan);
    return Object.assign(plan, this.#compile(name, type));
  }

  #compile(name: string, definition: ContractType | ContractMessage): ComplexPlan {
    const isArray = 'array' in definition && definition.array === true;
    const fields = this.#allFields(definition).map((field, index) => this.#field(field, index, isArray));
    const [item] = isArray ? fields : [];
    const [row] = isArray ? definition.fields : [];
    return {
      name,
      contract: this.name,
      fields,
      byName: new Map(fields.map((field) => [field.name, field])),
      requiredCount: fields.filter((field) => field.required).length,
      item,
      minItems: row?.[2] ?? 0,
      maxItems: row?.[3] ?? Number.POSITIVE_INFINITY,
      anyOrder: definition.all === true,
    };
  }

  #allFields(definition: ContractType | ContractMessage): readonly ContractField[] {
    if (definition.base === undefined) return definition.fields;
    const base = this.contract.types[definition.base];
    const inherited = base && 'fields' in base ? this.#allFields(base) : [];
    return [...inherited, ...definition.fields];
  }

  #field([name, type, min, max, options]: ContractField, index: number, inArray: boolean): FieldPlan {
    if (options?.attribute || options?.text || options?.nillable || (max > 1 && !inArray)) {
      throw new WireError(
        'unknown-name',
        'attributes, text content, nil and bare repeated elements are not supported',
        name,
      );
    }
    const simple = this.#simple(type);
    const types = this;
    let complex: ComplexPlan | undefined;
    return {
      name,
      required: min > 0,
      kind: simple?.kind,
      minimum: simple?.minimum ?? 0,
      maximum: simple?.maximum ?? 0,
      // Compiled on first use, so that one operation does not compile the whole contract.
      get complex(): ComplexPlan | undefined {
        if (simple === undefined) complex ??= types.#type(type);
        return complex;
      },
      index,
      secret: isSecretName(name),
      open: `<${name}>`,
      close: `</${name}>`,
      empty: `<${name}/>`,
    };
  }

  #simple(type: string): { kind: ValueKind; minimum: number; maximum: number } | undefined {
    if (type.startsWith('xsd:'))
      return RANGES[type] ?? { kind: KINDS[type] ?? 'text', minimum: 0, maximum: 0 };
    const definition = this.contract.types[type];
    return definition && 'simple' in definition ? this.#simple(definition.simple) : undefined;
  }
}
