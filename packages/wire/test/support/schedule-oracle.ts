// Schedules made of parts that know when they fire, so that parser and fire times can be compared with plain counting.
import fc from 'fast-check';

/** A moment of a wall clock; the month and the day of the week are counted as Quartz does, January and Sunday being 1. */
export interface WallTime {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly year: number;
}

/** A field's text and whether a moment is one of those that it means. */
export interface Part {
  readonly text: string;
  readonly fires: (time: WallTime) => boolean;
}

type NumericField = Exclude<keyof WallTime, 'weekday'> | 'weekday';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** A number as a user may write it: with leading zeros, or as a name in upper or lower case. */
function written(field: NumericField, value: number): fc.Arbitrary<string> {
  const names = field === 'month' ? MONTHS : field === 'weekday' ? WEEKDAYS : undefined;
  const name = names?.[value - 1];
  const forms = [String(value), String(value).padStart(2, '0')];
  return fc.constantFrom(...forms, ...(name === undefined ? [] : [name, name.toLowerCase()]));
}

/** `*`, or a list of values, ranges that may wrap around, and steps. */
export function numbers(field: NumericField, min: number, max: number): fc.Arbitrary<Part> {
  const value = fc.integer({ min, max });
  const size = max - min + 1;
  const within = (found: number, from: number, to: number): boolean =>
    from <= to ? found >= from && found <= to : found >= from || found <= to;
  const single = value.chain((v) =>
    written(field, v).map((text): Part => ({ text, fires: (time) => time[field] === v })),
  );
  const range = fc
    .tuple(value, value)
    .chain(([from, to]) =>
      fc
        .constantFrom(`${from}-${to}`, ...rangeOfNames(field, from, to))
        .map((text): Part => ({ text, fires: (time) => within(time[field], from, to) })),
    );
  const step = fc.tuple(value, fc.integer({ min: 1, max: size - 1 })).map(
    ([from, by]): Part => ({
      text: `${from}/${by}`,
      fires: (time) => time[field] >= from && (time[field] - from) % by === 0,
    }),
  );
  const everyStep = fc
    .tuple(fc.constantFrom('*', ''), fc.integer({ min: 1, max: size - 1 }))
    .map(([star, by]): Part => ({ text: `${star}/${by}`, fires: (time) => (time[field] - min) % by === 0 }));
  const rangeStep = fc.tuple(value, value, fc.integer({ min: 1, max: size - 1 })).map(
    ([from, to, by]): Part => ({
      text: `${from}-${to}/${by}`,
      fires: (time) => within(time[field], from, to) && ((time[field] - from + size) % size) % by === 0,
    }),
  );
  const list = fc
    .array(fc.oneof({ weight: 3, arbitrary: single }, range, step, everyStep, rangeStep), {
      minLength: 1,
      maxLength: 3,
    })
    .map(anyOf);
  return fc.oneof({ arbitrary: fc.constant(ALWAYS), weight: 1 }, { arbitrary: list, weight: 2 });
}

function rangeOfNames(field: NumericField, from: number, to: number): string[] {
  const names = field === 'month' ? MONTHS : field === 'weekday' ? WEEKDAYS : undefined;
  return names === undefined ? [] : [`${names[from - 1]}-${names[to - 1]}`];
}

function anyOf(parts: readonly Part[]): Part {
  return {
    text: parts.map((part) => part.text).join(','),
    fires: (time) => parts.some((part) => part.fires(time)),
  };
}

const ALWAYS: Part = { text: '*', fires: () => true };
const UNSAID: Part = { text: '?', fires: () => true };

/** How many days a month has, by the calendar of JavaScript. */
function lengthOf({ year, month }: WallTime): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The Monday to Friday that is nearest to a day and in the same month. */
function nearestWeekday(time: WallTime, day: number): number {
  const candidates = Array.from({ length: lengthOf(time) }, (_, i) => i + 1).filter((d) => {
    const weekday = new Date(Date.UTC(time.year, time.month - 1, d)).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  });
  return candidates.reduce((best, d) => (Math.abs(d - day) < Math.abs(best - day) ? d : best));
}

const lastDays = fc.nat({ max: 30 }).chain((offset) =>
  fc.constantFrom(
    {
      text: offset === 0 ? 'L' : `L-${offset}`,
      fires: (time: WallTime) => time.day === lengthOf(time) - offset,
    },
    {
      text: offset === 0 ? 'LW' : `L-${offset}W`,
      fires: (time: WallTime) =>
        lengthOf(time) - offset >= 1 && time.day === nearestWeekday(time, lengthOf(time) - offset),
    },
  ),
);
const nearest = fc.integer({ min: 1, max: 31 }).map(
  (day): Part => ({
    text: `${day}W`,
    fires: (time) => day <= lengthOf(time) && time.day === nearestWeekday(time, day),
  }),
);
const ofWeek = fc.integer({ min: 1, max: 7 }).chain((weekday) =>
  written('weekday', weekday).chain((text) =>
    fc.oneof(
      fc.constant({
        text: `${text}L`,
        fires: (time: WallTime) => time.weekday === weekday && time.day + 7 > lengthOf(time),
      }),
      fc.integer({ min: 1, max: 5 }).map((nth) => ({
        text: `${text}#${nth}`,
        fires: (time: WallTime) => time.weekday === weekday && Math.ceil(time.day / 7) === nth,
      })),
    ),
  ),
);

/** The day of month and the day of week, of which one leaves the choice to the other. */
export const days: fc.Arbitrary<{ readonly ofMonth: Part; readonly ofWeek: Part }> = fc.oneof(
  fc.record({
    ofMonth: fc.oneof(
      numbers('day', 1, 31),
      fc.array(fc.oneof(lastDays, nearest), { minLength: 1, maxLength: 2 }).map(anyOf),
    ),
    ofWeek: fc.constant(UNSAID),
  }),
  fc.record({
    ofMonth: fc.constantFrom(UNSAID, ALWAYS),
    ofWeek: fc.oneof(
      numbers('weekday', 1, 7),
      fc.array(ofWeek, { minLength: 1, maxLength: 2 }).map(anyOf),
      fc.constant({ text: 'L', fires: (time: WallTime) => time.weekday === 7 }),
    ),
  }),
);

/** The wall clock of UTC. */
export function utcTime(date: Date): WallTime {
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    weekday: date.getUTCDay() + 1,
    year: date.getUTCFullYear(),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

const shown = new Map<string, WallTime>();

/** The wall clock of a time zone. What it showed once is remembered, since asking takes long. */
export function zonedTime(date: Date, timeZone: string): WallTime {
  const key = `${date.getTime()} ${timeZone}`;
  const known = shown.get(key) ?? askTime(date, timeZone);
  shown.set(key, known);
  return known;
}

function askTime(date: Date, timeZone: string): WallTime {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const found = Object.fromEntries(
    format.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
  return { year, month, day, hour, minute, second, weekday };
}
