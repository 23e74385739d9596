import { expect, it } from 'vitest';
import { momentAt, zonedDateTime } from '../src/zoned-date-time.js';

it.each([
  ['2014-01-03T14:30:00.000Z', 'America/New_York', '2014-01-03T09:30:00.000-05:00'],
  ['2014-07-03T13:30:00.129Z', 'America/New_York', '2014-07-03T09:30:00.129-04:00'],
  // The minutes before and after the clocks change.
  ['2026-03-08T06:59:59.999Z', 'America/New_York', '2026-03-08T01:59:59.999-05:00'],
  ['2026-03-08T07:00:00.000Z', 'America/New_York', '2026-03-08T03:00:00.000-04:00'],
  ['2014-01-03T22:00:00.000Z', 'Asia/Kolkata', '2014-01-04T03:30:00.000+05:30'],
  // Only UTC has a Z; a zone that is level with it just then has an offset.
  ['2014-01-03T14:30:00.000Z', 'Europe/London', '2014-01-03T14:30:00.000+00:00'],
  ['2014-01-03T14:30:00.000Z', 'UTC', '2014-01-03T14:30:00.000Z'],
  ['2014-01-03T14:30:00.000Z', 'Etc/UTC', '2014-01-03T14:30:00.000Z'],
])('%s in %s is %s', (moment, timeZone, expected) => {
  expect(zonedDateTime(moment, timeZone)).toBe(expected);
  expect(zonedDateTime(new Date(moment), timeZone)).toBe(expected);
  expect(Date.parse(expected)).toBe(Date.parse(moment));
});

it.each([
  ['2014-01-03T09:30:00.000Z', 'America/New_York', '2014-01-03T14:30:00.000Z'],
  ['2014-07-03T09:30:00.000Z', 'America/New_York', '2014-07-03T13:30:00.000Z'],
  // The minutes before and after the clocks change.
  ['2026-03-08T01:59:59.999Z', 'America/New_York', '2026-03-08T06:59:59.999Z'],
  ['2026-03-08T03:00:00.000Z', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  ['2014-01-04T03:30:00.000Z', 'Asia/Kolkata', '2014-01-03T22:00:00.000Z'],
])('%s on the clocks of %s is %s', (wall, timeZone, expected) => {
  expect(momentAt(Date.parse(wall), timeZone).toISOString()).toBe(expected);
});
