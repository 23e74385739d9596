import { DiagnosticBag } from '../diagnostic.js';
import { isNCName } from '../identifier.js';
import type { Contract, Operation, Port } from '../model.js';
import { attribute, type XmlElement } from '../xml/parse-xml.js';
import { checkBases } from './check-bases.js';
import { type Documents, loadDocuments, type ReadFile } from './load-documents.js';
import { MessageElements } from './message-elements.js';
import { HTTP_TRANSPORTS, SOAP11, SOAP12, WSDL } from './namespaces.js';
import { TypeReader } from './read-types.js';
import { SchemaIndex } from './schema-index.js';
import { wsdlChildren, wsdlComponent } from './wsdl-component.js';

/** Options of {@link readWsdl}. */
export interface ReadWsdlOptions {
  /** Reads a file's text; the default reads from disk. */
  readonly readFile?: ReadFile;
}

/**
 * Reads a WSDL 1.1 document with document/literal SOAP bindings into a {@link Contract}.
 *
 * The supported subset is complete types and messages: sequences, `all`, choices, attributes, extension,
 * enumerations, restrictions, `nillable`, anonymous types, includes and imports of local files. Anything
 * else is reported by name, file and line, all findings at once.
 *
 * @throws CodegenError when the document is malformed or uses an unsupported construct.
 * @example
 * ```ts
 * import { readWsdl } from '@ips-sdk/codegen';
 *
 * const contract = readWsdl('service.wsdl');
 * console.log(contract.operations.map((operation) => operation.name));
 * ```
 */
export function readWsdl(path: string, options: ReadWsdlOptions = {}): Contract {
  const documents = loadDocuments(path, options.readFile);
  const bag = new DiagnosticBag();
  const index = new SchemaIndex(documents.schemas, bag);
  const types = new TypeReader(index, bag);
  types.readNamedTypes();
  const contract = new WsdlReader(documents, index, types, bag).read();
  checkBases(types.types, bag);
  bag.throwIfAny();
  return contract;
}

/**
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_document-s | WSDL 1.1, 2.1 WSDL Document Structure}
 * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_services | WSDL 1.1, 2.7 Services}
 */
class WsdlReader {
  readonly #documents: Documents;
  readonly #types: TypeReader;
  readonly #bag: DiagnosticBag;
  readonly #messages: MessageElements;

  constructor(documents: Documents, index: SchemaIndex, types: TypeReader, bag: DiagnosticBag) {
    this.#documents = documents;
    this.#types = types;
    this.#bag = bag;
    this.#messages = new MessageElements(documents.definitions, index, types, bag);
  }

