import { faultCodes } from '@ips-sdk/types/constants';

/** The kind of a {@link WireError}. */
export type WireErrorCode =
  /** The contract has no such operation or message. */
  | 'unknown-name'
  /** A value has a field that the contract lacks. */
  | 'unknown-field'
  /** A required field is absent. */
  | 'missing-field'
  /** A value does not have the type of the contract, or cannot be written as that type. */
  | 'bad-value'
  /** A text has a character that XML does not allow. */
  | 'bad-character'
  /** A 64-bit integer is outside the safe range of a JavaScript number. */
  | 'unsafe-integer'
  /** The document is not well-formed XML. */
  | 'malformed-xml'
  /** The encoding of the document is unknown, or its bytes are invalid in that encoding. */
  | 'encoding'
  /** The document has a DOCTYPE. */
  | 'doctype'
  /** The document exceeds a limit. */
  | 'limit'
  /** The document is not a SOAP envelope, or contains no message of the contract. */
  | 'no-message'
  /** In strict mode: an element that is not in the contract. */
  | 'unknown-element'
  /** In strict mode: elements in a different order than in the contract. */
  | 'wrong-order'
  /** In strict mode: an element that occurs too often. */
  | 'repeated-element'
  /** A namespace of another service. In strict mode also the namespace of another version. */
  | 'namespace';

/** The error for a value that cannot be encoded, or a document that cannot be decoded. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  /** The path, such as `submitJobParam.uploadUrlsJob.urlArray[3].sourceUrl`. Empty if the error concerns the whole document. */
  readonly path: string;
  /** Line and column of the error in a malformed document, starting at 1. */
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

/** The kind of a fault: one of the service's three fault elements, or `soap` for a SOAP fault without any of them. */
export type FaultKind = 'authentication' | 'authorization' | 'api' | 'soap';

/** The content of a fault. */
export interface FaultDetails {
  readonly kind: FaultKind;
  /** The service's code, such as 30001. Absent for faults of the SOAP layer. */
  readonly code?: number | undefined;
  /** The service's code as text, if it is not a number of up to nine digits. */
  readonly rawCode?: string | undefined;
  /** The reason in the service's words. */
  readonly reason: string;
  /** The SOAP fault code, such as `soapenv:Client`. */
  readonly faultCode?: string | undefined;
  readonly faultString?: string | undefined;
  /** Name of the operation. */
  readonly operation?: string | undefined;
  /** HTTP status of the fault. A service can send faults with status 200. */
  readonly httpStatus?: number | undefined;
}

/** The reason of a fault in one language. */
export interface FaultReason {
  readonly text: string;
  /** The language as declared in the fault, such as `en-US`. */
  readonly language: string | undefined;
}

/** The content of a received fault. */
export interface ReceivedFault extends FaultDetails {
  /** The sender of the fault: `faultactor` in SOAP 1.1, `Role` in SOAP 1.2. */
  readonly actor?: string | undefined;
  /** The reasons of the SOAP layer. SOAP 1.2 can have one for each language. */
  readonly reasons?: readonly FaultReason[] | undefined;
  /**
   * The detail of the fault without the service's code and reason. An element with child elements is an object, with the text between
   * them under `#text`. A repeated element is an array. Any other element is its text.
   */
  readonly detail?: unknown;
  /** The delay before the next attempt that the response requested, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/**
 * A fault that the service returned.
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
  /** The service's code as text, if it is not a number of up to nine digits. */
  readonly rawCode: string | undefined;
  /** Name of the code in the service's documentation. */
  readonly codeName: string | undefined;
  /** Meaning of the code. */
  readonly meaning: string | undefined;
  readonly reason: string;
  readonly faultCode: string | undefined;
  readonly faultString: string | undefined;
  readonly operation: string | undefined;
  readonly httpStatus: number | undefined;
  /** The sender of the fault: `faultactor` in SOAP 1.1, `Role` in SOAP 1.2. */
  readonly actor: string | undefined;
  /** The reasons of the SOAP layer. SOAP 1.2 can have one for each language; `reason` is the English one if there is one. */
  readonly reasons: readonly FaultReason[];
  /** The rest of the detail, such as an exception class or a stack trace. See {@link ReceivedFault.detail}. */
  readonly detail: unknown;
  /** The delay before the next attempt that the response requested, in milliseconds. */
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

/** The fault kind of an element. */
export function faultKind(element: string): Exclude<FaultKind, 'soap'> | undefined {
  const kinds = Object.entries(FAULT_ELEMENTS) as [Exclude<FaultKind, 'soap'>, string][];
  return kinds.find(([, name]) => name === element)?.[0];
}
