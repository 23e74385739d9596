import { eq, sql } from 'drizzle-orm';
import { ensureGlobalTypes } from '../companies/built-in-properties.js';
import { createCompany } from '../companies/create-company.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { createSharedCompany } from './shared-company.js';

/** Numbers of the first company and user, similar to those of an old account at the service. */
const FIRST_IDS: Readonly<Record<string, number>> = {
  companies: 6,
  users: 41,
  assets: 1001,
  publish_contexts: 3001,
};

/**
 * Fills an empty database: numbers start at `firstId`; creates the company and its administrator. Changes
 * nothing about an administrator who exists, unless told to reset that account.
 *
 * @returns The hash of the administrator's password.
 *
 * @internal
 */
export async function seedDatabase(
  db: Db,
  given: {
    readonly company: string;
    /** Without a hash, the administrator has to exist. */
    readonly admin: { readonly email: string; readonly passwordHash: string | undefined };
    /** Whether an existing administrator gets the password and, where they were lost, all rights. */
    readonly resetsAdmin?: boolean | undefined;
    readonly now: Date;
    readonly firstId?: number | undefined;
  },
): Promise<string> {
  const { email, passwordHash } = given.admin;
  return db.transaction(async (tx) => {
    const { companyId, isNew } = await ensureCompany(tx, given);
    const [user] = await tx.select().from(t.users).where(equalsIgnoreCase(t.users.email, email));
    let userId = user?.id;
    let hash = user?.passwordHash;
    if (userId === undefined) {
      if (passwordHash === undefined)
        throw new Error(`the administrator ${email} was removed during startup`);
      const [made] = await tx
        .insert(t.users)
        .values({
          email,
          firstName: 'Server',
          lastName: 'Administrator',
          isIpsAdmin: true,
          passwordHash,
          createdAt: given.now,
        })
        .returning({ id: t.users.id });
      userId = made?.id;
      hash = passwordHash;
    } else if (given.resetsAdmin === true) {
      hash = passwordHash ?? hash;
      await tx
        .update(t.users)
        .set({ passwordHash, passwordExpires: null, isValid: true, isIpsAdmin: true })
        .where(eq(t.users.id, userId));
    }
    if (userId === undefined || hash === undefined) throw new Error('the administrator was not stored');
    // A start returns no rights that were taken away.
    if (user !== undefined && !isNew && given.resetsAdmin !== true) return hash;
    const rights = { role: 'IpsCompanyAdmin', isActive: true };
    await tx
      .insert(t.memberships)
      .values({ userId, companyId, ...rights })
      .onConflictDoUpdate({ target: [t.memberships.userId, t.memberships.companyId], set: rights });
    return hash;
  });
}

/**
 * Creates a company, and in an empty database what comes before all companies.
 *
 * @internal
 */
export async function ensureCompany(
  tx: Db,
  given: { readonly company: string; readonly now: Date; readonly firstId?: number | undefined },
): Promise<{ readonly companyId: number; readonly isNew: boolean }> {
  // Workers that start at the same time find the same objects missing; only one of them creates them.
  await tx.execute(sql`select pg_advisory_xact_lock(7302)`);
  const [known] = await tx
    .select({ id: t.companies.id })
    .from(t.companies)
    .where(equalsIgnoreCase(t.companies.name, given.company));
  const empty = (await tx.$count(t.companies)) === 0;
  if (empty) await startNumbers(tx, given.firstId);
  await createSharedCompany(tx, given.now);
  await ensureGlobalTypes(tx);
  const companyId = known?.id ?? (await createCompany(tx, given.company, given.now));
  return { companyId, isNew: known === undefined };
}

/** Bytes of the largest table up to which deleting all rows is faster than giving all tables new files. */
const SMALL = 2 ** 18;

/**
 * Empties all tables; numbers begin again.
 *
 * @param exclusive - Whether no other process uses the database.
 *
 * @internal
 */
export async function emptyDatabase(db: Db, exclusive: boolean): Promise<void> {
  const tables = await tablesOf(db);
  if (tables.length === 0) return;
  if (exclusive && tables.every(({ size }) => size < SMALL)) {
    await db.transaction(async (tx) => {
      await tx.execute(sql.raw("set local session_replication_role = 'replica'"));
      await deleteRows(tx);
    });
    await db.execute(
      sql`select setval(format('%I.%I', schemaname, sequencename), start_value, false) from pg_sequences where schemaname = 'public'`,
    );
  } else {
    const list = tables.map(({ name }) => `"${name}"`).join(', ');
    await db.execute(sql.raw(`truncate ${list} restart identity cascade`));
  }
}

/**
 * Deletes all rows, in a transaction in which no row is held by those that point at it.
 *
 * @internal
 */
export async function deleteRows(tx: Db): Promise<void> {
  const statements = (await tablesOf(tx)).map(({ name }) => `delete from "${name}";`);
  await tx.execute(sql.raw(`do $$ begin ${statements.join(' ')} end $$`));
}

async function tablesOf(db: Db): Promise<{ name: string; size: number }[]> {
  const { rows } = await db.execute<{ name: string; size: number }>(
    sql`select relname as name, pg_relation_size(oid)::float8 as size from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  return rows;
}

/** The number of the first uploaded asset. */
export function firstAssetId(firstId: number | undefined): number {
  return Math.trunc(firstId ?? FIRST_IDS['assets'] ?? 1);
}

async function startNumbers(tx: Db, firstId: number | undefined): Promise<void> {
  for (const [table, first] of Object.entries(FIRST_IDS)) {
    const start = firstId === undefined ? first : firstId;
    await tx.execute(sql.raw(`alter table "${table}" alter column id restart with ${Math.trunc(start)}`));
  }
}
