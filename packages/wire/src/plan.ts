import type {
  Contract,
  ContractField,
  ContractMessage,
  ContractSimpleType,
  ContractType,
} from '@ips-sdk/types/contract';
import { contractName } from './contract-name.js';
import { WireError } from './errors.js';
import { simplePlan } from './simple-plan.js';
import { type ComplexPlan, FieldPlan, OPEN_ATTRIBUTES } from './type-plan.js';

/** A message: a complex value in its own element. */
export interface MessagePlan {
  readonly name: string;
  /** Empty for a body without an element. */
  readonly element: string;
  readonly namespace: string;
  readonly body: ComplexPlan;
}

/** Compiles the tables of a contract on first use, so a client compiles only the operations that it calls. */
export class Plans {
  readonly contract: Contract;
  /** Name of the contract in messages. */
  readonly name: string;
  readonly #types = new Map<string, ComplexPlan>();
  readonly #messages = new Map<string, MessagePlan>();
  #byElement: ReadonlyMap<string, readonly string[]> | undefined;
  #isPlain: boolean | undefined;

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

  /**
   * The plan of the message for a body element. If several messages have the name, the namespace decides.
   *
   * @param namespace - Namespace of the element in the contract.
   */
  byElement(element: string, namespace: string = this.contract.messageNamespace): MessagePlan | undefined {
    this.#byElement ??= Map.groupBy(
      Object.keys(this.contract.messages).filter((name) => !this.contract.headers.includes(name)),
      (name) => this.contract.messages[name]?.element ?? '',
    );
    const names = this.#byElement.get(element);
    if (names === undefined || element === '') return undefined;
    const { messages, messageNamespace } = this.contract;
    const isOf = (name: string): boolean => (messages[name]?.namespace ?? messageNamespace) === namespace;
    const name = names.find(isOf) ?? names.at(-1);
    return name === undefined ? undefined : this.message(name);
  }

  /** Whether all fields of the contract are elements with one value, in the namespace of their message. */
  get isPlain(): boolean {
    if (this.#isPlain === undefined) {
      const { messages, types } = this.contract;
      const complex = Object.values(types).filter((type) => 'fields' in type);
      this.#isPlain =
        Object.values(messages).every((message) => message.element !== '' && hasPlainFields(message)) &&
        complex.every((type) => type.namespace === undefined && hasPlainFields(type)) &&
        Object.values(types).every((type) => !('simple' in type) || isPlainSimple(type));
    }
    return this.#isPlain;
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
    const type = Object.hasOwn(this.contract.types, name) ? this.contract.types[name] : undefined;
    if (type === undefined || !('fields' in type))
      throw new WireError('unknown-name', `the ${this.name} has no type "${name}"`);
    if (type.abstract === true) {
      const message = `the type "${name}" is abstract: its elements need an xsi:type, which is not supported`;
      throw new WireError('unknown-name', message);
    }
    // A type may contain itself, as a folder its subfolders, so the plan is registered before its fields are compiled.
    const plan = { name } as ComplexPlan;
    this.#types.set(name, plan);
    try {
      return Object.assign(plan, this.#compile(name, type));
    } catch (error) {
      // A refused type is refused again on every use.
      this.#types.delete(name);
      throw error;
    }
  }

  #compile(name: string, definition: ContractType | ContractMessage): ComplexPlan {
    const isArray = 'array' in definition && definition.array === true;
    const rows = this.#allFields(definition);
    const plan = ({ row, namespace }: OwnedField, index: number): FieldPlan =>
      this.#field(row, namespace, index, isArray);
    const elements = rows.filter(({ row: [, , , , o] }) => !o?.attribute && !o?.text).map(plan);
    const attributes = rows.filter(({ row }) => row[4]?.attribute).map(plan);
    const [text] = rows.filter(({ row }) => row[4]?.text).map(plan);
    const isOpen = this.#isOpen(definition);
    const all = [...elements, ...attributes, ...(text === undefined ? [] : [text])];
    const [item] = isArray ? elements : [];
    const [row] = isArray ? definition.fields : [];
    return {
      name,
      contract: this.name,
      fields: elements,
      byName: new Map(elements.filter((f) => !f.wildcard).map((field) => [field.name, field])),
      attributes,
      anyAttribute: isOpen,
      text,
      wildcard: elements.find((field) => field.wildcard),
      properties: new Set([...all.map((field) => field.property), ...(isOpen ? [OPEN_ATTRIBUTES] : [])]),
      hasChoices: elements.some((field) => field.choice !== undefined),
      requiredCount: all.filter((field) => field.required).length,
      item,
      minItems: row?.[2] ?? 0,
      maxItems: row?.[3] ?? Number.POSITIVE_INFINITY,
      anyOrder: definition.all === true,
    };
  }

  /** Whether a type or one of its bases allows any attributes. */
  #isOpen({ anyAttribute, base }: ContractType | ContractMessage): boolean {
    if (anyAttribute === true || base === undefined) return anyAttribute === true;
    const type = Object.hasOwn(this.contract.types, base) ? this.contract.types[base] : undefined;
    return type !== undefined && 'fields' in type && this.#isOpen(type);
  }

  /** The fields, after those of the base, each with the namespace of the type or message that declares it. */
  #allFields(definition: ContractType | ContractMessage): readonly OwnedField[] {
    const namespace = definition.namespace ?? this.contract.messageNamespace;
    const own = definition.fields.map((row) => ({ row, namespace }));
    if (definition.base === undefined) return own;
    const base = Object.hasOwn(this.contract.types, definition.base)
      ? this.contract.types[definition.base]
      : undefined;
    const inherited = base && 'fields' in base ? this.#allFields(base) : [];
    return [...inherited, ...own];
  }

  #field(row: ContractField, namespace: string, index: number, inArray: boolean): FieldPlan {
    const [name, type, , , options] = row;
    if (options?.repeats?.[0] === 'sequence') {
      throw new WireError('unknown-name', 'repeated sequences of several elements are not supported', name);
    }
    const simple = simplePlan(this.contract, type);
    return new FieldPlan({
      row,
      namespace,
      index,
      inArray,
      simple,
      compile: () => (simple === undefined ? this.#type(type) : undefined),
    });
  }
}

interface OwnedField {
  readonly row: ContractField;
  /** The namespace of its elements. */
  readonly namespace: string;
}

function hasPlainFields({ fields, ...definition }: ContractType | ContractMessage): boolean {
  const inArray = 'array' in definition && definition.array === true;
  if (definition.anyAttribute === true) return false;
  return fields.every(
    ([, type, , max, options]) =>
      type !== 'xsd:anyType' &&
      (max <= 1 || inArray) &&
      (options === undefined || Object.keys(options).length === 0),
  );
}

function isPlainSimple({ simple, values }: ContractSimpleType): boolean {
  return simple !== 'xsd:anyType' && values === undefined;
}
