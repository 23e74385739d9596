/**
 * The recurring schedules of jobs, the `execSchedule` of `submitJob`: parsing, building and describing them, and computing
 * when they fire.
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

/** The time zone and beginning of computed fire times. */
export interface FireTimeOptions {
  /** Only times after this one are returned; now by default. */
  readonly from?: Date | undefined;
  /**
   * The IANA name of a time zone, such as `America/Los_Angeles`; that of this machine by default. The service uses the zone of
   * its server. Beware of short names: `EST`, `MST` and `HST` are zones without daylight saving time.
   */
  readonly timeZone?: string | undefined;
}

/**
 * A parsed schedule.
 *
 * When clocks change, a schedule with one second, one minute and one hour fires once on that day: right after the gap when its
 * time is skipped, and the first time when its time occurs twice. A schedule with more of them, such as `0 0 2,14 * * ?` or
 * `0 0/30 * * * ?`, does not fire at skipped times, and fires twice at times that occur twice. The service may behave
 * differently within such an hour, for which Quartz promises nothing.
 */
export interface Schedule {
  /** The original text, which the service repeats unchanged. */
  readonly text: string;
  /**
   * The fields as normalized Quartz texts: numbers without leading zeros, months as numbers, days of the week as names
   * except in steps, a step that begins with its first value, `?` for the kind of day that is not restricted.
   */
  readonly fields: Readonly<Record<ScheduleField, string>>;

  /**
   * When it fires next; `undefined` when it does not fire before 2100.
   *
   * @throws RangeError for an unknown time zone or a `from` that is an invalid Date.
   */
  nextFireTime(options?: FireTimeOptions): Date | undefined;

  /**
   * The next fire times in order; fewer than requested when it ends earlier, none when it never fires.
   *
   * @param count - 1 to 1000.
   * @throws RangeError for another count, an unknown time zone or a `from` that is an invalid Date.
   */
  nextFireTimes(count: number, options?: FireTimeOptions): Date[];

  /** An English sentence, such as `every Monday and Friday at 02:30`. */
  describe(): string;
}

/** A schedule that lists all values of every field is shorter than this. */
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
 * Parses a schedule as Quartz does: seconds, minutes, hours, day of month, month, day of week and year. The year may be missing.
 *
 * Five fields are those of crontab, which has no seconds: they are refused, and the error shows the Quartz schedule that is probably
 * meant. The service's own sample, `00 00 00 * * `, is read although it lacks the day of week: its third field is 0, which is not a day
 * of a month, so it cannot be crontab.
 *
 * It accepts more than Quartz does: that sample, `*` for both kinds of day, and lists that contain `L`, `W` or `#`.
 *
 * @throws ScheduleError with the field and value that are wrong, such as a day of month together with a day of week.
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
    throw new ScheduleError(undefined, text, `at most ${MAX_LENGTH} characters, and it has ${text.length}`);
  const parts = text.split(/[ \t\r\n]+/).filter((part) => part !== '');
  const crontab = crontabFields(parts);
  if (crontab !== undefined) throw crontabError(text, crontab, meaningOf);
  if (parts.length < 5 || parts.length > 7)
    throw new ScheduleError(undefined, text, `6 or 7 fields with blanks between them, not ${parts.length}`);
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

/** What a schedule means in words; `undefined` when it cannot be understood. */
function meaningOf(text: string): string | undefined {
  try {
    return describeFields(parseFields(text));
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}

/** Replaces the kind of day that restricts nothing with `?`; when neither does, the day of week. */
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
