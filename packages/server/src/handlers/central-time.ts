import { offsetAt } from '../zoned-date-time.js';

const ZONE = 'America/Chicago';

/**
 * The moment that a request means by a date and time. One without offset is meant in US Central time, as the service means
 * expiries.
 */
export function centralMoment(time: string | Date): Date {
  if (time instanceof Date) return time;
  if (/(?:Z|[+-]\d{2}:\d{2})$/i.test(time)) return new Date(time);
  const wall = Date.parse(`${time}Z`);
  // The offset at a moment near by may be another one, on the two nights a year when clocks change.
  const guess = wall - offsetAt(wall, ZONE);
  return new Date(wall - offsetAt(guess, ZONE));
}
