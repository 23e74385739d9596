import type { DiagnosticBag } from '../diagnostic.js';
import type { MessageElement, Operation } from '../model.js';
import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import type { TypeReader } from './read-types.js';
import { attributeQName, qualified, type SchemaIndex } from './schema-index.js';
import { wsdlChildren, wsdlComponent } from './wsdl-component.js';

/** The elements of messages. Each is read once, however many messages name it. */
export class MessageElements {
  readonly #definitions: XmlElement;
  readonly #index: SchemaIndex;
  readonly #types: TypeReader;
  readonly #bag: DiagnosticBag;
  readonly #read = new Map<string, MessageElement | undefined>();

  constructor(definitions: XmlElement, index: SchemaIndex, types: TypeReader, bag: DiagnosticBag) {
    this.#definitions = definitions;
    this.#index = index;
    this.#types = types;
    this.#bag = bag;
  }

  /**
   * The element of the message that `reference` names; with `part`, of that part.
   *
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_messages | WSDL 1.1, 2.3 Messages}
   */
  of(reference: XmlElement, part: string | undefined): MessageElement | undefined {
    const message = wsdlComponent(this.#definitions, 'message', reference, 'message', this.#bag);
    if (message === undefined) return undefined;
    const parts = wsdlChildren(message, 'part');
    const chosen = part === undefined ? parts[0] : parts.find((p) => attribute(p, 'name') === part);
    if (chosen === undefined || (part === undefined && parts.length !== 1)) {
      const where = part === undefined ? `${parts.length} parts; one is supported` : `no part "${part}"`;
      this.#bag.add(
        'unsupported-construct',
        `the message "${attribute(message, 'name')}" has ${where}`,
        message.position,
      );
      return undefined;
    }
    const name = attributeQName(chosen, 'element', this.#bag);
    if (name === undefined) {
      this.#bag.add(
        'unsupported-construct',
        'a message part that names a type instead of an element is not supported',
        chosen.position,
      );
      return undefined;
    }
    return this.#element(name, chosen);
  }

  #element(name: QName, from: XmlElement): MessageElement | undefined {
    const key = qualified(name);
    if (this.#read.has(key)) return this.#read.get(key);
    const component = this.#index.find('element', name);
    if (component === undefined) {
      this.#bag.add('unknown-element', `no schema defines the element ${key}`, from.position);
    }
    const message = component && this.#types.readMessage(component);
    this.#read.set(key, message);
    return message;
  }

  /** Global elements with fields that no operation names, such as another form of a header. */
  others(operations: readonly Operation[]): MessageElement[] {
    const used = new Set(operations.flatMap((o) => [o.input, o.output, ...o.headers, ...o.faults]));
    const others: MessageElement[] = [];
    for (const component of this.#index.all('element')) {
      const local = attribute(component.element, 'name') ?? '';
      const isComplex = component.element.children.some((c) => c.local === 'complexType');
      if (!isComplex) continue;
      const message = this.#element({ uri: component.document.targetNamespace, local }, component.element);
      if (message && !used.has(message)) others.push(message);
    }
    return others;
  }
}
