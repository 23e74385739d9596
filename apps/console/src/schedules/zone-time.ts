const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A time as the clocks of its own zone show it. */
export interface ZoneTime {
  /** `Thu 26 Nov 2026`. */
  readonly day: string;
  /** `02:00`, with seconds if there are any. */
  readonly clock: string;
  /** `UTC−08:00`. */
  readonly offset: string;
}

/**
 * Reads the wall clock and the offset of a time such as `2026-11-26T02:00:00-08:00`, whatever the zone of the browser is.
 *
 * @returns `undefined` for anything else.
 */
export function zoneTimeOf(moment: string): ZoneTime | undefined {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})(?:\[[^\]]*\])?$/.exec(
      moment,
    );
  if (match === null) return undefined;
  const [, year = '', month = '', date = '', hour, minute, second, offset = 'Z'] = match;
  const weekday = DAYS[new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDay()];
  return {
    day: `${weekday} ${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`,
    clock: second === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${second}`,
    offset: offset === 'Z' ? 'UTC' : `UTC${offset.replace('-', '−')}`,
  };
}
