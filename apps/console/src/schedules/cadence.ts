/** Days in the order of a week that begins on Monday. */
export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** How often something happens: what the builder offers. Everything else is a `custom` Quartz expression. */
export type Cadence =
  | { readonly form: 'minutes'; readonly every: number }
  | { readonly form: 'hours'; readonly every: number; readonly minute: number }
  | ({ readonly form: 'daily' } & TimeOfDay)
  | ({ readonly form: 'weekly'; readonly days: readonly Weekday[] } & TimeOfDay)
  | ({ readonly form: 'monthly'; readonly day: number | 'last' } & TimeOfDay)
  | ({ readonly form: 'monthlyOn'; readonly nth: number | 'last'; readonly weekday: Weekday } & TimeOfDay)
  | { readonly form: 'custom'; readonly expression: string };

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** Values of `minutes.every` and `hours.every`: those after which the clock comes round evenly. */
export const EVERY_MINUTES = [1, 2, 3, 5, 10, 15, 20, 30] as const;
export const EVERY_HOURS = [1, 2, 3, 4, 6, 8, 12] as const;

/** The Quartz expression of a cadence. */
export function expressionOf(cadence: Cadence): string {
  switch (cadence.form) {
    case 'minutes':
      return cadence.every === 1 ? '0 * * * * ?' : `0 0/${cadence.every} * * * ?`;
    case 'hours':
      return `0 ${cadence.minute} ${cadence.every === 1 ? '*' : `0/${cadence.every}`} * * ?`;
    case 'daily':
      return `0 ${cadence.minute} ${cadence.hour} * * ?`;
    case 'weekly':
      return `0 ${cadence.minute} ${cadence.hour} ? * ${WEEKDAYS.filter((day) => cadence.days.includes(day)).join(',')}`;
    case 'monthly':
      return `0 ${cadence.minute} ${cadence.hour} ${cadence.day === 'last' ? 'L' : cadence.day} * ?`;
    case 'monthlyOn':
      return `0 ${cadence.minute} ${cadence.hour} ? * ${
        // Quartz numbers days from Sunday, and allows `L` after a number only.
        cadence.nth === 'last' ? `${quartzNumber(cadence.weekday)}L` : `${cadence.weekday}#${cadence.nth}`
      }`;
    case 'custom':
      return cadence.expression;
  }
}

/** The cadence that an expression means; `custom` if the builder cannot show it. */
export function cadenceOf(expression: string): Cadence {
  const custom: Cadence = { form: 'custom', expression };
  const parts = expression.trim().toUpperCase().split(/\s+/);
  const [second, minutes, hours, day, month, weekday, year] = parts;
  if (parts.length < 6 || parts.length > 7 || second !== '0' || month !== '*') return custom;
  if (minutes === undefined || hours === undefined || day === undefined || weekday === undefined)
    return custom;
  if (year !== undefined && year !== '*') return custom;
  const isEveryDay = (day === '*' && weekday === '?') || (day === '?' && weekday === '*');

  if (hours === '*' && isEveryDay) {
    const every = minutes === '*' ? 1 : stepOf(minutes);
    if (isOneOf(every, EVERY_MINUTES)) return { form: 'minutes', every };
  }
  const minute = numberOf(minutes, 0, 59);
  if (minute === undefined) return custom;
  const everyHours = hours === '*' ? 1 : stepOf(hours);
  if (isEveryDay && isOneOf(everyHours, EVERY_HOURS)) return { form: 'hours', every: everyHours, minute };
  const hour = numberOf(hours, 0, 23);
  if (hour === undefined) return custom;
  if (isEveryDay) return { form: 'daily', hour, minute };
  if (weekday === '?') {
    const date = day === 'L' ? 'last' : numberOf(day, 1, 31);
    return date === undefined ? custom : { form: 'monthly', day: date, hour, minute };
  }
  if (day !== '?') return custom;
  return weekdayCadence(weekday, { hour, minute }) ?? custom;
}

function weekdayCadence(text: string, time: TimeOfDay): Cadence | undefined {
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth !== null) {
    const weekday = weekdayOf(nth[1]);
    return weekday && { form: 'monthlyOn', nth: Number(nth[2]), weekday, ...time };
  }
  const last = /^([1-7])L$/.exec(text);
  if (last !== null) {
    const weekday = weekdayOf(last[1]);
    return weekday && { form: 'monthlyOn', nth: 'last', weekday, ...time };
  }
  const days = text.split(',').map((part) => rangeOf(part));
  if (days.includes(undefined)) return undefined;
  const chosen = new Set(days.flatMap((range) => range ?? []));
  return { form: 'weekly', days: WEEKDAYS.filter((weekday) => chosen.has(weekday)), ...time };
}

/** `MON-FRI` and `FRI-MON`, whose week goes round; one day alone. */
function rangeOf(text: string): readonly Weekday[] | undefined {
  const [from, to, ...rest] = text.split('-').map(weekdayOf);
  if (rest.length > 0 || from === undefined) return undefined;
  if (!text.includes('-')) return [from];
  if (to === undefined) return undefined;
  const start = WEEKDAYS.indexOf(from);
  const length = ((WEEKDAYS.indexOf(to) - start + 7) % 7) + 1;
  return Array.from({ length }, (_, index) => WEEKDAYS[(start + index) % 7]).filter(
    (day) => day !== undefined,
  );
}

function weekdayOf(text: string | undefined): Weekday | undefined {
  const number = numberOf(text ?? '', 1, 7);
  if (number !== undefined) return WEEKDAYS[(number + 5) % 7];
  return WEEKDAYS.find((day) => day === text);
}

function quartzNumber(weekday: Weekday): number {
  return ((WEEKDAYS.indexOf(weekday) + 1) % 7) + 1;
}

/** `0/15` and `*`/15 as 15. */
function stepOf(text: string): number | undefined {
  const match = /^(?:0|\*)\/(\d{1,2})$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function numberOf(text: string, from: number, to: number): number | undefined {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= from && value <= to ? value : undefined;
}

function isOneOf<T extends number>(value: number | undefined, choices: readonly T[]): value is T {
  return choices.some((choice) => choice === value);
}
