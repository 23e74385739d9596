import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import type { Content, TypeLookup } from './content.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { isXsdPrimitive } from './primitives.js';
import { type Attributes, attributeKey, noAttributes, readAttributes } from './read-attributes.js';
import { ParticleReader } from './read-particles.js';
import { attributeQName, type Component } from './schema-index.js';

const PARTICLES: ReadonlySet<string> = new Set(['sequence', 'choice', 'all', 'group']);
const ATTRIBUTES: ReadonlySet<string> = new Set(['attribute', 'attributeGroup', 'anyAttribute']);
/** Facets of restricted simple content, whose type stays that of its base. */
const FACETS: ReadonlySet<string> = new Set([
  'simpleType',
  'enumeration',
  'pattern',
  'length',
  'minLength',
  'maxLength',
  'minInclusive',
  'maxInclusive',
  'minExclusive',
  'maxExclusive',
  'totalDigits',
  'fractionDigits',
  'whiteSpace',
]);

/**
 * Reads the content of a `complexType`: its group of elements, its attributes and its base.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexType | XML Schema 1.0, 3.4.2, the element complexType}
 */
export function readContent(
  types: TypeLookup,
  complexType: XmlElement,
  document: SchemaDocument,
  owner: string,
): Content {
  return new ContentReader(types, document, owner).read(complexType);
}

class ContentReader {
  readonly #types: TypeLookup;
  readonly #document: SchemaDocument;
  readonly #owner: string;
  readonly #particles: ParticleReader;
  #attributes: Attributes = noAttributes();
  #base: string | undefined;

  constructor(types: TypeLookup, document: SchemaDocument, owner: string) {
    this.#types = types;
    this.#document = document;
    this.#owner = owner;
    this.#particles = new ParticleReader(types, document, owner);
  }

