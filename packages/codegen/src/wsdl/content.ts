import type { DiagnosticBag } from '../diagnostic.js';
import type { Field, TypeRef } from '../model.js';
import type { QName, XmlElement } from '../xml/parse-xml.js';
import type { SchemaDocument } from './load-documents.js';
import type { SchemaIndex } from './schema-index.js';

/** The content of a complex type. */
export interface Content {
  readonly base: string | undefined;
  readonly group: 'sequence' | 'all';
  readonly fields: readonly Field[];
  readonly anyAttribute: boolean;
}

/**
 * Finds the types that content refers to. An interface, because types contain content and content refers to
 * types.
 */
export interface TypeLookup {
  readonly index: SchemaIndex;
  readonly bag: DiagnosticBag;
  /** The type with a name. Reports a name that no schema defines. */
  resolveTypeName(name: QName, from: XmlElement): TypeRef;
  /**
   * The type that an element or attribute declaration refers to or contains. A contained type is named
   * `hoistedName`, once: all references to the declaration get the same type.
   */
  resolveFieldType(declaration: XmlElement, document: SchemaDocument, hoistedName: string): TypeRef;
}

/**
 * The text of `xsd:annotation/xsd:documentation`, with white space collapsed.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-annotation | XML Schema 1.0, 3.13.2, the element annotation}
 */
export function documentationOf(element: XmlElement): string | undefined {
  const texts = element.children
    .filter((c) => c.local === 'annotation')
    .flatMap((a) => a.children.filter((c) => c.local === 'documentation'))
    .map((d) => d.text.replace(/\s+/g, ' ').trim())
    .filter((t) => t !== '');
  return texts.length > 0 ? texts.join('\n\n') : undefined;
}