  read(): Contract {
    const { definitions } = this.#documents;
    const wsdlNamespace = attribute(definitions, 'targetNamespace') ?? '';
    this.#refuseRequiredExtensions(definitions);
    const services = wsdlChildren(definitions, 'service');
    if (services.length !== 1) {
      this.#bag.add('service', `expected one service, found ${services.length}`, definitions.position);
    }
    const ports: Port[] = [];
    const bindings = new Map<string, XmlElement>();
    for (const port of services.flatMap((service) => wsdlChildren(service, 'port'))) {
      const read = this.#readPort(port);
      if (read === undefined) continue;
      ports.push(read.port);
      bindings.set(read.port.binding, read.binding);
    }
    if (ports.length === 0)
      this.#bag.add('no-soap-port', 'the service has no SOAP port', definitions.position);

    const operations = new Map<string, Operation>();
    for (const binding of bindings.values()) {
      for (const operation of this.#readBinding(binding)) {
        const existing = operations.get(operation.name);
        if (existing === undefined) operations.set(operation.name, operation);
        else if (existing.input !== operation.input || existing.output !== operation.output) {
          this.#bag.add(
            'conflict',
            `two ports define the operation "${operation.name}" differently`,
            operation.position,
          );
        }
      }
    }
    const all = [...operations.values()];
    const messageNamespace = all[0]?.input.namespace ?? '';
    return {
      service: (services[0] && attribute(services[0], 'name')) ?? '',
      ports,
      wsdlNamespace,
      messageNamespace,
      version: /(?:^|\/)(\d{4}-\d{2}-\d{2}[\w-]*)\/?$/.exec(messageNamespace)?.[1],
      operations: all,
      types: this.#types.types,
      otherElements: this.#messages.others(all),
      documentation: documentationText(definitions),
    };
  }

  /**
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_ports | WSDL 1.1, 2.6 Ports}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:address | WSDL 1.1, 3.8 soap:address}
   */
  #readPort(port: XmlElement): { port: Port; binding: XmlElement } | undefined {
    const address = port.children.find((c) => c.local === 'address');
    const name = attribute(port, 'name') ?? '';
    // A SOAP client does not need ports of other protocols, such as HTTP GET or MIME.
    if (address === undefined || (address.uri !== SOAP11 && address.uri !== SOAP12)) return undefined;
    const binding = wsdlComponent(this.#documents.definitions, 'binding', port, 'binding', this.#bag);
    if (binding === undefined) return undefined;
    return {
      binding,
      port: {
        name,
        binding: attribute(binding, 'name') ?? '',
        soapVersion: address.uri === SOAP12 ? '1.2' : '1.1',
        address: attribute(address, 'location') ?? '',
      },
    };
  }

  /**
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_bindings | WSDL 1.1, 2.5 Bindings}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:binding | WSDL 1.1, 3.3 soap:binding}
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_porttypes | WSDL 1.1, 2.4 Port Types}
   */
  #readBinding(binding: XmlElement): Operation[] {
    const soap = binding.children.find(
      (c) => c.local === 'binding' && (c.uri === SOAP11 || c.uri === SOAP12),
    );
    if (soap === undefined) {
      this.#bag.add(
        'unsupported-construct',
        'the binding of a SOAP port has no SOAP binding',
        binding.position,
      );
      return [];
    }
    const style = attribute(soap, 'style') ?? 'document';
    if (style !== 'document') this.#unsupported(soap, `style="${style}"`);
    const transport = attribute(soap, 'transport') ?? '';
    if (!HTTP_TRANSPORTS.includes(transport)) this.#unsupported(soap, `transport="${transport}"`);
    const portType = wsdlComponent(this.#documents.definitions, 'portType', binding, 'type', this.#bag);
    if (portType === undefined) return [];
    const bound = wsdlChildren(binding, 'operation');
    return wsdlChildren(portType, 'operation').flatMap((operation) => {
      const name = attribute(operation, 'name') ?? '';
      if (!isNCName(name)) {
        this.#bag.add('bad-name', `${JSON.stringify(name)} is not an XML name`, operation.position);
        return [];
      }
      const binds = bound.find((o) => attribute(o, 'name') === name);
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
    const style = soap && attribute(soap, 'style');
    if (soap && style !== undefined && style !== 'document') this.#unsupported(soap, `style="${style}"`);
    this.#requireLiteral(bound);
    const [input] = wsdlChildren(declared, 'input');
    const [output] = wsdlChildren(declared, 'output');
    if (input === undefined) {
      this.#bag.add('unsupported-construct', `the operation "${name}" has no input`, declared.position);
      return undefined;
    }
    const inputElement = this.#messages.of(input, undefined);
    if (inputElement === undefined) return undefined;
    return {
      name,
      soapAction: (soap && attribute(soap, 'soapAction')) ?? '',
      input: inputElement,
      output: output && this.#messages.of(output, undefined),
      headers: wsdlChildren(bound, 'input').flatMap((i) =>
        i.children
          .filter((c) => c.local === 'header' && (c.uri === SOAP11 || c.uri === SOAP12))
          .flatMap((header) => this.#messages.of(header, attribute(header, 'part')) ?? []),
      ),
      faults: wsdlChildren(declared, 'fault').flatMap((fault) => this.#messages.of(fault, undefined) ?? []),
      documentation: documentationText(declared),
      position: declared.position,
    };
  }

  /** @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_soap:body | WSDL 1.1, 3.5 soap:body} */
  #requireLiteral(bound: XmlElement): void {
    for (const side of bound.children) {
      if (side.uri !== WSDL) continue;
      for (const part of side.children) {
        if (part.uri !== SOAP11 && part.uri !== SOAP12) {
          if (part.local !== 'documentation') this.#unsupported(part, `<${part.name}>`);
          continue;
        }
        const use = attribute(part, 'use');
        if (use !== undefined && use !== 'literal') this.#unsupported(part, `use="${use}"`);
      }
    }
  }

  /**
   * WSDL lets a document require an extension. To ignore it would be to misread the document.
   *
   * @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_language | WSDL 1.1, 2.1.3 Language Extensibility and Binding}
   */
  #refuseRequiredExtensions(element: XmlElement): void {
    for (const child of element.children) {
      if (child.attributes.some((a) => a.uri === WSDL && a.local === 'required' && a.value === 'true')) {
        this.#unsupported(child, `the required extension <${child.name}>`);
      }
      if (child.uri === WSDL) this.#refuseRequiredExtensions(child);
    }
  }

  #unsupported(element: XmlElement, what: string): void {
    this.#bag.add('unsupported-construct', `${what} is not supported`, element.position);
  }
}

/** @see {@link https://www.w3.org/TR/2001/NOTE-wsdl-20010315#_documentation | WSDL 1.1, 2.1.4 Documentation} */
function documentationText(element: XmlElement): string | undefined {
  const text = element.children.find((c) => c.uri === WSDL && c.local === 'documentation')?.text;
  return text === undefined ? undefined : text.replace(/\s+/g, ' ').trim() || undefined;
}
