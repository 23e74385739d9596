import type { DiagnosticBag } from '../diagnostic.js';
import { capitalize, NameAllocator } from '../identifier.js';
import type { ComplexType, MessageElement, SimpleType, TypeDefinition, TypeRef } from '../model.js';
import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import { documentationOf, type TypeLookup } from './content.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { isXsdPrimitive, type XsdPrimitive } from './primitives.js';
import { readContent } from './read-content.js';
import { attributeQName, type Component, qualified, type SchemaIndex } from './schema-index.js';

/**
 * The type of an element without a type: any content.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#ur-type-itself | XML Schema 1.0, 3.4.7, the ur-type}
 */
const ANY_TYPE: TypeRef = { kind: 'primitive', name: 'anyType' };

/**
 * Turns schema components into the types of the model. Named types keep their order in the schema;
 * an anonymous type is hoisted to a named one, called after the path that leads to it.
 */
export class TypeReader implements TypeLookup {
  readonly types: TypeDefinition[] = [];
  readonly #names = new NameAllocator();
  readonly #byQName = new Map<string, string>();
  readonly index: SchemaIndex;
  readonly bag: DiagnosticBag;

  constructor(index: SchemaIndex, bag: DiagnosticBag) {
    this.index = index;
    this.bag = bag;
    for (const kind of ['complexType', 'simpleType'] as const) {
      for (const component of index.all(kind)) {
        this.#byQName.set(
          qualified(componentName(component)),
          this.#names.allocate(componentName(component).local),
        );
      }
    }
  }

  /** Reads every named type. Call once, before messages are read. */
  readNamedTypes(): void {
    const named: { component: Component; complex: boolean }[] = [];
    for (const component of this.index.all('complexType')) named.push({ component, complex: true });
    for (const component of this.index.all('simpleType')) named.push({ component, complex: false });
    for (const { component, complex } of named) {
      const name = this.#byQName.get(qualified(componentName(component))) as string;
      const { element, document } = component;
      if (complex) this.#addComplex(element, document, name, componentName(component).local);
      else this.#addSimple(element, document, name, componentName(component).local);
    }
  }

  /** A message element: its fields are those of its own or its named type. */
  readMessage({ element, document }: Component): MessageElement | undefined {
    const xmlName = attribute(element, 'name') ?? '';
    const typeName = attributeQName(element, 'type', this.bag);
    const named = typeName && this.index.find('complexType', typeName);
    const source = named ?? {
      element: element.children.find((c) => c.uri === XSD && c.local === 'complexType'),
      document,
    };
    if (source.element === undefined) {
      this.bag.add(
        'unsupported-construct',
        `the message element "${xmlName}" holds a simple value; only complex types are supported in messages`,
        element.position,
      );
      return undefined;
    }
    const name = this.#names.allocate(capitalize(xmlName));
    const typeRef = named && typeName ? this.#byQName.get(qualified(typeName)) : undefined;
    const content = readContent(this, source.element, source.document, name);
    if (content.base !== undefined && named === undefined) {
      this.bag.add(
        'unsupported-construct',
        `the message element "${xmlName}" extends a type; give the extended type a name`,
        element.position,
      );
    }
    return {
      name,
      xmlName,
      namespace: document.targetNamespace,
      group: content.group,
      fields: content.fields,
      type: typeRef,
      anyAttribute: content.anyAttribute,
      position: element.position,
    };
  }

  /**
   * The type that an element or attribute declaration names or holds.
   *
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-element | XML Schema 1.0, 3.3.2, the element element}
   */
  resolveFieldType(declaration: XmlElement, document: SchemaDocument, hoistedName: string): TypeRef {
    const name = attributeQName(declaration, 'type', this.bag);
    if (name) return this.resolveTypeName(name, declaration);
    const inline = declaration.children.find(
      (c) => c.uri === XSD && (c.local === 'complexType' || c.local === 'simpleType'),
    );
    if (inline === undefined) return ANY_TYPE;
    if (inline.local === 'simpleType') {
      const simple = this.#addSimple(inline, document, this.#names.allocate(hoistedName), '');
      return simple ? { kind: 'type', name: simple.name } : ANY_TYPE;
    }
    const hoisted = this.#names.allocate(hoistedName);
    this.#addComplex(inline, document, hoisted, '');
    return { kind: 'type', name: hoisted };
  }

  resolveTypeName(name: QName, from: XmlElement): TypeRef {
    if (name.uri === XSD) {
      if (isXsdPrimitive(name.local)) return { kind: 'primitive', name: name.local };
      this.bag.add('unsupported-type', `the built-in type "${name.local}" is not supported`, from.position);
      return ANY_TYPE;
    }
    const known = this.#byQName.get(qualified(name));
    if (known !== undefined) return { kind: 'type', name: known };
    this.bag.add('unknown-type', `no schema defines the type ${qualified(name)}`, from.position);
    return ANY_TYPE;
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexType | XML Schema 1.0, 3.4.2, the element complexType} */
  #addComplex(element: XmlElement, document: SchemaDocument, name: string, xmlName: string): void {
    // Reserve the place first, so that hoisted types follow the type that holds them.
    const place = this.types.length;
    const placeholder: ComplexType = {
      kind: 'complex',
      name,
      xmlName,
      namespace: document.targetNamespace,
      base: undefined,
      abstract: attribute(element, 'abstract') === 'true',
      group: 'sequence',
      fields: [],
      anyAttribute: false,
      documentation: documentationOf(element),
      position: element.position,
    };
    this.types.push(placeholder);
    this.types[place] = { ...placeholder, ...readContent(this, element, document, name) };
  }

  /**
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-simpleType | XML Schema 1.0, 3.14.2, the element simpleType}
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-2-20041028/#rf-facets | XML Schema 1.0 Part 2, 4.3 Constraining Facets}
   */
  #addSimple(
    element: XmlElement,
    document: SchemaDocument,
    name: string,
    xmlName: string,
  ): SimpleType | undefined {
    const restriction = element.children.find((c) => c.uri === XSD && c.local !== 'annotation');
    if (restriction?.local !== 'restriction') {
      const found = restriction ? `<${restriction.name}>` : 'nothing';
      this.bag.add(
        'unsupported-construct',
        `a simple type may only hold a restriction, not ${found}`,
        element.position,
      );
      return undefined;
    }
    const enumeration: string[] = [];
    const facets: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const facet of restriction.children) {
      const value = attribute(facet, 'value');
      if (facet.uri === XSD && facet.local === 'annotation') continue;
      if (facet.uri !== XSD || value === undefined) {
        this.bag.add(
          'unsupported-construct',
          `<${facet.name}> in a restriction is not supported`,
          facet.position,
        );
      } else if (facet.local === 'enumeration') {
        if (!enumeration.includes(value)) enumeration.push(value);
      } else {
        facets[facet.local] = value;
      }
    }
    const simple: SimpleType = {
      kind: 'simple',
      name,
      xmlName,
      namespace: document.targetNamespace,
      primitive: this.#basePrimitive(restriction),
      enumeration,
      facets,
      documentation: documentationOf(element),
      position: element.position,
    };
    this.types.push(simple);
    return simple;
  }

  /** Follows restrictions of restrictions down to the built-in type. */
  #basePrimitive(restriction: XmlElement): XsdPrimitive {
    const seen = new Set<XmlElement>();
    let current: XmlElement | undefined = restriction;
    while (current && !seen.has(current)) {
      seen.add(current);
      const base = attributeQName(current, 'base', this.bag);
      if (base === undefined) break;
      if (base.uri === XSD) {
        const type = this.resolveTypeName(base, current);
        return type.kind === 'primitive' ? type.name : 'string';
      }
      const parent: Component | undefined = this.index.find('simpleType', base);
      if (parent === undefined) {
        this.bag.add(
          'unknown-type',
          `no schema defines the simple type ${qualified(base)}`,
          current.position,
        );
        return 'string';
      }
      current = parent.element.children.find((c) => c.uri === XSD && c.local === 'restriction');
    }
    this.bag.add('circular-type', 'the restriction leads to no built-in type', restriction.position);
    return 'string';
  }
}

function componentName({ element, document }: Component): QName {
  return { uri: document.targetNamespace, local: attribute(element, 'name') ?? '' };
}
