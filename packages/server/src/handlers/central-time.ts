import { momentAt } from '../zoned-date-time.js';

const ZONE = 'America/Chicago';

/**
 * Parses a date and time in a request. Without an offset, it is US Central time, as the service interprets expiries.
 */
export function centralMoment(time: string | Date): Date {
  if (time instanceof Date) return time;
  if (/(?:Z|[+-]\d{2}:\d{2})$/i.test(time)) return new Date(time);
  return momentAt(Date.parse(`${time}Z`), ZONE);
}