  read(complexType: XmlElement): Content {
    const content = complexType.children.find((child) => child.local === 'complexContent');
    if (isTrue(complexType, 'mixed') || (content !== undefined && isTrue(content, 'mixed'))) {
      return this.#readMixed(complexType, content);
    }
    this.#readChildren(complexType, new Set());
    const { list } = this.#particles;
    for (const field of this.#attributes.fields) list.push(field);
    return {
      base: this.#base,
      group: this.#particles.group,
      fields: list.fields,
      anyAttribute: this.#attributes.any,
    };
  }

  /** Objects have no place for text between elements, so mixed content is kept as XML. */
  #readMixed(complexType: XmlElement, content: XmlElement | undefined): Content {
    const derivation = derivationOf(complexType);
    const base = derivation && attributeQName(derivation, 'base', this.#types.bag);
    if (base !== undefined && (base.uri !== XSD || base.local !== 'anyType')) {
      this.#unsupported(content ?? complexType, 'mixed content that extends a type');
    }
    readAttributes(derivation ?? complexType, this.#place(), this.#attributes);
    const whole = textField({ kind: 'primitive', name: 'anyType' }, complexType, 0);
    return {
      base: undefined,
      group: 'sequence',
      fields: [whole, ...this.#attributes.fields],
      anyAttribute: this.#attributes.any,
    };
  }

  #readChildren(parent: XmlElement, passedOver: ReadonlySet<string>): void {
    readAttributes(parent, this.#place(), this.#attributes);
    for (const child of parent.children) {
      if (child.uri !== XSD) this.#unsupported(child, `<${child.name}>`);
      else if (PARTICLES.has(child.local)) this.#particles.read(child);
      else if (child.local === 'complexContent' || child.local === 'simpleContent') this.#readDerived(child);
      else if (child.local !== 'annotation' && !ATTRIBUTES.has(child.local) && !passedOver.has(child.local))
        this.#unsupported(child, `<${child.name}>`);
    }
  }

  /**
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexContent | XML Schema 1.0, 3.4.2, the element complexContent}
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-simpleContent | XML Schema 1.0, 3.4.2, the element simpleContent}
   */
  #readDerived(content: XmlElement): void {
    const simple = content.local === 'simpleContent';
    for (const derivation of content.children) {
      if (derivation.uri === XSD && derivation.local === 'annotation') continue;
      if (derivation.uri !== XSD || !['extension', 'restriction'].includes(derivation.local)) {
        this.#unsupported(derivation, `<${derivation.name}> in <${content.name}>`);
        continue;
      }
      const name = attributeQName(derivation, 'base', this.#types.bag);
      if (name === undefined) {
        if (attribute(derivation, 'base') === undefined)
          this.#types.bag.add('missing-base', `<${derivation.name}> needs a base`, derivation.position);
        continue;
      }
      const base = this.#types.index.find('complexType', name);
      const restricts = derivation.local === 'restriction';
      if (simple && base === undefined) {
        const type = this.#types.resolveTypeName(name, derivation);
        this.#particles.list.push(textField(type, derivation));
      } else if (name.uri === XSD && name.local === 'anyType') {
        // Every type extends and restricts it.
      } else if (name.uri === XSD && isXsdPrimitive(name.local)) {
        this.#unsupported(derivation, `complex content that extends xsd:${name.local}`);
      } else if (restricts && base !== undefined) {
        this.#readRestricted(derivation, base, simple);
        continue;
      } else {
        const found = this.#types.resolveTypeName(name, derivation);
        if (found.kind === 'type') this.#base = found.name;
      }
      this.#readChildren(derivation, NOTHING);
    }
  }

  /**
   * A restriction repeats the elements it keeps. Attributes are inherited unless prohibited. The result is a
   * complete type without a base.
   *
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexContent..restriction | XML Schema 1.0, 3.4.2, restriction in complexContent}
   */
  #readRestricted(restriction: XmlElement, base: Component, simple: boolean): void {
    this.#readChildren(restriction, simple ? FACETS : NOTHING);
    const own = new Set(this.#attributes.fields.map(attributeKey));
    const { prohibited } = this.#attributes;
    const seen = new Set<XmlElement>();
    for (let at: Component | undefined = base; at !== undefined && !seen.has(at.element); ) {
      seen.add(at.element);
      const inherited: Attributes = noAttributes();
      const derivation = derivationOf(at.element);
      readAttributes(derivation ?? at.element, { ...this.#place(), document: at.document }, inherited);
      for (const field of inherited.fields) {
        const key = attributeKey(field);
        if (!own.has(key) && !prohibited.has(key)) this.#attributes.fields.push(field);
        own.add(key);
      }
      for (const key of inherited.prohibited) prohibited.add(key);
      const name: QName | undefined = derivation && attributeQName(derivation, 'base', this.#types.bag);
      const next: Component | undefined = name && this.#types.index.find('complexType', name);
      if (simple && derivation !== undefined && name !== undefined && next === undefined) {
        this.#particles.list.push(textField(this.#types.resolveTypeName(name, derivation), restriction));
      }
      at = next;
    }
  }

  #place(): { types: TypeLookup; document: SchemaDocument; owner: string } {
    return { types: this.#types, document: this.#document, owner: this.#owner };
  }

  #unsupported(element: XmlElement, what: string): void {
    this.#types.bag.add(
      'unsupported-construct',
      `${what} is not supported in "${this.#owner}"`,
      element.position,
    );
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** The element with the base of a complex type, if it has one. */
function derivationOf(complexType: XmlElement): XmlElement | undefined {
  return complexType.children
    .find((child) => child.local === 'simpleContent' || child.local === 'complexContent')
    ?.children.find((child) => child.local === 'extension' || child.local === 'restriction');
}

/** The text of an element with attributes. */
export function textField(
  type: Content['fields'][number]['type'],
  { position }: XmlElement,
  min: number = 1,
): Content['fields'][number] {
  return {
    name: '_',
    namespace: '',
    type,
    min,
    max: 1,
    nillable: false,
    attribute: false,
    text: true,
    choice: undefined,
    documentation: undefined,
    position,
  };
}

function isTrue(element: XmlElement, name: string): boolean {
  const value = attribute(element, name)?.trim();
  return value === 'true' || value === '1';
}
