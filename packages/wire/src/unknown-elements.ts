/**
 * The key under which a value holds the elements that the contract lacks: those that `unknownElements: 'keep'` kept when it was
 * decoded, and those that `unknownElements: 'send'` sends behind the known ones, in the order given. It is a symbol, so that it is
 * neither a field nor part of the value's JSON, but a copy by spreading has it.
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

/** An element that the contract lacks. Its attributes are not kept. */
export interface UnknownElement {
  readonly name: string;
  /** Its namespace, where it is not that of the element around it. */
  readonly namespace?: string | undefined;
  /** Its own text. */
  readonly text?: string | undefined;
  /** The elements in it. */
  readonly children?: readonly UnknownElement[] | undefined;
}

/** The unknown elements that a value holds. */
export function unknownElementsOf(value: object): readonly UnknownElement[] | undefined {
  return (value as { readonly [unknownElements]?: readonly UnknownElement[] })[unknownElements];
}
