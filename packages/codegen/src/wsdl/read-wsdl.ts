import { DiagnosticBag } from '../diagnostic.js';
import { isNCName } from '../identifier.js';
import type { ComplexType, Contract, MessageElement, Operation, Port, TypeDefinition } from '../model.js';
import { attribute, type QName, type XmlElement } from '../xml/parse-xml.js';
import { type Documents, loadDocuments, type ReadFile } from './load-documents.js';
import { HTTP_TRANSPORTS, SOAP11, SOAP12, WSDL } from './namespaces.js';
import { TypeReader } from './read-types.js';
import { attributeQName, qualified, SchemaIndex } from './schema-index.js';

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
 * outside it is reported by name, file and line, all findings at once.
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

class WsdlReader {
  readonly #documents: Documents;
  readonly #index: SchemaIndex;
  readonly #types: TypeReader;
  readonly #bag: DiagnosticBag;
  readonly #messages = new Map<string, MessageElement | undefined>();

  constructor(documents: Documents, index: SchemaIndex, types: TypeReader, bag: DiagnosticBag) {
    this.#documents = documents;
    this.#index = index;
    this.#types = types;
    this.#bag = bag;
  }

  read(): Contract {
    const { definitions } = this.#documents;
    const wsdlNamespace = attribute(definitions, 'targetNamespace') ?? '';
    this.#refuseRequiredExtensions(definitions);
    const services = this.#children(definitions, 'service');
    if (services.length !== 1) {
      this.#bag.add('service', `expected one service, found ${services.length}`, definitions.position);
    }
    const ports: Port[] = [];
    const bindings = new Map<string, XmlElement>();
    for (const port of services.flatMap((service) => this.#children(service, 'port'))) {
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
      otherElements: this.#otherElements(all),
      documentation: documentationText(definitions),
    };
  }

  #readPort(port: XmlElement): { port: Port; binding: XmlElement } | undefined {
    const address = port.children.find((c) => c.local === 'address');
    const name = attribute(port, 'name') ?? '';
    // A port of another protocol (HTTP GET, MIME) is beside the point of a SOAP client.
    if (address === undefined || (address.uri !== SOAP11 && address.uri !== SOAP12)) return undefined;
    const binding = this.#lookup('binding', attributeQName(port, 'binding', this.#bag), port);
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
    const portType = this.#lookup('portType', attributeQName(binding, 'type', this.#bag), binding);
    if (portType === undefined) return [];
    const bound = this.#children(binding, 'operation');
    return this.#children(portType, 'operation').flatMap((operation) => {
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

  #readOperation(name: string, declared: XmlElement, bound: XmlElement): Operation | undefined {
    const soap = bound.children.find(
      (c) => c.local === 'operation' && (c.uri === SOAP11 || c.uri === SOAP12),
    );
    const style = soap && attribute(soap, 'style');
    if (soap && style !== undefined && style !== 'document') this.#unsupported(soap, `style="${style}"`);
    this.#requireLiteral(bound);
    const [input] = this.#children(declared, 'input');
    const [output] = this.#children(declared, 'output');
    if (input === undefined) {
      this.#bag.add('unsupported-construct', `the operation "${name}" takes no input`, declared.position);
      return undefined;
    }
    const inputElement = this.#messageElement(input, undefined);
    if (inputElement === undefined) return undefined;
    return {
      name,
      soapAction: (soap && attribute(soap, 'soapAction')) ?? '',
      input: inputElement,
      output: output && this.#messageElement(output, undefined),
      headers: this.#children(bound, 'input').flatMap((i) =>
        i.children
          .filter((c) => c.local === 'header' && (c.uri === SOAP11 || c.uri === SOAP12))
          .flatMap((header) => this.#messageElement(header, attribute(header, 'part')) ?? []),
      ),
      faults: this.#children(declared, 'fault').flatMap(
        (fault) => this.#messageElement(fault, undefined) ?? [],
      ),
      documentation: documentationText(declared),
      position: declared.position,
    };
  }

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

  /** The element of the message that `reference` names; with `part`, of that part. */
  #messageElement(reference: XmlElement, part: string | undefined): MessageElement | undefined {
    const message = this.#lookup('message', attributeQName(reference, 'message', this.#bag), reference);
    if (message === undefined) return undefined;
    const parts = this.#children(message, 'part');
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
      this.#unsupported(chosen, 'a message part that names a type instead of an element');
      return undefined;
    }
    return this.#element(name, chosen);
  }

  #element(name: QName, from: XmlElement): MessageElement | undefined {
    const key = qualified(name);
    if (this.#messages.has(key)) return this.#messages.get(key);
    const component = this.#index.find('element', name);
    if (component === undefined) {
      this.#bag.add('unknown-element', `no schema defines the element ${key}`, from.position);
    }
    const message = component && this.#types.readMessage(component);
    this.#messages.set(key, message);
    return message;
  }

  /** Global elements with fields that no operation names; other schemas' elements may stand there too. */
  #otherElements(operations: readonly Operation[]): MessageElement[] {
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

  #lookup(kind: string, name: QName | undefined, from: XmlElement): XmlElement | undefined {
    if (name === undefined) {
      this.#bag.add('missing-reference', `<${from.name}> names no ${kind}`, from.position);
      return undefined;
    }
    const found = this.#children(this.#documents.definitions, kind).find(
      (c) => attribute(c, 'name') === name.local,
    );
    if (
      found === undefined ||
      name.uri !== (attribute(this.#documents.definitions, 'targetNamespace') ?? '')
    ) {
      this.#bag.add('unknown-reference', `the document has no ${kind} ${qualified(name)}`, from.position);
      return undefined;
    }
    return found;
  }

  #children(parent: XmlElement, local: string): XmlElement[] {
    return parent.children.filter((c) => c.uri === WSDL && c.local === local);
  }

  /** WSDL lets a document demand an extension; ignoring it would be half-reading. */
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

function documentationText(element: XmlElement): string | undefined {
  const text = element.children.find((c) => c.uri === WSDL && c.local === 'documentation')?.text;
  return text === undefined ? undefined : text.replace(/\s+/g, ' ').trim() || undefined;
}

/** A type must not extend itself, directly or through others. */
function checkBases(types: readonly TypeDefinition[], bag: DiagnosticBag): void {
  const byName = new Map(types.map((t) => [t.name, t]));
  for (const type of types) {
    const seen = new Set<string>();
    let current: ComplexType | undefined = type.kind === 'complex' ? type : undefined;
    while (current?.base !== undefined) {
      if (seen.has(current.name)) {
        bag.add('circular-type', `the type "${type.name}" extends itself`, type.position);
        break;
      }
      seen.add(current.name);
      const base = byName.get(current.base);
      if (base?.kind === 'simple') {
        bag.add(
          'unsupported-construct',
          `"${current.name}" extends the simple type "${base.name}"`,
          current.position,
        );
      }
      current = base?.kind === 'complex' ? base : undefined;
    }
  }
}
