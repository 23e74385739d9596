import type { DiagnosticBag } from '../diagnostic.js';
import { attribute, type QName, resolveQName, type XmlElement } from '../xml/parse-xml.js';
import { XSD } from './namespaces.js';
import { isXsdPrimitive, type XsdPrimitive } from './primitives.js';
import { attributeQName, qualified, type SchemaIndex } from './schema-index.js';

/** The values that a `simpleType` allows. */
export interface SimpleContent {
  readonly primitive: XsdPrimitive;
  /** The allowed values, or empty if the type is not an enumeration. */
  readonly enumeration: readonly string[];
  readonly facets: Readonly<Record<string, string>>;
}

const TEXT: SimpleContent = { primitive: 'string', enumeration: [], facets: {} };

/**
 * Reads a `simpleType`, and follows its restrictions, lists and unions to built-in types.
 *
 * A list stays text, with items separated by white space. A union stays text unless its members share one
 * built-in type. A union of enumerations is an enumeration.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-simpleType | XML Schema 1.0, 3.14.2, the element simpleType}
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-2-20041028/#rf-facets | XML Schema 1.0 Part 2, 4.3 Constraining Facets}
 */
export class SimpleReader {
  readonly #index: SchemaIndex;
  readonly #bag: DiagnosticBag;
  /** The types that enclose the current one. */
  readonly #open = new Set<XmlElement>();

  constructor(index: SchemaIndex, bag: DiagnosticBag) {
    this.#index = index;
    this.#bag = bag;
  }

  read(simpleType: XmlElement): SimpleContent {
    const [derivation] = simpleType.children.filter((c) => c.local !== 'annotation');
    if (this.#open.has(simpleType)) {
      this.#bag.add('circular-type', 'the simple type is not based on a built-in type', simpleType.position);
      return TEXT;
    }
    this.#open.add(simpleType);
    try {
      if (derivation?.uri === XSD && derivation.local === 'restriction') return this.#restriction(derivation);
      if (derivation?.uri === XSD && derivation.local === 'list') return this.#list(derivation);
      if (derivation?.uri === XSD && derivation.local === 'union') return this.#union(derivation);
    } finally {
      this.#open.delete(simpleType);
    }
    const found = derivation ? `<${derivation.name}>` : 'nothing';
    this.#bag.add(
      'unsupported-construct',
      `expected a restriction, a list or a union in the simple type, found ${found}`,
      simpleType.position,
    );
    return TEXT;
  }

  #restriction(restriction: XmlElement): SimpleContent {
    const enumeration: string[] = [];
    const facets: Record<string, string> = Object.create(null) as Record<string, string>;
    let base: SimpleContent | undefined;
    for (const facet of restriction.children) {
      const value = attribute(facet, 'value');
      if (facet.uri === XSD && facet.local === 'annotation') continue;
      if (facet.uri === XSD && facet.local === 'simpleType') base = this.read(facet);
      else if (facet.uri !== XSD || value === undefined) {
        this.#bag.add(
          'unsupported-construct',
          `<${facet.name}> in a restriction is not supported`,
          facet.position,
        );
      } else if (facet.local === 'enumeration') {
        if (!enumeration.includes(value)) enumeration.push(value);
      } else {
        // A value must match one of several patterns.
        const before = facet.local === 'pattern' ? facets['pattern'] : undefined;
        facets[facet.local] = before === undefined ? value : `${before}|${value}`;
      }
    }
    base ??= this.#named(attributeQName(restriction, 'base', this.#bag), restriction);
    return {
      primitive: base.primitive,
      enumeration: enumeration.length > 0 ? enumeration : base.enumeration,
      facets,
    };
  }

  #list(list: XmlElement): SimpleContent {
    const itemType = attributeQName(list, 'itemType', this.#bag);
    if (itemType !== undefined) this.#named(itemType, list);
    return { ...TEXT, facets: { list: attribute(list, 'itemType') ?? 'values' } };
  }

  #union(union: XmlElement): SimpleContent {
    const named = (attribute(union, 'memberTypes') ?? '').split(/\s+/).filter((name) => name !== '');
    const members = named.map((name) => {
      const resolved = resolveQName(union, name);
      if (resolved === undefined)
        this.#bag.add('undeclared-prefix', `the prefix of "${name}" is not declared`, union.position);
      return resolved === undefined ? TEXT : this.#named(resolved, union);
    });
    for (const child of union.children)
      if (child.uri === XSD && child.local === 'simpleType') members.push(this.read(child));
    const primitives = new Set(members.map((member) => member.primitive));
    const [first] = primitives;
    const isClosed = members.length > 0 && members.every((member) => member.enumeration.length > 0);
    return {
      primitive: primitives.size === 1 && first !== undefined ? first : 'string',
      enumeration: isClosed ? [...new Set(members.flatMap((member) => member.enumeration))] : [],
      facets: {},
    };
  }

  #named(name: QName | undefined, from: XmlElement): SimpleContent {
    if (name === undefined) {
      if (attribute(from, 'base') === undefined)
        this.#bag.add('missing-base', `<${from.name}> needs a base`, from.position);
      return TEXT;
    }
    if (name.uri === XSD) {
      if (isXsdPrimitive(name.local)) return { ...TEXT, primitive: name.local };
      this.#bag.add('unsupported-type', `the built-in type "${name.local}" is not supported`, from.position);
      return TEXT;
    }
    const found = this.#index.find('simpleType', name);
    if (found !== undefined) return this.read(found.element);
    this.#bag.add(
      'unknown-type',
      `no schema defines the simple type ${qualified(name)}${this.#index.adviceOn(name)}`,
      from.position,
    );
    return TEXT;
  }
}
