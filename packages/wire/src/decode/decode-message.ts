import type { SoapVersion } from '../encode/encode-envelope.js';
import { WireError } from '../errors.js';
import type { Plans } from '../plan.js';
import { decodeDocument } from './decode-document.js';
import type { Decoded } from './decoded.js';
import { type GenericElement, textOf } from './generic-element.js';
import type { DecodeOptions } from './issue.js';
import { type FaultContext, throwFault } from './read-fault.js';

/** A decoded request. */
export interface DecodedRequest {
  readonly operation: string;
  readonly input: unknown;
  /** Namespace of the message. The response should have the same one. */
  readonly namespace: string;
  /** `undefined` for a document without an envelope. */
  readonly soapVersion: SoapVersion | undefined;
  /** The fields of `authHeader` in any namespace. */
  readonly header: Readonly<Record<string, unknown>> | undefined;
  /** The older `AuthUser` and `AuthPassword` headers. */
  readonly legacyCredentials: { readonly user: string; readonly password: string } | undefined;
}

/** A decoded response. */
export interface DecodedResponse {
  readonly value: unknown;
  readonly namespace: string;
  readonly soapVersion: SoapVersion | undefined;
}

/** Options for reading a response. */
export interface DecodeResponseOptions extends DecodeOptions, FaultContext {}

/** Reads a request of any operation. */
export function decodeRequest(xml: string, plans: Plans, options: DecodeOptions = {}): DecodedRequest {
  const decoded = decodeDocument(xml, plans, options);
  const { message } = decoded;
  const operation = message && operationOf(plans, message.plan.name);
  if (message === undefined || operation === undefined) {
    throw new WireError(
      'no-message',
      `the document contains no request of the ${plans.name}${found(decoded)}`,
    );
  }
  return {
    operation,
    input: message.value,
    namespace: message.namespace,
    soapVersion: decoded.soapVersion,
    header: decoded.authHeader,
    legacyCredentials: legacyCredentials(decoded.headerBlocks),
  };
}

/**
 * Reads the response of an operation.
 *
 * @throws IpsFault when the response is a fault, with any HTTP status.
 */
export function decodeResponse(
  xml: string,
  operation: string,
  plans: Plans,
  options: DecodeResponseOptions = {},
): DecodedResponse {
  const expected = plans.operation(operation).output;
  const decoded = decodeDocument(xml, plans, options);
  throwFault(decoded, operation, options);
  const { message } = decoded;
  // A response without an element has no content.
  if (message === undefined && expected?.element === '' && decoded.unknownMessage === undefined) {
    return { value: {}, namespace: plans.contract.messageNamespace, soapVersion: decoded.soapVersion };
  }
  if (message === undefined || message.plan !== expected) {
    const instead =
      message === undefined
        ? `no message of the ${plans.name}${found(decoded)}`
        : `<${message.plan.element}>`;
    throw new WireError('no-message', `expected <${expected?.element}>, found ${instead}`);
  }
  return { value: message.value, namespace: message.namespace, soapVersion: decoded.soapVersion };
}

/** The element found in place of a message. */
export function found({ message, unknownMessage }: Decoded): string {
  const element = message?.plan.element ?? unknownMessage;
  return element === undefined ? '' : `, but <${element}>`;
}

const operationsByInput = new WeakMap<Plans, ReadonlyMap<string, string>>();

function operationOf(plans: Plans, message: string): string | undefined {
  let known = operationsByInput.get(plans);
  if (known === undefined) {
    known = new Map(Object.entries(plans.contract.operations).map(([name, { input }]) => [input, name]));
    operationsByInput.set(plans, known);
  }
  return known.get(message);
}

function legacyCredentials(blocks: readonly GenericElement[]): DecodedRequest['legacyCredentials'] {
  const user = textOf(blocks.find((block) => block.local === 'AuthUser'));
  const password = blocks.find((block) => block.local === 'AuthPassword')?.text;
  return user === undefined ? undefined : { user, password: password ?? '' };
}
