import { and, eq } from 'drizzle-orm';
import type { Entry } from '../access/permissions/folder-rules.js';
import { hasSet, replaceSet } from '../access/permissions/set-store.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { type FolderRow, findFolder } from '../folders/folder-store.js';
import { SeedError } from './seed-error.js';
import { folderPathOf } from './seed-names.js';
import type { SeedGroup, SeedPermission } from './seed-types.js';

/**
 * Adds groups to a company, and members to them.
 *
 * @internal
 */
export async function addGroups(
  tx: Db,
  company: CompanyRow,
  groups: readonly SeedGroup[],
  path: string,
): Promise<void> {
  for (const [index, { name, members = [] }] of groups.entries()) {
    await tx.insert(t.groups).values({ companyId: company.id, name }).onConflictDoNothing();
    const groupId = await groupNamed(tx, company, name, `${path}[${index}].name`);
    for (const [place, email] of members.entries()) {
      const [member] = await tx
        .select({ id: t.users.id })
        .from(t.users)
        .innerJoin(t.memberships, eq(t.memberships.userId, t.users.id))
        .where(and(equalsIgnoreCase(t.users.email, email), eq(t.memberships.companyId, company.id)));
      if (member === undefined)
        throw new SeedError(
          `${path}[${index}].members[${place}]`,
          `"${email}" is not a member of "${company.name}"`,
        );
      await tx.insert(t.groupMembers).values({ groupId, userId: member.id }).onConflictDoNothing();
    }
  }
}

/**
 * Gives folders permissions, unless they have some.
 *
 * @internal
 */
export async function addPermissions(
  tx: Db,
  company: CompanyRow,
  permissions: readonly SeedPermission[],
  path: string,
): Promise<void> {
  const sets = new Map<number, { readonly folder: FolderRow; readonly entries: Entry[] }>();
  for (const [index, permission] of permissions.entries()) {
    const at = `${path}[${index}]`;
    const folder = await findFolder(tx, company.id, `${company.rootPath}${folderPathOf(permission.folder)}`);
    if (folder === undefined)
      throw new SeedError(
        `${at}.folder`,
        `the folder "${permission.folder}" does not exist in "${company.name}"`,
      );
    const groupId = await groupNamed(tx, company, permission.group, `${at}.group`);
    const { allow = [], deny = [], override: isOverride = true } = permission;
    const set = sets.get(folder.id) ?? { folder, entries: [] };
    sets.set(folder.id, set);
    for (const right of allow) set.entries.push({ groupId, right, isAllowed: true, isOverride });
    for (const right of deny) set.entries.push({ groupId, right, isAllowed: false, isOverride });
  }
  for (const { folder, entries } of sets.values()) {
    const owner = { kind: 'folder', folder } as const;
    if (!(await hasSet(tx, owner))) await replaceSet(tx, owner, entries);
  }
}

async function groupNamed(tx: Db, company: CompanyRow, name: string, path: string): Promise<number> {
  const [group] = await tx
    .select({ id: t.groups.id })
    .from(t.groups)
    .where(and(eq(t.groups.companyId, company.id), equalsIgnoreCase(t.groups.name, name)));
  if (group === undefined) throw new SeedError(path, `"${company.name}" has no group "${name}"`);
  return group.id;
}
