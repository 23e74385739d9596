import type { DiagnosticBag } from '../diagnostic.js';
import { isNCName } from '../identifier.js';
import { attribute, type QName, resolveQName, type XmlElement } from '../xml/parse-xml.js';
import type { Documents, SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';
import { sameElement } from './same-element.js';

/** A global component of a schema, with the document whose defaults apply to it. */
export interface Component {
  readonly element: XmlElement;
  readonly document: SchemaDocument;
}

const KINDS = ['complexType', 'simpleType', 'element', 'attribute', 'group', 'attributeGroup'] as const;
export type ComponentKind = (typeof KINDS)[number];

const IGNORED: ReadonlySet<string> = new Set(['annotation', 'include', 'import']);

/**
 * The global components of all schemas, by kind and qualified name, in document order.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#element-schema | XML Schema 1.0, 3.15.2, the element schema}
 */
export class SchemaIndex {
  readonly #components: Record<ComponentKind, Map<string, Component>> = {
    complexType: new Map(),
    simpleType: new Map(),
    element: new Map(),
    attribute: new Map(),
    group: new Map(),
    attributeGroup: new Map(),
  };
  /** Elements that can substitute for another, by the name of the other. */
  readonly #substitutes = new Map<string, Component[]>();

  readonly #namespaces = new Set<string>();

  readonly #remote: ReadonlyMap<string, string>;

  constructor({ schemas, remote }: Pick<Documents, 'schemas' | 'remote'>, bag: DiagnosticBag) {
    this.#remote = remote;
    for (const document of schemas) {
      this.#namespaces.add(document.targetNamespace);
      for (const element of document.root.children) {
        if (element.uri !== XSD || IGNORED.has(element.local)) continue;
        const kind = KINDS.find((k) => k === element.local);
        const name = attribute(element, 'name');
        if (kind === undefined) {
          bag.add('unsupported-construct', `<${element.name}> is not supported`, element.position);
        } else if (name === undefined) {
          bag.add('missing-name', `a global <${element.name}> needs a name`, element.position);
        } else if (!isNCName(name)) {
          bag.add('bad-name', `${JSON.stringify(name)} is not an XML name`, element.position);
        } else {
          this.#add(kind, name, { element, document }, bag);
        }
      }
    }
  }

  #add(kind: ComponentKind, name: string, component: Component, bag: DiagnosticBag): void {
    const { element, document } = component;
    const key = qualified({ uri: document.targetNamespace, local: name });
    const existing = this.#components[kind].get(key);
    if (existing !== undefined) {
      // Documents merged from several often repeat a schema that two of them use.
      if (sameElement(existing.element, element)) return;
      const { file, line } = existing.element.position;
      bag.add(
        'duplicate',
        `${kind} "${name}" is already defined at ${file}:${line}with different content; remove one of them`,
        element.position,
      );
      return;
    }
    this.#components[kind].set(key, component);
    const head = kind === 'element' ? attributeQName(element, 'substitutionGroup', bag) : undefined;
    if (head === undefined) return;
    const others = this.#substitutes.get(qualified(head));
    if (others === undefined) this.#substitutes.set(qualified(head), [component]);
    else others.push(component);
  }

  find(kind: ComponentKind, name: QName): Component | undefined {
    return this.#components[kind].get(qualified(name));
  }

  /** Advice about a name that no schema defines, as the end of a sentence; may be empty. */
  adviceOn({ uri }: QName): string {
    const location = this.#remote.get(uri);
    if (location !== undefined)
      return `; its namespace is imported from a location that is not on disk, and nothing is downloaded; save the file and give --resolve ${location}=FILE`;
    if (uri === '')
      return '; a name without a prefix has no namespace here, so add the prefix of the schema that defines it';
    return this.#namespaces.has(uri) ? '' : '; import the schema of its namespace with a schemaLocation';
  }

  all(kind: ComponentKind): Iterable<Component> {
    return this.#components[kind].values();
  }

  /**
   * The elements allowed where a schema refers to `head`: itself unless it is abstract, and the elements of
   * its substitution group.
   *
   * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#Element_Equivalence_Class | XML Schema 1.0, 2.2.2.2, Element Substitution Group}
   */
  substitutes(head: Component): readonly Component[] {
    const group = new Set([head]);
    for (const member of group) {
      const key = qualified(nameOf(member));
      for (const other of this.#substitutes.get(key) ?? []) group.add(other);
    }
    return [...group].filter(({ element }) => attribute(element, 'abstract')?.trim() !== 'true');
  }
}

/** The name of a global component. */
export function nameOf({ element, document }: Component): QName {
  return { uri: document.targetNamespace, local: attribute(element, 'name') ?? '' };
}

/** `{namespace}local`, the usual notation. */
export function qualified({ uri, local }: QName): string {
  return `{${uri}}${local}`;
}

/**
 * Resolves the QName in an attribute. Reports an undeclared prefix.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#src-qname | XML Schema 1.0, 3.15.3, QName Interpretation}
 */
export function attributeQName(element: XmlElement, local: string, bag: DiagnosticBag): QName | undefined {
  const value = attribute(element, local);
  if (value === undefined) return undefined;
  const name = resolveQName(element, value);
  if (name === undefined) {
    bag.add('undeclared-prefix', `the prefix of ${local}="${value}" is not declared`, element.position);
  }
  return name;
}
