// Notifications are in the table `outbox` from the transaction that causes them until they are delivered. A queue entry is only a hint to
// check a row.
import { setTimeout as delay } from 'node:timers/promises';
import { and, eq, lte } from 'drizzle-orm';
import { isDatabaseLoss } from '../db/connection-loss.js';
import type { Db } from '../db/db.js';
import type { OutboxRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Services } from '../services.js';
import type { TraceCarrier } from '../traces/traces.js';

/** Milliseconds after the latest report of its process for which an attempt holds a notification. */
export const ATTEMPT = 30_000;

/** Milliseconds between the reports of an attempt. */
const REPORT = 5000;

/** Milliseconds for which an attempt waits for a lost database to record its result, and between its checks. */
const DATABASE_WAIT = { longest: 60_000, between: 500 } as const;

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

/**
 * Attempts a notification that was taken, however long that takes: reports prevent other workers from attempting it as well. If the
 * process is killed, they do so half a minute later.
 */
export async function whileHeld<T>(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { id, attempts }: Pick<OutboxRow, 'id' | 'attempts'>,
  attempt: () => Promise<T>,
): Promise<T> {
  let reporting: Promise<unknown> = Promise.resolve();
  const report = (): Promise<unknown> =>
    db
      .update(t.outbox)
      .set({ dueAt: new Date(clock.now().getTime() + ATTEMPT) })
      .where(and(eq(t.outbox.id, id), eq(t.outbox.attempts, attempts)));
  const timer = setInterval(() => {
    // One that fails is followed by another.
    reporting = reporting.then(report).catch(() => undefined);
  }, REPORT);
  try {
    return await attempt();
  } finally {
    clearInterval(timer);
    // A late report must not delay the next attempt.
    await reporting;
  }
}

/**
 * Records the result of an attempt, also if the database was lost in the meantime: otherwise, a delivered notification would be delivered
 * again.
 *
 * @throws the driver's error when the database is away for longer than a minute.
 */
export async function recordResult(
  { db }: Pick<Services, 'db'>,
  record: (tx: Db) => Promise<void>,
): Promise<void> {
  const end = performance.now() + DATABASE_WAIT.longest;
  for (;;) {
    try {
      return await db.transaction(record);
    } catch (error) {
      // One whose commit was not answered is repeated as well: it has the same effect twice.
      if (!isDatabaseLoss(error) || performance.now() > end) throw error;
      await delay(DATABASE_WAIT.between);
    }
  }
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
