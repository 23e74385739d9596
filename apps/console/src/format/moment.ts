import { describeDuration } from './duration.ts';

// Day before month and a clock of 24 hours, in every browser alike; the zone is the viewer's.
const LOCALE = 'en-GB';

const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockWithSeconds = new Intl.DateTimeFormat(LOCALE, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const preciseClock = new Intl.DateTimeFormat(LOCALE, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat(LOCALE, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The viewer's zone, such as `Europe/Berlin`. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `just now`, `2 min ago`, `in 2 h 8 min`, `Today 21:40`, `Thu 26 Nov 02:00`, `26 Nov 2024`. */
export function formatRelative(moment: string, now: number): string {
  const at = Date.parse(moment);
  if (Number.isNaN(at)) return moment;
  const ago = now - at;
  if (ago < 0) return ago > -24 * HOUR ? `in ${describeDuration(-ago)}` : formatDay(at, now);
  if (ago < MINUTE) return 'just now';
  if (ago < HOUR) return `${Math.floor(ago / MINUTE)} min ago`;
  return formatDay(at, now);
}

function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / (24 * HOUR));
  if (days === 0) return `Today ${clock.format(at)}`;
  if (days === 1) return `Yesterday ${clock.format(at)}`;
  if (days === -1) return `Tomorrow ${clock.format(at)}`;
  return Math.abs(days) < 180
    ? `${day.format(at).replace(',', '')} ${clock.format(at)}`
    : dayAndYear.format(at);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** `Wed, 25 Nov 2026, 23:48:02.114 GMT+01:00 (Europe/Berlin)`. */
export function formatExact(moment: string): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? moment : `${exact.format(at)} (${viewerZone()})`;
}

/** `23:48:02` today, with the day in front on other days; `isPrecise` adds milliseconds. */
export function formatTime(moment: string, now: number, isPrecise = false): string {
  const at = Date.parse(moment);
  if (Number.isNaN(at)) return moment;
  const time = (isPrecise ? preciseClock : clockWithSeconds).format(at);
  return startOfDay(at) === startOfDay(now) ? time : `${day.format(at).replace(',', '')} ${time}`;
}
