import { permissionTypes } from '@ips-sdk/types/constants';
import { and, eq } from 'drizzle-orm';
import type { Entry } from '../access/permissions/folder-rules.js';
import type { Right } from '../access/permissions/rights.js';
import { hasSet, replaceSet } from '../access/permissions/set-store.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { type FolderRow, findFolder } from '../folders/folder-store.js';
import { flag, list, record, text } from './seed-checks.js';

/** A group of a company in a seed. */
export interface SeedGroup {
  readonly name: string;
  /** Email addresses of members of the company. */
  readonly members?: readonly string[];
}

/** Permissions of a group on a folder in a seed. */
export interface SeedPermission {
  /** Path in the company's root; `/` is the root itself. */
  readonly folder: string;
  readonly group: string;
  readonly allow?: readonly Right[];
  readonly deny?: readonly Right[];
  /** Whether the entries take precedence over those of the folder above. Default: true. */
  readonly override?: boolean;
}

/**
 * @throws Error that names the first invalid value.
 *
 * @internal
 */
export function checkGroups(path: string, groups: readonly SeedGroup[] | undefined): void {
  list(path, groups).forEach((group, index) => {
    const at = `${path}[${index}]`;
    record(at, group, ['name', 'members']);
    text(`${at}.name`, group.name);
    list(`${at}.members`, group.members).forEach((member, place) => {
      text(`${at}.members[${place}]`, member);
    });
  });
}

/**
 * @throws Error that names the first invalid value.
 *
 * @internal
 */
export function checkPermissions(path: string, permissions: readonly SeedPermission[] | undefined): void {
  list(path, permissions).forEach((permission, index) => {
    const at = `${path}[${index}]`;
    record(at, permission, ['folder', 'group', 'allow', 'deny', 'override']);
    text(`${at}.folder`, permission.folder);
    text(`${at}.group`, permission.group);
    flag(`${at}.override`, permission.override);
    for (const key of ['allow', 'deny'] as const) {
      list(`${at}.${key}`, permission[key]).forEach((right, place) => {
        if (!(permissionTypes as readonly unknown[]).includes(right))
          throw new Error(
            `${at}.${key}[${place}]: found ${JSON.stringify(right)}, expected ${permissionTypes.join(', ')}`,
          );
      });
    }
    const both = permission.allow?.find((right) => permission.deny?.includes(right));
    if (both !== undefined) throw new Error(`${at}.deny: ${both} is also in allow`);
  });
}

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
        throw new Error(
          `${path}[${index}].members[${place}]: "${email}" is not a member of "${company.name}"`,
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
    const steps = permission.folder.split('/').filter((step) => step !== '');
    const folder = await findFolder(
      tx,
      company.id,
      `${company.rootPath}${steps.map((step) => `${step}/`).join('')}`,
    );
    if (folder === undefined)
      throw new Error(`${at}.folder: the folder "${permission.folder}" does not exist in "${company.name}"`);
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
  if (group === undefined) throw new Error(`${path}: "${company.name}" has no group "${name}"`);
  return group.id;
}
