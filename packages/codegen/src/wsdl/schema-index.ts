import type { DiagnosticBag } from '../diagnostic.js';
import { isNCName } from '../identifier.js';
import { attribute, type QName, resolveQName, type XmlElement } from '../xml/parse-xml.js';
import type { SchemaDocument } from './load-documents.js';
import { XSD } from './namespaces.js';

/** A global component of a schema, with the document whose defaults apply to it. */
export interface Component {
  readonly element: XmlElement;
  readonly document: SchemaDocument;
}

const KINDS = ['complexType', 'simpleType', 'element', 'attribute'] as const;
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
  };

  constructor(schemas: readonly SchemaDocument[], bag: DiagnosticBag) {
    for (const document of schemas) {
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
          const key = qualified({ uri: document.targetNamespace, local: name });
          const existing = this.#components[kind].get(key);
          if (existing) {
            const { file, line } = existing.element.position;
            bag.add('duplicate', `${kind} "${name}" is already defined at ${file}:${line}`, element.position);
          } else {
            this.#components[kind].set(key, { element, document });
          }
        }
      }
    }
  }

  find(kind: ComponentKind, name: QName): Component | undefined {
    return this.#components[kind].get(qualified(name));
  }

  all(kind: ComponentKind): Iterable<Component> {
    return this.#components[kind].values();
  }
}

/** `{namespace}local`, the usual notation. */
export function qualified({ uri, local }: QName): string {
  return `{${uri}}${local}`;
}

/**
 * Resolves the QName in an attribute; reports a prefix that is not declared.
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
