import * as t from '../../db/schema.js';
import type { AdminActions } from '../../http/admin-actions.js';
import { type RecordedRequest, RequestJournal } from '../../http/request-journal.js';
import type { TestRecords } from '../../http/test-records.js';
import { latestMails } from '../../jobs/mails.js';
import type { RecordedNotification } from '../../jobs/notification-log.js';
import type { Chaos } from '../../operations/chaos.js';
import type { Services } from '../../services.js';
import type { JournalEntry, NotificationsPage } from '../api.js';
import type { OwnAdmin, PageRequest } from './own-admin.js';

type Notification = NotificationsPage['notifications'][number];

/** What the test panel does: the same as the admin API. */
export function createOwnAdmin(
  { db, clock }: Services,
  chaos: Chaos,
  actions: AdminActions,
  records: TestRecords,
): OwnAdmin {
  return {
    state: async () => ({
      clock: { mode: clock.mode, now: clock.now().toISOString() },
      chaos: chaos.settings,
      mails: await db.$count(t.mails),
      notifications: await db.$count(t.outbox),
      journal: records.requestCount,
    }),
    advance: (milliseconds) => actions.advance(milliseconds),
    setTime: (time) => actions.setTime(time),
    chaos: (settings) => chaos.set(settings),
    seed: (seed) => actions.seed(seed),
    reset: async () => {
      chaos.set({});
      await actions.reset();
    },
    mails: async ({ page, pageSize }) => {
      const { mails, total } = await latestMails(db, { limit: pageSize }, (page - 1) * pageSize);
      return {
        mails: mails.map(({ id, createdAt, ...mail }) => ({
          id: String(id),
          ...mail,
          createdAt: createdAt.toISOString(),
        })),
        page,
        pageSize,
        total,
      };
    },
    notifications: async (request) => {
      const all = (await records.notifications()).toReversed().map(notification);
      return { notifications: cut(all, request), ...request, total: all.length };
    },
    journal: (request, operation) => {
      const found = records.journal.find({ operation }).toReversed();
      const entries = cut(found, request).map(entryOf);
      return { entries, ...request, total: found.length, capacity: RequestJournal.capacity };
    },
    journalEntry: (id) => {
      const record = records.journal.get(Number(id));
      if (record === undefined) return undefined;
      const { request, response, isTruncated } = record;
      return { ...entryOf(record), request, response, isTruncated };
    },
  };
}

function notification({ id, createdAt, dueAt, ...rest }: RecordedNotification): Notification {
  return {
    id: String(id),
    ...rest,
    createdAt: createdAt.toISOString(),
    ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
  };
}

function entryOf({
  id,
  at,
  request: _,
  response: __,
  isTruncated: ___,
  fault,
  user,
  ...rest
}: RecordedRequest): JournalEntry {
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
