import { userRoles } from '@ips-sdk/types/constants';
import { and, eq } from 'drizzle-orm';
import { createCompany } from '../companies/create-company.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { MAX_PASSWORD } from '../passwords/password-rules.js';
import { NO_PASSWORD } from '../passwords/stored-hash.js';
import type { Services } from '../services.js';
import { flag, list, record, text } from './seed-checks.js';
import {
  addGroups,
  addPermissions,
  checkGroups,
  checkPermissions,
  type SeedGroup,
  type SeedPermission,
} from './seed-permissions.js';

/** The data that `seed` adds. Existing objects are not changed. */
export interface Seed {
  readonly companies?:
    | readonly {
        readonly name: string;
        readonly folders?: readonly string[];
        /** Groups, with users who are members of the company. */
        readonly groups?: readonly SeedGroup[];
        /** What groups may do in folders. Folders that have permissions keep them. */
        readonly permissions?: readonly SeedPermission[];
      }[]
    | undefined;
  readonly users?:
    | readonly {
        readonly email: string;
        readonly password: string;
        readonly firstName?: string;
        readonly lastName?: string;
        readonly isIpsAdmin?: boolean;
        readonly memberships?: readonly { readonly company: string; readonly role: string }[];
      }[]
    | undefined;
}

/**
 * Adds companies with folders, groups and permissions, and users with memberships.
 *
 * @throws Error that names the invalid value in the seed. Nothing is added then.
 *
 * @internal
 */
export async function applySeed(services: Services, given: unknown): Promise<void> {
  const seed = checkSeed(given);
  const now = services.clock.now();
  const hashes = await hashesOf(services, seed.users ?? []);
  await services.db.transaction(async (tx) => {
    for (const { name, folders = [] } of seed.companies ?? []) {
      const id = (await companyId(tx, name)) ?? (await createCompany(tx, name, now));
      const [company] = await tx
        .select({ rootPath: t.companies.rootPath })
        .from(t.companies)
        .where(eq(t.companies.id, id));
      const root = company?.rootPath ?? '';
      for (const folder of folders) {
        const steps = folder.split('/').filter((step) => step !== '');
        for (let depth = 1; depth <= steps.length; depth += 1) {
          const path = `${root}${steps.slice(0, depth).join('/')}/`;
          await tx.insert(t.folders).values({ companyId: id, path, lastModified: now }).onConflictDoNothing();
        }
      }
    }
    for (const [index, user] of (seed.users ?? []).entries()) {
      await tx
        .insert(t.users)
        .values({
          email: user.email,
          firstName: user.firstName ?? '',
          lastName: user.lastName ?? '',
          isIpsAdmin: user.isIpsAdmin ?? false,
          passwordHash: hashes[index] ?? '',
          createdAt: now,
        })
        .onConflictDoNothing();
      // The user has no password after a snapshot from another server was restored.
      await tx
        .update(t.users)
        .set({ passwordHash: hashes[index] ?? '' })
        .where(and(equalsIgnoreCase(t.users.email, user.email), eq(t.users.passwordHash, NO_PASSWORD)));
      const [row] = await tx.select().from(t.users).where(equalsIgnoreCase(t.users.email, user.email));
      for (const [place, { company, role }] of (user.memberships ?? []).entries()) {
        const id = await companyId(tx, company);
        if (id === undefined || row === undefined) {
          throw new Error(
            `users[${index}].memberships[${place}].company: the company "${company}" does not exist`,
          );
        }
        await tx
          .insert(t.memberships)
          .values({ userId: row.id, companyId: id, role, isActive: true })
          .onConflictDoNothing();
      }
    }
    // Members of groups may be users of the same seed.
    for (const [index, { name, groups = [], permissions = [] }] of (seed.companies ?? []).entries()) {
      const [company] = await tx.select().from(t.companies).where(equalsIgnoreCase(t.companies.name, name));
      if (company === undefined) throw new Error(`the company ${name} was not stored`);
      await addGroups(tx, company, groups, `companies[${index}].groups`);
      await addPermissions(tx, company, permissions, `companies[${index}].permissions`);
    }
  });
}

/** Hashes the passwords of users, as many at once as there are threads, so that none waits in a list that has an end. */
async function hashesOf(
  { logins }: Services,
  users: readonly { readonly email: string; readonly password: string }[],
): Promise<readonly string[]> {
  const hashes: string[] = [];
  const entries = users.entries();
  const work = async (): Promise<void> => {
    for (const [index, { email, password }] of entries) {
      const hash = await logins.hasher.hash(password, 'seed');
      logins.remember(email, password, hash);
      hashes[index] = hash;
    }
  };
  await Promise.all(Array.from({ length: logins.hasher.threads }, work));
  return hashes;
}

async function companyId(tx: Db, name: string): Promise<number | undefined> {
  const [company] = await tx
    .select({ id: t.companies.id })
    .from(t.companies)
    .where(equalsIgnoreCase(t.companies.name, name));
  return company?.id;
}

function checkSeed(given: unknown): Seed {
  const seed = record('a seed', given, ['companies', 'users']) as Seed;
  list('companies', seed.companies).forEach((company, index) => {
    const path = `companies[${index}]`;
    record(path, company, ['name', 'folders', 'groups', 'permissions']);
    text(`${path}.name`, company.name);
    checkGroups(`${path}.groups`, company.groups);
    checkPermissions(`${path}.permissions`, company.permissions);
    list(`${path}.folders`, company.folders).forEach((folder, place) => {
      text(`${path}.folders[${place}]`, folder);
    });
  });
  list('users', seed.users).forEach((user, index) => {
    const path = `users[${index}]`;
    record(path, user, ['email', 'password', 'firstName', 'lastName', 'isIpsAdmin', 'memberships']);
    text(`${path}.email`, user.email);
    text(`${path}.password`, user.password);
    if (user.password.length > MAX_PASSWORD)
      throw new Error(
        `${path}.password: found ${user.password.length} characters, expected at most ${MAX_PASSWORD}`,
      );
    if (user.firstName !== undefined) text(`${path}.firstName`, user.firstName);
    if (user.lastName !== undefined) text(`${path}.lastName`, user.lastName);
    flag(`${path}.isIpsAdmin`, user.isIpsAdmin);
    list(`${path}.memberships`, user.memberships).forEach((membership, at) => {
      const place = `${path}.memberships[${at}]`;
      record(place, membership, ['company', 'role']);
      text(`${place}.company`, membership.company);
      if (!(userRoles as readonly unknown[]).includes(membership.role)) {
        throw new Error(
          `${place}.role: found ${JSON.stringify(membership.role)}, expected one of ${userRoles.join(', ')}`,
        );
      }
    });
  });
  return seed;
}
