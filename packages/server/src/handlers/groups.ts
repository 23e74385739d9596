import type { Group } from '@ips-sdk/types';
import { and, asc, eq, inArray } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { type GroupRow, requestGroup, requestGroups } from '../access/group-access.js';
import { administeredCompanies, requestUser } from '../access/user-access.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import {
  alreadyExists,
  illegalParameterValue,
  illegalRequestUser,
  invalidParameter,
  invalidRequestUser,
  ruleBroken,
} from '../faults.js';
import { companyHandle, groupHandle, parseUserHandle, userHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations on user groups and their members. This server has no group permissions. */
export const groupHandlers: AreaHandlers = {
  getGroups: async (_input, call) => {
    const rows = await call.db
      .select()
      .from(t.groups)
      .where(eq(t.groups.companyId, companyOf(call).id))
      .orderBy(asc(t.groups.id));
    return { groupArray: rows.map(groupRecord) };
  },

  saveGroup: async (input, call) => {
    const company = companyOf(call);
    const name = input.name.trim();
    if (name === '' || name.length > 255 || /[|\p{Cc}]/u.test(name)) {
      throw invalidParameter(
        'name',
        input.name,
        'a name of 1 to 255 characters, without "|" or control characters',
      );
    }
    const named = input.groupHandle === undefined ? undefined : await requestGroup(call, input.groupHandle);
    if (input.isSystemDefined && !call.identity.user.isIpsAdmin) {
      throw illegalParameterValue('isSystemDefined', 'true', 'false');
    }
    const id = await call.db.transaction(async (tx) => {
      const [other] = await tx
        .select()
        .from(t.groups)
        .where(and(eq(t.groups.companyId, company.id), equalsIgnoreCase(t.groups.name, name)));
      // Without a handle, a group that exists under the name is saved.
      const group = named ?? other;
      if (group !== undefined) checkOwn(call, group);
      if (other !== undefined && other.id !== group?.id) throw alreadyExists('name', name);
      const values = { companyId: company.id, name, isSystemDefined: input.isSystemDefined };
      const [saved] =
        group === undefined
          ? await tx.insert(t.groups).values(values).returning({ id: t.groups.id })
          : await tx
              .update(t.groups)
              .set(values)
              .where(eq(t.groups.id, group.id))
              .returning({ id: t.groups.id });
      if (saved === undefined) throw new Error('the group was not stored');
      return saved.id;
    });
    return { groupHandle: groupHandle(id) };
  },

  deleteGroup: async (input, call) => {
    const group = await requestGroup(call, input.groupHandle);
    checkOwn(call, group);
    await call.db.delete(t.groups).where(eq(t.groups.id, group.id));
    return {};
  },

  getGroupMembers: async (input, call) => {
    const group = await requestGroup(call, input.groupHandle);
    const rows = await call.db
      .select({ id: t.users.id, email: t.users.email })
      .from(t.groupMembers)
      .innerJoin(t.users, eq(t.users.id, t.groupMembers.userId))
      .where(eq(t.groupMembers.groupId, group.id))
      .orderBy(asc(t.users.id));
    return { userHandleArray: rows.map(userHandle) };
  },

  setGroupMembers: async (input, call) => {
    const group = await requestGroup(call, input.groupHandle);
    const userIds = await membersOf(call, input.userHandleArray, [group]);
    await call.db.transaction(async (tx) => {
      await tx.delete(t.groupMembers).where(eq(t.groupMembers.groupId, group.id));
      await addMembers(tx, [group.id], userIds);
    });
    return {};
  },

  addGroupMembers: async (input, call) => {
    const group = await requestGroup(call, input.groupHandle);
    await addMembers(call.db, [group.id], await membersOf(call, input.userHandleArray, [group]));
    return {};
  },

  removeGroupMembers: async (input, call) => {
    const group = await requestGroup(call, input.groupHandle);
    const userIds = input.userHandleArray.map((handle) => {
      const id = parseUserHandle(handle);
      if (id === undefined) throw invalidRequestUser(handle);
      return id;
    });
    await removeMembers(call.db, [group.id], userIds);
    return {};
  },

  getGroupMembership: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const visible =
      call.company !== undefined
        ? [call.company.id]
        : user.id === call.identity.user.id
          ? 'all'
          : administeredCompanies(call);
    const rows = await call.db
      .select({ group: t.groups })
      .from(t.groupMembers)
      .innerJoin(t.groups, eq(t.groups.id, t.groupMembers.groupId))
      .where(
        and(
          eq(t.groupMembers.userId, user.id),
          visible === 'all' ? undefined : inArray(t.groups.companyId, [...visible, -1]),
        ),
      )
      .orderBy(asc(t.groups.id));
    return { groupArray: rows.map(({ group }) => groupRecord(group)) };
  },

  // Without a company, replaces the groups of all companies that the caller manages; those of others stay.
  setGroupMembership: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const groups = await requestGroups(call, input.groupHandleArray);
    await membersOf(call, [userHandle(user)], groups);
    const scope = call.company === undefined ? administeredCompanies(call) : [call.company.id];
    await call.db.transaction(async (tx) => {
      const inScope = tx
        .select({ id: t.groups.id })
        .from(t.groups)
        .where(scope === 'all' ? undefined : inArray(t.groups.companyId, [...scope, -1]));
      await tx
        .delete(t.groupMembers)
        .where(and(eq(t.groupMembers.userId, user.id), inArray(t.groupMembers.groupId, inScope)));
      await addMembers(tx, ids(groups), [user.id]);
    });
    return {};
  },

  addGroupMembership: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const groups = await requestGroups(call, input.groupHandleArray);
    await membersOf(call, [userHandle(user)], groups);
    await addMembers(call.db, ids(groups), [user.id]);
    return {};
  },

  removeGroupMembership: async (input, call) => {
    const user = await requestUser(call, input.userHandle);
    const groups = await requestGroups(call, input.groupHandleArray);
    await removeMembers(call.db, ids(groups), [user.id]);
    return {};
  },
};

