import type { DatabaseChanges } from '../db/changes.js';
import type { Db } from '../db/db.js';
import { latestMails, type MailFilter, type RecordedMail, removeMails } from '../jobs/mails.js';
import {
  type NotificationFilter,
  type NotificationLog,
  type RecordedNotification,
  removeNotifications,
} from '../jobs/notification-log.js';
import { callback, checkOptions } from '../option-checks.js';
import { MAILS, NOTIFICATIONS, REQUESTS } from './record-filters.js';
import type { RecordedRequest, RequestFilter, RequestJournal } from './request-journal.js';
import { type Until, until } from './until.js';
import type { WaitOptions } from './wait-options.js';

/** Milliseconds. */
const TIMEOUT = 10_000;

/** The topic of changes of mails and notifications. */
const TOPIC = 'test';

/** What a server keeps for those who test against it: calls, mails and notifications. */
export class TestRecords {
  readonly #db: Db;
  readonly #changes: DatabaseChanges;
  readonly #journal: RequestJournal | undefined;
  readonly #notifications: NotificationLog;
  readonly #stop = new AbortController();

  constructor(
    db: Db,
    changes: DatabaseChanges,
    journal: RequestJournal | undefined,
    notifications: NotificationLog,
  ) {
    this.#db = db;
    this.#changes = changes;
    this.#journal = journal;
    this.#notifications = notifications;
  }

  /** @throws Error if the server records none. */
  get journal(): RequestJournal {
    if (this.#journal === undefined)
      throw new Error('this server records no requests: set recordRequests, or start it with --admin-api');
    return this.#journal;
  }

  /** How many calls are recorded. */
  get requestCount(): number {
    return this.#journal?.length ?? 0;
  }

  /** @throws RangeError if the filter is invalid. */
  requests(filter: RequestFilter = {}): readonly RecordedRequest[] {
    checkOptions(REQUESTS, filter, 'filter');
    return this.journal.find(filter);
  }

  /** @throws RangeError if the filter is invalid. */
  async mails(filter: MailFilter = {}): Promise<readonly RecordedMail[]> {
    checkOptions(MAILS, filter, 'filter');
    return (await this.mailsOf(filter)).mails;
  }

  /** Mails, and how many match regardless of the limit. */
  async mailsOf(
    filter: MailFilter,
  ): Promise<{ readonly mails: readonly RecordedMail[]; readonly total: number }> {
    const { mails, total } = await latestMails(this.#db, filter);
    return { mails: mails.toReversed(), total };
  }

  /** @throws RangeError if the filter is invalid. */
  async notifications(filter: NotificationFilter = {}): Promise<readonly RecordedNotification[]> {
    checkOptions(NOTIFICATIONS, filter, 'filter');
    return this.#notifications.list(this.#db, filter);
  }

  waitForRequest(filter: RequestFilter = {}, options: WaitOptions = {}): Promise<RecordedRequest> {
    checkOptions(REQUESTS, filter, 'filter');
    const { journal } = this;
    return this.#until(options, {
      find: async () => journal.find({ ...filter, limit: undefined })[0],
      watch: async (onChange) => journal.listen(onChange),
      missing: () => `request: none of ${journal.length} matched ${JSON.stringify(filter)}`,
    });
  }

  waitForMail(
    predicate: (mail: RecordedMail) => boolean = () => true,
    options: WaitOptions = {},
  ): Promise<RecordedMail> {
    callback(predicate, 'predicate');
    let seen: readonly RecordedMail[] = [];
    return this.#until(options, {
      find: async () => {
        seen = await this.mails();
        return seen.find(predicate);
      },
      watch: (onChange) => this.#watch(onChange),
      missing: () =>
        `mail: none of ${seen.length} matched${listed(seen.map(({ subject, recipient }) => `"${subject}" to ${recipient}`))}`,
    });
  }

  waitForNotification(
    predicate: (notification: RecordedNotification) => boolean = ({ status }) => status === 'delivered',
    options: WaitOptions = {},
  ): Promise<RecordedNotification> {
    callback(predicate, 'predicate');
    let seen: readonly RecordedNotification[] = [];
    return this.#until(options, {
      find: async () => {
        seen = await this.notifications();
        return seen.find(predicate);
      },
      watch: async (onChange) => {
        const deafen = this.#notifications.listen(onChange);
        const end = await this.#watch(onChange);
        return () => {
          deafen();
          return end();
        };
      },
      missing: () =>
        `notification: none of ${seen.length} matched${listed(seen.map(({ target, status }) => `${target}, ${status}`))}`,
    });
  }

  clearRequests(): void {
    this.journal.clear();
  }

  async clearMails(): Promise<void> {
    await removeMails(this.#db);
  }

  async clearNotifications(): Promise<void> {
    await removeNotifications(this.#db);
    this.#notifications.forget();
  }

  async clear(): Promise<void> {
    this.#journal?.clear();
    await this.clearNotifications();
    await this.clearMails();
  }

  /** Forgets what is in memory, after the database was emptied or replaced. */
  forget(): void {
    this.#journal?.clear();
    this.#notifications.forget();
  }

  /** Rejects all who wait. */
  close(): void {
    this.#stop.abort(new Error('the server was stopped'));
  }

  #watch(onChange: () => void): Promise<() => Promise<void>> {
    return this.#changes.watch((topic) => {
      if (topic === TOPIC) onChange();
    }, onChange);
  }

  #until<Found>({ timeout = TIMEOUT }: WaitOptions, wait: Until<Found>): Promise<Found> {
    if (!(timeout >= 0 && timeout <= 2 ** 31 - 1))
      throw new RangeError(`timeout: expected milliseconds from 0 to ${2 ** 31 - 1}, found ${timeout}`);
    return until(wait, timeout, this.#stop.signal);
  }
}

/** The latest of what was seen, for a message. */
function listed(seen: readonly string[]): string {
  return seen.length === 0 ? '' : `: ${seen.slice(-5).join('; ')}`;
}
