import type { FastifyInstance, FastifyRequest } from 'fastify';
import { quoted } from '../option-checks.js';
import { MAILS, NOTIFICATIONS, REQUESTS } from './record-filters.js';
import { RequestJournal } from './request-journal.js';
import { READ } from './route-config.js';
import type { TestRecords } from './test-records.js';

/** Records in a response, unless `limit` is given. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** `/admin/requests`, `/admin/mails` and `/admin/notifications`: GET returns the records that match its query, DELETE removes all. */
export function registerRecords(scope: FastifyInstance, records: TestRecords): void {
  scope.route({
    method: READ,
    url: '/requests',
    handler: async (request) => {
      const query = queryOf(request, REQUESTS);
      const filter = {
        operation: query.text('operation'),
        user: query.text('user'),
        status: query.whole('status', 0, 599),
        fault: query.whole('fault', 0, 2 ** 31 - 1),
        since: query.time('since'),
        after: query.whole('after', 0, Number.MAX_SAFE_INTEGER),
      };
      const { journal } = records;
      return {
        requests: records.requests({ ...filter, limit: query.limit() }),
        total: journal.count(filter),
        dropped: journal.dropped,
        capacity: RequestJournal.capacity,
      };
    },
  });
  scope.delete('/requests', async () => {
    records.clearRequests();
    return { ok: true };
  });

  scope.route({
    method: READ,
    url: '/mails',
    handler: async (request) => {
      const query = queryOf(request, MAILS);
      const filter = {
        recipient: query.text('recipient'),
        subject: query.text('subject'),
        since: query.time('since'),
        after: query.whole('after', 0, 2 ** 31 - 1),
      };
      return records.mailsOf({ ...filter, limit: query.limit() });
    },
  });
  scope.delete('/mails', async () => {
    await records.clearMails();
    return { ok: true };
  });

  scope.route({
    method: READ,
    url: '/notifications',
    handler: async (request) => {
      const query = queryOf(request, NOTIFICATIONS);
      const found = await records.notifications({
        kind: query.oneOf('kind', ['http', 'mail']),
        status: query.oneOf('status', ['waiting', 'delivered', 'failed']),
        target: query.text('target'),
        since: query.time('since'),
        after: query.whole('after', 0, 2 ** 31 - 1),
      });
      return { notifications: found.slice(Math.max(0, found.length - query.limit())), total: found.length };
    },
  });
  scope.delete('/notifications', async () => {
    await records.clearNotifications();
    return { ok: true };
  });
}

/**
 * The query of a request.
 *
 * @param filter - The checks of the filter that has the same names.
 * @throws RangeError that names an unknown parameter, one that occurs twice, or one with an invalid value.
 */
function queryOf({ query: given }: FastifyRequest, filter: object) {
  const names = Object.keys(filter);
  // The default parser returns an object.
  const query = given as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(query)) {
    if (!names.includes(name)) throw new RangeError(`${name}: unknown; expected one of ${names.join(', ')}`);
    if (typeof query[name] !== 'string') throw new RangeError(`${name}: occurs twice`);
  }
  const text = (name: string): string | undefined => query[name] as string | undefined; // Checked above.
  const whole = (name: string, min: number, max: number): number | undefined => {
    const found = text(name);
    if (found === undefined) return undefined;
    const value = Number(found);
    if (!/^\d+$/.test(found) || value < min || value > max)
      throw new RangeError(`${name}: expected a whole number from ${min} to ${max}, found "${found}"`);
    return value;
  };
  return {
    text,
    whole,
    limit: (): number => whole('limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
    time: (name: string): Date | undefined => {
      const found = text(name);
      if (found === undefined) return undefined;
      const time = new Date(found);
      if (!/^\d{4}-\d\d-\d\dT/.test(found) || Number.isNaN(time.getTime()))
        throw new RangeError(`${name}: expected a time such as 2026-03-01T12:00:00Z, found "${found}"`);
      return time;
    },
    oneOf: <Value extends string>(name: string, allowed: readonly Value[]): Value | undefined => {
      const found = text(name);
      if (found === undefined) return undefined;
      const value = allowed.find((one) => one === found);
      if (value === undefined) throw new RangeError(`${name}: expected ${quoted(allowed)}, found "${found}"`);
      return value;
    },
  };
}