function groupRecord(group: GroupRow): Group {
  return {
    groupHandle: groupHandle(group.id),
    companyHandle: companyHandle(group.companyId),
    name: group.name,
    isSystemDefined: group.isSystemDefined,
  };
}

const ids = (groups: readonly GroupRow[]): number[] => groups.map(({ id }) => id);

/** @throws IpsFault 30000 when the group belongs to the system and the caller does not administer it. */
function checkOwn(call: Call, group: GroupRow): void {
  if (group.isSystemDefined && !call.identity.user.isIpsAdmin) {
    throw ruleBroken(`The group '${group.name}' is defined by the system and cannot be changed`);
  }
}

/**
 * The numbers of users who may be members of groups.
 *
 * @throws IpsFault 20002 for an unknown user, 20007 for one who is not a member of a group's company.
 */
async function membersOf(
  call: Call,
  handles: readonly string[],
  groups: readonly GroupRow[],
): Promise<number[]> {
  const userIds = handles.map((handle) => parseUserHandle(handle) ?? -1);
  if (userIds.length === 0) return [];
  const users = await call.db.select({ id: t.users.id }).from(t.users).where(inArray(t.users.id, userIds));
  const memberships = await call.db
    .select({ userId: t.memberships.userId, companyId: t.memberships.companyId })
    .from(t.memberships)
    .where(inArray(t.memberships.userId, userIds));
  handles.forEach((handle, index) => {
    const id = userIds[index];
    if (!users.some((user) => user.id === id)) throw invalidRequestUser(handle);
    for (const group of groups) {
      const member = memberships.some((each) => each.userId === id && each.companyId === group.companyId);
      if (!member) throw illegalRequestUser(handle);
    }
  });
  return userIds;
}

async function addMembers(db: Db, groupIds: readonly number[], userIds: readonly number[]): Promise<void> {
  const values = groupIds.flatMap((groupId) => userIds.map((userId) => ({ groupId, userId })));
  if (values.length > 0) await db.insert(t.groupMembers).values(values).onConflictDoNothing();
}

async function removeMembers(db: Db, groupIds: readonly number[], userIds: readonly number[]): Promise<void> {
  if (groupIds.length === 0 || userIds.length === 0) return;
  await db
    .delete(t.groupMembers)
    .where(and(inArray(t.groupMembers.groupId, [...groupIds]), inArray(t.groupMembers.userId, [...userIds])));
}
