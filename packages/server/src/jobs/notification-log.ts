import { desc, inArray } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { OutboxRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { withoutUrlSecrets } from '../redaction.js';

/** A notification of the end of a job or of another event: a POST to a URL, or a mail. */
export interface RecordedNotification {
  /** Numbers notifications in the order in which they were written. */
  readonly id: number;
  readonly kind: 'http' | 'mail';
  /** URL, without credentials, or e-mail address. */
  readonly target: string;
  /** What it is about, such as the name of a job. */
  readonly about: string;
  /** The JSON of a POST; empty for a mail. */
  readonly body: string;
  /** When it was written, by the clock of the server. */
  readonly createdAt: Date;
  /** Attempts to deliver it so far. */
  readonly attempts: number;
  /** `failed` after the last attempt. */
  readonly status: 'waiting' | 'delivered' | 'failed';
  /** When the next attempt is due; only if it waits. */
  readonly dueAt: Date | undefined;
  /** Why the latest attempt in this process failed. */
  readonly error: string | undefined;
}

/** Which of the notifications to return: those that match everything that is given. */
export interface NotificationFilter {
  readonly kind?: RecordedNotification['kind'] | undefined;
  readonly status?: RecordedNotification['status'] | undefined;
  /** The whole URL or e-mail address, as it is shown. */
  readonly target?: string | undefined;
  /** Notifications of this time or later, by the clock of the server. */
  readonly since?: Date | undefined;
  /** Notifications after the one with this `id`. */
  readonly after?: number | undefined;
  /** At most this many, the latest. Default: all. */
  readonly limit?: number | undefined;
}

/** The end of an attempt to deliver a notification. */
export interface DeliveryAttempt {
  readonly status: RecordedNotification['status'];
  readonly error?: string | undefined;
}

/** Notifications that are kept after their end, and errors of those that wait. */
const MOST = 500;

/** Most notifications that wait and are listed; more can wait. */
const MOST_WAITING = 1000;

/**
 * Notifications: those that wait are in the database, the ends of those of this process are in memory.
 *
 * @internal
 */
export class NotificationLog {
  readonly #ended = new Map<number, RecordedNotification>();
  readonly #errors = new Map<number, string>();
  readonly #listeners = new Set<() => void>();

  /** Records the end of an attempt. */
  add(row: OutboxRow, { status, error: found }: DeliveryAttempt): void {
    const error = found === undefined ? undefined : withoutUrlSecrets(found);
    if (status === 'waiting') put(this.#errors, row.id, error ?? '');
    else {
      put(this.#ended, row.id, shown(row, status, error));
      this.#errors.delete(row.id);
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** All that match, in the order of their ids. */
  async list(db: Db, filter: NotificationFilter = {}): Promise<readonly RecordedNotification[]> {
    const rows = await db.select().from(t.outbox).orderBy(desc(t.outbox.id)).limit(MOST_WAITING);
    // One may end while the query runs.
    const waiting = rows
      .filter(({ id }) => !this.#ended.has(id))
      .map((row) => shown(row, 'waiting', this.#errors.get(row.id)));
    const { kind, status, target, since, after, limit } = filter;
    const found = [...waiting, ...this.#ended.values()]
      .filter(
        (one) =>
          (kind === undefined || one.kind === kind) &&
          (status === undefined || one.status === status) &&
          (target === undefined || one.target === target) &&
          (since === undefined || one.createdAt >= since) &&
          (after === undefined || one.id > after),
      )
      .sort((one, other) => one.id - other.id);
    return limit === undefined ? found : found.slice(Math.max(0, found.length - limit));
  }

  /** Forgets what is in memory. */
  forget(): void {
    this.#ended.clear();
    this.#errors.clear();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * Removes all notifications that wait. They are not delivered; mails among them become `cancelled`.
 *
 * @internal
 */
export async function removeNotifications(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    const removed = await tx.delete(t.outbox).returning({ mailId: t.outbox.mailId });
    const mails = removed.flatMap(({ mailId }) => mailId ?? []);
    if (mails.length > 0)
      await tx.update(t.mails).set({ outcome: 'cancelled' }).where(inArray(t.mails.id, mails));
  });
}

function shown(
  row: OutboxRow,
  status: RecordedNotification['status'],
  error: string | undefined,
): RecordedNotification {
  const { id, kind, target, about, body, createdAt, attempts, dueAt } = row;
  return {
    id,
    kind,
    target: withoutUrlSecrets(target),
    about,
    body,
    createdAt,
    attempts,
    status,
    dueAt: status === 'waiting' ? dueAt : undefined,
    error,
  };
}

/** Adds an entry, and forgets the oldest one where there are too many. */
function put<Value>(map: Map<number, Value>, id: number, value: Value): void {
  map.delete(id);
  map.set(id, value);
  if (map.size <= MOST) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
