import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { type MembershipValues, membershipUpdates } from '../access/membership-updates.js';
import { administeredCompanies, requestCompanies, requestUser } from '../access/user-access.js';
import { companyRecord } from '../companies/company-record.js';
import type { Db } from '../db/db.js';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { alreadyExists, illegalRequestUser } from '../faults.js';
import { companyHandle, userHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations on memberships of users in companies. */
export const membershipHandlers: AreaHandlers = {
  getCompanyMembership: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const visible = user.id === call.identity.user.id ? 'all' : administeredCompanies(call);
    const rows = await call.db
      .select({ membership: t.memberships, company: t.companies })
      .from(t.memberships)
      .innerJoin(t.companies, eq(t.companies.id, t.memberships.companyId))
      .where(
        and(
          eq(t.memberships.userId, user.id),
          visible === 'all' ? undefined : inArray(t.memberships.companyId, [...visible, -1]),
        ),
      )
      .orderBy(asc(t.companies.id));
    return {
      membershipArray: rows.map(({ membership, company }) => ({
        company: companyRecord(company),
        role: membership.role,
        isActive: membership.isActive,
      })),
    };
  },

  // Memberships in companies that the caller does not manage stay.
  setCompanyMembership: async (input, call) => {
    const user = await managedUser(call, input.userHandle);
    const values = await membershipUpdates(call, input.membershipArray);
    const managed = administeredCompanies(call);
    await call.db.transaction(async (tx) => {
      const present = await tx
        .select({ companyId: t.memberships.companyId })
        .from(t.memberships)
        .where(eq(t.memberships.userId, user.id));
      const kept = new Set(values.map(({ companyId }) => companyId));
      const gone = present
        .map(({ companyId }) => companyId)
        .filter((id) => !kept.has(id) && (managed === 'all' || managed.includes(id)));
      await endMemberships(tx, user.id, gone);
      await keepMemberships(tx, user.id, values);
    });
    return {};
  },

  addCompanyMembership: async (input, call) => {
    const user = await managedUser(call, input.userHandle);
    const values = await membershipUpdates(call, input.membershipArray);
    await call.db.transaction(async (tx) => {
      const present = await tx
        .select({ companyId: t.memberships.companyId })
        .from(t.memberships)
        .where(eq(t.memberships.userId, user.id));
      const twice = values.find(({ companyId }) => present.some((each) => each.companyId === companyId));
      if (twice !== undefined) {
        throw alreadyExists('membershipArray', companyHandle(twice.companyId));
      }
      await keepMemberships(tx, user.id, values);
    });
    return {};
  },

  removeCompanyMembership: async (input, call) => {
    const user = await managedUser(call, input.userHandle);
    const companies = await requestCompanies(call, input.companyHandleArray);
    await call.db.transaction((transaction) =>
      endMemberships(
        transaction,
        user.id,
        companies.map(({ id }) => id),
      ),
    );
    return {};
  },
};

/**
 * The user whose memberships a request changes. Only an IpsAdmin can change those of an IpsAdmin.
 *
 * @throws IpsFault 20002, 20003 or 20007
 */
async function managedUser(call: Call, handle: string | undefined): Promise<UserRow> {
  const user = await requestUser(call, handle);
  if (user.isIpsAdmin && !call.identity.user.isIpsAdmin) throw illegalRequestUser(userHandle(user));
  return user;
}

/** Adds memberships. Existing ones get the new role and state. */
async function keepMemberships(tx: Db, userId: number, values: readonly MembershipValues[]): Promise<void> {
  for (const { companyId, role, isActive } of values) {
    await tx
      .insert(t.memberships)
      .values({ userId, companyId, role, isActive })
      .onConflictDoUpdate({
        target: [t.memberships.userId, t.memberships.companyId],
        set: { role, isActive },
      });
  }
}

/** Ends memberships in companies and in their groups. */
async function endMemberships(tx: Db, userId: number, companyIds: readonly number[]): Promise<void> {
  if (companyIds.length === 0) return;
  await tx
    .delete(t.memberships)
    .where(and(eq(t.memberships.userId, userId), inArray(t.memberships.companyId, [...companyIds])));
  await tx.delete(t.groupMembers).where(
    and(
      eq(t.groupMembers.userId, userId),
      inArray(
        t.groupMembers.groupId,
        tx
          .select({ id: t.groups.id })
          .from(t.groups)
          .where(inArray(t.groups.companyId, [...companyIds])),
      ),
    ),
  );
}
