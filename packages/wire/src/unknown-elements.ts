/**
 * The key for elements that the contract lacks. `unknownElements: 'keep'` keeps them here when decoding, and `unknownElements: 'send'`
 * sends them after the known elements, in the given order. Because the key is a symbol, it is not a field and not part of the value's
 * JSON, but spreading copies it.
 *
 * @example
 * ```ts
 * import { codec, unknownElements } from '@ips-sdk/wire';
 *
 * const input = {
 *   companyHandle: 'c|6',
 *   jobHandle: 'j|6|Nightly|',
 *   [unknownElements]: [{ name: 'reason', text: 'too late' }],
 * };
 * const xml = codec.encodeRequest('stopJob', input, { unknownElements: 'send' });
 * console.log(xml.includes('</jobHandle><reason>too late</reason>')); // true
 *
 * const read = codec.decodeRequest(xml, { unknownElements: 'keep' }).input as typeof input;
 * console.log(read[unknownElements]); // [ { name: 'reason', text: 'too late' } ]
 * ```
 */
export const unknownElements: unique symbol = Symbol.for('@ips-sdk/wire unknown elements');

/** An element that the contract lacks, without its attributes. */
export interface UnknownElement {
  readonly name: string;
  /** Namespace, if it differs from that of the parent element. */
  readonly namespace?: string | undefined;
  /** The text of the element, without that of its children. */
  readonly text?: string | undefined;
  /** The child elements. */
  readonly children?: readonly UnknownElement[] | undefined;
}

/** The unknown elements of a value. */
export function unknownElementsOf(value: object): readonly UnknownElement[] | undefined {
  return (value as { readonly [unknownElements]?: readonly UnknownElement[] })[unknownElements];
}
