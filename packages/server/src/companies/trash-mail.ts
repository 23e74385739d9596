import { and, asc, eq } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import * as t from '../db/schema.js';
import { sendMail } from '../jobs/send-mail.js';
import type { Services } from '../services.js';

/**
 * Tells the administrators of companies that assets were removed from the trash for good, where the company's setting asks for
 * it. Every mail has its row in the outbox, whether or not it could be sent.
 *
 * @param removed - How many assets each company lost, by its number.
 */
export async function mailTrashCleanup(
  { db, clock, config, log }: Pick<Services, 'db' | 'clock' | 'config' | 'log'>,
  removed: ReadonlyMap<number, number>,
): Promise<void> {
  if (removed.size === 0) return;
  const rows = await db
    .select({ company: t.companies, email: t.users.email })
    .from(t.companies)
    .innerJoin(t.memberships, eq(t.memberships.companyId, t.companies.id))
    .innerJoin(t.users, eq(t.users.id, t.memberships.userId))
    .where(
      and(
        anyOf(t.companies.id, [...removed.keys()]),
        eq(t.memberships.role, 'IpsCompanyAdmin'),
        eq(t.memberships.isActive, true),
        eq(t.users.isValid, true),
      ),
    )
    .orderBy(asc(t.companies.id), asc(t.users.id));
  for (const { company, email } of rows) {
    if (company.settings.emailTrashCleanupWarning !== true) continue;
    const count = removed.get(company.id) ?? 0;
    const mail = {
      recipient: email,
      subject: `Trash emptied: ${company.name}`,
      body: `Assets that were removed for good from the trash of ${company.name}: ${count}`,
    };
    let outcome: string;
    try {
      outcome = await sendMail(config, mail);
    } catch (error) {
      outcome = (error as Error).message;
      log.warn({ company: company.name, reason: outcome }, 'a mail about the trash was not sent');
    }
    await db.insert(t.mails).values({ ...mail, createdAt: clock.now(), outcome });
  }
}
