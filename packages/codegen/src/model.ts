import type { SourcePosition } from './diagnostic.js';
import type { XsdPrimitive } from './wsdl/primitives.js';

/** `maxOccurs="unbounded"`. */
export const UNBOUNDED: number = Number.POSITIVE_INFINITY;

/** The type of a field: an XSD built-in type, or a type of the contract by its TypeScript name. */
export type TypeRef =
  | { readonly kind: 'primitive'; readonly name: XsdPrimitive }
  | { readonly kind: 'type'; readonly name: string };

/** An element or attribute of a complex type or message. */
export interface Field {
  /** The local name on the wire. */
  readonly name: string;
  /** The namespace on the wire; empty for unqualified elements and ordinary attributes. */
  readonly namespace: string;
  readonly type: TypeRef;
  readonly min: number;
  /** Maximum number of occurrences, or {@link UNBOUNDED}. */
  readonly max: number;
  readonly nillable: boolean;
  readonly attribute: boolean;
  /** The text content of a `simpleContent` type. */
  readonly text: boolean;
  /** Set for a member of an `xsd:choice`. Fields of the same group but different branches are mutually exclusive. */
  readonly choice: { readonly group: number; readonly branch: number } | undefined;
  /** Set for a wildcard (`xsd:any`): each value is a complete element that is not in the schema. */
  readonly wildcard?: true;
  /**
   * Set for the members of a group that repeats as a whole: a choice, whose members may come in any order, or a sequence, whose members
   * take turns. Members of the same group have the same number.
   */
  readonly repeats?: { readonly kind: 'choice' | 'sequence'; readonly group: number };
  /** The schema's own `xsd:documentation`, if any. */
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A complex type: an ordered list of fields, which follow those of its base. */
export interface ComplexType {
  readonly kind: 'complex';
  /** TypeScript name: the XML name as a safe and unique identifier. */
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  /** Base type. Its fields are not repeated in {@link fields}. */
  readonly base: string | undefined;
  readonly abstract: boolean;
  /** `all` allows any order on the wire. */
  readonly group: 'sequence' | 'all';
  readonly fields: readonly Field[];
  readonly anyAttribute: boolean;
  /** Set if another type or message extends this one, which makes it an object even if it contains only one repeated element. */
  readonly extended?: true;
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A simple type: an enumeration or another restriction of a built-in type. */
export interface SimpleType {
  readonly kind: 'simple';
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  readonly primitive: XsdPrimitive;
  /** The allowed values. Empty if the type is not an enumeration. */
  readonly enumeration: readonly string[];
  /** The other facets of the restriction, by name: `pattern`, `minLength`, `maxInclusive` and so on. */
  readonly facets: Readonly<Record<string, string>>;
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

export type TypeDefinition = ComplexType | SimpleType;

/**
 * A message element: the child of the SOAP body, a header block or a fault's detail.
 *
 * An element with a simple type has one field, its text. For a message without a part, the body is empty, and so is the name of the
 * element.
 */
export interface MessageElement {
  /** The TypeScript name. */
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  readonly group: 'sequence' | 'all';
  readonly fields: readonly Field[];
  /** Named complex type of the element, if it has one. {@link fields} then contains the fields of that type. */
  readonly type: string | undefined;
  /** Complex type that the element's own type extends. Its fields precede {@link fields} and are not repeated there. */
  readonly base?: string;
  readonly anyAttribute: boolean;
  readonly position: SourcePosition;
}

/** An operation of the port type. */
export interface Operation {
  readonly name: string;
  readonly soapAction: string;
  readonly input: MessageElement;
  /** `undefined` for a one-way operation. */
  readonly output: MessageElement | undefined;
  /** Header blocks of the request, as declared in the binding. */
  readonly headers: readonly MessageElement[];
  readonly faults: readonly MessageElement[];
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A port of the service: an address and its SOAP version. */
export interface Port {
  readonly name: string;
  readonly binding: string;
  readonly soapVersion: '1.1' | '1.2';
  readonly address: string;
}

/** The content of a WSDL, without XML. */
export interface Contract {
  readonly service: string;
  readonly ports: readonly Port[];
  readonly wsdlNamespace: string;
  /** The namespace of the messages' elements. */
  readonly messageNamespace: string;
  /** Last segment of {@link messageNamespace} if it is a date, such as `2014-04-03`. */
  readonly version: string | undefined;
  readonly operations: readonly Operation[];
  /** All named and hoisted types, in schema order. */
  readonly types: readonly TypeDefinition[];
  /** Global elements that no operation uses, such as an alternative form of a header. */
  readonly otherElements: readonly MessageElement[];
  readonly documentation: string | undefined;
}

/**
 * Whether a type is an array wrapper with a single repeated element. Such a type is a plain array in TypeScript. The wrapper exists
 * only on the wire.
 */
export function arrayItem(type: TypeDefinition): Field | undefined {
  if (type.kind !== 'complex' || type.base !== undefined || type.anyAttribute || type.extended)
    return undefined;
  const [item] = type.fields;
  if (type.fields.length !== 1 || item === undefined) return undefined;
  return !item.attribute && !item.text && !item.wildcard && item.max > 1 ? item : undefined;
}
