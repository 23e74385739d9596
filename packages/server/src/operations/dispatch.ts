import type { OperationName, Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { type Issue, validate } from '@ips-sdk/validator';
import type { DecodeIssue } from '@ips-sdk/wire';
import { IpsFault } from '@ips-sdk/wire';
import { eq } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import {
  authenticate,
  checkRole,
  type Identity,
  mayAct,
  type PresentedCredentials,
  rolesOf,
} from '../access/identity.js';
import { rolesAllowed } from '../access/operation-roles.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import {
  illegalCompany,
  invalidCompany,
  invalidParameter,
  invalidRequestXml,
  madeMeanwhile,
  missingParameter,
  notSupported,
  ruleBroken,
} from '../faults.js';
import type { Handler } from '../handlers/handler.js';
import { handlers } from '../handlers/registry.js';
import { parseCompanyHandle } from '../handles.js';
import type { Services } from '../services.js';
import { filterResponse } from './response-filter.js';

/** How PostgreSQL calls a row that there is already. */
const UNIQUE_VIOLATION = '23505';

/** A request, decoded. */
export interface DispatchRequest {
  readonly operation: OperationName;
  readonly input: object;
  readonly credentials: PresentedCredentials | undefined;
  readonly locale: string;
  readonly remoteAddress: string;
  /** What the decoder overcame. */
  readonly issues: readonly DecodeIssue[];
}

/**
 * Carries out a request: who calls, may they, is the input sound, then the handler, then the response filter.
 *
 * @throws IpsFault with what the service would answer.
 */
export async function dispatch(services: Services, request: DispatchRequest): Promise<object> {
  const { operation } = request;
  const stopTimer = services.metrics.callSeconds.startTimer({ operation });
  let outcome = 'ok';
  try {
    const now = services.clock.now();
    const identity = await authenticate(services.db, services.passwords, request.credentials, now);
    const input = checkInput(request);
    const company = await findCompany(services, identity, request.operation, input, now);
    checkRole(operation, rolesAllowed(operation), rolesOf(identity, company, now));
    const handler = handlers[operation] as Handler<OperationName> | undefined;
    if (handler === undefined) throw notSupported(`Operation '${operation}'`);
    const call: Call = {
      operation,
      services,
      db: services.db,
      identity,
      company,
      locale: request.locale,
      remoteAddress: request.remoteAddress,
      now,
    };
    const output = (await handler(input as Operations[OperationName]['input'], call)) ?? {};
    return filterResponse(operation, input, output);
  } catch (error) {
    const fault =
      error instanceof IpsFault ? error : (conflict(error) ?? unexpected(services, operation, error));
    outcome = String(fault.code ?? 'fault');
    throw fault;
  } finally {
    stopTimer();
    services.metrics.calls.inc({ operation, outcome });
  }
}

/**
 * The fault for what the database refuses because two calls made the same thing at once, each of which had found its name free.
 */
function conflict(error: unknown): IpsFault | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as { code?: unknown }).code === UNIQUE_VIOLATION) return madeMeanwhile();
  }
  return undefined;
}

/** What our own mistakes look like from outside: nothing of their inside. */
function unexpected(services: Services, operation: string, error: unknown): IpsFault {
  services.log.error({ err: error, operation }, 'an operation failed unexpectedly');
  return ruleBroken('An unexpected error occurred; the log of the server has the details');
}

function checkInput({ operation, input, issues }: DispatchRequest): object {
  const bad = issues.find((issue) => issue.code === 'bad-value');
  if (bad !== undefined) throw invalidRequestXml(`${bad.path}: ${bad.message}`);
  const message = contract.operations[operation]?.input ?? '';
  const [issue] = validate(message as never, input, { mode: 'lenient' }).errors;
  if (issue !== undefined) throw faultOf(issue);
  return input;
}

function faultOf(issue: Issue): IpsFault {
  if (issue.code === 'required') return missingParameter(issue.path);
  if (issue.code === 'exclusive') return ruleBrokenParameter(issue);
  return invalidParameter(issue.path, issue.value, issue.expected);
}

function ruleBrokenParameter(issue: Issue): IpsFault {
  return new IpsFault({ kind: 'api', code: 30001, reason: issue.message, faultString: 'IpsApiException' });
}

async function findCompany(
  services: Services,
  identity: Identity,
  operation: OperationName,
  input: object,
  now: Date,
): Promise<CompanyRow | undefined> {
  const handle = (input as { companyHandle?: unknown }).companyHandle;
  if (typeof handle !== 'string') return undefined;
  const id = parseCompanyHandle(handle);
  // Most callers are members, and their companies are known already.
  const own = identity.memberships.find((membership) => membership.company.id === id)?.company;
  const [company] =
    own !== undefined
      ? [own]
      : id === undefined
        ? []
        : await services.db.select().from(t.companies).where(eq(t.companies.id, id));
  if (company === undefined) throw invalidCompany(handle);
  if (company.expires !== null && company.expires <= now && !identity.user.isIpsAdmin)
    throw invalidCompany(handle);
  // Everybody may read what is in the shared company, and nobody but administrators of the system may change it.
  const sharedRead =
    company.id === SHARED_COMPANY.id && contract.operations[operation]?.idempotency === 'safe';
  if (!sharedRead && !mayAct(identity, company, now)) throw illegalCompany(handle);
  return company;
}
