import { type Field, UNBOUNDED } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { documentationOf, type TypeLookup } from './content.js';
import { FieldList, WILDCARD } from './field-list.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { declaredName, hoistedName, referenced } from './read-attributes.js';
import { attributeQName, type Component, nameOf, qualified } from './schema-index.js';

interface Occurs {
  readonly min: number;
  readonly max: number;
}

interface Scope {
  readonly occurs: Occurs;
  readonly choice: Field['choice'];
  /** Whether the current particle is its whole branch. */
  readonly isWhole: boolean;
}

const TOP: Scope = { occurs: { min: 1, max: 1 }, choice: undefined, isWhole: false };

/** Reads the elements of a complex type as a flat list of fields, in wire order. */
export class ParticleReader {
  readonly list: FieldList;
  group: 'sequence' | 'all' = 'sequence';
  readonly #types: TypeLookup;
  readonly #owner: string;
  #document: SchemaDocument;
  #choices = 0;
  #repeats = 0;
  /** The named groups that enclose the current particle. */
  readonly #openGroups = new Set<XmlElement>();

  constructor(types: TypeLookup, document: SchemaDocument, owner: string) {
    this.#types = types;
    this.#document = document;
    this.#owner = owner;
    this.list = new FieldList(owner, types.bag);
  }

  /** Reads the group of a type. */
  read(group: XmlElement): void {
    if (group.local === 'all') this.group = 'all';
    this.#readParticle(group, TOP);
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#Model_Groups | XML Schema 1.0, 3.8 Model Groups} */
  #readParticle(child: XmlElement, scope: Scope): void {
    switch (child.uri === XSD ? child.local : '') {
      case 'annotation':
        break;
      case 'element':
        this.#readElement(child, scope);
        break;
      case 'any':
        this.#readWildcard(child, scope);
        break;
      case 'sequence':
      case 'all':
        this.#readSequence(child, scope);
        break;
      case 'choice':
        this.#readChoice(child, scope);
        break;
      case 'group':
        this.#readNamedGroup(child, scope);
        break;
      default:
        this.#unsupported(child, `<${child.name}>`);
    }
  }

