import { faultCodes } from '@ips-sdk/types/constants';
import { type FaultDetails, type FaultKind, IpsFault } from '@ips-sdk/wire';
import { type Checks, checked, name, oneOf, text, whole } from '../option-checks.js';

/** The kind of the fault that has each documented code. */
const KINDS: Readonly<Record<(typeof faultCodes)[keyof typeof faultCodes]['fault'], FaultKind>> = {
  authenticationFault: 'authentication',
  authorizationFault: 'authorization',
  ipsApiFault: 'api',
};

/** Details of a fault that its code does not determine. */
export interface MockFaultDetails extends Omit<FaultDetails, 'code' | 'reason' | 'kind'> {
  /** The fault element. Default: the one that the documentation has for the code, otherwise `api`. */
  readonly kind?: FaultKind | undefined;
}

const DETAILS: Checks<MockFaultDetails> = {
  kind: oneOf<FaultKind>({ authentication: true, authorization: true, api: true, soap: true }),
  rawCode: text,
  faultCode: text,
  faultString: text,
  operation: name,
  httpStatus: whole(100, 599),
};

/**
 * Makes a fault of the service, as an answer of a stub.
 *
 * @param code - The service's code, such as 30001, from 0 to 999,999,999.
 * @param reason - The reason in the service's words.
 * @param details - Anything else, such as the HTTP status. Default status: 500.
 * @throws RangeError when the code is not a number, or out of range.
 * @throws ConfigError when the reason is missing, or a detail is unknown or invalid.
 * @example
 * ```ts
 * import { createMockClient, fault } from '@ips-sdk/client/mock';
 *
 * const ips = createMockClient({ operations: { stopJob: fault(30001, 'Invalid jobHandle') } });
 * const error = await ips.stopJob({ jobHandle: 'j|1|Nightly|' }).catch((caught) => caught);
 * console.log(error.message); // stopJob: Invalid jobHandle (30001 IPS_API_FAULT_CODE_INVALID_PARAMETER)
 * ```
 */
export function fault(code: number, reason: string, details: MockFaultDetails = {}): IpsFault {
  if (!Number.isInteger(code) || code < 0 || code > 999_999_999)
    throw new RangeError(
      `code: expected a whole number from 0 to 999999999, found ${typeof code === 'string' ? JSON.stringify(code) : String(code)}`,
    );
  text(reason, 'reason');
  checked(DETAILS, details);
  const known = Object.hasOwn(faultCodes, code) ? faultCodes[code as keyof typeof faultCodes] : undefined;
  const kind = details.kind ?? (known === undefined ? 'api' : KINDS[known.fault]);
  return new IpsFault({ ...details, kind, code, reason });
}
