import type { AnnotatedContract, AnnotatedField, AnnotatedMessage } from '../annotate/annotated.js';
import type { Field, MessageElement, TypeDefinition } from '../model.js';

/** The property of attributes that the schema does not name. */
export const OPEN_ATTRIBUTES = '$attributes';

/**
 * Whether `$attributes` holds attributes that the schema does not name. An overlay describes all that a service uses, so with one there
 * are none.
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

/** Each message once: operations may share an element, or use it as a fault or header as well. */
export function distinctMessages(messages: readonly AnnotatedMessage[]): AnnotatedMessage[] {
  const byName = new Map<string, AnnotatedMessage>();
  for (const message of messages) if (!byName.has(message.name)) byName.set(message.name, message);
  return [...byName.values()];
}

/**
 * The property names of fields: the name on the wire, `$value` for the text of an element, and a `$` before what shares its name
 * with another property, own or inherited, such as an attribute with an element.
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

  /** The properties of a message's own fields; those of an element with a named type are the type's. */
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
    // From the root down, so that each finds what it inherits.
    return new Set(bases.reverse().flatMap((name) => this.ofType(name)));
  }
}

/** The property names of the fields of one definition, without regard to a base. */
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
