import type { Role } from '@ips-sdk/types/roles';
import { and, asc, eq } from 'drizzle-orm';
import type { Db } from '../../db/db.js';
import type { CompanyRow } from '../../db/rows.js';
import * as t from '../../db/schema.js';
import { SHARED_COMPANY } from '../../db/shared-company.js';
import { type Call, companyOf } from '../call.js';
import { type Identity, isExpired, rolesOf } from '../identity.js';
import { withAdministration } from '../system-administrators.js';

/** Whose permissions are evaluated, in one company. */
export interface Viewer {
  readonly companyId: number;
  /** The groups whose permissions count; one that allows is enough. `undefined` for somebody whom permissions do not restrict. */
  readonly groups: readonly number[] | undefined;
}

/** The roles that need permissions. For all others, the role is enough. */
const RESTRICTED: ReadonlySet<Role> = new Set<Role>([
  'ImagePortalUser',
  'ImagePortalContrib',
  'ImagePortalContribUser',
]);

/** Whether users with a role see only what permissions allow. */
export const isRestricted = (role: string | undefined): boolean =>
  role !== undefined && (RESTRICTED as ReadonlySet<string>).has(role);

/** The viewers of each caller, by company. An identity lives as long as its call, so nothing outlives a change of permissions. */
const known = new WeakMap<Identity, Map<number, Promise<Viewer>>>();

/**
 * The caller, in the company of the call or in another.
 *
 * @param db - The transaction, inside one.
 */
export function callerOf(
  call: Call,
  db: Db = call.db,
  company: CompanyRow = companyOf(call),
): Promise<Viewer> {
  const { identity, now } = call;
  const viewers = known.get(identity) ?? new Map<number, Promise<Viewer>>();
  known.set(identity, viewers);
  const found = viewers.get(company.id);
  if (found !== undefined) return found;
  const viewer = viewerWith(db, identity.user.id, company, rolesOf(identity, company, now));
  viewers.set(company.id, viewer);
  return viewer;
}

/** The caller in a company or, for what belongs to a user in no company, in all of the caller's companies together. */
export async function callerAnywhere(call: Call, companyId: number | null): Promise<Viewer> {
  const viewers: Viewer[] = [];
  for (const { company } of call.identity.memberships) {
    if (companyId === null || company.id === companyId) viewers.push(await callerOf(call, call.db, company));
  }
  const isRestricted =
    !call.identity.user.isIpsAdmin && viewers.every((viewer) => viewer.groups !== undefined);
  return {
    companyId: companyId ?? 0,
    groups: isRestricted ? viewers.flatMap((viewer) => viewer.groups ?? []) : undefined,
  };
}

/** Somebody whom permissions do not restrict. */
export const unrestricted = (companyId: number): Viewer => ({ companyId, groups: undefined });

/** The members of one group who are in no other. */
export const membersOf = (companyId: number, groupId: number): Viewer => ({ companyId, groups: [groupId] });

/**
 * A user by number, as of now: the submitter of a job, or the user of `accessUserHandle`. A user who has no role in the company any more
 * may do nothing.
 */
export async function viewerOfUser(db: Db, userId: number, company: CompanyRow, now: Date): Promise<Viewer> {
  const [row] = await withAdministration(
    db,
    await db.select().from(t.users).where(eq(t.users.id, userId)),
    now,
  );
  const [membership] = await db
    .select({ role: t.memberships.role, isActive: t.memberships.isActive })
    .from(t.memberships)
    .where(and(eq(t.memberships.userId, userId), eq(t.memberships.companyId, company.id)));
  const roles = new Set<Role>();
  if (row?.isIpsAdmin === true) roles.add('IpsAdmin');
  // Only roles of the contract are stored.
  if (membership?.isActive === true && !isExpired(company, now)) roles.add(membership.role as Role);
  return roles.size === 0 ? { companyId: company.id, groups: [] } : viewerWith(db, userId, company, roles);
}

/** Evaluates by role and, where the role needs permissions, by groups. */
async function viewerWith(
  db: Db,
  userId: number,
  company: CompanyRow,
  roles: ReadonlySet<Role>,
): Promise<Viewer> {
  // Everybody may read the shared company, and only system administrators change it: see `findCompany`.
  if (company.id === SHARED_COMPANY.id) return unrestricted(company.id);
  if ([...roles].some((role) => !isRestricted(role))) return unrestricted(company.id);
  return { companyId: company.id, groups: await groupsOf(db, userId, company.id) };
}

/** The groups of a user in a company. */
export async function groupsOf(db: Db, userId: number, companyId: number): Promise<number[]> {
  const rows = await db
    .select({ id: t.groups.id })
    .from(t.groupMembers)
    .innerJoin(t.groups, eq(t.groups.id, t.groupMembers.groupId))
    .where(and(eq(t.groupMembers.userId, userId), eq(t.groups.companyId, companyId)))
    .orderBy(asc(t.groups.id));
  return rows.map(({ id }) => id);
}
