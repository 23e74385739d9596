import type { Role } from '@ips-sdk/types/roles';
import { and, asc, eq, exists, inArray, type SQL, sql } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { rolesOf } from '../access/identity.js';
import { membershipUpdates } from '../access/membership-updates.js';
import { isRightPassword, newPasswordHash } from '../access/password-check.js';
import { withAdministration } from '../access/system-administrators.js';
import {
  administeredCompanies,
  checkManages,
  checkManagesUsers,
  requestUser,
} from '../access/user-access.js';
import { charField, userFilter, userOrder } from '../access/user-filter.js';
import { userRecord } from '../access/user-record.js';
import type { Db } from '../db/db.js';
import { beginsWith, equalsIgnoreCase } from '../db/ignore-case.js';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import {
  alreadyExists,
  illegalParameterValue,
  illegalRequestUser,
  invalidParameter,
  invalidRequestUsername,
  missingParameter,
  noOperationPermission,
} from '../faults.js';
import { userHandle } from '../handles.js';
import { generatePassword, passwordProblem } from '../passwords/password-rules.js';
import { centralMoment } from './central-time.js';
import type { AreaHandlers } from './handler.js';

/** Operations on users and their passwords. */
export const userHandlers: AreaHandlers = {
  checkLogin: async ({ email, password }, call) => {
    const rows = await call.db.select().from(t.users).where(equalsIgnoreCase(t.users.email, email.trim()));
    const [user] = await withAdministration(call.db, rows, call.now);
    const { remoteAddress, now } = call;
    const isRight = await isRightPassword(call.services, {
      user: email,
      password,
      row: user,
      remoteAddress,
      now,
    });
    const valid = isRight && user !== undefined && (await mayLogIn(call, user));
    return { status: valid ? 'ValidLogin' : 'InvalidLogin' };
  },

  generatePassword: async () => ({ password: generatePassword() }),

  setPassword: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    if (user.id !== call.identity.user.id && !call.identity.user.isIpsAdmin) {
      throw noOperationPermission(
        `${call.operation}' for another user than the caller, '${userHandle(user)}`,
      );
    }
    const passwordHash = await hashed(call, input.password);
    const passwordExpires = input.passwordExpires === undefined ? null : centralMoment(input.passwordExpires);
    await call.db.update(t.users).set({ passwordHash, passwordExpires }).where(eq(t.users.id, user.id));
    return {};
  },

  addUser: async (input, call) => {
    const email = checkEmail(input.email);
    checkAdminFlag(call, input.isIpsAdmin, false);
    const memberships = await membershipUpdates(call, input.membershipArray);
    if (memberships.length === 0 && !call.identity.user.isIpsAdmin) {
      throw missingParameter('membershipArray: a membership in a company of the caller');
    }
    const passwordHash = await hashed(call, input.password);
    const user = await call.db.transaction(async (tx) => {
      await checkFree(tx, email, undefined);
      const [made] = await tx
        .insert(t.users)
        .values({
          email,
          firstName: input.firstName,
          lastName: input.lastName,
          isValid: input.isValid,
          isIpsAdmin: input.isIpsAdmin,
          passwordHash,
          passwordExpires: input.passwordExpires === undefined ? null : centralMoment(input.passwordExpires),
          createdAt: call.now,
        })
        .returning();
      if (made === undefined) throw new Error('the user was not stored');
      if (memberships.length > 0) {
        await tx.insert(t.memberships).values(memberships.map((each) => ({ ...each, userId: made.id })));
      }
      return made;
    });
    return { userHandle: userHandle(user) };
  },

  setUserInfo: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const email = checkEmail(input.email);
    // Only system administrators may change the account of one.
    if (user.isIpsAdmin && !call.identity.user.isIpsAdmin) throw illegalRequestUser(userHandle(user));
    checkAdminFlag(call, input.isIpsAdmin, user.isIpsAdmin);
    await call.db.transaction(async (tx) => {
      await checkFree(tx, email, user.id);
      await tx
        .update(t.users)
        .set({
          email,
          firstName: input.firstName,
          lastName: input.lastName,
          isValid: input.isValid,
          isIpsAdmin: input.isIpsAdmin,
          ...(input.passwordExpires === undefined
            ? {}
            : { passwordExpires: centralMoment(input.passwordExpires) }),
        })
        .where(eq(t.users.id, user.id));
    });
    return {};
  },

  getUserInfo: async (input, call) => {
    if (input.email === undefined) return { userInfo: userRecord(await requestUser(call, input.userHandle)) };
    const rows = await call.db
      .select()
      .from(t.users)
      .where(equalsIgnoreCase(t.users.email, input.email.trim()));
    const [user] = await withAdministration(call.db, rows, call.now);
    // Somebody who manages no users does not learn either whether there is another one.
    if (user?.id !== call.identity.user.id) checkManagesUsers(call, input.email);
    if (user === undefined) throw invalidRequestUsername(input.email);
    await checkManages(call, user, input.email);
    return { userInfo: userRecord(user) };
  },

  getAllUsers: async ({ includeInvalid }, call) => {
    const companies = administeredCompanies(call);
    const conditions: SQL[] = [];
    if (!includeInvalid) conditions.push(eq(t.users.isValid, true));
    if (companies !== 'all') {
      conditions.push(
        exists(
          call.db
            .select({ one: sql`1` })
            .from(t.memberships)
            .where(
              and(eq(t.memberships.userId, t.users.id), inArray(t.memberships.companyId, [...companies, -1])),
            ),
        ),
      );
    }
    const rows = await call.db
      .select()
      .from(t.users)
      .where(and(...conditions))
      .orderBy(asc(t.users.id));
    return { userArray: (await withAdministration(call.db, rows, call.now)).map(userRecord) };
  },

  getUsers: async (input, call) => {
    const { recordsPerPage, resultsPage = 1 } = input;
    if (recordsPerPage !== undefined && recordsPerPage < 1) {
      throw invalidParameter('recordsPerPage', recordsPerPage, 'at least 1');
    }
    if (resultsPage < 1) throw invalidParameter('resultsPage', resultsPage, 'at least 1');
    const conditions = [await userFilter(call, input)];
    const column =
      input.charFilterField === undefined ? undefined : charField('charFilterField', input.charFilterField);
    if (column !== undefined && input.charFilter !== undefined) {
      conditions.push(beginsWith(column, input.charFilter));
    }
    const query = call.db
      .select()
      .from(t.users)
      .where(and(...conditions))
      .orderBy(...userOrder(input.sortBy), asc(t.users.id));
    const rows = await (recordsPerPage === undefined
      ? resultsPage === 1
        ? query
        : []
      : query.limit(recordsPerPage).offset((resultsPage - 1) * recordsPerPage));
    return { userArray: (await withAdministration(call.db, rows, call.now)).map(userRecord) };
  },

  getUserChars: async (input, call) => {
    const { numChars = 1 } = input;
    if (numChars < 1) throw invalidParameter('numChars', numChars, 'at least 1');
    const column = charField('charField', input.charField);
    if (column === undefined) {
      throw invalidParameter('charField', input.charField, 'FirstName, LastName or Email');
    }
    const beginning = sql<string>`lower(left(${column}, ${Math.min(numChars, 1000)}::int))`;
    const rows = await call.db
      .selectDistinct({ beginning })
      .from(t.users)
      .where(await userFilter(call, input));
    return {
      userCharsArray: rows
        .map((row) => row.beginning)
        .filter((text) => text !== '')
        .sort(),
    };
  },
};

