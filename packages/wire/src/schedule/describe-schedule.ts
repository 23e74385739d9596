import type { ParsedField, SpecialDay } from './field.js';
import type { ParsedFields } from './fire-times.js';
import { and, evenStep, every, numbers, ordinal, progression } from './words.js';

const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The maximum number of times of day to list. More are described as an interval. */
const MAX_TIMES = 4;

/** Describes a schedule in English. */
export function describeFields(fields: ParsedFields): string {
  const day = dayPhrase(fields);
  const { text, isClock } = (day === 'every day' ? rhythm(fields) : undefined) ?? timePhrase(fields);
  if (isClock) return `${day} ${text}`;
  // An interval comes first, and "every day" is implied.
  return day === 'every day' ? text : `${text}, ${day}`;
}

type ClockFields = Pick<ParsedFields, 'seconds' | 'minutes' | 'hours'>;

interface TimePhrase {
  readonly text: string;
  /** Whether it lists times of day. */
  readonly isClock: boolean;
}

function timePhrase({ seconds, minutes, hours }: ClockFields): TimePhrase {
  const [second = 0] = seconds.values;
  const oneSecond = seconds.values.length === 1;
  const [minute = 0] = minutes.values;
  if (oneSecond && minutes.values.length * hours.values.length <= MAX_TIMES)
    return { text: `at ${clocks(hours.values, minutes.values, second)}`, isClock: true };
  if (oneSecond && minutes.values.length === 1)
    return rhythm({ seconds, minutes, hours }) ?? hourly(hours.values, minute, second);
  if (!oneSecond || second !== 0) return { text: secondly(seconds, minutes, hours), isClock: false };
  return { text: minutely(minutes.values, hours.values), isClock: false };
}

/** An interval in hours over the whole day. */
function rhythm({ seconds, minutes, hours }: ClockFields): TimePhrase | undefined {
  const step = evenStep(hours.values, 24);
  const isOnce = minutes.values.length === 1 && seconds.values.length === 1 && seconds.values[0] === 0;
  if (step === undefined || !isOnce) return undefined;
  const [minute = 0] = minutes.values;
  return { text: `${every(step, 'hour')}${minute === 0 ? '' : ` at minute ${minute}`}`, isClock: false };
}

/** At one minute of many hours. */
function hourly(hours: readonly number[], minute: number, second: number): TimePhrase {
  const at = (hour: number | undefined): string => clock(hour ?? 0, minute, second);
  const distance = progression(hours);
  if (distance !== undefined) {
    const text = `${every(distance, 'hour')} from ${at(hours[0])} to ${at(hours.at(-1))}`;
    return { text, isClock: false };
  }
  return { text: `at ${clocks(hours, [minute], second)}`, isClock: true };
}

/** At many minutes, at second 0. */
function minutely(minutes: readonly number[], hours: readonly number[]): string {
  const step = evenStep(minutes, 60);
  if (step !== undefined) {
    if (hours.length === 24) return every(step, 'minute');
    const together = hours.length === 1 || progression(hours) === 1;
    // Consecutive hours: from the first time to the last.
    if (together) {
      const first = clock(hours[0] ?? 0, 0, 0);
      return `${every(step, 'minute')} from ${first} to ${clock(hours.at(-1) ?? 0, minutes.at(-1) ?? 0, 0)}`;
    }
    return `${every(step, 'minute')} ${ofHours(hours)}`;
  }
  const distance = progression(minutes);
  const text =
    distance === undefined
      ? `at ${labelled('minute', minutes)}`
      : `${every(distance, 'minute')} from minute ${minutes[0]} to ${minutes.at(-1)}`;
  return `${text} ${ofHours(hours)}`;
}

/** At many seconds, or at one second other than 0 of many minutes. */
function secondly({ values }: ParsedField, minutes: ParsedField, hours: ParsedField): string {
  const step = evenStep(values, 60);
  const text = step === undefined ? `at ${labelled('second', values)}` : every(step, 'second');
  const isEveryMinute = minutes.values.length === 60;
  const isEveryHour = hours.values.length === 24;
  if (isEveryMinute && isEveryHour) return step === undefined ? `${text} of every minute` : text;
  const inMinutes = isEveryMinute ? 'of every minute' : `of ${labelled('minute', minutes.values)}`;
  return `${text} ${inMinutes} ${ofHours(hours.values)}`;
}

function ofHours(hours: readonly number[]): string {
  return hours.length === 24 ? 'of every hour' : `of ${labelled('hour', hours)}`;
}

/** `minute 5`, `minutes 5 and 7`. */
function labelled(unit: string, values: readonly number[]): string {
  return `${unit}${values.length === 1 ? '' : 's'} ${numbers(values)}`;
}

