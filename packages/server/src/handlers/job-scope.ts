import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { withAdministration } from '../access/system-administrators.js';
import { mayCallIn } from '../access/user-access.js';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { illegalRequestUser, invalidRequestUser } from '../faults.js';
import { parseUserHandle } from '../handles.js';

/** Maximum rows of a response without pages: active jobs, job logs, log rows of an asset, and events of the portal. */
export const MOST_ROWS = 10_000;

/** Limits jobs, or events of the portal, to the named company, otherwise to the companies of the caller. */
export function companyCondition(
  call: Call,
  column: typeof t.runs.companyId | typeof t.triggers.companyId | typeof t.portalEvents.companyId,
): SQL {
  if (call.company !== undefined) return eq(column, call.company.id);
  if (call.identity.user.isIpsAdmin) return sql`true`;
  // By the caller's role in each company: a role in one does not count in another.
  const own = call.identity.memberships
    .filter(({ company }) => mayCallIn(call, company))
    .map(({ company }) => company.id);
  return own.length === 0 ? sql`false` : inArray(column, own);
}

/** A user whom a request names: a member of the named company, or else of any company of the caller. */
export async function userInCompany(handle: string, call: Call): Promise<UserRow> {
  const id = parseUserHandle(handle);
  const rows = id === undefined ? [] : await call.db.select().from(t.users).where(eq(t.users.id, id));
  const [user] = await withAdministration(call.db, rows, call.now);
  if (user === undefined) throw invalidRequestUser(handle);
  if (user.isIpsAdmin || call.identity.user.id === user.id) return user;
  if (call.company === undefined && call.identity.user.isIpsAdmin) return user;
  const companies =
    call.company !== undefined
      ? [call.company.id]
      : call.identity.memberships.map(({ company }) => company.id);
  const [member] = await call.db
    .select({ role: t.memberships.role })
    .from(t.memberships)
    .where(and(eq(t.memberships.userId, user.id), inArray(t.memberships.companyId, [...companies, -1])))
    .limit(1);
  if (member === undefined) throw illegalRequestUser(handle);
  return user;
}
