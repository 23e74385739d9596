import type { DiagnosticBag } from '../diagnostic.js';
import { isNCName } from '../identifier.js';
import type { Operation } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { type MessageElements, soapChildren } from './message-elements.js';
import { OTHER_BODIES, SOAP11, SOAP12, WSDL } from './namespaces.js';
import { soapBinding } from './read-ports.js';
import { type WsdlComponents, wsdlChildren } from './wsdl-component.js';

const DOCUMENT_LITERAL = 'generate from a document/literal binding of the service';

/** Reads the operations of bindings. */
export class OperationReader {
  readonly #components: WsdlComponents;
  readonly #messages: MessageElements;
  readonly #bag: DiagnosticBag;

  constructor(components: WsdlComponents, messages: MessageElements, bag: DiagnosticBag) {
    this.#components = components;
    this.#messages = messages;
    this.#bag = bag;
  }

  /**
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_bindings | WSDL 1.1, 2.5 Bindings}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:binding | WSDL 1.1, 3.3 soap:binding}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_porttypes | WSDL 1.1, 2.4 Port Types}
   */
  readBinding(binding: XmlElement): Operation[] {
    const soap = soapBinding(binding);
    if (soap === undefined) {
      this.#bag.add(
        'unsupported-construct',
        'the port uses SOAP, but its binding has no soap:binding',
        binding.position,
      );
      return [];
    }
    const style = attribute(soap, 'style')?.trim() ?? 'document';
    if (style !== 'document') this.#unsupported(soap, `style="${style}"`, DOCUMENT_LITERAL);
    const portType = this.#components.find('portType', binding, 'type');
    if (portType === undefined) return [];
    const bound = new Map(wsdlChildren(binding, 'operation').map((o) => [attribute(o, 'name'), o]));
    return wsdlChildren(portType, 'operation').flatMap((operation) => {
      const name = attribute(operation, 'name') ?? '';
      if (!isNCName(name)) {
        this.#bag.add('bad-name', `${JSON.stringify(name)} is not an XML name`, operation.position);
        return [];
      }
      const binds = bound.get(name);
      if (binds === undefined) {
        this.#bag.add('unbound', `the binding does not bind the operation "${name}"`, operation.position);
        return [];
      }
      return this.#readOperation(name, operation, binds) ?? [];
    });
  }

  /**
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:operation | WSDL 1.1, 3.4 soap:operation}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:header | WSDL 1.1, 3.7 soap:header and soap:headerfault}
   */
  #readOperation(name: string, declared: XmlElement, bound: XmlElement): Operation | undefined {
    const soap = bound.children.find(
      (c) => c.local === 'operation' && (c.uri === SOAP11 || c.uri === SOAP12),
    );
    const style = soap && attribute(soap, 'style')?.trim();
    if (soap && style !== undefined && style !== 'document')
      this.#unsupported(soap, `style="${style}"`, DOCUMENT_LITERAL);
    this.#requireLiteral(bound);
    const [input] = wsdlChildren(declared, 'input');
    const [output] = wsdlChildren(declared, 'output');
    const [boundInput] = wsdlChildren(bound, 'input');
    const [boundOutput] = wsdlChildren(bound, 'output');
    if (input === undefined) {
      this.#bag.add(
        'unsupported-construct',
        `the operation "${name}" has no input; operations that the service starts are not supported`,
        declared.position,
      );
      return undefined;
    }
    const inputElement = this.#messages.ofBody(input, boundInput);
    if (inputElement === undefined) return undefined;
    return {
      name,
      soapAction: (soap && attribute(soap, 'soapAction')) ?? '',
      input: inputElement,
      output: output && this.#messages.ofBody(output, boundOutput),
      headers: soapChildren(boundInput, 'header').flatMap(
        (header) => this.#messages.ofPart(header, attribute(header, 'part')) ?? [],
      ),
      faults: wsdlChildren(declared, 'fault').flatMap(
        (fault) => this.#messages.ofPart(fault, undefined) ?? [],
      ),
      documentation: documentationText(declared),
      position: declared.position,
    };
  }

  /**
   * Policies and other extensions in a binding do not affect the message format, and are skipped unless they
   * are required.
   *
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:body | WSDL 1.1, 3.5 soap:body}
   */
  #requireLiteral(bound: XmlElement): void {
    for (const side of bound.children) {
      if (side.uri !== WSDL) continue;
      for (const part of side.children) {
        if (OTHER_BODIES.includes(part.uri)) {
          this.#unsupported(
            part,
            `<${part.name}>`,
            'bodies must be plain SOAP, without attachments or other protocols',
          );
        }
        if (part.uri !== SOAP11 && part.uri !== SOAP12) continue;
        const use = attribute(part, 'use')?.trim();
        if (use !== undefined && use !== 'literal') this.#unsupported(part, `use="${use}"`, DOCUMENT_LITERAL);
      }
    }
  }

  /**
   * A WSDL can require an extension. Ignoring it would misread the document.
   *
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_language | WSDL 1.1, 2.1.3 Language Extensibility and Binding}
   */
  refuseRequiredExtensions(element: XmlElement): void {
    for (const child of element.children) {
      if (
        child.attributes.some((a) => a.uri === WSDL && a.local === 'required' && /^(?:true|1)$/.test(a.value))
      ) {
        this.#unsupported(
          child,
          `the required extension <${child.name}>`,
          'if calls work without it, remove wsdl:required in a copy of the document',
        );
      }
      if (child.uri === WSDL) this.refuseRequiredExtensions(child);
    }
  }

  #unsupported(element: XmlElement, what: string, advice: string): void {
    this.#bag.add('unsupported-construct', `${what} is not supported; ${advice}`, element.position);
  }
}

/** @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_documentation | WSDL 1.1, 2.1.4 Documentation} */
export function documentationText(element: XmlElement): string | undefined {
  const text = element.children.find((c) => c.uri === WSDL && c.local === 'documentation')?.text;
  return text === undefined ? undefined : text.replace(/\s+/g, ' ').trim() || undefined;
}
