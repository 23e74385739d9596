// Notifications are in the table `outbox` from the transaction that causes them until they are delivered. A queue entry is only a hint to
// check a row.
import { and, eq, lte } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { OutboxRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import type { TraceCarrier } from '../traces/traces.js';

/** Milliseconds for which an attempt holds a notification. After that, its process counts as lost. */
export const ATTEMPT = 5 * 60_000;

/** Milliseconds between attempts: the first delay and the longest. Each delay is twice the previous one. */
const DELAYS = { first: 1000, longest: 15 * 60_000 } as const;

/** Maximum number of attempts, which take about a day. */
export const MAX_ATTEMPTS = 100;

/** Milliseconds by which the clocks of processes may differ. */
export const CLOCK_SKEW = 1000;

/** A notification to store. */
export type NewNotification = { readonly about: string } & (
  | { readonly kind: 'http'; readonly url: string; readonly body: string }
  | {
      readonly kind: 'mail';
      readonly recipient: string;
      readonly subject: string;
      readonly body: string;
      readonly runId?: number;
    }
);

/**
 * Adds a notification to the outbox, in the transaction that causes it. Returns its number.
 *
 * @param trace - The trace that the delivery continues. Default: none.
 */
export async function addToOutbox(
  tx: Db,
  notification: NewNotification,
  now: Date,
  trace: TraceCarrier | null = null,
): Promise<number> {
  const { kind, about } = notification;
  const [row] = await tx
    .insert(t.outbox)
    .values({
      kind,
      about,
      createdAt: now,
      dueAt: now,
      trace,
      ...(notification.kind === 'http'
        ? { target: notification.url, body: notification.body }
        : { target: notification.recipient, mailId: await addMail(tx, notification, now) }),
    })
    .returning({ id: t.outbox.id });
  if (row === undefined) throw new Error('the notification was not stored');
  return row.id;
}

/** Takes a due notification, so that no other worker attempts it in the meantime. */
export async function takeFromOutbox(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  id: number,
): Promise<OutboxRow | undefined> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(t.outbox)
      .where(and(eq(t.outbox.id, id), lte(t.outbox.dueAt, new Date(now.getTime() + CLOCK_SKEW))))
      .for('update', { skipLocked: true });
    if (row === undefined) return undefined;
    const taken = { attempts: row.attempts + 1, dueAt: new Date(now.getTime() + ATTEMPT) };
    await tx.update(t.outbox).set(taken).where(eq(t.outbox.id, id));
    return { ...row, ...taken };
  });
}

/** When the next attempt is due, by the number of attempts so far. */
export function nextAttempt(attempts: number, now: Date): Date {
  const delay = Math.min(DELAYS.longest, DELAYS.first * 2 ** Math.min(30, attempts - 1));
  return new Date(now.getTime() + delay);
}

async function addMail(
  tx: Db,
  mail: Extract<NewNotification, { kind: 'mail' }>,
  now: Date,
): Promise<number | undefined> {
  const { recipient, subject, body, runId } = mail;
  const [row] = await tx
    .insert(t.mails)
    .values({ recipient, subject, body, runId: runId ?? null, createdAt: now, outcome: 'waiting' })
    .returning({ id: t.mails.id });
  return row?.id;
}
