import { contract } from '@ips-sdk/types/contract';
import { type Issue, type SchemaName, validate } from '@ips-sdk/validator/validate';
import { type DecodeIssue, IpsFault, WireError } from '@ips-sdk/wire';
import { findCompany } from '../access/find-company.js';
import { checkRole, type Identity, rolesOf } from '../access/identity.js';
import { rolesAllowed } from '../access/operation-roles.js';
import type { CompanyRow } from '../db/rows.js';
import {
  invalidParameter,
  invalidRequestXml,
  madeMeanwhile,
  malformed,
  missingParameter,
  notStored,
  placeOf,
  ruleBroken,
  textTooLong,
  unexpectedError,
} from '../faults.js';
import { FileTooLargeError } from '../files/file-store.js';
import { handledContract, type OperationName } from '../handled-contract.js';
import type { Services } from '../services.js';
import { storageProblem } from '../storage-problem.js';
import { longText } from '../text-limits.js';
import { traced } from '../traces/traces.js';
import type { Injected } from './chaos.js';
import type { OperationParts } from './operation-parts.js';

/** PostgreSQL's code for a violated unique constraint. */
const UNIQUE_VIOLATION = '23505';

/** PostgreSQL's code for a value that is too long for an index. */
const LIMIT_EXCEEDED = '54000';

/** The fields that are contents of files, in Base64. */
const CONTENTS: ReadonlySet<string> = new Set(
  Object.values(handledContract.messages).flatMap(({ fields }) =>
    fields.flatMap(([name, type]) => (type === 'xsd:base64Binary' ? [name] : [])),
  ),
);

/** How a call ended. `injected` is the failure that a test requested. */
export type CallOutcome<Output> = { readonly injected: Injected } & (
  | { readonly end: 'answer'; readonly output: Output }
  | { readonly end: 'fault'; readonly fault: IpsFault }
  /** Drop the connection without a response. */
  | { readonly end: 'drop' }
);

/** A decoded request. */
export interface AdmissionRequest {
  readonly operation: OperationName;
  readonly input: object;
  /** Deviations that the decoder tolerated. */
  readonly issues: readonly DecodeIssue[];
}

/**
 * Executes a call from any transport: counts, times and traces it, injects failures that a test requested, and converts errors to the faults that
 * the service would return.
 */
export async function admit<Output>(
  { services, chaos }: OperationParts,
  operation: OperationName,
  work: () => Promise<Output>,
): Promise<CallOutcome<Output>> {
  const injected = chaos.roll(operation);
  if (injected.latency > 0) await new Promise((resolve) => setTimeout(resolve, injected.latency));
  if (injected.drop) return { injected, end: 'drop' };
  const method = `IpsApiService/${operation}`;
  const attributes = { 'rpc.system.name': 'ips', 'rpc.method': method };
  return traced(services.traces, method, { kind: 'server', attributes }, async (span) => {
    const stopTimer = services.metrics.callSeconds.startTimer({ operation });
    let outcome = 'ok';
    try {
      if (injected.fault) throw ruleBroken('A fault requested by a test');
      return { injected, end: 'answer', output: await work() };
    } catch (error) {
      const fault = faultOf(services, operation, error);
      outcome = String(fault.code ?? 'fault');
      if (isFailure(error)) span.fail(error instanceof Error ? error.name : 'unknown');
      return { injected, end: 'fault', fault };
    } finally {
      stopTimer();
      services.metrics.calls.inc({ operation, outcome });
      span.set({ 'rpc.response.status_code': outcome });
    }
  });
}

/**
 * Checks that a request is valid, and that the caller's company and role allow the operation.
 *
 * @returns The company of the request.
 * @throws IpsFault for the first failed check.
 */
export async function checkRequest(
  services: Services,
  identity: Identity,
  request: AdmissionRequest,
  now: Date,
): Promise<CompanyRow | undefined> {
  checkInput(request);
  const company = await companyOfRequest(services, identity, request, now);
  checkRole(request.operation, rolesAllowed(request.operation), rolesOf(identity, company, now));
  return company;
}

/**
 * The fault that the service would return for an error. Unexpected errors are logged, and the fault does not reveal them.
 *
 * @param operation - The operation; `undefined` if it could not be determined.
 */
export function faultOf(services: Services, operation: string | undefined, error: unknown): IpsFault {
  if (error instanceof IpsFault) return error;
  if (error instanceof WireError) return invalidRequestXml(error.message);
  if (error instanceof FileTooLargeError) return ruleBroken(`a file is larger than ${error.maxBytes} bytes`);
  if (hasCode(error, UNIQUE_VIOLATION)) return madeMeanwhile();
  if (hasCode(error, LIMIT_EXCEEDED)) return textTooLong();
  const problem = storageProblem(error);
  if (problem !== undefined) {
    services.log.error({ err: error, operation }, problem);
    return notStored(problem);
  }
  services.log.error({ err: error, operation }, 'an operation failed unexpectedly');
  return unexpectedError();
}

/** Whether the server failed. Other faults are about the request. */
function isFailure(error: unknown): boolean {
  const isRefusal =
    error instanceof IpsFault || error instanceof WireError || error instanceof FileTooLargeError;
  return !isRefusal && !hasCode(error, UNIQUE_VIOLATION) && !hasCode(error, LIMIT_EXCEEDED);
}

/** Whether the database refused a statement with a code. */
function hasCode(error: unknown, code: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === code) return true;
  }
  return false;
}

function checkInput({ operation, input, issues }: AdmissionRequest): void {
  const bad = issues.find((issue) => issue.code === 'bad-value');
  if (bad !== undefined) throw invalidRequestXml(`${placeOf(bad.path)}: ${bad.message}`);
  const long = longText(input, (field) => CONTENTS.has(field));
  if (long !== undefined)
    throw malformed(long.path, `found ${long.length} characters, expected at most ${long.limit}`);
  const name = contract.operations[operation]?.input;
  if (name === undefined) {
    // Later versions have no schemas, so their inputs are checked by the decoder alone.
    const input = `${operation}Param.`;
    const missing = issues.find(({ code, path }) => code === 'missing-field' && path.startsWith(input));
    if (missing !== undefined) throw missingParameter(missing.path.slice(input.length));
    return;
  }
  // The contract and the validator are generated from the same WSDL, so each input has a schema.
  const message = name as SchemaName;
  const [issue] = validate(message, input, { mode: 'lenient' }).errors;
  if (issue !== undefined) throw issueFault(issue);
}

function issueFault(issue: Issue): IpsFault {
  if (issue.code === 'required') return missingParameter(issue.path);
  // No element of a choice is present.
  if (issue.code === 'exclusive' && issue.value === undefined) {
    return missingParameter([issue.path, issue.expected].filter((each) => each !== '').join(': '));
  }
  if (issue.code === 'exclusive')
    return new IpsFault({ kind: 'api', code: 30001, reason: issue.message, faultString: 'IpsApiException' });
  return invalidParameter(issue.path, issue.value, issue.expected);
}

async function companyOfRequest(
  services: Services,
  identity: Identity,
  { operation, input }: AdmissionRequest,
  now: Date,
): Promise<CompanyRow | undefined> {
  const handle = 'companyHandle' in input ? input.companyHandle : undefined;
  if (typeof handle !== 'string') return undefined;
  const reads = handledContract.operations[operation]?.idempotency === 'safe';
  return findCompany(services.db, identity, handle, { reads, now });
}
