const ZONE = 'America/Chicago';

/**
 * The moment of a date and time in a request. Without an offset it is US Central time, as the service interprets expiries.
 */
export function centralMoment(time: string | Date): Date {
  if (time instanceof Date) return time;
  if (/(?:Z|[+-]\d{2}:\d{2})$/i.test(time)) return new Date(time);
  const wall = Date.parse(`${time}Z`);
  // On the two nights a year when clocks change, the offset nearby may differ.
  const guess = wall - offsetAt(wall);
  return new Date(wall - offsetAt(guess));
}

/** Milliseconds by which the zone is ahead of UTC. */
function offsetAt(moment: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' })
    .formatToParts(new Date(moment))
    .find(({ type }) => type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
