import { faultCodes } from '@ips-sdk/types/constants';

/** What a {@link WireError} is about. */
export type WireErrorCode =
  /** The contract has no such operation or message. */
  | 'unknown-name'
  /** A value has a field that the contract lacks. */
  | 'unknown-field'
  /** A required field is absent. */
  | 'missing-field'
  /** A value does not have the type of the contract, or cannot be written as that type. */
  | 'bad-value'
  /** A text has a character that XML cannot carry. */
  | 'bad-character'
  /** A 64-bit integer that a JavaScript number cannot hold. */
  | 'unsafe-integer'
  /** The document is not well-formed XML. */
  | 'malformed-xml'
  /** The encoding of the document is unknown, or its bytes are not text in it. */
  | 'encoding'
  /** The document has a DOCTYPE. */
  | 'doctype'
  /** The document exceeds a limit. */
  | 'limit'
  /** The document is not an envelope, or contains no message of the contract. */
  | 'no-message'
  /** An element that the contract does not have, in strict mode. */
  | 'unknown-element'
  /** Elements in another order than the contract's, in strict mode. */
  | 'wrong-order'
  /** An element that occurs more often than it may, in strict mode. */
  | 'repeated-element'
  /** A namespace of another service or, in strict mode, of another version. */
  | 'namespace';

/** A value that cannot be encoded, or a document that cannot be decoded. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  /** The path: `submitJobParam.uploadUrlsJob.urlArray[3].sourceUrl`; empty when the error concerns the whole document. */
  readonly path: string;
  /** The line and column of a malformed document, counted from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    code: WireErrorCode,
    message: string,
    path: string = '',
    at?: { line: number; column: number },
  ) {
    super(path === '' ? message : `${path}: ${message}`);
    this.code = code;
    this.path = path;
    this.line = at?.line;
    this.column = at?.column;
  }
}

/** Which of the service's faults it is; `soap` for a fault of the SOAP layer without one of them. */
export type FaultKind = 'authentication' | 'authorization' | 'api' | 'soap';

/** The content of a fault. */
export interface FaultDetails {
  readonly kind: FaultKind;
  /** The service's code, such as 30001; absent for faults of the SOAP layer. */
  readonly code?: number | undefined;
  /** The service's code where it is not a number of up to nine digits. */
  readonly rawCode?: string | undefined;
  /** What went wrong, in the service's words. */
  readonly reason: string;
  /** The SOAP fault code, such as `soapenv:Client`. */
  readonly faultCode?: string | undefined;
  readonly faultString?: string | undefined;
  /** The operation that was called. */
  readonly operation?: string | undefined;
  /** The HTTP status of the fault; a service may send faults with status 200. */
  readonly httpStatus?: number | undefined;
}

/** What went wrong, in one language. */
export interface FaultReason {
  readonly text: string;
  /** The language that the fault says it is in, such as `en-US`. */
  readonly language: string | undefined;
}

/** The content of a fault that was received. */
export interface ReceivedFault extends FaultDetails {
  /** Who caused it, as the fault says: `faultactor` of SOAP 1.1, `Role` of SOAP 1.2. */
  readonly actor?: string | undefined;
  /** The reasons of the SOAP layer, of which SOAP 1.2 may have one in each language. */
  readonly reasons?: readonly FaultReason[] | undefined;
  /**
   * The rest of its detail, without the code and the reason of the service. An element with elements in it is an object, with text between
   * them under `#text`. An element that occurs more than once is an array, any other its text.
   */
  readonly detail?: unknown;
  /** How long the answer asked to wait before another attempt, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/**
 * A fault that the service answered.
 *
 * @example
 * ```ts
 * import { IpsFault } from '@ips-sdk/wire';
 *
 * const fault = new IpsFault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle', operation: 'stopJob' });
 * console.log(fault.message); // stopJob: Invalid jobHandle (30001 IPS_API_FAULT_CODE_INVALID_PARAMETER)
 * ```
 */
export class IpsFault extends Error {
  override readonly name = 'IpsFault';
  readonly kind: FaultKind;
  readonly code: number | undefined;
  /** The service's code where it is not a number of up to nine digits. */
  readonly rawCode: string | undefined;
  /** The name of the code in the service's documentation. */
  readonly codeName: string | undefined;
  /** What the code means. */
  readonly meaning: string | undefined;
  readonly reason: string;
  readonly faultCode: string | undefined;
  readonly faultString: string | undefined;
  readonly operation: string | undefined;
  readonly httpStatus: number | undefined;
  /** Who caused it, as the fault says: `faultactor` of SOAP 1.1, `Role` of SOAP 1.2. */
  readonly actor: string | undefined;
  /** The reasons of the SOAP layer, of which SOAP 1.2 may have one in each language; `reason` is the English one where there is one. */
  readonly reasons: readonly FaultReason[];
  /** What else its detail holds, such as the class of an exception or a stack trace; see {@link ReceivedFault.detail}. */
  readonly detail: unknown;
  /** How long the answer asked to wait before another attempt, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(details: ReceivedFault) {
    const known = details.code === undefined ? undefined : knownCode(details.code);
    const stated = details.code ?? details.rawCode;
    const code = stated === undefined ? '' : ` (${stated}${known ? ` ${known.name}` : ''})`;
    super(`${details.operation === undefined ? '' : `${details.operation}: `}${details.reason}${code}`);
    this.kind = details.kind;
    this.code = details.code;
    this.rawCode = details.rawCode;
    this.codeName = known?.name;
    this.meaning = known?.description;
    this.reason = details.reason;
    this.faultCode = details.faultCode;
    this.faultString = details.faultString;
    this.operation = details.operation;
    this.httpStatus = details.httpStatus;
    this.actor = details.actor;
    this.reasons = details.reasons ?? [];
    this.detail = details.detail;
    this.retryAfter = details.retryAfter;
  }
}

function knownCode(code: number): { readonly name: string; readonly description: string } | undefined {
  return Object.hasOwn(faultCodes, code) ? faultCodes[code as keyof typeof faultCodes] : undefined;
}

/** The name of the fault element for each kind. */
export const FAULT_ELEMENTS: Readonly<Record<Exclude<FaultKind, 'soap'>, string>> = {
  authentication: 'authenticationFault',
  authorization: 'authorizationFault',
  api: 'ipsApiFault',
};

/** The kind that a fault element stands for. */
export function faultKind(element: string): Exclude<FaultKind, 'soap'> | undefined {
  const kinds = Object.entries(FAULT_ELEMENTS) as [Exclude<FaultKind, 'soap'>, string][];
  return kinds.find(([, name]) => name === element)?.[0];
}
