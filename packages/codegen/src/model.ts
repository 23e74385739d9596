import type { SourcePosition } from './diagnostic.js';
import type { XsdPrimitive } from './wsdl/primitives.js';

/** `maxOccurs="unbounded"`. */
export const UNBOUNDED: number = Number.POSITIVE_INFINITY;

/** What a field holds: an XSD built-in type, or a type of the contract by its TypeScript name. */
export type TypeRef =
  | { readonly kind: 'primitive'; readonly name: XsdPrimitive }
  | { readonly kind: 'type'; readonly name: string };

/** An element or attribute inside a complex type, or of an operation's message. */
export interface Field {
  /** The local name on the wire. */
  readonly name: string;
  /** The namespace on the wire; empty for unqualified elements and ordinary attributes. */
  readonly namespace: string;
  readonly type: TypeRef;
  readonly min: number;
  /** {@link UNBOUNDED} where the schema says so. */
  readonly max: number;
  readonly nillable: boolean;
  readonly attribute: boolean;
  /** The text content of a `simpleContent` type. */
  readonly text: boolean;
  /** Set for a member of an `xsd:choice`: fields of one group but another branch exclude each other. */
  readonly choice: { readonly group: number; readonly branch: number } | undefined;
  /** Set for a wildcard, `xsd:any`: each value is a whole element, which the schema does not name. */
  readonly wildcard?: true;
  /**
   * Set for the members of a group that repeats as a whole, in the order of the document: a choice, whose members may come in any
   * order, or a sequence, whose members take turns. Members of one group share a number.
   */
  readonly repeats?: { readonly kind: 'choice' | 'sequence'; readonly group: number };
  /** The schema's own `xsd:documentation`, if any. */
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A complex type: an ordered list of fields, after those of its base. */
export interface ComplexType {
  readonly kind: 'complex';
  /** The TypeScript name: the XML name as a safe and unique identifier. */
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  /** The type this one extends; its fields are not repeated in {@link fields}. */
  readonly base: string | undefined;
  readonly abstract: boolean;
  /** `all` means that the order on the wire is free. */
  readonly group: 'sequence' | 'all';
  readonly fields: readonly Field[];
  readonly anyAttribute: boolean;
  /** Another type or message extends it, so that it is an object even where it holds nothing but one repeated element. */
  readonly extended?: true;
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A simple type: a restricted built-in type or an enumeration. */
export interface SimpleType {
  readonly kind: 'simple';
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  readonly primitive: XsdPrimitive;
  /** The allowed values; empty when the type is not an enumeration. */
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
 * An element with a simple type has one field, its text. Where a message has no part, and so the body no element, the name of the
 * element is empty.
 */
export interface MessageElement {
  /** The TypeScript name. */
  readonly name: string;
  readonly xmlName: string;
  readonly namespace: string;
  readonly group: 'sequence' | 'all';
  readonly fields: readonly Field[];
  /** The named complex type the element is declared with; its fields are then {@link fields}. */
  readonly type: string | undefined;
  /** The complex type that the element's own type extends; its fields come before {@link fields}, which do not repeat them. */
  readonly base?: string;
  readonly anyAttribute: boolean;
  readonly position: SourcePosition;
}

/** One operation of the port type. */
export interface Operation {
  readonly name: string;
  readonly soapAction: string;
  readonly input: MessageElement;
  /** `undefined` for a one-way operation. */
  readonly output: MessageElement | undefined;
  /** Header blocks that the binding declares for the request. */
  readonly headers: readonly MessageElement[];
  readonly faults: readonly MessageElement[];
  readonly documentation: string | undefined;
  readonly position: SourcePosition;
}

/** A port of the service: an address and the SOAP version spoken there. */
export interface Port {
  readonly name: string;
  readonly binding: string;
  readonly soapVersion: '1.1' | '1.2';
  readonly address: string;
}

/** Everything a WSDL says, free of XML. */
export interface Contract {
  readonly service: string;
  readonly ports: readonly Port[];
  readonly wsdlNamespace: string;
  /** The namespace of the messages' elements. */
  readonly messageNamespace: string;
  /** The last segment of {@link messageNamespace} where it is a date, such as `2014-04-03`. */
  readonly version: string | undefined;
  readonly operations: readonly Operation[];
  /** Every named or hoisted type, in schema order. */
  readonly types: readonly TypeDefinition[];
  /** Global elements that no operation uses, such as an alternative form of a header. */
  readonly otherElements: readonly MessageElement[];
  readonly documentation: string | undefined;
}

/**
 * Whether a type is an array wrapper, which consists of one repeated element. Such a type is a plain array in TypeScript;
 * the wrapper exists only on the wire.
 */
export function arrayItem(type: TypeDefinition): Field | undefined {
  if (type.kind !== 'complex' || type.base !== undefined || type.anyAttribute || type.extended)
    return undefined;
  const [item] = type.fields;
  if (type.fields.length !== 1 || item === undefined) return undefined;
  return !item.attribute && !item.text && !item.wildcard && item.max > 1 ? item : undefined;
}
