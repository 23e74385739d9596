import { decodeThoroughly } from './decode/decode-document.js';
import type { DecodeResponseOptions } from './decode/decode-message.js';
import { plainValue } from './decode/generic-element.js';
import { throwFault } from './decode/read-fault.js';
import { type EncodeRequestOptions, encodeDocument } from './encode/encode-envelope.js';
import { encodeUnknown } from './encode/encode-unknown.js';
import { WireError } from './errors.js';
import type { Plans } from './plan.js';
import type { UnknownElement } from './unknown-elements.js';

/** A message without a contract. */
export interface RawMessage {
  /** Name of the element. */
  readonly element: string;
  readonly namespace: string;
  /**
   * The content. An element with child elements is an object, with the text between them under `#text`. An element with only `items` is
   * an array, and so is a repeated element. Any other element is its text.
   */
  readonly value: unknown;
}

/** Writes the request of an operation that may be missing from the contract. */
export function encodeRawRequest(
  plans: Plans,
  operation: string,
  content: string | object,
  options: EncodeRequestOptions,
): string {
  const namespace = options.namespace ?? plans.contract.messageNamespace;
  const body =
    typeof content === 'string'
      ? content
      : encodeUnknown([{ ...elementOf(`${operation}Param`, content), namespace }], undefined, true);
  return encodeDocument(plans, body, namespace, options);
}

/** Reads a response without a plan. */
export function decodeRawResponse(
  xml: string,
  operation: string,
  plans: Plans,
  options: DecodeResponseOptions = {},
): RawMessage {
  const decoded = decodeThoroughly(xml, plans, { ...options, raw: true });
  throwFault(decoded, operation, options);
  const { rawMessage } = decoded;
  if (rawMessage === undefined) throw new WireError('no-message', 'the document contains no message');
  const { local: element, namespace } = rawMessage;
  return { element, namespace, value: plainValue(rawMessage) };
}

/** An element for a value. Arrays contain `items`, like those of the service. */
function elementOf(name: string, value: unknown): UnknownElement {
  if (value instanceof Date) return { name, text: value.toISOString() };
  if (Array.isArray(value)) return { name, children: value.map((item) => elementOf('items', item)) };
  if (typeof value !== 'object' || value === null) return { name, text: String(value ?? '') };
  const children = Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => elementOf(key, child));
  return { name, children };
}