/** Whether a user with the right password could call operations, in the named company or in any. */
async function mayLogIn(call: Call, user: UserRow): Promise<boolean> {
  if (!user.isValid || (user.passwordExpires !== null && user.passwordExpires <= call.now)) return false;
  if (user.isIpsAdmin) return true;
  const rows = await call.db
    .select({ membership: t.memberships, company: t.companies })
    .from(t.memberships)
    .innerJoin(t.companies, eq(t.companies.id, t.memberships.companyId))
    .where(eq(t.memberships.userId, user.id));
  const memberships = rows.map(({ membership, company }) => ({
    company,
    role: membership.role as Role,
    isActive: membership.isActive,
  }));
  return rolesOf({ user, memberships }, call.company, call.now).size > 0;
}

async function hashed(call: Call, password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw invalidParameter('password', '[secret]', problem);
  return newPasswordHash(call.services, password, call.remoteAddress);
}

function checkEmail(text: string): string {
  const email = text.trim();
  if (email.length > 254 || !/^[^\s@|<>"\p{Cc}]+@[^\s@|<>"\p{Cc}]+$/u.test(email)) {
    throw invalidParameter('email', text, 'an e-mail address');
  }
  return email;
}

/** @throws IpsFault 20005 when the caller may not appoint or dismiss system administrators. */
function checkAdminFlag(call: Call, wanted: boolean, now: boolean): void {
  if (wanted !== now && !call.identity.user.isIpsAdmin) {
    throw illegalParameterValue('isIpsAdmin', String(wanted), String(now));
  }
}

/** @throws IpsFault 30001 when another user has the e-mail address. */
async function checkFree(tx: Db, email: string, userId: number | undefined): Promise<void> {
  const [other] = await tx
    .select({ id: t.users.id })
    .from(t.users)
    .where(equalsIgnoreCase(t.users.email, email));
  if (other !== undefined && other.id !== userId) throw alreadyExists('email', email);
}
