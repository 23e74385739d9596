/** The offset of a zone cannot change within such a span of time. */
const SPAN = 15 * 60_000;

/** Offsets that were looked up, by zone and span: the formatter is slow. */
const offsets = new Map<string, number>();
/** More than that are not kept. */
const MOST_OFFSETS = 10_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * A moment as an `xsd:dateTime` with milliseconds and the offset that a zone had then, such as `2014-04-03T09:30:00.000-05:00`; with
 * `Z` where the zone is UTC.
 */
export function zonedDateTime(moment: Date | string, timeZone: string): string {
  const time = new Date(moment).getTime();
  if (Number.isNaN(time)) return String(moment);
  const offset = offsetAt(time, timeZone);
  if (offset === 0 && isUtc(timeZone)) return new Date(time).toISOString();
  const wall = new Date(time + offset).toISOString().slice(0, -1);
  const minutes = Math.abs(offset) / 60_000;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/**
 * The moment at which the clocks of a zone show a time.
 *
 * @param wall - The time, in milliseconds as if it were in UTC.
 */
export function momentAt(wall: number, timeZone: string): Date {
  // On the two nights a year when clocks change, the offset nearby may differ.
  const guess = wall - offsetAt(wall, timeZone);
  return new Date(wall - offsetAt(guess, timeZone));
}

/** Milliseconds that a zone's clocks are ahead of UTC at a moment. */
export function offsetAt(time: number, timeZone: string): number {
  const key = `${timeZone} ${Math.floor(time / SPAN)}`;
  const before = offsets.get(key);
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
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function isUtc(timeZone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i.test(timeZone);
}
