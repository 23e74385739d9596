/**
 * Parses, builds and describes the recurring schedules of jobs (`execSchedule` of `submitJob`), and computes their fire times.
 *
 * @packageDocumentation
 */
import { crontabError, crontabFields } from './schedule/crontab.js';
import { describeFields } from './schedule/describe-schedule.js';
import { everyValue, noValue, type ParsedField, parseField } from './schedule/field.js';
import { cronerPatterns, fireTimes, type ParsedFields } from './schedule/fire-times.js';
import { ScheduleError, type ScheduleField } from './schedule/schedule-error.js';

export { type ScheduleBuilder, schedule, type Weekday } from './schedule/build-schedule.js';
export { ScheduleError, type ScheduleField } from './schedule/schedule-error.js';

/** Options for computing fire times. */
export interface FireTimeOptions {
  /** Only later times are returned. Default: now. */
  readonly from?: Date | undefined;
  /**
   * IANA name of the time zone, such as `America/Los_Angeles`. Default: the zone of this machine. The service uses the zone of its
   * server. The short names `EST`, `MST` and `HST` are zones without daylight saving time.
   */
  readonly timeZone?: string | undefined;
}

/**
 * A parsed schedule.
 *
 * On days when clocks change, a schedule with one second, one minute and one hour fires once: right after the gap if its time is
 * skipped, at the first occurrence if its time occurs twice. A schedule with several of them, such as `0 0 2,14 * * ?` or
 * `0 0/30 * * * ?`, does not fire at skipped times, and fires twice at times that occur twice. The service may differ within such an
 * hour, because Quartz does not specify it.
 */
export interface Schedule {
  /** The original text, which the service returns unchanged. */
  readonly text: string;
  /**
   * The fields in normalized form: numbers without leading zeros, months as numbers, days of the week as names except in steps, steps
   * with their first value, and `?` for the kind of day that is not restricted.
   */
  readonly fields: Readonly<Record<ScheduleField, string>>;

  /**
   * Returns the next fire time, or `undefined` if there is none before 2100.
   *
   * @throws RangeError for an unknown time zone or a `from` that is an invalid Date.
   */
  nextFireTime(options?: FireTimeOptions): Date | undefined;

  /**
   * Returns the next fire times in order. The array is shorter than `count` if the schedule ends earlier, and empty if it never fires.
   *
   * @param count - 1 to 1000.
   * @throws RangeError for another count, an unknown time zone or a `from` that is an invalid Date.
   */
  nextFireTimes(count: number, options?: FireTimeOptions): Date[];

  /** Describes the schedule in English, such as `every Monday and Friday at 02:30`. */
  describe(): string;
}

/** Longer than a schedule that lists all values of every field. */
const MAX_LENGTH = 4096;

const MAX_COUNT = 1000;

const FIELDS: readonly ScheduleField[] = [
  'seconds',
  'minutes',
  'hours',
  'dayOfMonth',
  'month',
  'dayOfWeek',
  'year',
];

/**
 * Parses a Quartz schedule: seconds, minutes, hours, day of month, month, day of week and optionally the year.
 *
 * Five fields are crontab syntax, which has no seconds. They are refused, and the error suggests the Quartz schedule. The service's own
 * sample, `00 00 00 * * `, is accepted although it lacks the day of week: its third field is 0, which is not a day of the month, so it
 * cannot be a crontab line.
 *
 * The parser accepts more than Quartz: that sample, `*` for both kinds of day, and lists that contain `L`, `W` or `#`.
 *
 * @throws ScheduleError with the invalid field and value, such as a day of month together with a day of week.
 *
 * @example
 * ```ts
 * import { parseSchedule } from '@ips-sdk/wire/schedule';
 *
 * const nightly = parseSchedule('00 00 00 * * ');
 * const options = { from: new Date('2014-04-03T22:00:00-07:00'), timeZone: 'America/Los_Angeles' };
 * console.log(nightly.nextFireTime(options)?.toISOString()); // 2014-04-04T07:00:00.000Z
 * console.log(nightly.describe()); // every day at 00:00
 * console.log(parseSchedule('0 0 3 ? * fri#3').fields.dayOfWeek); // FRI#3
 * ```
 */
export function parseSchedule(text: string): Schedule {
  const parsed = parseFields(text);
  const patterns = cronerPatterns(parsed);
  const fields = Object.fromEntries(FIELDS.map((name) => [name, parsed[name].text])) as Schedule['fields'];

  const nextFireTimes = (count: number, options: FireTimeOptions = {}): Date[] => {
    if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT)
      throw new RangeError(`count: found ${count}, expected 1 to ${MAX_COUNT}`);
    const from = options.from ?? new Date();
    if (Number.isNaN(from.getTime())) throw new RangeError('from: found an invalid Date');
    return fireTimes(patterns, count, from, options.timeZone);
  };
  return {
    text,
    fields,
    nextFireTime: (options) => nextFireTimes(1, options)[0],
    nextFireTimes,
    describe: () => describeFields(parsed),
  };
}

function parseFields(text: string): ParsedFields {
  if (typeof text !== 'string') throw new ScheduleError(undefined, String(text), 'a string');
  if (text.length > MAX_LENGTH)
    throw new ScheduleError(undefined, text, `at most ${MAX_LENGTH} characters, not ${text.length}`);
  const parts = text.split(/[ \t\r\n]+/).filter((part) => part !== '');
  const crontab = crontabFields(parts);
  if (crontab !== undefined) throw crontabError(text, crontab, meaningOf);
  if (parts.length < 5 || parts.length > 7)
    throw new ScheduleError(undefined, text, `6 or 7 fields separated by spaces, not ${parts.length}`);
  const read = (name: ScheduleField, otherwise: ParsedField): ParsedField => {
    const part = parts[FIELDS.indexOf(name)];
    return part === undefined ? otherwise : parseField(name, part);
  };
  return {
    seconds: read('seconds', noValue),
    minutes: read('minutes', noValue),
    hours: read('hours', noValue),
    ...parseDays(read('dayOfMonth', noValue), read('dayOfWeek', noValue), parts[5] ?? ''),
    month: read('month', noValue),
    year: read('year', everyValue('year')),
  };
}

/** Describes a schedule in words; `undefined` for an invalid schedule. */
function meaningOf(text: string): string | undefined {
  try {
    return describeFields(parseFields(text));
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}

/** Replaces the unrestricted kind of day with `?`; the day of week if both are unrestricted. */
function parseDays(
  dayOfMonth: ParsedField,
  dayOfWeek: ParsedField,
  given: string,
): Pick<ParsedFields, 'dayOfMonth' | 'dayOfWeek'> {
  if (dayOfWeek.kind === 'some') {
    if (dayOfMonth.kind === 'some')
      throw new ScheduleError('dayOfWeek', given, `? together with the day of month ${dayOfMonth.text}`);
    return { dayOfMonth: noValue, dayOfWeek };
  }
  if (dayOfMonth.kind === 'some') return { dayOfMonth, dayOfWeek: noValue };
  if (dayOfMonth.kind === 'none' && dayOfWeek.kind === 'none')
    throw new ScheduleError('dayOfWeek', given, '* or days, because the day of month is ?');
  return { dayOfMonth: everyValue('dayOfMonth'), dayOfWeek: noValue };
}
