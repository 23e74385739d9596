// The filters of records, with the check of each part, for callers whose compiler does not check them.
import { nearest } from '@ips-sdk/types/nearest';
import { operationRoles } from '@ips-sdk/types/roles';
import type { MailFilter } from '../jobs/mails.js';
import type { NotificationFilter, RecordedNotification } from '../jobs/notification-log.js';
import { type Check, type Checks, oneOf, text, time, whole } from '../option-checks.js';
import type { RequestFilter } from './request-journal.js';

/** Numbers of records in the database, and the most that a filter can ask for. */
const MOST = 2 ** 31 - 1;

/** The name is empty for requests that could not be read. */
const operation: Check = (value, path) => {
  text(value, path);
  const found = String(value);
  if (found === '' || Object.hasOwn(operationRoles, found)) return;
  const meant = nearest(found, Object.keys(operationRoles));
  throw new RangeError(
    `${path}: expected the name of an operation, found "${found.slice(0, 60)}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
};

export const REQUESTS: Checks<RequestFilter> = {
  operation,
  user: text,
  status: whole(0, 599),
  fault: whole(0, MOST),
  since: time,
  after: whole(0, Number.MAX_SAFE_INTEGER),
  limit: whole(1, MOST),
};

export const MAILS: Checks<MailFilter> = {
  recipient: text,
  subject: text,
  since: time,
  after: whole(0, MOST),
  limit: whole(1, MOST),
};

export const NOTIFICATIONS: Checks<NotificationFilter> = {
  kind: oneOf<RecordedNotification['kind']>({ http: true, mail: true }),
  status: oneOf<RecordedNotification['status']>({ waiting: true, delivered: true, failed: true }),
  target: text,
  since: time,
  after: whole(0, MOST),
  limit: whole(1, MOST),
};
