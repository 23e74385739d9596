import type { Contract } from '@ips-sdk/types/contract';
import { FAULT_ELEMENTS, type FaultDetails, WireError } from '../errors.js';
import type { MessagePlan, Plans } from '../plan.js';
import { encodeAttributes, encodeFields } from './encode-value.js';
import { escapeAttribute, escapeText } from './escape.js';
import type { Path } from './path.js';

export const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';

export type SoapVersion = '1.1' | '1.2';
/** `soap` wraps messages in an envelope. `plain` is the service's own form without an envelope. */
export type Dialect = 'soap' | 'plain';

/** Options for the document around a message. */
export interface EncodeOptions {
  /** Default: `soap`. */
  readonly dialect?: Dialect | undefined;
  /** Default: `1.1`. */
  readonly soapVersion?: SoapVersion | undefined;
  /** Namespace of the message, for another dated version of the service. Default: that of the contract. */
  readonly namespace?: string | undefined;
  /** `send` sends the elements that a value has under the key {@link unknownElements}. By default they are an error. */
  readonly unknownElements?: 'send' | 'refuse' | undefined;
}

/** Options of `encodeRequest`. */
export interface EncodeRequestOptions extends EncodeOptions {
  /** The fields of `authHeader`. */
  readonly header?: object | undefined;
  /**
   * Namespace of `authHeader`. `versioned`, the default, is that of the message; it requires appName and appVersion. `unversioned` is
   * the namespace that all versions share.
   */
  readonly headerForm?: 'versioned' | 'unversioned' | undefined;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** One message as an element with its namespace. */
export function encodeMessage(
  plan: MessagePlan,
  value: unknown,
  namespace: string = plan.namespace,
  sendsUnknown: boolean = false,
): string {
  const path: Path = { parent: undefined, key: plan.element };
  const context = { sends: sendsUnknown, own: plan.namespace, written: namespace };
  let content: string;
  let attributes: string;
  try {
    content = encodeFields(plan.body, value, path, context, plan.namespace);
    attributes = encodeAttributes(plan.body, value, path);
  } catch (error) {
    // Stack overflow: the value is nested too deeply or contains itself.
    if (error instanceof RangeError)
      throw new WireError('limit', 'the value is nested too deeply, or contains itself', plan.element);
    throw error;
  }
  // A body can be empty.
  if (plan.element === '') return '';
  const open = `<${plan.element} xmlns="${escapeAttribute(namespace)}"${attributes}`;
  return content === '' ? `${open}/>` : `${open}>${content}</${plan.element}>`;
}

export function encodeRequest(
  plans: Plans,
  operation: string,
  input: unknown,
  options: EncodeRequestOptions = {},
): string {
  const plan = plans.operation(operation).input;
  const namespace = options.namespace ?? plan.namespace;
  const body = encodeMessage(plan, input, namespace, options.unknownElements === 'send');
  return encodeDocument(plans, body, namespace, options);
}

/** The document of a request around the element of its message. */
export function encodeDocument(
  plans: Plans,
  body: string,
  namespace: string,
  options: EncodeRequestOptions,
): string {
  const header =
    options.header === undefined ? '' : encodeHeader(plans, options.header, namespace, options.headerForm);
  if (options.dialect === 'plain') {
    return `${DECLARATION}<Request xmlns="${escapeAttribute(namespace)}">${header}${body}</Request>`;
  }
  return envelope(header, body, options.soapVersion);
}

export function encodeResponse(
  plans: Plans,
  operation: string,
  output: unknown,
  options: EncodeOptions = {},
): string {
  const plan = plans.operation(operation).output;
  if (plan === undefined) throw new WireError('unknown-name', `the operation "${operation}" has no response`);
  const sends = options.unknownElements === 'send';
  const body = encodeMessage(plan, output, options.namespace ?? plan.namespace, sends);
  return options.dialect === 'plain' ? DECLARATION + body : envelope('', body, options.soapVersion);
}

/** Writes a fault, with the service's own element in its detail. */
export function encodeFault(contract: Contract, fault: FaultDetails, options: EncodeOptions = {}): string {
  const detail = fault.kind === 'soap' ? '' : encodeFaultElement(contract, fault, FAULT_ELEMENTS[fault.kind]);
  if (options.dialect === 'plain') {
    return DECLARATION + (detail === '' ? encodeFaultElement(contract, fault, FAULT_ELEMENTS.api) : detail);
  }
  const text = escapeText(fault.faultString ?? fault.reason);
  if (options.soapVersion === '1.2') {
    const receiver = /Server|Receiver/.test(fault.faultCode ?? '');
    return envelope(
      '',
      `<soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:${receiver ? 'Receiver' : 'Sender'}</soapenv:Value></soapenv:Code>` +
        `<soapenv:Reason><soapenv:Text xml:lang="en">${text}</soapenv:Text></soapenv:Reason>` +
        (detail === '' ? '' : `<soapenv:Detail>${detail}</soapenv:Detail>`) +
        '</soapenv:Fault>',
      '1.2',
    );
  }
  const code = escapeText(fault.faultCode ?? 'soapenv:Client');
  return envelope(
    '',
    `<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring>` +
      (detail === '' ? '' : `<detail>${detail}</detail>`) +
      '</soapenv:Fault>',
    '1.1',
  );
}

/** Fault elements are in the namespace that all versions share, for every version of the request. */
function encodeFaultElement(contract: Contract, fault: FaultDetails, element: string): string {
  const namespace =
    Object.values(contract.messages).find((message) => message.element === element)?.namespace ?? '';
  const code = fault.code ?? 30000;
  return `<${element} xmlns="${escapeAttribute(namespace)}"><code>${code}</code><reason>${escapeText(fault.reason)}</reason></${element}>`;
}

function encodeHeader(
  plans: Plans,
  header: object,
  namespace: string,
  form: EncodeRequestOptions['headerForm'],
): string {
  // Before 2014 there was one header, in the namespace that all versions share.
  const [versioned, unversioned = versioned] = plans.contract.headers;
  const name = form === 'unversioned' ? unversioned : versioned;
  if (name === undefined) throw new WireError('unknown-name', `the ${plans.name} has no header`);
  const plan = plans.message(name);
  const isShared = plan.namespace !== plans.contract.messageNamespace;
  return encodeMessage(plan, header, isShared ? plan.namespace : namespace);
}

function envelope(header: string, body: string, version: SoapVersion = '1.1'): string {
  const namespace = version === '1.2' ? SOAP12 : SOAP11;
  return (
    `${DECLARATION}<soapenv:Envelope xmlns:soapenv="${namespace}">` +
    (header === '' ? '<soapenv:Header/>' : `<soapenv:Header>${header}</soapenv:Header>`) +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}
