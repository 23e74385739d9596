import type { AnnotatedContract, AnnotatedField, AnnotatedMessage } from '../annotate/annotated.js';
import type { Field, MessageElement, TypeDefinition } from '../model.js';

/** The property for attributes that the schema does not declare. */
export const OPEN_ATTRIBUTES = '$attributes';

/**
 * Whether `$attributes` holds attributes that the schema does not declare. An overlay describes everything a
 * service uses, so with an overlay there are none.
 */
export function hasOpenAttributes(
  owner: TypeDefinition | MessageElement,
  { hasOverlay }: AnnotatedContract,
): boolean {
  return !hasOverlay && 'anyAttribute' in owner && owner.anyAttribute;
}

/** The messages in the bodies of operations. */
export function bodiesOf({ operations }: AnnotatedContract): AnnotatedMessage[] {
  return operations.flatMap((o) => [o.input, ...(o.output ? [o.output] : [])]);
}

/** Each message once. Operations can share an element, or also use it as a fault or header. */
export function distinctMessages(messages: readonly AnnotatedMessage[]): AnnotatedMessage[] {
  const byName = new Map<string, AnnotatedMessage>();
  for (const message of messages) if (!byName.has(message.name)) byName.set(message.name, message);
  return [...byName.values()];
}

/**
 * The property names of fields: the name on the wire, or `$value` for the text of an element. A field gets
 * the prefix `$` if another property, own or inherited, has the same name, such as an attribute beside an
 * element.
 */
export class PropertyNames {
  readonly #types: ReadonlyMap<string, TypeDefinition>;
  readonly #named = new Map<string, readonly string[]>();

  constructor({ contract }: AnnotatedContract) {
    this.#types = new Map(contract.types.map((t) => [t.name, t]));
  }

  /** The properties of a type's own fields. */
  ofType(name: string): readonly string[] {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const type = this.#types.get(name);
    const names = type?.kind === 'complex' ? propertiesOf(type.fields, this.#inherited(type.base)) : [];
    this.#named.set(name, names);
    return names;
  }

  /**
   * The properties of a message's own fields. For an element with a named type, these are the properties of
   * the type.
   */
  ofMessage({ element }: AnnotatedMessage): readonly string[] {
    return element.type === undefined
      ? propertiesOf(element.fields, this.#inherited(element.base))
      : this.ofType(element.type);
  }

  #inherited(base: string | undefined): ReadonlySet<string> {
    const bases: string[] = [];
    for (let at = base; at !== undefined && !bases.includes(at); ) {
      bases.push(at);
      const type = this.#types.get(at);
      at = type?.kind === 'complex' ? type.base : undefined;
    }
    // Base types first, because their names are inherited.
    return new Set(bases.reverse().flatMap((name) => this.ofType(name)));
  }
}

/** The property names of the fields of one definition, ignoring its base. */
export function fieldNames(fields: readonly AnnotatedField[]): string[] {
  return propertiesOf(
    fields.map(({ field }) => field),
    new Set(),
  );
}

function propertiesOf(fields: readonly Field[], inherited: ReadonlySet<string>): string[] {
  const taken = new Set([...inherited, OPEN_ATTRIBUTES]);
  const names = new Map<Field, string>();
  // Elements come first, so that they keep their names.
  const ordered = [...fields.filter((f) => !f.attribute), ...fields.filter((f) => f.attribute)];
  for (const field of ordered) {
    let name = field.text ? '$value' : field.name;
    // An assignment to `__proto__` would change the object itself.
    while (taken.has(name) || name === '__proto__') name = `$${name}`;
    taken.add(name);
    names.set(field, name);
  }
  return fields.map((field) => names.get(field) ?? field.name);
}