  #readSequence(group: XmlElement, scope: Scope): void {
    const own = this.#occurs(group);
    const start = this.list.length;
    const [only, ...others] = group.children.filter((child) => child.local !== 'annotation');
    const isWhole = scope.isWhole && others.length === 0;
    const inner = { occurs: multiply(scope.occurs, own), choice: scope.choice, isWhole };
    for (const child of group.children) this.#readParticle(child, inner);
    // A repeated sequence that contains only a choice is a repeated choice.
    const isChoice = only !== undefined && others.length === 0 && isFlatChoice(only);
    if (own.max > 1) this.#markRepeated(start, isChoice);
  }

  #markRepeated(start: number, isChoice: boolean): void {
    this.#repeats += 1;
    this.list.markRepeated(start, isChoice ? 'choice' : 'sequence', this.#repeats);
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-choice | XML Schema 1.0, 3.8.2, the element choice} */
  #readChoice(choice: XmlElement, scope: Scope): void {
    const own = this.#occurs(choice);
    const occurs = { ...multiply(scope.occurs, own), min: 0 };
    // All branches of a repeated choice may occur, so none excludes another.
    const repeated = occurs.max > 1;
    if (scope.choice !== undefined && !repeated && !scope.isWhole)
      this.#unsupported(choice, `<${choice.name}> beside other elements in a branch of another choice`);
    const start = this.list.length;
    this.#eachBranch(scope, repeated, (next) => {
      for (const child of choice.children) {
        if (child.uri === XSD && child.local === 'annotation') continue;
        this.#readParticle(child, { occurs, choice: next(), isWhole: true });
      }
    });
    if (own.max > 1) this.#markRepeated(start, isFlatChoice(choice));
  }

  #branch = 0;

  /**
   * Numbers the branches of a choice. A nested choice adds its branches to the outer one, unless it repeats:
   * then it counts as one branch.
   */
  #eachBranch(scope: Scope, repeated: boolean, read: (next: () => Field['choice']) => void): void {
    if (scope.choice !== undefined && repeated) {
      read(() => scope.choice);
      return;
    }
    if (scope.choice !== undefined) {
      const { group } = scope.choice;
      read(() => {
        this.#branch += 1;
        return { group, branch: this.#branch };
      });
      return;
    }
    this.#choices += 1;
    const group = this.#choices;
    this.#branch = 0;
    read(() => {
      this.#branch += 1;
      return repeated ? undefined : { group, branch: this.#branch };
    });
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#Model_Group_Definitions | XML Schema 1.0, 3.7 Model Group Definitions} */
  #readNamedGroup(reference: XmlElement, scope: Scope): void {
    const group = referenced('group', reference, this.#types);
    if (group === undefined) return;
    if (this.#openGroups.has(group.element)) {
      this.#types.bag.add('circular-group', `<${reference.name}> contains itself`, reference.position);
      return;
    }
    const around = this.#document;
    this.#openGroups.add(group.element);
    this.#document = group.document;
    const own = this.#occurs(reference);
    const start = this.list.length;
    const inner = { ...scope, occurs: multiply(scope.occurs, own) };
    const content = group.element.children.filter((child) => child.local !== 'annotation');
    for (const child of content) {
      if (child.local === 'all' && reference.parent?.local !== 'choice') this.group = 'all';
      this.#readParticle(child, inner);
    }
    if (own.max > 1) this.#markRepeated(start, content.every(isFlatChoice));
    this.#document = around;
    this.#openGroups.delete(group.element);
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-element | XML Schema 1.0, 3.3.2, the element element} */
  #readElement(reference: XmlElement, scope: Scope): void {
    const occurs = multiply(scope.occurs, this.#occurs(reference));
    if (occurs.max === 0) return;
    const ref = attributeQName(reference, 'ref', this.#types.bag);
    if (ref === undefined) {
      if (attribute(reference, 'ref') === undefined)
        this.#addField(
          reference,
          { element: reference, document: this.#document },
          occurs,
          scope.choice,
          false,
        );
      return;
    }
    const global = this.#types.index.find('element', ref);
    if (global === undefined && ref.uri === XSD && ref.local === 'schema') {
      // A .NET data set contains its own schema, which is read as any element.
      this.#addWildcard(reference, occurs, scope.choice);
      return;
    }
    if (global === undefined) {
      this.#types.bag.add(
        'unknown-element',
        `no schema defines the element ${qualified(ref)}${this.#types.index.adviceOn(ref)}`,
        reference.position,
      );
      return;
    }
    const [only, ...others] = this.#types.index.substitutes(global);
    if (only === undefined) {
      this.#unsupported(
        reference,
        `the abstract element ${qualified(ref)}, which no other element replaces,`,
      );
    } else if (others.length === 0) this.#addField(reference, only, occurs, scope.choice, true);
    else this.#readSubstitutes(reference, [only, ...others], occurs, scope);
  }

  /** A place for one of several elements is a choice between them. */
  #readSubstitutes(reference: XmlElement, members: readonly Component[], occurs: Occurs, scope: Scope): void {
    const repeated = occurs.max > 1;
    const start = this.list.length;
    const others = new Set(members.filter((member) => this.list.hasMany(nameOf(member))));
    if (scope.choice !== undefined && !repeated && !scope.isWhole)
      this.#unsupported(reference, 'a substitution group beside other elements in a branch of a choice');
    this.#eachBranch(scope, repeated, (next) => {
      for (const member of members) {
        // An element that the type also declares by name is assigned to that field.
        if (others.has(member)) continue;
        this.#addField(reference, member, { ...occurs, min: 0 }, next(), true);
      }
    });
    if (repeated) this.#markRepeated(start, true);
  }

  #addField(
    reference: XmlElement,
    { element, document }: Component,
    { min, max }: Occurs,
    choice: Field['choice'],
    isGlobal: boolean,
  ): void {
    const name = declaredName(element, this.#types);
    if (name === undefined) return;
    const form = attribute(reference, 'form');
    const qualifiedForm = isGlobal || (form ? form === 'qualified' : document.elementQualified);
    const nillable = attribute(element, 'nillable')?.trim();
    this.list.push({
      name,
      namespace: qualifiedForm ? document.targetNamespace : '',
      type: this.#types.resolveFieldType(element, document, hoistedName(isGlobal ? '' : this.#owner, name)),
      min,
      max,
      nillable: nillable === 'true' || nillable === '1',
      attribute: false,
      text: false,
      choice,
      documentation: documentationOf(reference) ?? documentationOf(element),
      position: reference.position,
    });
  }

  /** @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-any | XML Schema 1.0, 3.10.2, the element any} */
  #readWildcard(any: XmlElement, scope: Scope): void {
    const occurs = multiply(scope.occurs, this.#occurs(any));
    if (occurs.max > 0) this.#addWildcard(any, occurs, scope.choice);
  }

  #addWildcard(any: XmlElement, { min, max }: Occurs, choice: Field['choice']): void {
    this.list.push({
      name: WILDCARD,
      namespace: '',
      type: { kind: 'primitive', name: 'anyType' },
      min,
      max,
      nillable: false,
      attribute: false,
      text: false,
      choice,
      wildcard: true,
      documentation: documentationOf(any),
      position: any.position,
    });
  }

  #occurs(element: XmlElement): Occurs {
    return { min: this.#count(element, 'minOccurs'), max: this.#count(element, 'maxOccurs') };
  }

  #count(element: XmlElement, name: 'minOccurs' | 'maxOccurs'): number {
    const value = attribute(element, name)?.trim();
    if (value === undefined) return 1;
    if (value === 'unbounded' && name === 'maxOccurs') return UNBOUNDED;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    this.#types.bag.add('bad-value', `${name}="${value}" is not a valid count`, element.position);
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

/** Whether a particle is a choice between single elements. */
function isFlatChoice(particle: XmlElement): boolean {
  return (
    particle.local === 'choice' &&
    particle.children.every(
      (child) =>
        child.local === 'element' ||
        child.local === 'any' ||
        child.local === 'annotation' ||
        isFlatChoice(child),
    )
  );
}

function multiply(outer: Occurs, inner: Occurs): Occurs {
  // 0 × unbounded is 0 in a schema, not NaN.
  const max = outer.max === 0 || inner.max === 0 ? 0 : outer.max * inner.max;
  return { min: outer.min * inner.min, max };
}
