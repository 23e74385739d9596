import type { ParsedField, SpecialDay } from './field.js';
import type { ParsedFields } from './fire-times.js';

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
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** The longest list that still reads as a sentence. */
const MAX_LISTED = 4;

/** An English sentence for a schedule, or `undefined` when there is no short one. */
export function describeFields(fields: ParsedFields): string | undefined {
  const day = dayPhrase(fields);
  if (day === undefined) return undefined;
  const clock = clockPhrase(fields);
  const interval = intervalPhrase(fields);
  // Daily schedules are described by their interval first, those of other days by their times.
  if (day === 'every day') return interval ?? (clock && `${day} ${clock}`);
  return clock ? `${day} ${clock}` : interval && `${interval}, ${day}`;
}

function clockPhrase({ seconds, minutes, hours }: ParsedFields): string | undefined {
  const [second] = seconds.values;
  if (seconds.values.length !== 1 || second === undefined) return undefined;
  if (minutes.values.length * hours.values.length > MAX_LISTED) return undefined;
  const times = hours.values.flatMap((hour) =>
    minutes.values.map((minute) =>
      [hour, minute, ...(second === 0 ? [] : [second])]
        .map((value) => String(value).padStart(2, '0'))
        .join(':'),
    ),
  );
  return `at ${and(times)}`;
}

function intervalPhrase({ seconds, minutes, hours }: ParsedFields): string | undefined {
  const everyHour = rhythm(hours, 24) === 1;
  const everySeconds = rhythm(seconds, 60);
  if (everySeconds !== undefined && rhythm(minutes, 60) === 1 && everyHour)
    return every(everySeconds, 'second');
  if (seconds.values.length !== 1 || seconds.values[0] !== 0) return undefined;
  const everyMinutes = rhythm(minutes, 60);
  if (everyMinutes !== undefined && everyHour) return every(everyMinutes, 'minute');
  const everyHours = rhythm(hours, 24);
  if (minutes.values.length !== 1 || everyHours === undefined) return undefined;
  const minute = minutes.values[0] === 0 ? '' : ` at minute ${minutes.values[0]}`;
  return `${every(everyHours, 'hour')}${minute}`;
}

/** The distance between values that are spread evenly over the whole field, beginning with 0. */
function rhythm({ values }: ParsedField, size: number): number | undefined {
  const distance = size / values.length;
  return values.length > 1 && values.every((value, index) => value === index * distance)
    ? distance
    : undefined;
}

function dayPhrase({ dayOfMonth, month, dayOfWeek, year }: ParsedFields): string | undefined {
  const months = month.kind === 'every' ? [] : month.values.map((value) => MONTH_NAMES[value - 1] ?? '');
  if (months.length > MAX_LISTED) return undefined;
  const [date] = dayOfMonth.values;
  const oneDate =
    dayOfMonth.values.length === 1 && dayOfMonth.special.length === 0 && months.length === 1
      ? `${months[0]} ${date}`
      : undefined;
  if (year.kind !== 'every')
    return oneDate && year.values.length === 1 ? `on ${oneDate}, ${year.values[0]}` : undefined;
  if (oneDate) return `every year on ${oneDate}`;

  const ofMonth = months.length === 0 ? 'of every month' : `of ${and(months)}`;
  const inMonth = months.length === 0 ? '' : ` in ${and(months)}`;
  const days = dayOfMonth.kind === 'some' ? dayOfMonth : dayOfWeek;
  if (days.kind !== 'some') return `every day${inMonth}`;
  if (days.special.length > 0) {
    const [special] = days.special;
    const known = special && days.special.length + days.values.length === 1 && specialDay(special);
    return known ? `${known} ${ofMonth}` : undefined;
  }
  if (days === dayOfWeek) return `every ${weekdays(days.values)}${inMonth}`;
  if (days.values.length > MAX_LISTED) return undefined;
  return `on day${days.values.length === 1 ? '' : 's'} ${and(days.values.map(String))} ${ofMonth}`;
}

function weekdays(values: readonly number[]): string {
  if (values.length === 7) return 'day';
  // Readers expect the week to begin with Monday; that of Quartz begins with Sunday.
  const places = values.map((value) => (value + 5) % 7).sort((a, b) => a - b);
  const names = places.map((place) => DAY_NAMES[(place + 1) % 7] ?? '');
  const adjacent = places.every((place, index) => place === (places[0] ?? 0) + index);
  return names.length > 2 && adjacent ? `day from ${names[0]} to ${names.at(-1)}` : and(names);
}

function specialDay(day: SpecialDay): string | undefined {
  switch (day.kind) {
    case 'last':
      if (day.offset === 0) return `on the last ${day.weekday ? 'weekday' : 'day'}`;
      if (day.weekday) return undefined;
      return `${day.offset} day${day.offset === 1 ? '' : 's'} before the last day`;
    case 'nearest':
      return `on the weekday nearest to day ${day.day}`;
    case 'lastOf':
      return `on the last ${DAY_NAMES[day.day - 1]}`;
    case 'nth':
      return `on the ${ORDINALS[day.nth - 1]} ${DAY_NAMES[day.day - 1]}`;
  }
}

function every(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

function and(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
