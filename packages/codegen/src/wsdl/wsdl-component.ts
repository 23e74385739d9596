import type { DiagnosticBag } from '../diagnostic.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { WSDL } from './namespaces.js';
import { attributeQName, qualified } from './schema-index.js';

/** The children with a name in the namespace of WSDL. */
export function wsdlChildren(parent: XmlElement, local: string): XmlElement[] {
  return parent.children.filter((c) => c.uri === WSDL && c.local === local);
}

/**
 * The message, port type or binding that an attribute of `from` refers to; reports a missing or unknown reference.
 *
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_document-n | WSDL 1.1, 2.1.1 Document Naming and Linking}
 */
export function wsdlComponent(
  definitions: XmlElement,
  kind: 'message' | 'portType' | 'binding',
  from: XmlElement,
  reference: string,
  bag: DiagnosticBag,
): XmlElement | undefined {
  const name = attributeQName(from, reference, bag);
  if (name === undefined) {
    bag.add('missing-reference', `<${from.name}> does not name a ${kind}`, from.position);
    return undefined;
  }
  const found = wsdlChildren(definitions, kind).find((c) => attribute(c, 'name') === name.local);
  if (found === undefined || name.uri !== (attribute(definitions, 'targetNamespace') ?? '')) {
    bag.add('unknown-reference', `the document has no ${kind} ${qualified(name)}`, from.position);
    return undefined;
  }
  return found;
}
