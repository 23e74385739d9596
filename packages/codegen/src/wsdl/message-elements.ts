import type { DiagnosticBag } from '../diagnostic.js';
import type { MessageElement, Operation } from '../model.js';
import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import { SOAP11, SOAP12 } from './namespaces.js';
import type { TypeReader } from './read-types.js';
import { attributeQName, qualified, type SchemaIndex } from './schema-index.js';
import { type WsdlComponents, wsdlChildren } from './wsdl-component.js';

/** The elements of messages. Each is read once, even if many messages refer to it. */
export class MessageElements {
  readonly #components: WsdlComponents;
  readonly #index: SchemaIndex;
  readonly #types: TypeReader;
  readonly #bag: DiagnosticBag;
  readonly #read = new Map<string, MessageElement | undefined>();
  readonly #empty = new Map<XmlElement, MessageElement>();

  constructor(components: WsdlComponents, index: SchemaIndex, types: TypeReader, bag: DiagnosticBag) {
    this.#components = components;
    this.#index = index;
    this.#types = types;
    this.#bag = bag;
  }

  /**
   * The body element of the message of an operation's input or output. `bound` is the same input or output in
   * the binding, which selects the parts in the body. Parts in headers are excluded.
   *
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_messages | WSDL 1.1, 2.3 Messages}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:body | WSDL 1.1, 3.5 soap:body}
   */
  ofBody(reference: XmlElement, bound: XmlElement | undefined): MessageElement | undefined {
    const message = this.#components.find('message', reference, 'message');
    if (message === undefined) return undefined;
    const all = wsdlChildren(message, 'part');
    const body = soapChildren(bound, 'body')[0];
    const listed = body && attribute(body, 'parts')?.split(/\s+/);
    const inHeaders = new Set(
      soapChildren(bound, 'header')
        .filter((header) => this.#components.find('message', header, 'message') === message)
        .map((header) => attribute(header, 'part')),
    );
    const parts = all.filter((part) => {
      const name = attribute(part, 'name') ?? '';
      return listed === undefined ? !inHeaders.has(name) : listed.includes(name);
    });
    const [part, ...others] = parts;
    if (part === undefined) return this.#emptyOf(message);
    if (others.length > 0) {
      this.#bag.add(
        'unsupported-construct',
        `the message "${attribute(message, 'name')}" has ${parts.length} parts in its body; only one is supported: ` +
          'select it with parts="…" in soap:body, or combine the parts in one element',
        message.position,
      );
      return undefined;
    }
    return this.#elementOf(part);
  }

  /**
   * The element of a header block, which is a part of a message. Without `part`, the message must have
   * exactly one.
   */
  ofPart(reference: XmlElement, part: string | undefined): MessageElement | undefined {
    const message = this.#components.find('message', reference, 'message');
    if (message === undefined) return undefined;
    const parts = wsdlChildren(message, 'part');
    const chosen = part === undefined ? parts[0] : parts.find((p) => attribute(p, 'name') === part);
    if (chosen === undefined || (part === undefined && parts.length !== 1)) {
      const where = part === undefined ? `${parts.length} parts; only one is supported` : `no part "${part}"`;
      this.#bag.add(
        'unsupported-construct',
        `the message "${attribute(message, 'name')}" has ${where}`,
        message.position,
      );
      return undefined;
    }
    return this.#elementOf(chosen);
  }

  #elementOf(part: XmlElement): MessageElement | undefined {
    const name = attributeQName(part, 'element', this.#bag);
    if (name !== undefined) return this.#element(name, part);
    if (attribute(part, 'element') === undefined) {
      this.#bag.add(
        'unsupported-construct',
        'a message part with a type is not supported; declare an element of that type and refer to it with element="…"',
        part.position,
      );
    }
    return undefined;
  }

  #emptyOf(message: XmlElement): MessageElement {
    const known = this.#empty.get(message);
    if (known !== undefined) return known;
    const made = this.#types.emptyMessage(attribute(message, 'name') ?? 'Message', message.position);
    this.#empty.set(message, made);
    return made;
  }

  #element(name: QName, from: XmlElement): MessageElement | undefined {
    const key = qualified(name);
    if (this.#read.has(key)) return this.#read.get(key);
    const component = this.#index.find('element', name);
    if (component === undefined) {
      this.#bag.add(
        'unknown-element',
        `no schema defines the element ${key}${this.#index.adviceOn(name)}`,
        from.position,
      );
    }
    const message = component && this.#types.readMessage(component);
    this.#read.set(key, message);
    return message;
  }

  /** Global elements with fields that no operation uses, such as another form of a header. */
  others(operations: readonly Operation[]): MessageElement[] {
    const used = new Set(operations.flatMap((o) => [o.input, o.output, ...o.headers, ...o.faults]));
    const others: MessageElement[] = [];
    for (const component of this.#index.all('element')) {
      const local = attribute(component.element, 'name') ?? '';
      const isComplex = component.element.children.some((c) => c.local === 'complexType');
      if (!isComplex || attribute(component.element, 'abstract')?.trim() === 'true') continue;
      const message = this.#element({ uri: component.document.targetNamespace, local }, component.element);
      if (message && !used.has(message)) others.push(message);
    }
    return others;
  }
}

/** The SOAP extensions of a bound operation's input or output. */
export function soapChildren(bound: XmlElement | undefined, local: string): XmlElement[] {
  return (bound?.children ?? []).filter((c) => c.local === local && (c.uri === SOAP11 || c.uri === SOAP12));
}
