import { and, asc, eq, exists, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import type { Call } from './call.js';
import { requestGroups } from './group-access.js';
import { administeredCompanies, requestCompanies } from './user-access.js';
import { YEARS_OF_NEVER } from './user-record.js';

/** The filters that `getUsers` and `getUserChars` share. */
export interface UserFilter {
  readonly includeInvalid?: boolean | undefined;
  readonly includeInactive?: boolean | undefined;
  readonly companyHandleArray?: readonly string[] | undefined;
  readonly groupHandleArray?: readonly string[] | undefined;
  readonly userRoleArray?: readonly string[] | undefined;
}

/**
 * The condition for users whom the caller manages and who match the filters. A role and companies are combined: users who have the role
 * in one of the companies.
 *
 * @throws IpsFault for companies and groups that the caller may not name.
 */
export async function userFilter(call: Call, filter: UserFilter): Promise<SQL | undefined> {
  const conditions: (SQL | undefined)[] = [];
  if (filter.includeInvalid !== true) conditions.push(eq(t.users.isValid, true));
  const companies =
    filter.companyHandleArray !== undefined && filter.companyHandleArray.length > 0
      ? (await requestCompanies(call, filter.companyHandleArray)).map(({ id }) => id)
      : administeredCompanies(call);
  const roles = filter.userRoleArray ?? [];
  const memberships = and(
    eq(t.memberships.userId, t.users.id),
    companies === 'all' ? undefined : inArray(t.memberships.companyId, [...companies, -1]),
    filter.includeInactive === true ? undefined : eq(t.memberships.isActive, true),
  );
  const memberWith = (more?: SQL) =>
    exists(call.db.select({ one: sql`1` }).from(t.memberships).where(and(memberships, more)));
  const member = memberWith(roles.length === 0 ? undefined : inArray(t.memberships.role, [...roles]));
  // System administrators have their role in every company, without a membership; members see those of their companies.
  const administrators = and(
    eq(t.users.isIpsAdmin, true),
    administeredCompanies(call) === 'all' ? undefined : memberWith(),
  );
  const everywhere = roles.length === 0 ? companies === 'all' : roles.includes('IpsAdmin');
  if (companies !== 'all' || roles.length > 0 || filter.includeInactive !== true) {
    conditions.push(everywhere ? or(member, administrators) : member);
  }
  if (filter.groupHandleArray !== undefined && filter.groupHandleArray.length > 0) {
    const groups = await requestGroups(call, filter.groupHandleArray);
    conditions.push(
      exists(
        call.db
          .select({ one: sql`1` })
          .from(t.groupMembers)
          .where(
            and(
              eq(t.groupMembers.userId, t.users.id),
              inArray(
                t.groupMembers.groupId,
                groups.map(({ id }) => id),
              ),
            ),
          ),
      ),
    );
  }
  return and(...conditions);
}

const FIELDS: Readonly<Record<string, PgColumn>> = {
  FirstName: t.users.firstName,
  LastName: t.users.lastName,
  Email: t.users.email,
};

/**
 * The column of a User Char Filter Field; `undefined` for `None`.
 *
 * @throws IpsFault 30001 for anything else.
 */
export function charField(path: string, field: string): PgColumn | undefined {
  if (field === 'None') return undefined;
  const column = FIELDS[field];
  if (column === undefined) throw invalidParameter(path, field, ['None', ...Object.keys(FIELDS)].join(', '));
  return column;
}

const role = sql`(select min(${t.memberships.role}) from ${t.memberships} where ${t.memberships.userId} = ${t.users.id})`;

const ORDERS: Readonly<Record<string, SQL>> = {
  FirstName: asc(sql`lower(${t.users.firstName})`),
  LastName: asc(sql`lower(${t.users.lastName})`),
  Email: asc(sql`lower(${t.users.email})`),
  Role: asc(role),
  Valid: asc(t.users.isValid),
  // As in the response.
  PasswordExpiration: asc(
    sql`coalesce(${t.users.passwordExpires}, ${t.users.createdAt} + make_interval(years => ${YEARS_OF_NEVER}))`,
  ),
};

/**
 * The column that users are sorted by, ascending.
 *
 * @throws IpsFault 30001 for anything but a User Sort Field.
 */
export function userOrder(sortBy: string | undefined): SQL[] {
  if (sortBy === undefined || sortBy === 'None') return [];
  const order = ORDERS[sortBy];
  if (order === undefined)
    throw invalidParameter('sortBy', sortBy, ['None', ...Object.keys(ORDERS)].join(', '));
  return [order];
}
