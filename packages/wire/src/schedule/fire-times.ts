import { Cron } from 'croner';
import type { ParsedField, SpecialDay } from './field.js';
import type { ScheduleField } from './schedule-error.js';

/** The parsed fields of a schedule. One of the two kinds of day is `?`. */
export type ParsedFields = Readonly<Record<ScheduleField, ParsedField>>;

/** Before the first moment of 1970 in any time zone. Nothing fires earlier, and croner cannot handle years before 0. */
const BEGINNING = Date.UTC(1969, 11, 30);

/**
 * The croner patterns with the fire times of a schedule. They list plain values, because croner treats steps, wrapped ranges, weekday
 * numbers and `?` differently. Years are always listed: croner would otherwise search 400 years for a date that never occurs.
 */
export function cronerPatterns(fields: ParsedFields): string[] {
  const time = [fields.seconds, fields.minutes, fields.hours].map(list).join(' ');
  const years = fields.year.values;
  const pattern = (days: string, months: readonly number[], weekdays: string, inYears = years) =>
    `${time} ${days} ${months.join(',')} ${weekdays} ${inYears.join(',')}`;

  if (fields.dayOfMonth.kind !== 'some')
    return [pattern('*', fields.month.values, weekdaysOf(fields.dayOfWeek))];

  const { values, special } = fields.dayOfMonth;
  // Croner accepts these in one list, but LW only alone, and no offset from the last day.
  const listed = [...values.map(String), ...special.flatMap(listedDay)];
  const patterns = listed.length > 0 ? [pattern(listed.join(','), fields.month.values, '*')] : [];
  for (const day of special) {
    if (day.kind !== 'last' || (day.offset === 0 && !day.weekday)) continue;
    if (day.offset === 0) {
      patterns.push(pattern('LW', fields.month.values, '*'));
      continue;
    }
    // L-3 is the 28th of a month of 31 days, the 27th of one of 30, and so on.
    for (const length of [28, 29, 30, 31]) {
      const date = length - day.offset;
      const months = fields.month.values.filter((month) => lengthsOf(month).includes(length));
      const inYears = length > 29 ? years : years.filter((year) => isLeap(year) === (length === 29));
      if (date >= 1 && months.length > 0 && inYears.length > 0)
        patterns.push(pattern(`${date}${day.weekday ? 'W' : ''}`, months, '*', inYears));
    }
  }
  return patterns;
}

/**
 * The next fire times of any of the patterns.
 *
 * @throws RangeError for an unknown time zone.
 */
export function fireTimes(
  patterns: readonly string[],
  count: number,
  from: Date,
  timeZone: string | undefined,
): Date[] {
  if (timeZone !== undefined) checkTimeZone(timeZone);
  const start = new Date(Math.max(from.getTime(), BEGINNING));
  const options = timeZone === undefined ? { paused: true } : { paused: true, timezone: timeZone };
  const times = patterns.flatMap((pattern) =>
    new Cron(pattern, options).nextRuns(count, start).map((time) => time.getTime()),
  );
  // Two patterns can coincide: in a month whose last day is a Friday, L and LW are one run.
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .slice(0, count)
    .map((time) => new Date(time));
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new RangeError(`unknown time zone ${JSON.stringify(timeZone)}`);
  }
}

function list({ kind, values }: ParsedField): string {
  return kind === 'every' ? '*' : values.join(',');
}

function weekdaysOf({ kind, values, special }: ParsedField): string {
  if (kind !== 'some') return '*';
  const days = special.flatMap((day) =>
    day.kind === 'lastOf' ? `${day.day - 1}#L` : day.kind === 'nth' ? `${day.day - 1}#${day.nth}` : [],
  );
  return [...values.map((day) => String(day - 1)), ...days].join(',');
}

function listedDay(day: SpecialDay): string | [] {
  if (day.kind === 'nearest') return `${day.day}W`;
  return day.kind === 'last' && day.offset === 0 && !day.weekday ? 'L' : [];
}

/** The maximum number of days in a month. */
function lengthsOf(month: number): readonly number[] {
  if (month === 2) return [28, 29];
  return [4, 6, 9, 11].includes(month) ? [30] : [31];
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
