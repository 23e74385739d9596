import { type Contract, contract as ipsContract } from '@ips-sdk/types/contract';
import { decodeDocument } from './decode/decode-document.js';
import type { DecodeOptions } from './decode/issue.js';
import { throwFault } from './decode/read-fault.js';
import { encodeMessage } from './encode/encode-envelope.js';
import { escapeAttribute, escapeText } from './encode/escape.js';
import { IpsFault, WireError } from './errors.js';
import { Plans } from './plan.js';

/** Options of {@link createSoapContract}. */
export interface SoapContractOptions extends DecodeOptions {
  /** The contract of another service. */
  readonly contract?: Contract | undefined;
  /** The namespace of messages: another dated version of the service. */
  readonly namespace?: string | undefined;
  /** The URL of the service; that of the contract's ports by default. */
  readonly endpoint?: string | undefined;
  /** The WSDL that a server answers with. */
  readonly wsdl?: string | undefined;
}

/** An operation as `soap` expects it in a binding. */
interface SoapMethod {
  readonly $name: string;
  readonly soapAction: string;
  readonly style: 'document';
  readonly input: SoapMessage;
  readonly output: SoapMessage | undefined;
}

interface SoapMessage {
  readonly $name: string;
  readonly targetNSAlias: string;
  readonly targetNamespace: string;
  readonly parts: null;
}

interface SoapPort {
  readonly location: string;
  readonly binding: {
    readonly style: 'document';
    readonly methods: Readonly<Record<string, SoapMethod>>;
    readonly topElements: Readonly<
      Record<string, { readonly methodName: string; readonly outputName: string | undefined }>
    >;
  };
}

/**
 * Provides what the `soap` package needs of a WSDL from the contract tables and this codec. Pass it to
 * `new soap.Client(contract, endpoint, options)` or `new soap.Server(server, path, services, contract, options)`, whose
 * security plug-ins, events and HTTP clients then work as usual, while this package reads and writes the XML.
 */
export interface SoapContract {
  readonly definitions: {
    readonly $targetNamespace: string;
    readonly xmlns: Readonly<Record<string, string>>;
    readonly services: Readonly<Record<string, { readonly ports: Readonly<Record<string, SoapPort>> }>>;
  };
  readonly services: SoapContract['definitions']['services'];
  /** `soap` keeps its settings here. */
  readonly options: Record<string, unknown>;
  readonly xmlnsInEnvelope: string;
  onReady(callback: (error: Error | null) => void): void;
  describeServices(): Record<string, unknown>;
  toXML(): string;
  objectToDocumentXML(name: string, value: unknown, prefix?: string, namespace?: string): string;
  objectToRpcXML(): never;
  objectToXML(value: unknown, name: string, namespace?: string, xmlns?: string): string;
  xmlToObject(xml: unknown, callback?: (error: unknown, result?: unknown) => void): unknown;
}

/**
 * Makes a contract for the `soap` package, without reading a WSDL.
 *
 * @example
 * ```ts
 * import { createSoapContract } from '@ips-sdk/wire';
 * import * as soap from 'soap';
 *
 * const contract = createSoapContract();
 * const client = new soap.Client(contract as never, 'https://s7sps1apissl.scene7.com/scene7/services/IpsApiService');
 * client.addSoapHeader({ user: 'ann@example.com', password: 'secret', appName: 'Importer', appVersion: '1' }, 'authHeader');
 * console.log(Object.keys(client.describe()['IpsApiService'].IpsApiSoapPort).length); // 164
 * ```
 */
export function createSoapContract(options: SoapContractOptions = {}): SoapContract {
  return new ContractForSoap(options);
}

class ContractForSoap implements SoapContract {
  readonly definitions: SoapContract['definitions'];
  readonly services: SoapContract['definitions']['services'];
  readonly options: Record<string, unknown> = { envelopeKey: 'soap', attributesKey: 'attributes' };
  readonly xmlnsInEnvelope: string = '';
  readonly #plans: Plans;
  readonly #options: SoapContractOptions;

  constructor(options: SoapContractOptions) {
    const contract = options.contract ?? ipsContract;
    this.#plans = new Plans(contract);
    this.#options = options;
    const namespace = options.namespace ?? contract.messageNamespace;
    const ports = contract.ports.map((port) => [
      port.name,
      this.#port(options.endpoint ?? port.address, namespace),
    ]);
    this.services = { [contract.service]: { ports: Object.fromEntries(ports) as Record<string, SoapPort> } };
    this.definitions = {
      $targetNamespace: contract.wsdlNamespace,
      xmlns: { tns: contract.wsdlNamespace },
      services: this.services,
    };
  }

