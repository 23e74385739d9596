import { capitalize, isNCName, toIdentifier } from '../identifier.js';
import { type Field, UNBOUNDED } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { type Content, documentationOf, type TypeLookup } from './content.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { isXsdPrimitive } from './primitives.js';
import { attributeQName, qualified } from './schema-index.js';

interface Occurs {
  readonly min: number;
  readonly max: number;
}

interface Scope {
  readonly occurs: Occurs;
  readonly choice: Field['choice'];
}

const TOP: Scope = { occurs: { min: 1, max: 1 }, choice: undefined };

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
  readonly #fields: Field[] = [];
  readonly #types: TypeLookup;
  readonly #document: SchemaDocument;
  readonly #owner: string;
  #base: string | undefined;
  #group: 'sequence' | 'all' = 'sequence';
  #anyAttribute = false;
  #choices = 0;

  constructor(types: TypeLookup, document: SchemaDocument, owner: string) {
    this.#types = types;
    this.#document = document;
    this.#owner = owner;
  }

  read(complexType: XmlElement): Content {
    if (attribute(complexType, 'mixed') === 'true') {
      this.#unsupported(complexType, 'mixed content');
    }
    this.#readChildren(complexType);
    const names = new Set<string>();
    for (const field of this.#fields) {
      const key = `${field.attribute ? '@' : ''}${field.name}`;
      if (names.has(key)) {
        this.#types.bag.add(
          'duplicate',
          `"${this.#owner}" has the field "${field.name}" twice`,
          field.position,
        );
      }
      names.add(key);
    }
    return { base: this.#base, group: this.#group, fields: this.#fields, anyAttribute: this.#anyAttribute };
  }

  #readChildren(parent: XmlElement): void {
    for (const child of parent.children) {
      if (child.uri !== XSD) {
        this.#unsupported(child, `<${child.name}>`);
        continue;
      }
      switch (child.local) {
        case 'annotation':
          break;
        case 'all':
          this.#group = 'all';
          this.#readGroup(child, TOP);
          break;
        case 'sequence':
          this.#readGroup(child, TOP);
          break;
        case 'choice':
          this.#readChoice(child, TOP);
          break;
        case 'attribute':
          this.#readAttribute(child);
          break;
        case 'anyAttribute':
          this.#anyAttribute = true;
          break;
        case 'complexContent':
        case 'simpleContent':
          this.#readDerived(child);
          break;
        default:
          this.#unsupported(child, `<${child.name}>`);
      }
    }
  }

  /**
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-complexContent..extension | XML Schema 1.0, 3.4.2, extension in complexContent}
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-simpleContent..extension | XML Schema 1.0, 3.4.2, extension in simpleContent}
   */
  #readDerived(content: XmlElement): void {
    const simple = content.local === 'simpleContent';
    for (const derivation of content.children) {
      if (derivation.uri === XSD && derivation.local === 'annotation') continue;
      if (derivation.uri !== XSD || derivation.local !== 'extension') {
        this.#unsupported(derivation, `<${derivation.name}> in <${content.name}>`);
        continue;
      }
      const name = attributeQName(derivation, 'base', this.#types.bag);
      if (name === undefined) {
        this.#types.bag.add('missing-base', 'an extension needs a base', derivation.position);
        continue;
      }
      if (simple && this.#types.index.find('complexType', name) === undefined) {
        this.#fields.push(this.#textField(derivation));
      } else if (name.uri === XSD && isXsdPrimitive(name.local) && name.local !== 'anyType') {
        this.#unsupported(derivation, `complex content that extends xsd:${name.local}`);
      } else {
        const base = this.#types.resolveTypeName(name, derivation);
        if (base.kind === 'type') this.#base = base.name;
      }
      this.#readChildren(derivation);
    }
  }

  #textField(extension: XmlElement): Field {
    const name = attributeQName(extension, 'base', this.#types.bag);
    return {
      name: '_',
      namespace: '',
      type: name ? this.#types.resolveTypeName(name, extension) : { kind: 'primitive', name: 'string' },
      min: 1,
      max: 1,
      nillable: false,
      attribute: false,
      text: true,
      choice: undefined,
      documentation: undefined,
      position: extension.position,
    };
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#Model_Groups | XML Schema 1.0, 3.8 Model Groups} */
  #readGroup(group: XmlElement, scope: Scope): void {
    const inner = { occurs: multiply(scope.occurs, this.#occurs(group)), choice: scope.choice };
    for (const child of group.children) this.#readParticle(child, inner);
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-choice | XML Schema 1.0, 3.8.2, the element choice} */
  #readChoice(choice: XmlElement, scope: Scope): void {
    const own = this.#occurs(choice);
    const repeated = own.max > 1;
    if (scope.choice !== undefined) this.#unsupported(choice, `<${choice.name}> inside another choice`);
    this.#choices += 1;
    const group = this.#choices;
    let branch = 0;
    for (const child of choice.children) {
      if (child.uri === XSD && child.local === 'annotation') continue;
      branch += 1;
      this.#readParticle(child, {
        occurs: { ...multiply(scope.occurs, own), min: 0 },
        // The branches of a repeated choice may all occur, so they exclude nothing.
        choice: repeated ? undefined : { group, branch },
      });
    }
  }

  #readParticle(child: XmlElement, scope: Scope): void {
    switch (child.uri === XSD ? child.local : '') {
      case 'annotation':
        break;
      case 'element':
        this.#readElement(child, scope);
        break;
      case 'sequence':
        this.#readGroup(child, scope);
        break;
      case 'choice':
        this.#readChoice(child, scope);
        break;
      default:
        this.#unsupported(child, `<${child.name}>`);
    }
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-element | XML Schema 1.0, 3.3.2, the element element} */
  #readElement(reference: XmlElement, scope: Scope): void {
    const occurs = multiply(scope.occurs, this.#occurs(reference));
    if (occurs.max === 0) return;
    const ref = attributeQName(reference, 'ref', this.#types.bag);
    const global = ref && this.#types.index.find('element', ref);
    if (ref && !global) {
      this.#types.bag.add(
        'unknown-element',
        `no schema defines the element ${qualified(ref)}`,
        reference.position,
      );
      return;
    }
    const declaration = global?.element ?? reference;
    const document = global?.document ?? this.#document;
    const name = this.#declaredName(declaration);
    if (name === undefined) return;
    if (attribute(declaration, 'substitutionGroup') !== undefined) {
      this.#unsupported(declaration, 'a substitution group');
    }
    const form = attribute(reference, 'form');
    const qualifiedForm = global !== undefined || (form ? form === 'qualified' : document.elementQualified);
    this.#fields.push({
      name,
      namespace: qualifiedForm ? document.targetNamespace : '',
      type: this.#types.resolveFieldType(declaration, document, this.#hoistedName(name)),
      min: occurs.min,
      max: occurs.max,
      nillable: attribute(declaration, 'nillable') === 'true',
      attribute: false,
      text: false,
      choice: scope.choice,
      documentation: documentationOf(reference) ?? documentationOf(declaration),
      position: reference.position,
    });
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-attribute | XML Schema 1.0, 3.2.2, the element attribute} */
  #readAttribute(reference: XmlElement): void {
    const use = attribute(reference, 'use');
    if (use === 'prohibited') return;
    const ref = attributeQName(reference, 'ref', this.#types.bag);
    const global = ref && this.#types.index.find('attribute', ref);
    if (ref && !global) {
      this.#unsupported(
        reference,
        `a reference to the attribute ${qualified(ref)}, which no schema defines,`,
      );
      return;
    }
    const declaration = global?.element ?? reference;
    const document = global?.document ?? this.#document;
    const name = this.#declaredName(declaration);
    if (name === undefined) return;
    const form = attribute(reference, 'form');
    const qualifiedForm = global !== undefined || (form ? form === 'qualified' : document.attributeQualified);
    this.#fields.push({
      name,
      namespace: qualifiedForm ? document.targetNamespace : '',
      type: this.#types.resolveFieldType(declaration, document, this.#hoistedName(name)),
      min: use === 'required' ? 1 : 0,
      max: 1,
      nillable: false,
      attribute: true,
      text: false,
      choice: undefined,
      documentation: documentationOf(reference),
      position: reference.position,
    });
  }

  #declaredName(declaration: XmlElement): string | undefined {
    const name = attribute(declaration, 'name');
    if (name !== undefined && isNCName(name)) return name;
    const message =
      name === undefined
        ? `<${declaration.name}> needs a name or a ref`
        : `${JSON.stringify(name)} is not an XML name`;
    this.#types.bag.add(name === undefined ? 'missing-name' : 'bad-name', message, declaration.position);
    return undefined;
  }

  #hoistedName(field: string): string {
    return `${this.#owner}${capitalize(toIdentifier(field))}`;
  }

  #occurs(element: XmlElement): Occurs {
    return { min: this.#count(element, 'minOccurs'), max: this.#count(element, 'maxOccurs') };
  }

  #count(element: XmlElement, name: 'minOccurs' | 'maxOccurs'): number {
    const value = attribute(element, name)?.trim();
    if (value === undefined) return 1;
    if (value === 'unbounded' && name === 'maxOccurs') return UNBOUNDED;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    this.#types.bag.add('bad-value', `${name}="${value}" is not a count`, element.position);
    return 1;
  }

  #unsupported(element: XmlElement, what: string): void {
    this.#types.bag.add(
      'unsupported-construct',
      `${what} is not supported in "${this.#owner}"`,
      element.position,
    );
  }
}

function multiply(outer: Occurs, inner: Occurs): Occurs {
  // 0 × unbounded is 0 in a schema, not NaN.
  const max = outer.max === 0 || inner.max === 0 ? 0 : outer.max * inner.max;
  return { min: outer.min * inner.min, max };
}
