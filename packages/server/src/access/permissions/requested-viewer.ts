import { and, eq } from 'drizzle-orm';
import type { CompanyRow } from '../../db/rows.js';
import * as t from '../../db/schema.js';
import {
  illegalAccessGroup,
  illegalRequestUser,
  invalidRequestUser,
  noImpersonationPermission,
} from '../../faults.js';
import { parseGroupHandle, parseUserHandle } from '../../handles.js';
import { type Call, companyOf } from '../call.js';
import { withAdministration } from '../system-administrators.js';
import { administers } from '../user-access.js';
import { callerOf, groupsOf, membersOf, type Viewer, viewerOfUser } from './viewer.js';

/** The handles with which a request asks for the permissions of another. */
export interface AccessHandles {
  readonly accessUserHandle?: string | undefined;
  readonly accessGroupHandle?: string | undefined;
}

/**
 * Whose permissions a request asks for: those of the caller, of another user, or of one group. Administrators may name every user and group
 * of the company; others name themselves and their own groups.
 *
 * @throws IpsFault 20004 for a caller who may not name the user, 20002 or 20007 for a user who is unknown or not in the company, 20008 for a
 * group that is not in the company, or not one of the user's.
 */
export async function requestedViewer(call: Call, handles: AccessHandles): Promise<Viewer> {
  const { accessUserHandle, accessGroupHandle } = handles;
  const company = companyOf(call);
  const userId =
    accessUserHandle === undefined ? undefined : await accessUser(call, company, accessUserHandle);
  if (accessGroupHandle !== undefined) {
    return membersOf(company.id, await accessGroup(call, company, accessGroupHandle, userId));
  }
  return userId === undefined || userId === call.identity.user.id
    ? callerOf(call)
    : viewerOfUser(call.db, userId, company, call.now);
}

async function accessUser(call: Call, company: CompanyRow, handle: string): Promise<number> {
  const id = parseUserHandle(handle);
  if (id === call.identity.user.id) return id;
  if (!administers(call, company)) throw noImpersonationPermission();
  const rows = id === undefined ? [] : await call.db.select().from(t.users).where(eq(t.users.id, id));
  const [user] = await withAdministration(call.db, rows, call.now);
  if (user === undefined) throw invalidRequestUser(handle);
  const isMember = await call.db.$count(
    t.memberships,
    and(eq(t.memberships.userId, user.id), eq(t.memberships.companyId, company.id)),
  );
  if (isMember === 0 && !user.isIpsAdmin) throw illegalRequestUser(handle);
  return user.id;
}

/** @param userId - The user of `accessUserHandle`, who has to be in the group. */
async function accessGroup(
  call: Call,
  company: CompanyRow,
  handle: string,
  userId: number | undefined,
): Promise<number> {
  const id = parseGroupHandle(handle);
  const mustBeIn = userId ?? (administers(call, company) ? undefined : call.identity.user.id);
  const known =
    id !== undefined &&
    (mustBeIn === undefined
      ? (await call.db.$count(t.groups, and(eq(t.groups.id, id), eq(t.groups.companyId, company.id)))) > 0
      : (await groupsOf(call.db, mustBeIn, company.id)).includes(id));
  if (id === undefined || !known) throw illegalAccessGroup(handle);
  return id;
}
