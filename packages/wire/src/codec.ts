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

/** The types of a service's operations, such as `Operations` of `@ips-sdk/types` for IPS. */
export type OperationTypes<T> = {
  readonly [K in keyof T]: { readonly input: object; readonly output: object | undefined };
};

/** Converts requests and responses to XML and back, using the tables of a contract. It reads no WSDL and generates no code. */
export interface Codec<Types extends OperationTypes<Types> = Operations> {
  readonly contract: Contract;

  /**
   * Writes a request. Elements follow the order of the contract, regardless of the order of the keys.
   *
   * @throws WireError with the path, for an unknown field, a missing field or a value of the wrong type.
   */
  encodeRequest<Name extends keyof Types & string>(
    operation: Name,
    input: Types[Name]['input'],
    options?: EncodeRequestOptions,
  ): string;

  /** Writes a response. */
  encodeResponse<Name extends keyof Types & string>(
    operation: Name,
    output: Types[Name]['output'],
    options?: EncodeOptions,
  ): string;

  /** Writes a fault, in a SOAP envelope or in plain form. */
  encodeFault(fault: FaultDetails, options?: EncodeOptions): string;

  /** Writes one message as an element, without an envelope. */
  encodeMessage(
    message: string,
    value: object,
    options?: Pick<EncodeOptions, 'namespace' | 'unknownElements'>,
  ): string;

  /**
   * Writes the request of an operation that may be missing from the contract.
   *
   * @param content - The message element as XML, with its namespace, or an object. Objects are written in the order of their keys,
   * arrays as `items`.
   */
  encodeRawRequest(operation: string, content: string | object, options?: EncodeRequestOptions): string;

  /**
   * Reads a response without the contract. Every value is text.
   *
   * @throws IpsFault when the response is a fault.
   */
  decodeRawResponse(operation: string, xml: string, options?: DecodeResponseOptions): RawMessage;

  /** Reads a request of any operation, in an envelope or in plain form. */
  decodeRequest(xml: string, options?: DecodeOptions): DecodedRequest;

  /**
   * Reads the response of an operation.
   *
   * @throws IpsFault when the response is a fault.
   * @throws WireError when the document is not a valid response of the operation.
   */
  decodeResponse<Name extends keyof Types & string>(
    operation: Name,
    xml: string,
    options?: DecodeResponseOptions,
  ): DecodedResponse & { readonly value: Types[Name]['output'] };

  /** Reads the repeated items of a response one by one, in constant memory. */
  decodeItems<Item = unknown>(
    operation: keyof Types & string,
    chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
    options?: DecodeItemsOptions,
  ): AsyncGenerator<Item, void, undefined>;

  /** Reads a message without an envelope, such as a part of an upload or a fault of the service. A fault is returned, not thrown. */
  decodeMessage(message: string, xml: string, options?: DecodeOptions): unknown;
}

/**
 * Creates a codec for a contract that `ips-codegen` generated. It supports everything in such a contract, with `xsd:any` and mixed
 * content as XML. The exceptions are abstract types and repeated sequences of several elements, which are refused when they occur.
 *
 * The contract determines the namespace of requests, the namespace that strict decoding accepts, and the fields. Fields that the
 * contract lacks are not sent. The contracts of `@ips-sdk/types` include the types of their operations.
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
