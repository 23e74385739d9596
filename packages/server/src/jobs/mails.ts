import { and, desc, gt, gte, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';

/** A mail of the server. */
export interface RecordedMail {
  /** Numbers mails in the order in which they were written. */
  readonly id: number;
  /** E-mail address. */
  readonly recipient: string;
  readonly subject: string;
  /** Plain text. */
  readonly body: string;
  /** When it was written, by the clock of the server. */
  readonly createdAt: Date;
  /**
   * `waiting`, `sent`, `kept` where there is no mail server, `cancelled` after its notification was removed, or the error of the latest
   * attempt.
   */
  readonly outcome: string;
}

/** Which of the mails to return: those that match everything that is given. */
export interface MailFilter {
  /** E-mail address, regardless of case. */
  readonly recipient?: string | undefined;
  /** A part of the subject. */
  readonly subject?: string | undefined;
  /** Mails of this time or later, by the clock of the server. */
  readonly since?: Date | undefined;
  /** Mails after the one with this `id`. */
  readonly after?: number | undefined;
  /** At most this many, the latest. Default: all. */
  readonly limit?: number | undefined;
}

/**
 * Mails, the latest first, and how many there are in all.
 *
 * @internal
 */
export async function latestMails(
  db: Db,
  { recipient, subject, since, after, limit }: MailFilter,
  offset = 0,
): Promise<{ readonly mails: readonly RecordedMail[]; readonly total: number }> {
  const where = and(
    recipient === undefined ? undefined : equalsIgnoreCase(t.mails.recipient, recipient),
    subject === undefined ? undefined : hasPart(subject),
    since === undefined ? undefined : gte(t.mails.createdAt, since),
    after === undefined ? undefined : gt(t.mails.id, after),
  );
  const { id, recipient: to, subject: about, body, createdAt, outcome } = t.mails;
  const query = db
    .select({ id, recipient: to, subject: about, body, createdAt, outcome })
    .from(t.mails)
    .where(where)
    .orderBy(desc(t.mails.id))
    .offset(offset);
  return {
    mails: await (limit === undefined ? query : query.limit(limit)),
    total: await db.$count(t.mails, where),
  };
}

/**
 * Removes all mails. Those that wait are not sent.
 *
 * @internal
 */
export async function removeMails(db: Db): Promise<void> {
  await db.delete(t.mails);
}

// PostgreSQL accepts no text with this character, even in a query, so no subject contains it.
const hasPart = (part: string) =>
  part.includes('\0') ? sql`false` : sql`strpos(${t.mails.subject}, ${part}::text) > 0`;
