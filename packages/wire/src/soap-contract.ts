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
  /** Contract of another service. Default: the IPS contract. */
  readonly contract?: Contract | undefined;
  /** Namespace of the messages, for another dated version of the service. Default: that of the contract. */
  readonly namespace?: string | undefined;
  /** URL of the service. Default: the address of each port in the contract. */
  readonly endpoint?: string | undefined;
  /** WSDL that a server returns. */
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
 * A replacement for the WSDL object of the `soap` package, based on the contract tables and this codec. Pass it to
 * `new soap.Client(contract, endpoint, options)` or `new soap.Server(server, path, services, contract, options)`. Their security
 * plug-ins, events and HTTP clients work as usual, while this package reads and writes the XML.
 */
export interface SoapContract {
  readonly definitions: {
    readonly $targetNamespace: string;
    readonly xmlns: Readonly<Record<string, string>>;
    readonly services: Readonly<Record<string, { readonly ports: Readonly<Record<string, SoapPort>> }>>;
  };
  readonly services: SoapContract['definitions']['services'];
  /** Settings of `soap`. */
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
 * Creates a contract for the `soap` package, without a WSDL.
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
    if (this.#options.wsdl === undefined)
      throw new WireError('unknown-name', 'no WSDL to return: pass the option wsdl');
    return this.#options.wsdl;
  }

  /** Writes the body of a message, or a fault of a server. */
  objectToDocumentXML(name: string, value: unknown, prefix?: string, namespace?: string): string {
    const plan = this.#plans.byElement(name);
    if (plan !== undefined)
      return encodeMessage(plan, value ?? {}, namespace ?? this.#options.namespace ?? plan.namespace);
    const tag = prefix === undefined || prefix === '' || name.includes(':') ? name : `${prefix}:${name}`;
    return genericXml(tag, value, prefix);
  }

  objectToRpcXML(): never {
    throw new WireError('unknown-name', 'the contract supports only document style');
  }

  /** Writes a header block: `authHeader` by its plan, others in the given form. */
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

  /** Reads a document in the form of `soap`: `{ Header, Body: { [element]: value } }`. Throws a fault, like `soap`. */
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

/** Writes a SOAP fault or a header of another specification, for which there is no plan. Keys become elements in their order. */
function genericXml(
  tag: string,
  value: unknown,
  prefix?: string,
  xmlns?: string,
  namespacePrefix?: string,
): string {
  if (!/^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/.test(tag))
    throw new WireError('bad-value', `"${tag}" is not an XML name`);
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
