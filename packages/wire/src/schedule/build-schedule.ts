import { WEEKDAYS } from './field.js';
import { ScheduleError, type ScheduleField } from './schedule-error.js';

/** A day of the week. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Builds schedules for common cases; see {@link schedule}. */
export interface ScheduleBuilder {
  /**
   * Returns a schedule that fires once a day.
   *
   * @param time - Hours and minutes, `00:00` to `23:59`, optionally with seconds.
   * @throws ScheduleError when the argument is invalid. The same applies to all functions of the builder.
   */
  daily(time: string): string;

  /** Returns a schedule that fires on the given days of every week. */
  weekly(days: readonly Weekday[], time: string): string;

  /**
   * Returns a schedule that fires once a month.
   *
   * @param day - 1 to 31, or `last` for the last day. Months without the day are skipped.
   */
  monthly(day: number | 'last', time: string): string;

  /**
   * Returns a schedule that fires every few minutes, starting at minute 0 of each hour.
   *
   * @param minutes - The interval: a divisor of 60, because the count restarts every hour.
   */
  everyMinutes(minutes: number): string;

  /**
   * Returns a schedule that fires every few hours, starting at hour 0 of each day.
   *
   * @param hours - The interval: a divisor of 24, because the count restarts every day.
   * @param options - `minute` is the minute of the hour, 0 to 59. Default: 0.
   */
  everyHours(hours: number, options?: { readonly minute?: number | undefined }): string;

  /**
   * Returns a schedule that fires once a year.
   *
   * @param date - Month and day, `01-01` to `12-31`. `02-29` fires only in leap years.
   */
  yearly(date: string, time: string): string;
}

/** The days of each month, in a leap year. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Builds common schedules, as text with six Quartz fields.
 *
 * @example
 * ```ts
 * import { schedule } from '@ips-sdk/wire/schedule';
 *
 * console.log(schedule.daily('02:00')); // 0 0 2 * * ?
 * console.log(schedule.weekly(['MON', 'FRI'], '02:30')); // 0 30 2 ? * MON,FRI
 * console.log(schedule.monthly('last', '03:00')); // 0 0 3 L * ?
 * console.log(schedule.everyMinutes(15)); // 0 0/15 * * * ?
 * console.log(schedule.everyHours(6, { minute: 10 })); // 0 10 0/6 * * ?
 * console.log(schedule.yearly('12-24', '18:00')); // 0 0 18 24 12 ?
 * ```
 */
export const schedule: ScheduleBuilder = {
  daily: (time) => `${clock(time)} * * ?`,
  weekly: (days, time) => `${clock(time)} ? * ${weekdays(days)}`,
  monthly: (day, time) => {
    const date = day === 'last' ? 'L' : whole('dayOfMonth', day, 1, 31, `1 to 31, or 'last'`);
    return `${clock(time)} ${date} * ?`;
  },
  everyMinutes: (minutes) => {
    divisor('minutes', minutes, 60);
    return `0 ${step(minutes, 60)} * * * ?`;
  },
  everyHours: (hours, options) => {
    divisor('hours', hours, 24);
    return `0 ${whole('minutes', options?.minute ?? 0, 0, 59)} ${step(hours, 24)} * * ?`;
  },
  yearly: (date, time) => {
    const match = typeof date === 'string' ? /^(\d{2})-(\d{2})$/.exec(date) : null;
    if (!match) throw new ScheduleError(undefined, shown(date), 'month and day, such as 12-24');
    const month = whole('month', Number(match[1]), 1, 12);
    return `${clock(time)} ${whole('dayOfMonth', Number(match[2]), 1, MONTH_LENGTHS[month - 1] ?? 0)} ${month} ?`;
  },
};

function clock(time: string): string {
  const match = typeof time === 'string' ? /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(time) : null;
  if (!match) throw new ScheduleError(undefined, shown(time), 'a time of day, such as 02:00');
  const hours = whole('hours', Number(match[1]), 0, 23);
  const minutes = whole('minutes', Number(match[2]), 0, 59);
  return `${whole('seconds', Number(match[3] ?? 0), 0, 59)} ${minutes} ${hours}`;
}

function weekdays(days: readonly Weekday[]): string {
  if (!Array.isArray(days) || days.length === 0)
    throw new ScheduleError('dayOfWeek', Array.isArray(days) ? '' : shown(days), 'at least one day');
  const wrong = days.findIndex((day) => !WEEKDAYS.includes(day));
  if (wrong >= 0) throw new ScheduleError('dayOfWeek', shown(days[wrong]), WEEKDAYS.join(', '));
  return [...new Set(days)].join(',');
}

function divisor(field: ScheduleField, value: number, size: number): void {
  const divisors = Array.from({ length: size }, (_, index) => index + 1).filter((each) => size % each === 0);
  if (!divisors.includes(value))
    throw new ScheduleError(field, shown(value), `a divisor of ${size}: ${divisors.join(', ')}`);
}

function step(value: number, size: number): string {
  if (value === 1) return '*';
  return value === size ? '0' : `0/${value}`;
}

function whole(field: ScheduleField, value: number, min: number, max: number, expected = `${min} to ${max}`) {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new ScheduleError(field, shown(value), expected);
  return value;
}

/** An argument in error messages. It may be any value if the caller is not type-checked. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