function clocks(hours: readonly number[], minutes: readonly number[], second: number): string {
  return and(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute, second))));
}

function clock(hour: number, minute: number, second: number): string {
  return [hour, minute, ...(second === 0 ? [] : [second])]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
}

function dayPhrase({ dayOfMonth, month, dayOfWeek, year }: ParsedFields): string {
  const months = month.kind === 'every' ? undefined : month.values;
  const isOneYear = year.kind !== 'every' && year.values.length === 1;
  const isOneDate = dayOfMonth.values.length === 1 && dayOfMonth.special.length === 0;
  if (isOneDate && month.values.length === 1 && (year.kind === 'every' || isOneYear)) {
    const date = `on ${monthNames(month.values)} ${dayOfMonth.values[0]}`;
    return isOneYear ? `${date}, ${year.values[0]}` : `every year ${date}`;
  }
  const days =
    dayOfMonth.kind === 'some' ? datesPhrase(dayOfMonth, months) : weekdaysPhrase(dayOfWeek, months);
  return `${days}${yearsPhrase(year)}`;
}

function monthNames(months: readonly number[]): string {
  return numbers(months, (value) => MONTH_NAMES[value - 1]);
}

/** ` in June and July`, ` from June to August`. */
function inMonths(months: readonly number[] | undefined): string {
  if (months === undefined) return '';
  return progression(months) === 1 ? ` from ${monthNames(months)}` : ` in ${monthNames(months)}`;
}

function ofMonths(months: readonly number[] | undefined): string {
  if (months === undefined) return ' of every month';
  return progression(months) === 1
    ? ` of every month from ${monthNames(months)}`
    : ` of ${monthNames(months)}`;
}

function yearsPhrase({ kind, values }: ParsedField): string {
  if (kind === 'every') return '';
  const distance = progression(values);
  if (distance === undefined) return ` in ${numbers(values)}`;
  const step = distance === 1 ? '' : ` ${every(distance, 'year')}`;
  return `${step} from ${values[0]} to ${values.at(-1)}`;
}

/** Days by number in the month. */
function datesPhrase({ values, special }: ParsedField, months: readonly number[] | undefined): string {
  const plain = plainValues(values, special);
  const distance = progression(plain);
  if (special.length === 0 && distance !== undefined && distance > 1) {
    const last = plain.at(-1) ?? 0;
    const end = last + distance > 31 ? '' : ` to ${last}`;
    return `${every(distance, 'day')} from day ${plain[0]}${end}${ofMonths(months)}`;
  }
  const dates = plain.length === 0 ? [] : [labelled('day', plain)];
  return `on ${and([...dates, ...special.map(specialDay)])}${ofMonths(months)}`;
}

/** Days by name. */
function weekdaysPhrase(
  { kind, values, special }: ParsedField,
  months: readonly number[] | undefined,
): string {
  const plain = plainValues(values, special);
  if (kind !== 'some' || plain.length === 7) return `every day${inMonths(months)}`;
  const phrases = plain.length === 0 ? [] : [`every ${weekdays(plain)}${inMonths(months)}`];
  for (const day of special)
    phrases.push(`on ${specialDay(day)}${day.kind === 'calendar' ? inMonths(months) : ofMonths(months)}`);
  return and(phrases);
}

/** The values without those of calendar days. */
function plainValues(values: readonly number[], special: readonly SpecialDay[]): readonly number[] {
  return values.filter((value) => !special.some((one) => one.kind === 'calendar' && one.day === value));
}

function weekdays(values: readonly number[]): string {
  // Readers expect the week to start on Monday. In Quartz it starts on Sunday.
  const places = values.map((value) => (value + 5) % 7).sort((a, b) => a - b);
  const names = places.map((place) => DAY_NAMES[(place + 1) % 7] ?? '');
  return progression(places) === 1 ? `day from ${names[0]} to ${names.at(-1)}` : and(names);
}

function specialDay(day: SpecialDay): string {
  switch (day.kind) {
    case 'last': {
      if (day.offset === 0) return `the last ${day.weekday ? 'weekday' : 'day'}`;
      const before = `the ${day.offset === 1 ? '' : `${ordinal(day.offset)} `}day before the last day`;
      return day.weekday ? `the weekday nearest to ${before}` : before;
    }
    case 'nearest':
      return `the weekday nearest to day ${day.day}`;
    case 'lastOf':
      return `the last ${DAY_NAMES[day.day - 1]}`;
    case 'nth':
      return `the ${ordinal(day.nth)} ${DAY_NAMES[day.day - 1]}`;
    case 'calendar': {
      const from = day.ofWeek ? `each ${DAY_NAMES[day.day - 1]}` : `day ${day.day}`;
      return `the first day that the calendar includes on or after ${from}`;
    }
  }
}
