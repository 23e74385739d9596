import type { AnnotatedContract, AnnotatedField } from '../annotate/annotated.js';
import { reachableTypes } from '../diff/reachable-types.js';
import { arrayItem, type TypeDefinition, type TypeRef } from '../model.js';
import { primitiveInfo, type XsdPrimitive } from '../wsdl/primitives.js';

/** Whether a type describes what a caller sends or what the service answers. */
export type Direction = 'input' | 'output';

/** Records a name that a type expression refers to. */
export type Use = (name: string) => void;

/**
 * Decides how the fields of a contract are written in TypeScript, and which types need a second form.
 *
 * Dates and binary data are text in answers, while a caller may also give a `Date` or bytes. A type that only inputs use is
 * written in the wider form; one that both sides use and that contains such fields gets a second interface, `…Input`.
 */
export class TypeExpressions {
  readonly #types: ReadonlyMap<string, TypeDefinition>;
  readonly #inInput: ReadonlySet<string>;
  readonly #inOutput: ReadonlySet<string>;
  /** Names that an `…Input` interface must not have. */
  readonly #taken: ReadonlySet<string>;
  readonly #wide = new Map<string, boolean>();

  constructor(annotated: AnnotatedContract) {
    const { contract } = annotated;
    this.#types = new Map(contract.types.map((t) => [t.name, t]));
    const messages = contract.operations.flatMap((o) => [
      o.input,
      ...(o.output ? [o.output] : []),
      ...o.headers,
      ...o.faults,
    ]);
    this.#taken = new Set([...this.#types.keys(), ...messages.map((m) => m.name)]);
    this.#inInput = reachableTypes(contract, 'input');
    this.#inOutput = reachableTypes(contract, 'output');
  }

  /** The direction in which a type's own interface is written. */
  directionOf(type: string): Direction {
    return this.#inInput.has(type) && !this.#inOutput.has(type) ? 'input' : 'output';
  }

  /** Whether the type needs an `…Input` interface as well. */
  needsInputForm(type: string): boolean {
    return this.#inInput.has(type) && this.#inOutput.has(type) && this.#isWide(type);
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
    let name = `${type}Input`;
    while (this.#taken.has(name)) name += '_';
    return name;
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
    if (item === undefined) {
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
      case 'any':
        return 'unknown';
      case 'text':
        return 'string';
    }
  }

  #array(item: string, direction: Direction): string {
    const grouped = /[|&]/.test(item) ? `(${item})` : item;
    return direction === 'input' ? `readonly ${grouped}[]` : `${grouped}[]`;
  }

  /** Whether the type, or anything below it, contains dates or binary data. */
  #isWide(name: string): boolean {
    const known = this.#wide.get(name);
    if (known !== undefined) return known;
    this.#wide.set(name, false);
    const type = this.#types.get(name);
    if (type?.kind !== 'complex') return false;
    const wide =
      (type.base !== undefined && this.#isWide(type.base)) ||
      type.fields.some((field) =>
        field.type.kind === 'type'
          ? this.#isWide(field.type.name)
          : ['dateTime', 'binary'].includes(primitiveInfo(field.type.name).family),
      );
    this.#wide.set(name, wide);
    return wide;
  }
}
