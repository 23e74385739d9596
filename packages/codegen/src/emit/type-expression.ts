import type { AnnotatedContract, AnnotatedField, AnnotatedMessage } from '../annotate/annotated.js';
import { reachableTypes } from '../diff/reachable-types.js';
import { arrayItem, type Field, type MessageElement, type TypeDefinition, type TypeRef } from '../model.js';
import { primitiveInfo, type XsdPrimitive } from '../wsdl/primitives.js';

/** Whether a type is used in requests or in responses. */
export type Direction = 'input' | 'output';

/** Records a name that a type expression refers to. */
export type Use = (name: string) => void;

/**
 * Decides how the fields of a contract are written in TypeScript, and which types need a second form.
 *
 * Dates and binary data are strings in responses, but callers may also send a `Date` or bytes. A type that
 * only requests use is declared in the wider form. A type with such fields that both requests and responses
 * use gets a second interface, `…Input`.
 */
export class TypeExpressions {
  readonly #types: ReadonlyMap<string, TypeDefinition>;
  readonly #inInput: ReadonlySet<string>;
  readonly #inOutput: ReadonlySet<string>;
  /** Names that an `…Input` interface must not have. */
  readonly #taken: ReadonlySet<string>;
  /** Types that contain dates or binary data, anywhere below them. */
  readonly #wide: ReadonlySet<string>;
  readonly #sent: ReadonlySet<MessageElement>;
  readonly #answered: ReadonlySet<MessageElement>;

  constructor(annotated: AnnotatedContract) {
    const { contract } = annotated;
    this.#types = new Map(contract.types.map((t) => [t.name, t]));
    this.#sent = new Set(contract.operations.flatMap((o) => [o.input, ...o.headers]));
    this.#answered = new Set(
      contract.operations.flatMap((o) => [...(o.output ? [o.output] : []), ...o.faults]),
    );
    const messages = [...this.#sent, ...this.#answered, ...contract.otherElements];
    this.#taken = new Set([...this.#types.keys(), ...messages.map((m) => m.name)]);
    this.#wide = wideTypes(contract.types);
    this.#inInput = reachableTypes(contract, 'input');
    this.#inOutput = reachableTypes(contract, 'output');
  }

  /** The direction of the interface with the type's own name. */
  directionOf(type: string): Direction {
    return this.#inInput.has(type) && !this.#inOutput.has(type) ? 'input' : 'output';
  }

  /** Whether the type needs an `…Input` interface as well. */
  needsInputForm(type: string): boolean {
    return this.#inInput.has(type) && this.#inOutput.has(type) && this.#wide.has(type);
  }

  /** The direction of the interface with the message's own name. */
  messageDirection({ element }: AnnotatedMessage): Direction {
    return this.#answered.has(element) ? 'output' : 'input';
  }

  /**
   * The name of a message's interface in a direction. A message in both directions has two if callers may
   * send more forms.
   */
  messageName({ element, name }: AnnotatedMessage, direction: Direction): string {
    if (direction === 'output' || !this.#sent.has(element) || !this.#answered.has(element)) return name;
    const base = element.type ?? element.base;
    const isWide =
      (base !== undefined && this.#wide.has(base)) || element.fields.some((f) => isWideField(f, this.#wide));
    return isWide ? this.#inputName(name) : name;
  }

  #inputName(name: string): string {
    let input = `${name}Input`;
    while (this.#taken.has(input)) input += '_';
    return input;
  }

  definition(name: string): TypeDefinition | undefined {
    return this.#types.get(name);
  }

  /**
   * The TypeScript type of a field, including array brackets and `null`. Every name that it refers to is passed to `use`,
   * so that a file imports only what it needs.
   */
  field(
    { field, constants }: Pick<AnnotatedField, 'field' | 'constants'>,
    direction: Direction,
    use: Use,
  ): string {
    const names = constants.map((list) => list.name);
    const one = this.#reference(field.type, direction, names, use);
    const item = field.nillable ? `${one} | null` : one;
    return field.max > 1 ? this.#array(item, direction) : item;
  }

  /** The name of an interface in a direction. */
  interfaceName(type: string, direction: Direction): string {
    if (direction === 'output' || !this.needsInputForm(type)) return type;
    return this.#inputName(type);
  }

  #reference(type: TypeRef, direction: Direction, constants: readonly string[], use: Use): string {
    if (type.kind === 'primitive') {
      if (primitiveInfo(type.name).family !== 'text' || constants.length === 0) {
        return this.primitive(type.name, direction, use);
      }
      for (const name of constants) use(name);
      return constants.join(' | ');
    }
    const definition = this.#types.get(type.name);
    const item = definition && arrayItem(definition);
    if (item === undefined || this.#isEndless(type.name)) {
      const name = this.interfaceName(type.name, direction);
      use(name);
      return name;
    }
    const inner = this.#reference(item.type, direction, constants, use);
    return this.#array(item.nillable ? `${inner} | null` : inner, direction);
  }

  primitive(name: XsdPrimitive, direction: Direction, use: Use): string {
    const written = this.#primitiveName(name, direction);
    if (/^[A-Z]/.test(written)) use(written);
    return written;
  }

  #primitiveName(name: XsdPrimitive, direction: Direction): string {
    switch (primitiveInfo(name).family) {
      case 'boolean':
        return 'boolean';
      case 'int':
      case 'long':
      case 'double':
        return 'number';
      case 'dateTime':
        return direction === 'input' ? 'DateTimeInput' : 'DateTime';
      case 'binary':
        return direction === 'input' ? 'Base64Input' : 'Base64';
      // Arbitrary content is kept as XML.
      case 'any':
      case 'text':
        return 'string';
    }
  }

  #array(item: string, direction: Direction): string {
    const grouped = /[|&]|^readonly /.test(item) ? `(${item})` : item;
    return direction === 'input' ? `readonly ${grouped}[]` : `${grouped}[]`;
  }

  /** Whether an array type contains itself. */
  #isEndless(name: string): boolean {
    const seen = new Set<string>();
    for (let at: string | undefined = name; at !== undefined && !seen.has(at); ) {
      seen.add(at);
      const definition = this.#types.get(at);
      const item = definition && arrayItem(definition);
      at = item?.type.kind === 'type' ? item.type.name : undefined;
      if (at === name) return true;
    }
    return false;
  }
}

function isWideField({ type }: Field, wide: ReadonlySet<string>): boolean {
  return type.kind === 'type'
    ? wide.has(type.name)
    : ['dateTime', 'binary'].includes(primitiveInfo(type.name).family);
}

/** The types that contain dates or binary data, directly or through other types. */
function wideTypes(types: readonly TypeDefinition[]): ReadonlySet<string> {
  const wide = new Set<string>();
  const users = new Map<string, string[]>();
  const queue: string[] = [];
  for (const type of types) {
    const uses = (name: string): void => {
      const known = users.get(name);
      if (known === undefined) users.set(name, [type.name]);
      else known.push(type.name);
    };
    if (type.kind === 'simple') {
      if (['dateTime', 'binary'].includes(primitiveInfo(type.primitive).family)) queue.push(type.name);
      continue;
    }
    if (type.base !== undefined) uses(type.base);
    for (const field of type.fields) if (field.type.kind === 'type') uses(field.type.name);
    if (type.fields.some((field) => isWideField(field, wide))) queue.push(type.name);
  }
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (wide.has(name)) continue;
    wide.add(name);
    queue.push(...(users.get(name) ?? []));
  }
  return wide;
}