  #port(location: string, namespace: string): SoapPort {
    const { operations, messages } = this.#plans.contract;
    const message = (name: string): SoapMessage => ({
      $name: messages[name]?.element ?? name,
      targetNSAlias: 'ips',
      targetNamespace: namespace,
      parts: null,
    });
    const methods: Record<string, SoapMethod> = {};
    const topElements: Record<string, { methodName: string; outputName: string | undefined }> = {};
    for (const [name, { action, input, output }] of Object.entries(operations)) {
      const method: SoapMethod = {
        $name: name,
        soapAction: action,
        style: 'document',
        input: message(input),
        output: output === undefined ? undefined : message(output),
      };
      methods[name] = method;
      topElements[method.input.$name] = { methodName: name, outputName: method.output?.$name };
    }
    return { location, binding: { style: 'document', methods, topElements } };
  }

  onReady(callback: (error: Error | null) => void): void {
    queueMicrotask(() => callback(null));
  }

  describeServices(): Record<string, unknown> {
    const describe = (name: string | undefined): Record<string, string> => {
      const plan = name === undefined ? undefined : this.#plans.message(name);
      return Object.fromEntries(
        plan?.body.fields.map((field) => [field.name, field.kind ?? field.complex?.name ?? '']) ?? [],
      );
    };
    const operations = Object.entries(this.#plans.contract.operations).map(([name, { input, output }]) => [
      name,
      { input: describe(input), output: describe(output) },
    ]);
    const ports = this.#plans.contract.ports.map((port) => [port.name, Object.fromEntries(operations)]);
    return { [this.#plans.contract.service]: Object.fromEntries(ports) };
  }

  toXML(): string {
    if (this.#options.wsdl === undefined) throw new WireError('unknown-name', 'give a WSDL to answer with');
    return this.#options.wsdl;
  }

  /** The body of a message; also a fault that a server sends. */
  objectToDocumentXML(name: string, value: unknown, prefix?: string, namespace?: string): string {
    const plan = this.#plans.byElement(name);
    if (plan !== undefined)
      return encodeMessage(plan, value ?? {}, namespace ?? this.#options.namespace ?? plan.namespace);
    const tag = prefix === undefined || prefix === '' || name.includes(':') ? name : `${prefix}:${name}`;
    return genericXml(tag, value, prefix);
  }

  objectToRpcXML(): never {
    throw new WireError('unknown-name', 'the contract has document style only');
  }

  /** A block of the header: `authHeader` by its plan, others as given. */
  objectToXML(value: unknown, name: string, namespace?: string, xmlns?: string): string {
    const { headers } = this.#plans.contract;
    const record = value as Record<string, unknown>;
    // soap passes a header as { authHeader: {...} }, or as its fields and a separate name.
    const [element, fields] =
      name === undefined || name === '' ? (Object.entries(record)[0] ?? ['', {}]) : [name, value];
    const header = headers
      .map((h) => this.#plans.message(h))
      .find((h) => h.element === element && (xmlns === undefined || h.namespace === xmlns));
    const versioned = headers[0] === undefined ? undefined : this.#plans.message(headers[0]);
    const plan = header ?? (element === versioned?.element ? versioned : undefined);
    if (plan === undefined)
      return genericXml(namespace ? `${namespace}:${element}` : element, fields, undefined, xmlns, namespace);
    const own = plan === versioned ? (xmlns ?? this.#options.namespace ?? plan.namespace) : plan.namespace;
    return encodeMessage(plan, fields, own);
  }

  /** The document as `soap` represents it: `{ Header, Body: { [element]: value } }`. Throws a fault, as `soap` does. */
  xmlToObject(xml: unknown, callback?: (error: unknown, result?: unknown) => void): unknown {
    if (callback === undefined) return this.#read(String(xml));
    try {
      const result = this.#read(String(xml));
      callback(null, result);
      return result;
    } catch (error) {
      callback(error);
      return undefined;
    }
  }

  #read(xml: string): unknown {
    const decoded = decodeDocument(xml, this.#plans, this.#options);
    try {
      throwFault(decoded, undefined, {});
    } catch (error) {
      if (!(error instanceof IpsFault)) throw error;
      const { faultCode: faultcode, faultString: faultstring, code, reason, kind } = error;
      // Users of soap look for the fault here.
      const Fault = { faultcode, faultstring, detail: { [`${kind}Fault`]: { code, reason } } };
      throw Object.assign(error, { root: { Envelope: { Body: { Fault } } }, Fault });
    }
    const { message, authHeader } = decoded;
    const Header: Record<string, unknown> = {};
    for (const block of decoded.headerBlocks) Header[block.local] = block.text;
    if (authHeader !== undefined) Header['authHeader'] = authHeader;
    return { Header, Body: message === undefined ? {} : { [message.plan.element]: message.value } };
  }
}

/** A SOAP fault or a header of another specification, which no plan describes: its keys become elements in their order. */
function genericXml(
  tag: string,
  value: unknown,
  prefix?: string,
  xmlns?: string,
  namespacePrefix?: string,
): string {
  if (!/^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/.test(tag))
    throw new WireError('bad-value', `"${tag}" is not a name`);
  const declaration =
    xmlns === undefined
      ? ''
      : ` xmlns${namespacePrefix ? `:${namespacePrefix}` : ''}="${escapeAttribute(xmlns)}"`;
  if (value === undefined || value === null) return `<${tag}${declaration}/>`;
  if (typeof value !== 'object') return `<${tag}${declaration}>${escapeText(String(value))}</${tag}>`;
  const children = Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .flatMap(([key, child]) =>
      (Array.isArray(child) ? child : [child]).map((one) =>
        genericXml(prefix ? `${prefix}:${key}` : key, one, prefix),
      ),
    );
  return `<${tag}${declaration}>${children.join('')}</${tag}>`;
}
