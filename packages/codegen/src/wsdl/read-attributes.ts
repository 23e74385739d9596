import { capitalize, isNCName, toIdentifier } from '../identifier.js';
import type { Field } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { documentationOf, type TypeLookup } from './content.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { attributeQName, type Component, qualified } from './schema-index.js';

/** The attributes that a type declares, and whether it allows others. */
export interface Attributes {
  readonly fields: Field[];
  /** The names of attributes that a restriction prohibits, as {@link attributeKey}. */
  readonly prohibited: Set<string>;
  any: boolean;
}

/** The context of a declaration. */
export interface Place {
  readonly types: TypeLookup;
  readonly document: SchemaDocument;
  /** The TypeScript name of the enclosing type. */
  readonly owner: string;
}

/**
 * Reads the attributes and attribute groups among the children of `parent`.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-attribute | XML Schema 1.0, 3.2.2, the element attribute}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-attributeGroup | XML Schema 1.0, 3.6.2, the element attributeGroup}
 */
export function readAttributes(
  parent: XmlElement,
  place: Place,
  into: Attributes = noAttributes(),
): Attributes {
  const open: [element: XmlElement, place: Place][] = [[parent, place]];
  const seen = new Set<XmlElement>();
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const [element, here] = next;
    if (seen.has(element)) continue;
    seen.add(element);
    for (const child of element.children) {
      if (child.uri !== XSD) continue;
      if (child.local === 'anyAttribute') into.any = true;
      else if (child.local === 'attribute') readAttribute(child, here, into);
      else if (child.local === 'attributeGroup') {
        const group = referenced('attributeGroup', child, here.types);
        if (group) open.push([group.element, { ...here, document: group.document }]);
      }
    }
  }
  return into;
}

export function noAttributes(): Attributes {
  return { fields: [], prohibited: new Set(), any: false };
}

/** The key that identifies an attribute. */
export function attributeKey({ namespace, name }: Pick<Field, 'namespace' | 'name'>): string {
  return qualified({ uri: namespace, local: name });
}

/** The group that an element refers to. Reports a missing or unknown reference. */
export function referenced(
  kind: 'group' | 'attributeGroup',
  reference: XmlElement,
  types: TypeLookup,
): Component | undefined {
  const name = attributeQName(reference, 'ref', types.bag);
  const found = name && types.index.find(kind, name);
  if (found === undefined) {
    const what = name === undefined ? 'needs a ref' : `refers to ${qualified(name)}, which no schema defines`;
    types.bag.add('unknown-group', `<${reference.name}> ${what}`, reference.position);
  }
  return found;
}

function readAttribute(reference: XmlElement, { types, document, owner }: Place, into: Attributes): void {
  const use = attribute(reference, 'use');
  const ref = attributeQName(reference, 'ref', types.bag);
  const global = ref && types.index.find('attribute', ref);
  if (ref && !global) {
    types.bag.add(
      'unsupported-construct',
      `a reference to the attribute ${qualified(ref)}, which no schema defines, is not supported in "${owner}"${types.index.adviceOn(ref)}`,
      reference.position,
    );
    return;
  }
  const declaration = global?.element ?? reference;
  const home = global?.document ?? document;
  const name = declaredName(declaration, types);
  if (name === undefined) return;
  const form = attribute(reference, 'form');
  const qualifiedForm = global !== undefined || (form ? form === 'qualified' : home.attributeQualified);
  const namespace = qualifiedForm ? home.targetNamespace : '';
  if (use === 'prohibited') {
    into.prohibited.add(attributeKey({ namespace, name }));
    return;
  }
  into.fields.push({
    name,
    namespace,
    type: types.resolveFieldType(declaration, home, hoistedName(global === undefined ? owner : '', name)),
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

/** The name of a declaration. Reports a missing or invalid name. */
export function declaredName(declaration: XmlElement, types: TypeLookup): string | undefined {
  const name = attribute(declaration, 'name');
  if (name !== undefined && isNCName(name)) return name;
  const message =
    name === undefined
      ? `<${declaration.name}> needs a name or a ref`
      : `${JSON.stringify(name)} is not an XML name`;
  types.bag.add(name === undefined ? 'missing-name' : 'bad-name', message, declaration.position);
  return undefined;
}

/**
 * The name of an anonymous type: the name of the enclosing type followed by that of the element. The type of
 * a global declaration has the name of the declaration.
 */
export function hoistedName(owner: string, field: string): string {
  const name = capitalize(toIdentifier(field));
  return owner === '' ? `${name}Element` : `${owner}${name}`;
}
