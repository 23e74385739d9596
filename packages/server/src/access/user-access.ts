import { asc, eq, inArray, ne } from 'drizzle-orm';
import type { CompanyRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import {
  illegalCompany,
  illegalRequestUser,
  invalidCompany,
  invalidRequestUser,
  noOperationPermission,
} from '../faults.js';
import { parseCompanyHandle, parseUserHandle } from '../handles.js';
import type { Call } from './call.js';
import { rolesOf } from './identity.js';
import { rolesAllowed } from './operation-roles.js';
import { withAdministration } from './system-administrators.js';

/** The roles that manage the users of a company. */
const ADMINISTRATORS: readonly string[] = [
  'IpsAdmin',
  'IpsCompanyAdmin',
  'TrialSiteAdmin',
  'ImagePortalAdmin',
];

/** All companies in which the caller may act. For an IpsAdmin, every company. */
export async function usableCompanies(call: Call): Promise<CompanyRow[]> {
  if (call.identity.user.isIpsAdmin) {
    return call.db
      .select()
      .from(t.companies)
      .where(ne(t.companies.id, SHARED_COMPANY.id))
      .orderBy(asc(t.companies.id));
  }
  return call.identity.memberships
    .map(({ company }) => company)
    .filter((company) => mayCallIn(call, company));
}

/** Whether the caller's role in a company allows the operation of this call. */
export function mayCallIn(call: Call, company: CompanyRow): boolean {
  const roles = rolesOf(call.identity, company, call.now);
  const allowed = rolesAllowed(call.operation);
  return allowed === undefined ? roles.size > 0 : allowed.some((role) => roles.has(role));
}

/** Whether the caller manages the users of a company. */
export function administers(call: Call, company: CompanyRow): boolean {
  return [...rolesOf(call.identity, company, call.now)].some((role) => ADMINISTRATORS.includes(role));
}

/** The companies whose users the caller manages; `all` for an IpsAdmin. */
export function administeredCompanies(call: Call): 'all' | readonly number[] {
  if (call.identity.user.isIpsAdmin) return 'all';
  return call.identity.memberships
    .filter(({ company }) => administers(call, company))
    .map(({ company }) => company.id);
}

/**
 * The user of a request: the caller, unless it names another user. Only callers who manage the users of a company of that user may do so.
 *
 * @throws IpsFault 20002 for an unknown user, 20007 for one of other companies, 20003 for a caller who does not manage users.
 */
export async function requestUser(call: Call, handle: string | undefined): Promise<UserRow> {
  const caller = call.identity.user;
  if (handle === undefined) return caller;
  const id = parseUserHandle(handle);
  if (id === caller.id) return caller;
  const rows = id === undefined ? [] : await call.db.select().from(t.users).where(eq(t.users.id, id));
  const [user] = await withAdministration(call.db, rows, call.now);
  if (user === undefined) throw invalidRequestUser(handle);
  await checkManages(call, user, handle);
  return user;
}

/** @throws IpsFault 20003 if the caller manages the users of no company. `named` is the user in the request. */
export function checkManagesUsers(call: Call, named: string): void {
  const managed = administeredCompanies(call);
  if (managed === 'all' || managed.length > 0) return;
  throw noOperationPermission(`${call.operation}' for another user than the caller, '${named}`);
}

/** @throws IpsFault 20007 or 20003 if the caller may not act on the user. `named` is the user in the request. */
export async function checkManages(call: Call, user: UserRow, named: string): Promise<void> {
  const caller = call.identity.user;
  if (caller.isIpsAdmin || caller.id === user.id) return;
  const memberships = await call.db
    .select({ companyId: t.memberships.companyId })
    .from(t.memberships)
    .where(eq(t.memberships.userId, user.id));
  const theirs = new Set(memberships.map(({ companyId }) => companyId));
  const shared = call.identity.memberships.filter(
    ({ company, isActive }) =>
      isActive && theirs.has(company.id) && (call.company === undefined || company.id === call.company.id),
  );
  if (shared.length === 0) throw illegalRequestUser(named);
  if (!shared.some(({ company }) => administers(call, company))) {
    throw noOperationPermission(`${call.operation}' for another user than the caller, '${named}`);
  }
}

/**
 * Finds the companies of handles in a request, in the same order.
 *
 * @throws IpsFault 20000 for one that is unknown, 20006 for one in which the caller may not call the operation.
 */
export async function requestCompanies(call: Call, handles: readonly string[]): Promise<CompanyRow[]> {
  const ids = handles.map(parseCompanyHandle);
  const known = ids.filter((id) => id !== undefined);
  const rows =
    known.length === 0 ? [] : await call.db.select().from(t.companies).where(inArray(t.companies.id, known));
  return handles.map((handle, index) => {
    const company = rows.find(({ id }) => id === ids[index]);
    if (company === undefined) throw invalidCompany(handle);
    if (!call.identity.user.isIpsAdmin && !mayCallIn(call, company)) throw illegalCompany(handle);
    return company;
  });
}
