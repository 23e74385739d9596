import type { DiagnosticBag } from '../diagnostic.js';
import { capitalize, NameAllocator } from '../identifier.js';
import type { ComplexType, MessageElement, SimpleType, TypeDefinition, TypeRef } from '../model.js';
import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import { documentationOf, type TypeLookup } from './content.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { isXsdPrimitive } from './primitives.js';
import { readContent, textField } from './read-content.js';
import { SimpleReader } from './read-simple.js';
import { attributeQName, type Component, nameOf, qualified, type SchemaIndex } from './schema-index.js';

/**
 * The type of an element without a type: any content.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#ur-type-itself | XML Schema 1.0, 3.4.7, the ur-type}
 */
const ANY_TYPE: TypeRef = { kind: 'primitive', name: 'anyType' };

const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';

/**
 * Turns schema components into the types of the model. Named types keep their order in the schema; an
 * anonymous type is hoisted and named after the path to it.
 */
export class TypeReader implements TypeLookup {
  readonly types: TypeDefinition[] = [];
  readonly #names = new NameAllocator();
  readonly #byQName = new Map<string, string>();
  /**
   * The types of declarations already read. Other declarations can refer to them, and they can refer to
   * themselves.
   */
  readonly #ofDeclaration = new Map<XmlElement, TypeRef>();
  readonly #simple: SimpleReader;
  readonly index: SchemaIndex;
  readonly bag: DiagnosticBag;

  constructor(index: SchemaIndex, bag: DiagnosticBag) {
    this.index = index;
    this.bag = bag;
    this.#simple = new SimpleReader(index, bag);
    for (const kind of ['complexType', 'simpleType'] as const) {
      for (const component of index.all(kind)) {
        this.#byQName.set(qualified(nameOf(component)), this.#names.allocate(nameOf(component).local));
      }
    }
  }

  /** Reads every named type. Called once, before messages are read. */
  readNamedTypes(): void {
    const named: { component: Component; complex: boolean }[] = [];
    for (const component of this.index.all('complexType')) named.push({ component, complex: true });
    for (const component of this.index.all('simpleType')) named.push({ component, complex: false });
    for (const { component, complex } of named) {
      const name = this.#byQName.get(qualified(nameOf(component))) as string;
      const { element, document } = component;
      if (complex) this.#addComplex(element, document, name, nameOf(component).local);
      else this.#addSimple(element, document, name, nameOf(component).local);
    }
  }

  /** A message element. Its fields come from its own or its named type, or hold its text. */
  readMessage({ element, document }: Component): MessageElement | undefined {
    const xmlName = attribute(element, 'name') ?? '';
    if (attribute(element, 'abstract')?.trim() === 'true') {
      this.bag.add(
        'unsupported-construct',
        `the message element "${xmlName}" is abstract; refer to the element that replaces it`,
        element.position,
      );
      return undefined;
    }
    const typeName = attributeQName(element, 'type', this.bag);
    const named = typeName && this.index.find('complexType', typeName);
    const source = named ?? {
      element: element.children.find((c) => c.uri === XSD && c.local === 'complexType'),
      document,
    };
    const name = this.#names.allocate(capitalize(xmlName));
    const message = { name, xmlName, namespace: document.targetNamespace, position: element.position };
    if (source.element === undefined) {
      const isNillable = /^(?:true|1)$/.test(attribute(element, 'nillable')?.trim() ?? '');
      const text = textField(
        this.resolveFieldType(element, document, `${name}Value`),
        element,
        isNillable ? 0 : 1,
      );
      return { ...message, group: 'sequence', fields: [text], type: undefined, anyAttribute: false };
    }
    const typeRef = named && typeName ? this.#byQName.get(qualified(typeName)) : undefined;
    const content = readContent(this, source.element, source.document, name);
    return {
      ...message,
      group: content.group,
      fields: content.fields,
      type: typeRef,
      ...(content.base !== undefined && named === undefined ? { base: content.base } : {}),
      anyAttribute: content.anyAttribute,
    };
  }

  /** The message for a body without an element. */
  emptyMessage(xmlName: string, position: MessageElement['position']): MessageElement {
    const name = this.#names.allocate(capitalize(xmlName));
    return {
      name,
      xmlName: '',
      namespace: '',
      group: 'sequence',
      fields: [],
      type: undefined,
      anyAttribute: false,
      position,
    };
  }

  /**
   * The type that an element or attribute declaration refers to or contains.
   *
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-element | XML Schema 1.0, 3.3.2, the element element}
   */
  resolveFieldType(declaration: XmlElement, document: SchemaDocument, hoistedName: string): TypeRef {
    const known = this.#ofDeclaration.get(declaration);
    if (known !== undefined) return known;
    const name = attributeQName(declaration, 'type', this.bag);
    if (name) return this.resolveTypeName(name, declaration);
    const inline = declaration.children.find(
      (c) => c.uri === XSD && (c.local === 'complexType' || c.local === 'simpleType'),
    );
    if (inline === undefined) return this.#typeWithoutName(declaration);
    const hoisted = this.#names.allocate(hoistedName);
    const type: TypeRef = { kind: 'type', name: hoisted };
    // Registered before it is read, because it may contain itself.
    this.#ofDeclaration.set(declaration, type);
    if (inline.local === 'simpleType') this.#addSimple(inline, document, hoisted, '');
    else this.#addComplex(inline, document, hoisted, '');
    return type;
  }

  /**
   * An attribute without a type is text. An element without one has the type of the element it replaces, or
   * any content.
   */
  #typeWithoutName(declaration: XmlElement): TypeRef {
    if (declaration.local === 'attribute') return { kind: 'primitive', name: 'anySimpleType' };
    const head = attributeQName(declaration, 'substitutionGroup', this.bag);
    const found = head && this.index.find('element', head);
    if (found === undefined || found.element === declaration) return ANY_TYPE;
    return this.resolveFieldType(found.element, found.document, `${capitalize(nameOf(found).local)}Element`);
  }

  resolveTypeName(name: QName, from: XmlElement): TypeRef {
    if (name.uri === XSD) {
      if (isXsdPrimitive(name.local)) return { kind: 'primitive', name: name.local };
      this.bag.add('unsupported-type', `the built-in type "${name.local}" is not supported`, from.position);
      return ANY_TYPE;
    }
    const known = this.#byQName.get(qualified(name));
    if (known !== undefined) return { kind: 'type', name: known };
    if (name.uri === SOAP_ENCODING) {
      this.bag.add(
        'unsupported-type',
        `"${name.local}" is a type of SOAP encoding, which is not supported; generate from a document/literal binding`,
        from.position,
      );
      return ANY_TYPE;
    }
    this.bag.add(
      'unknown-type',
      `no schema defines the type ${qualified(name)}${this.index.adviceOn(name)}`,
      from.position,
    );
    return ANY_TYPE;
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexType | XML Schema 1.0, 3.4.2, the element complexType} */
  #addComplex(element: XmlElement, document: SchemaDocument, name: string, xmlName: string): void {
    // Reserve the place first, so that hoisted types follow the type that contains them.
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

  #addSimple(element: XmlElement, document: SchemaDocument, name: string, xmlName: string): void {
    const simple: SimpleType = {
      kind: 'simple',
      name,
      xmlName,
      namespace: document.targetNamespace,
      ...this.#simple.read(element),
      documentation: documentationOf(element),
      position: element.position,
    };
    this.types.push(simple);
  }
}
