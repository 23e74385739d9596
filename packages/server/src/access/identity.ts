import type { Role } from '@ips-sdk/types/roles';
import { eq } from 'drizzle-orm';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import {
  illegalCompany,
  invalidCredentials,
  invalidUser,
  noCredentials,
  noOperationPermission,
  notSupported,
} from '../faults.js';
import type { Services } from '../services.js';
import { isRightPassword } from './password-check.js';

/** A membership of the caller, with its company. */
export interface Membership {
  readonly company: CompanyRow;
  readonly role: Role;
  readonly isActive: boolean;
}

/** The caller. */
export interface Identity {
  readonly user: UserRow;
  readonly memberships: readonly Membership[];
}

/** The credentials in a request. */
export interface PresentedCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Credentials from the header, the legacy headers or HTTP Basic, in this order.
 *
 * @throws IpsFault 30000 for a header with a response of an identity provider, but no user.
 */
export function presentedCredentials(
  header: Readonly<Record<string, unknown>> | undefined,
  legacy: PresentedCredentials | undefined,
  authorization: string | undefined,
): PresentedCredentials | undefined {
  const user = header?.['user'];
  if (typeof user === 'string' && user !== '') {
    return { user, password: typeof header?.['password'] === 'string' ? header['password'] : '' };
  }
  const saml = header?.['samlResponse'];
  if (typeof saml === 'string' && saml !== '') throw notSupported('authHeader.samlResponse');
  if (legacy !== undefined) return legacy;
  return basicCredentials(authorization);
}

/** The user whose credentials a request presents, whether or not these are accepted. */
export function presentedUser(
  header: Readonly<Record<string, unknown>> | undefined,
  legacy: PresentedCredentials | undefined,
  authorization: string | undefined,
): string | undefined {
  const user = header?.['user'];
  return typeof user === 'string' && user !== '' ? user : (legacy ?? basicCredentials(authorization))?.user;
}

function basicCredentials(authorization: string | undefined): PresentedCredentials | undefined {
  const basic = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Authenticates the caller.
 *
 * @param remoteAddress - Where the call comes from; failed logins are counted for each user and address.
 * @throws IpsFault 10000, 10001 or 10002 when authentication fails, 20006 when the caller is not an active member of any company,
 *   30000 with an HTTP status and a time to wait when the password was not checked: after failed logins, or under load.
 */
export async function authenticate(
  services: Pick<Services, 'db' | 'logins' | 'clock'>,
  credentials: PresentedCredentials | undefined,
  remoteAddress: string,
): Promise<Identity> {
  if (credentials === undefined) throw noCredentials();
  const now = services.clock.now();
  const rows = await services.db
    .select({ user: t.users, membership: t.memberships, company: t.companies })
    .from(t.users)
    .leftJoin(t.memberships, eq(t.memberships.userId, t.users.id))
    .leftJoin(t.companies, eq(t.companies.id, t.memberships.companyId))
    .where(equalsIgnoreCase(t.users.email, credentials.user.trim()))
    .orderBy(t.memberships.companyId);
  const user = rows[0]?.user;
  const isRight = await isRightPassword(services, { ...credentials, row: user, remoteAddress, now });
  if (user === undefined || !isRight) throw invalidCredentials();
  if (!user.isValid) throw invalidUser('User is not valid');
  if (user.passwordExpires !== null && user.passwordExpires <= now)
    throw invalidUser('The password has expired');
  const memberships = rows.flatMap(({ membership, company }) =>
    membership && company ? [{ company, role: membership.role as Role, isActive: membership.isActive }] : [],
  );
  if (!user.isIpsAdmin && !memberships.some((membership) => isUsable(membership, now))) {
    throw illegalCompany('any');
  }
  // The role applies in all companies, regardless of the membership that grants it.
  const administers = memberships.some(
    (membership) => membership.role === 'IpsAdmin' && isUsable(membership, now),
  );
  return { user: administers ? { ...user, isIpsAdmin: true } : user, memberships };
}

/**
 * The roles of a caller: those in one company, or those in all companies of the caller if the request names none or the shared one.
 */
export function rolesOf(
  { user, memberships }: Identity,
  company: CompanyRow | undefined,
  now: Date,
): ReadonlySet<Role> {
  const usable = memberships.filter(
    (membership) =>
      isUsable(membership, now) &&
      (company === undefined || company.id === SHARED_COMPANY.id || membership.company.id === company.id),
  );
  return new Set<Role>([
    ...(user.isIpsAdmin ? (['IpsAdmin'] as const) : []),
    ...usable.map(({ role }) => role),
  ]);
}

/** Whether a company has expired. */
export function isExpired(company: CompanyRow, now: Date): boolean {
  return company.expires !== null && company.expires <= now;
}

/** Whether a caller may act in a company. */
export function mayAct(identity: Identity, company: CompanyRow, now: Date): boolean {
  return (
    identity.user.isIpsAdmin ||
    identity.memberships.some((m) => m.company.id === company.id && isUsable(m, now))
  );
}

/** @throws IpsFault 20003 if none of the caller's roles is allowed. */
export function checkRole(
  operation: string,
  allowed: readonly Role[] | undefined,
  roles: ReadonlySet<Role>,
): void {
  if (allowed !== undefined && !allowed.some((role) => roles.has(role)))
    throw noOperationPermission(operation);
}

function isUsable({ isActive, company }: Membership, now: Date): boolean {
  return isActive && !isExpired(company, now);
}
