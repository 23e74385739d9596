import { and, asc, eq, gt } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import * as t from '../db/schema.js';
import { addToOutbox } from '../jobs/outbox.js';
import type { Services } from '../services.js';

/**
 * Reports assets that were permanently removed from the trash to the administrators of their company, if the company's settings request
 * it. The mail is added to the outbox in the transaction that marks the removals as reported. If the process stops before that, the next
 * cleanup reports them.
 */
export async function mailTrashCleanup({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    const companies = await tx
      .select()
      .from(t.companies)
      .where(gt(t.companies.unreportedRemovals, 0))
      .orderBy(asc(t.companies.id))
      .for('update');
    const ids = companies.map(({ id }) => id);
    if (ids.length === 0) return;
    const recipients = await tx
      .select({ companyId: t.memberships.companyId, email: t.users.email })
      .from(t.memberships)
      .innerJoin(t.users, eq(t.users.id, t.memberships.userId))
      .where(
        and(
          anyOf(t.memberships.companyId, ids),
          eq(t.memberships.role, 'IpsCompanyAdmin'),
          eq(t.memberships.isActive, true),
          eq(t.users.isValid, true),
        ),
      )
      .orderBy(asc(t.users.id));
    for (const { id, name, settings, unreportedRemovals } of companies) {
      if (settings.emailTrashCleanupWarning !== true) continue;
      for (const { email } of recipients.filter(({ companyId }) => companyId === id)) {
        const mail = {
          kind: 'mail' as const,
          about: `the trash of ${name}`,
          recipient: email,
          subject: `Trash emptied: ${name}`,
          body: `Assets permanently removed from the trash of ${name}: ${unreportedRemovals}`,
        };
        await addToOutbox(tx, mail, now);
      }
    }
    await tx.update(t.companies).set({ unreportedRemovals: 0 }).where(anyOf(t.companies.id, ids));
  });
}
