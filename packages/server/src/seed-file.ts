import { sql } from 'drizzle-orm';
import { hashPassword } from './auth/password.js';
import * as t from './db/schema.js';
import type { Db } from './db/store.js';
import { createCompany } from './seed.js';
import type { Services } from './services.js';

/** What `seed` adds. Everything that is there already is left as it is. */
export interface Seed {
  readonly companies?: readonly { readonly name: string; readonly folders?: readonly string[] }[] | undefined;
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
 * Adds companies with folders, and users with memberships.
 *
 * @throws Error naming the place in the seed that is wrong; nothing is added then.
 */
export async function applySeed(services: Services, given: unknown): Promise<void> {
  const seed = checkSeed(given);
  const now = services.clock.now();
  const hashes = await Promise.all((seed.users ?? []).map(({ password }) => hashPassword(password)));
  await services.db.transaction(async (transaction) => {
    const tx = transaction as unknown as Db;
    for (const { name, folders = [] } of seed.companies ?? []) {
      const id = (await companyId(tx, name)) ?? (await createCompany(tx, name, now));
      const root = `${name.replaceAll(/\s+/g, '')}/`;
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
      const [row] = await tx
        .select()
        .from(t.users)
        .where(sql`lower(${t.users.email}) = ${user.email.toLowerCase()}`);
      for (const [place, { company, role }] of (user.memberships ?? []).entries()) {
        const id = await companyId(tx, company);
        if (id === undefined || row === undefined) {
          throw new Error(`users[${index}].memberships[${place}].company: there is no company "${company}"`);
        }
        await tx
          .insert(t.memberships)
          .values({ userId: row.id, companyId: id, role, isActive: true })
          .onConflictDoNothing();
      }
    }
  });
}

async function companyId(tx: Db, name: string): Promise<number | undefined> {
  const [company] = await tx
    .select({ id: t.companies.id })
    .from(t.companies)
    .where(sql`lower(${t.companies.name}) = ${name.toLowerCase()}`);
  return company?.id;
}

function checkSeed(given: unknown): Seed {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new Error('a seed is an object with "companies" and "users"');
  }
  for (const key of Object.keys(given)) {
    if (key !== 'companies' && key !== 'users')
      throw new Error(`"${key}" is nothing that a seed has; it has companies, users`);
  }
  const seed = given as Seed;
  list('companies', seed.companies).forEach((company, index) => {
    text(`companies[${index}].name`, company.name);
    list(`companies[${index}].folders`, company.folders).forEach((folder, place) => {
      text(`companies[${index}].folders[${place}]`, folder);
    });
  });
  list('users', seed.users).forEach((user, index) => {
    text(`users[${index}].email`, user.email);
    text(`users[${index}].password`, user.password);
    list(`users[${index}].memberships`, user.memberships).forEach((membership, place) => {
      text(`users[${index}].memberships[${place}].company`, membership.company);
      text(`users[${index}].memberships[${place}].role`, membership.role);
    });
  });
  return seed;
}

function list<T>(path: string, value: readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Error(`${path}: expected an array`);
  return value;
}

function text(path: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw new Error(`${path}: expected a text`);
}
