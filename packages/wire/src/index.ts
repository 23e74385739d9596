/**
 * The XML of the IPS API: a codec driven by the contract, faults as typed errors, and an adapter for the `soap` package.
 *
 * @packageDocumentation
 */
export { type Codec, codec, createCodec, type OperationTypes } from './codec.js';
export type { DecodeItemsOptions } from './decode/decode-items.js';
export type { DecodedRequest, DecodedResponse, DecodeResponseOptions } from './decode/decode-message.js';
export type { DecodeIssue, DecodeOptions } from './decode/issue.js';
export type { FaultContext } from './decode/read-fault.js';
export type { Dialect, EncodeOptions, EncodeRequestOptions, SoapVersion } from './encode/encode-envelope.js';
export {
  type FaultDetails,
  type FaultKind,
  type FaultReason,
  IpsFault,
  type ReceivedFault,
  WireError,
  type WireErrorCode,
} from './errors.js';
export { type FoundMessage, findMessage } from './find-message.js';
export type { Limits } from './limits.js';
export type { RawMessage } from './raw-message.js';
export { createSoapContract, type SoapContract, type SoapContractOptions } from './soap-contract.js';
export { type UnknownElement, unknownElements } from './unknown-elements.js';
