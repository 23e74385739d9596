import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/**
 * Sets the flag of system administrators for users who have a membership with the role IpsAdmin, because that role applies in all
 * companies. Inactive memberships and those in expired companies do not count.
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
