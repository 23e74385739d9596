import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/**
 * Users with the flag of those who administer the system, which a membership with the role IpsAdmin gives as well: that role
 * overrides what holds in single companies. An inactive membership and one in an expired company give nothing.
 */
export async function withAdministration(db: Db, users: readonly UserRow[], now: Date): Promise<UserRow[]> {
  if (users.every(({ isIpsAdmin }) => isIpsAdmin)) return [...users];
  const rows = await db
    .selectDistinct({ userId: t.memberships.userId })
    .from(t.memberships)
    .innerJoin(t.companies, eq(t.companies.id, t.memberships.companyId))
    .where(
      and(
        anyOf(
          t.memberships.userId,
          users.map(({ id }) => id),
        ),
        eq(t.memberships.role, 'IpsAdmin'),
        eq(t.memberships.isActive, true),
        or(isNull(t.companies.expires), gt(t.companies.expires, now)),
      ),
    );
  const administrators = new Set(rows.map(({ userId }) => userId));
  return users.map((user) => (administrators.has(user.id) ? { ...user, isIpsAdmin: true } : user));
}
