/** Milliseconds of a span of time within which the offset of a zone cannot change. */
const SPAN = 15 * 60_000;

/** Cached offsets of each zone, by span, because the formatter is slow. */
const offsets = new Map<string, Map<number, number>>();
/** Maximum number of cached offsets of a zone. */
const MOST_OFFSETS = 10_000;

/** Whether zones are UTC, by name. */
const utc = new Map<string, boolean>();

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Formats a time as an `xsd:dateTime` with milliseconds and the offset of a zone at that time, such as `2014-04-03T09:30:00.000-05:00`,
 * or with `Z` if the zone is UTC.
 */
export function zonedDateTime(moment: Date | string, timeZone: string): string {
  const time = new Date(moment).getTime();
  if (Number.isNaN(time)) return String(moment);
  if (isUtc(timeZone)) return new Date(time).toISOString();
  const offset = offsetAt(time, timeZone);
  const wall = new Date(time + offset).toISOString().slice(0, -1);
  const minutes = Math.abs(offset) / 60_000;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/**
 * Converts local time in a zone to a date.
 *
 * @param wall - The local time, in milliseconds as if it were UTC.
 */
export function momentAt(wall: number, timeZone: string): Date {
  // On days when clocks change, the offset of a nearby time may differ.
  const guess = wall - offsetAt(wall, timeZone);
  return new Date(wall - offsetAt(guess, timeZone));
}

/** The offset of a zone from UTC at a time, in milliseconds. */
export function offsetAt(time: number, timeZone: string): number {
  let ofZone = offsets.get(timeZone);
  if (ofZone === undefined) {
    ofZone = new Map();
    offsets.set(timeZone, ofZone);
  }
  const span = Math.floor(time / SPAN);
  const before = ofZone.get(span);
  if (before !== undefined) return before;
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, formatter);
  }
  const name = formatter.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  const minutes = match === null ? 0 : Number(match[2]) * 60 + Number(match[3]);
  const offset = (match?.[1] === '-' ? -minutes : minutes) * 60_000;
  if (ofZone.size >= MOST_OFFSETS) ofZone.clear();
  ofZone.set(span, offset);
  return offset;
}

function isUtc(timeZone: string): boolean {
  let is = utc.get(timeZone);
  if (is === undefined) {
    is = /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i.test(timeZone);
    utc.set(timeZone, is);
  }
  return is;
}
