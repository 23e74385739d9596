import type { Operations } from '@ips-sdk/types';
import { type Contract, contract as ipsContract, type TypedContract } from '@ips-sdk/types/contract';
import { decodeDocument, decodeThoroughly } from './decode/decode-document.js';
import { type DecodeItemsOptions, decodeItems } from './decode/decode-items.js';
import {
  type DecodedRequest,
  type DecodedResponse,
  type DecodeResponseOptions,
  decodeRequest,
  decodeResponse,
  found,
} from './decode/decode-message.js';
import type { DecodeOptions } from './decode/issue.js';
import {
  type EncodeOptions,
  type EncodeRequestOptions,
  encodeFault,
  encodeMessage,
  encodeRequest,
  encodeResponse,
} from './encode/encode-envelope.js';
import { type FaultDetails, faultKind, WireError } from './errors.js';
import { Plans } from './plan.js';
import { decodeRawResponse, encodeRawRequest, type RawMessage } from './raw-message.js';

/** The types of a service's operations; those of IPS are `Operations` of `@ips-sdk/types`. */
export type OperationTypes<T> = {
  readonly [K in keyof T]: { readonly input: object; readonly output: object | undefined };
};

/** Turns requests and answers into XML and back by the tables of a contract, without reading a WSDL or generating code. */
export interface Codec<Types extends OperationTypes<Types> = Operations> {
  readonly contract: Contract;

  /**
   * Writes a request. Its elements are in the order of the contract, whatever the order of the keys.
   *
   * @throws WireError for an unknown or missing field and for a value of the wrong type, with its path.
   */
  encodeRequest<Name extends keyof Types & string>(
    operation: Name,
    input: Types[Name]['input'],
    options?: EncodeRequestOptions,
  ): string;

  /** Writes an answer. */
  encodeResponse<Name extends keyof Types & string>(
    operation: Name,
    output: Types[Name]['output'],
    options?: EncodeOptions,
  ): string;

  /** Writes a fault, in an envelope of the SOAP version or bare. */
  encodeFault(fault: FaultDetails, options?: EncodeOptions): string;

  /** Writes one message as an element, without an envelope. */
  encodeMessage(
    message: string,
    value: object,
    options?: Pick<EncodeOptions, 'namespace' | 'unknownElements'>,
  ): string;

  /**
   * Writes the request of an operation that the contract need not have.
   *
   * @param content - The element of the message as XML, with its namespace; or an object, which is written in the order of its keys,
   * arrays as `items`.
   */
  encodeRawRequest(operation: string, content: string | object, options?: EncodeRequestOptions): string;

  /**
   * Reads an answer without the contract: every value is text.
   *
   * @throws IpsFault when it is a fault.
   */
  decodeRawResponse(operation: string, xml: string, options?: DecodeResponseOptions): RawMessage;

  /** Reads a request of any operation, in an envelope or bare. */
  decodeRequest(xml: string, options?: DecodeOptions): DecodedRequest;

  /**
   * Reads the answer of an operation.
   *
   * @throws IpsFault when it is a fault.
   * @throws WireError when it cannot be read.
   */
  decodeResponse<Name extends keyof Types & string>(
    operation: Name,
    xml: string,
    options?: DecodeResponseOptions,
  ): DecodedResponse & { readonly value: Types[Name]['output'] };

  /** Reads an answer of any size as its repeated items, in memory that does not grow with it. */
  decodeItems<Item = unknown>(
    operation: keyof Types & string,
    chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
    options?: DecodeItemsOptions,
  ): AsyncGenerator<Item, void, undefined>;

  /** Reads one message, such as a part of an upload or a fault of the service without an envelope. A fault is returned, not thrown. */
  decodeMessage(message: string, xml: string, options?: DecodeOptions): unknown;
}

/**
 * Makes a codec for a contract that `ips-codegen` generated. Whatever that emits is written and read, `xsd:any` and mixed content as
 * XML; only abstract types and sequences of several elements that repeat as a whole are refused, when they occur.
 *
 * Everything follows the contract: the namespace that requests are written in and that strict reading accepts, and the fields. What
 * the contract lacks is not sent. The types of the operations come with the contracts of `@ips-sdk/types`.
 *
 * @example
 * ```ts
 * import { createCodec } from '@ips-sdk/wire';
 * import { contract } from '@ips-sdk/types/contract';
 *
 * const codec = createCodec(contract);
 * const xml = codec.encodeRequest('stopJob', { jobHandle: 'j|6|Nightly|', companyHandle: 'c|6' }, { dialect: 'plain' });
 * console.log(codec.decodeRequest(xml).input); // { companyHandle: 'c|6', jobHandle: 'j|6|Nightly|' }
 * ```
 */
export function createCodec<Types extends OperationTypes<Types> = Operations>(
  contract: TypedContract<Types>,
): Codec<Types> {
  const plans = new Plans(contract);
  return {
    contract,
    encodeRequest: (operation, input, options) => encodeRequest(plans, operation, input, options),
    encodeResponse: (operation, output, options) => encodeResponse(plans, operation, output, options),
    encodeFault: (fault, options) => encodeFault(contract, fault, options),
    encodeMessage: (message, value, options) =>
      encodeMessage(plans.message(message), value, options?.namespace, options?.unknownElements === 'send'),
    encodeRawRequest: (operation, content, options = {}) =>
      encodeRawRequest(plans, operation, content, options),
    decodeRawResponse: (operation, xml, options) => decodeRawResponse(xml, operation, plans, options),
    decodeRequest: (xml, options) => decodeRequest(xml, plans, options),
    decodeResponse: (operation, xml, options) =>
      decodeResponse(xml, operation, plans, options) as DecodedResponse & { readonly value: never },
    decodeItems: (operation, chunks, options) =>
      decodeItems(chunks, operation, plans, options) as AsyncGenerator<never>,
    decodeMessage: (message, xml, options) => {
      const expected = plans.message(message);
      const decoded =
        faultKind(expected.element) === undefined
          ? decodeDocument(xml, plans, options)
          : decodeThoroughly(xml, plans, { ...options, expectsFault: true });
      if (contract.headers.includes(message) && decoded.authHeader !== undefined) return decoded.authHeader;
      if (decoded.message?.plan !== expected)
        throw new WireError('no-message', `expected <${expected.element}>${found(decoded)}`);
      return decoded.message.value;
    },
  };
}

/**
 * The codec of the IPS API.
 *
 * @example
 * ```ts
 * import { codec } from '@ips-sdk/wire';
 *
 * const xml = codec.encodeResponse('createFolder', { folderHandle: 'f|MyCompany/Shoes/' });
 * console.log(codec.decodeResponse('createFolder', xml).value.folderHandle); // f|MyCompany/Shoes/
 * ```
 */
export const codec: Codec = createCodec(ipsContract);
