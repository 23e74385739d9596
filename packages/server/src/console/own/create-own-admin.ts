import { desc } from 'drizzle-orm';
import type { OutboxRow } from '../../db/rows.js';
import * as t from '../../db/schema.js';
import type { AdminActions } from '../../http/admin-actions.js';
import { type JournalRecord, RequestJournal } from '../../http/request-journal.js';
import type { Chaos } from '../../operations/chaos.js';
import type { Services } from '../../services.js';
import type { JournalEntry, NotificationsPage } from '../api.js';
import { redactXml } from '../secrets.js';
import type { OwnAdmin, PageRequest } from './own-admin.js';

type Notification = NotificationsPage['notifications'][number];

/** Delivered notifications that are kept. */
const MOST_DELIVERED = 200;

/** Notifications that were delivered: their rows are gone. */
export class DeliveredNotifications {
  readonly #rows: OutboxRow[] = [];

  /** The latest first. */
  get rows(): readonly OutboxRow[] {
    return this.#rows.toReversed();
  }

  add(row: OutboxRow): void {
    this.#rows.push(row);
    if (this.#rows.length > MOST_DELIVERED) this.#rows.shift();
  }

  clear(): void {
    this.#rows.length = 0;
  }
}

/** What the test panel does: the same as the admin API. */
export function createOwnAdmin(
  { db, clock }: Services,
  chaos: Chaos,
  actions: AdminActions,
  journal: RequestJournal,
  delivered: DeliveredNotifications,
): OwnAdmin {
  return {
    state: async () => ({
      clock: { mode: clock.mode, now: clock.now().toISOString() },
      chaos: chaos.settings,
      mails: await db.$count(t.mails),
      notifications: await db.$count(t.outbox),
      journal: journal.records.length,
    }),
    advance: (milliseconds) => actions.advance(milliseconds),
    setTime: (time) => actions.setTime(time),
    chaos: (settings) => chaos.set(settings),
    seed: (seed) => actions.seed(seed),
    reset: async () => {
      journal.clear();
      delivered.clear();
      chaos.set({});
      await actions.reset();
    },
    mails: async ({ page, pageSize }) => {
      const rows = await db
        .select()
        .from(t.mails)
        .orderBy(desc(t.mails.id))
        .limit(pageSize)
        .offset((page - 1) * pageSize);
      const mails = rows.map(({ id, recipient, subject, body, createdAt, outcome }) => ({
        id: String(id),
        recipient,
        subject,
        body,
        createdAt: createdAt.toISOString(),
        outcome,
      }));
      return { mails, page, pageSize, total: await db.$count(t.mails) };
    },
    notifications: async (request) => {
      const waiting = await db.select().from(t.outbox).orderBy(desc(t.outbox.id)).limit(1000);
      const all = [
        ...waiting.map((row) => notification(row, 'waiting')),
        ...delivered.rows.map((row) => notification(row, 'delivered')),
      ];
      return { notifications: cut(all, request), ...request, total: all.length };
    },
    journal: (request, operation) => {
      const found = journal.records.filter(
        (record) => operation === undefined || record.operation === operation,
      );
      const entries = cut(found, request).map(entryOf);
      return { entries, ...request, total: found.length, capacity: RequestJournal.capacity };
    },
    journalEntry: (id) => {
      const record = journal.records.find((one) => String(one.id) === id);
      if (record === undefined) return undefined;
      const { request, response, isTruncated } = record;
      return { ...entryOf(record), request: redactXml(request), response: redactXml(response), isTruncated };
    },
  };
}

function notification(row: OutboxRow, status: Notification['status']): Notification {
  const { id, kind, target, about, body, createdAt, attempts, dueAt } = row;
  return {
    id: String(id),
    kind,
    target,
    about,
    body,
    createdAt: createdAt.toISOString(),
    attempts,
    status,
    ...(status === 'waiting' ? { dueAt: dueAt.toISOString() } : {}),
  };
}

function entryOf({
  id,
  at,
  request,
  response: _,
  isTruncated: __,
  fault,
  ...rest
}: JournalRecord): JournalEntry {
  const user = /<(?:[\w.-]+:)?user>([^<]{1,320})</.exec(request)?.[1];
  return {
    id: String(id),
    at: at.toISOString(),
    ...rest,
    ...(fault === undefined ? {} : { fault }),
    ...(user === undefined ? {} : { user }),
  };
}

function cut<T>(all: readonly T[], { page, pageSize }: PageRequest): readonly T[] {
  return all.slice((page - 1) * pageSize, page * pageSize);
}
