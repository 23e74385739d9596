import type { DiagnosticBag } from '../diagnostic.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import type { Documents } from './load-documents.js';
import { WSDL } from './namespaces.js';
import { sameElement } from './same-element.js';
import { attributeQName, qualified } from './schema-index.js';

/** The children with a name in the WSDL namespace. */
export function wsdlChildren(parent: XmlElement, local: string): XmlElement[] {
  return parent.children.filter((c) => c.uri === WSDL && c.local === local);
}

type ComponentKind = 'message' | 'portType' | 'binding';

/**
 * The messages, port types and bindings of a WSDL and its imports, by qualified name.
 *
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_document-n | WSDL 1.1, 2.1.1 Document Naming and Linking}
 */
export class WsdlComponents {
  readonly #components: Readonly<Record<ComponentKind, Map<string, XmlElement>>> = {
    message: new Map(),
    portType: new Map(),
    binding: new Map(),
  };
  readonly #bag: DiagnosticBag;

  constructor(documents: Documents['definitions'], bag: DiagnosticBag) {
    this.#bag = bag;
    for (const definitions of documents) {
      const uri = attribute(definitions, 'targetNamespace') ?? '';
      for (const child of definitions.children) {
        const components = child.uri === WSDL ? this.#of(child.local) : undefined;
        const key = qualified({ uri, local: attribute(child, 'name') ?? '' });
        const existing = components?.get(key);
        if (existing === undefined) components?.set(key, child);
        else if (!sameElement(existing, child)) {
          const { file, line } = existing.position;
          const message = `${child.local} ${key} is already defined at ${file}:${line}`;
          bag.add('duplicate', message, child.position);
        }
      }
    }
  }

  #of(kind: string): Map<string, XmlElement> | undefined {
    return kind === 'message' || kind === 'portType' || kind === 'binding'
      ? this.#components[kind]
      : undefined;
  }

  all(kind: ComponentKind): Iterable<XmlElement> {
    return this.#components[kind].values();
  }

  /** The component that an attribute of `from` refers to. Reports a missing or unknown reference. */
  find(kind: ComponentKind, from: XmlElement, reference: string): XmlElement | undefined {
    const name = attributeQName(from, reference, this.#bag);
    if (name === undefined) {
      if (attribute(from, reference) === undefined)
        this.#bag.add('missing-reference', `<${from.name}> needs a ${reference}`, from.position);
      return undefined;
    }
    const found = this.#components[kind].get(qualified(name));
    if (found === undefined) {
      this.#bag.add('unknown-reference', `the document has no ${kind} ${qualified(name)}`, from.position);
    }
    return found;
  }
}
