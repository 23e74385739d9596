import { decodeThoroughly } from './decode/decode-document.js';
import type { DecodeResponseOptions } from './decode/decode-message.js';
import { plainValue } from './decode/generic-element.js';
import { throwFault } from './decode/read-fault.js';
import { type EncodeRequestOptions, encodeDocument } from './encode/encode-envelope.js';
import { encodeUnknown } from './encode/encode-unknown.js';
import { WireError } from './errors.js';
import type { Plans } from './plan.js';
import type { UnknownElement } from './unknown-elements.js';

/** A message that no contract describes. */
export interface RawMessage {
  /** The name of its element. */
  readonly element: string;
  readonly namespace: string;
  /**
   * Its content. An element with elements in it is an object, with text between them under `#text`. An element that holds only `items` is
   * an array, any other its text. Elements that occur more than once are an array too.
   */
  readonly value: unknown;
}

/** Writes the request of an operation that the contract need not have. */
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

/** Reads an answer without a plan. */
export function decodeRawResponse(
  xml: string,
  operation: string,
  plans: Plans,
  options: DecodeResponseOptions = {},
): RawMessage {
  const decoded = decodeThoroughly(xml, plans, { ...options, raw: true });
  throwFault(decoded, operation, options);
  const { rawMessage } = decoded;
  if (rawMessage === undefined) throw new WireError('no-message', 'the document holds no message');
  const { local: element, namespace } = rawMessage;
  return { element, namespace, value: plainValue(rawMessage) };
}

/** An element of a value: arrays hold `items`, as those of the service do. */
function elementOf(name: string, value: unknown): UnknownElement {
  if (value instanceof Date) return { name, text: value.toISOString() };
  if (Array.isArray(value)) return { name, children: value.map((item) => elementOf('items', item)) };
  if (typeof value !== 'object' || value === null) return { name, text: String(value ?? '') };
  const children = Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => elementOf(key, child));
  return { name, children };
}
