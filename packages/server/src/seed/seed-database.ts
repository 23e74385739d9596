import { sql } from 'drizzle-orm';
import { createCompany } from '../companies/create-company.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { tableNames } from '../db/store.js';
import { hashPassword } from '../passwords.js';
import { createSharedCompany } from './shared-company.js';

/** The user that the server creates when it starts. */
export interface AdminAccount {
  readonly email: string;
  readonly password: string;
}

/** Numbers of the first company and user, similar to those of an old account at the service. */
const FIRST_IDS: Readonly<Record<string, number>> = {
  companies: 6,
  users: 41,
  assets: 1001,
  publish_contexts: 3001,
};

/** Fills an empty database: numbers start at `firstId`; creates the company and its administrator. */
export async function seedDatabase(
  db: Db,
  given: {
    readonly company: string;
    readonly admin: AdminAccount;
    /** Whether an existing administrator keeps the current password. */
    readonly keepsPassword?: boolean | undefined;
    readonly now: Date;
    readonly firstId?: number | undefined;
  },
): Promise<void> {
  const passwordHash = await hashPassword(given.admin.password);
  await db.transaction(async (tx) => {
    // Workers that start at the same time find the same things missing: only one of them creates them.
    await tx.execute(sql`select pg_advisory_xact_lock(7302)`);
    const [known] = await tx
      .select({ id: t.companies.id })
      .from(t.companies)
      .where(equalsIgnoreCase(t.companies.name, given.company));
    const empty = (await tx.$count(t.companies)) === 0;
    if (empty) await startNumbers(tx, given.firstId);
    await createSharedCompany(tx, given.now);
    const companyId = known?.id ?? (await createCompany(tx, given.company, given.now));
    const [user] = await tx.select().from(t.users).where(equalsIgnoreCase(t.users.email, given.admin.email));
    let userId = user?.id;
    if (userId === undefined) {
      const [made] = await tx
        .insert(t.users)
        .values({
          email: given.admin.email,
          firstName: 'Server',
          lastName: 'Administrator',
          isIpsAdmin: true,
          passwordHash,
          createdAt: given.now,
        })
        .returning({ id: t.users.id });
      userId = made?.id;
    } else if (given.keepsPassword !== true) {
      await tx.update(t.users).set({ passwordHash, isValid: true }).where(sql`${t.users.id} = ${userId}`);
    }
    if (userId === undefined) throw new Error('the administrator was not stored');
    await tx
      .insert(t.memberships)
      .values({ userId, companyId, role: 'IpsCompanyAdmin', isActive: true })
      .onConflictDoNothing();
  });
}

/** Empties all tables and restarts their numbers. */
export async function emptyDatabase(db: Db): Promise<void> {
  const names = await tableNames(db);
  if (names.length === 0) return;
  const list = names.map((name) => `"${name}"`).join(', ');
  await db.execute(sql.raw(`truncate ${list} restart identity cascade`));
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
