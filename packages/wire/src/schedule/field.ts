import { ScheduleError, type ScheduleField } from './schedule-error.js';

/** Days that depend on the calendar. Days of the week are numbered as in Quartz, from 1 (Sunday) to 7 (Saturday). */
export type SpecialDay =
  /** `L`, `L-3`: the last day of the month, or an offset before it. With `W`, the weekday nearest to it. */
  | { readonly kind: 'last'; readonly offset: number; readonly weekday: boolean }
  /** `15W`: the weekday (Monday to Friday) nearest to a day of the same month. */
  | { readonly kind: 'nearest'; readonly day: number }
  /** `6L`: the last such day of the month. */
  | { readonly kind: 'lastOf'; readonly day: number }
  /** `6#3`: the third such day of the month. */
  | { readonly kind: 'nth'; readonly day: number; readonly nth: number }
  /** `5C`, `1C`: the first day on or after it that a calendar includes. The plain values contain it too. */
  | { readonly kind: 'calendar'; readonly day: number; readonly ofWeek: boolean };

/** One parsed field of a schedule. */
export interface ParsedField {
  /** The normalized Quartz text. */
  readonly text: string;
  /** `every` is `*`, `none` is `?`. */
  readonly kind: 'every' | 'none' | 'some';
  /** The distinct plain values in ascending order; all for `*`, none for `?`. */
  readonly values: readonly number[];
  readonly special: readonly SpecialDay[];
}

interface Rule {
  readonly min: number;
  readonly max: number;
  /** Largest step that Quartz accepts. */
  readonly maxStep: number;
  /** Names of the values, starting at `min`. */
  readonly names?: readonly string[];
  /** Whether the normal form uses names or numbers. */
  readonly writesNames?: boolean;
  /** Accepted forms in addition to `*`, lists, ranges and steps. */
  readonly also?: string;
}

/** Days of the week in Quartz order, 1 to 7. */
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const RULES: Readonly<Record<ScheduleField, Rule>> = {
  seconds: { min: 0, max: 59, maxStep: 59 },
  minutes: { min: 0, max: 59, maxStep: 59 },
  hours: { min: 0, max: 23, maxStep: 23 },
  dayOfMonth: { min: 1, max: 31, maxStep: 31, also: '?, L, L-3, LW, 15W' },
  month: { min: 1, max: 12, maxStep: 12, names: MONTHS },
  // Names, because nearly every other cron numbers the days differently.
  dayOfWeek: { min: 1, max: 7, maxStep: 7, names: WEEKDAYS, writesNames: true, also: '?, L, 6L, 6#3' },
  year: { min: 1970, max: 2099, maxStep: 129 },
};

/** The field without restrictions. */
export function everyValue(field: ScheduleField): ParsedField {
  const { min, max } = RULES[field];
  return { text: '*', kind: 'every', values: expand(RULES[field], min, max, 1), special: [] };
}

/** The field that defers to the other kind of day. */
export const noValue: ParsedField = { text: '?', kind: 'none', values: [], special: [] };

/**
 * Parses one field.
 *
 * @throws ScheduleError with the first item that Quartz refuses or would misread.
 */
export function parseField(field: ScheduleField, text: string): ParsedField {
  const rule = RULES[field];
  // Checked before converting to upper case, which turns some other characters into ASCII.
  if (!/^[0-9A-Za-z*?,/#-]+$/.test(text)) throw new ScheduleError(field, text, syntaxOf(rule));
  if (text === '?' && rule.also !== undefined) return noValue;
  const texts = new Set<string>();
  const values = new Set<number>();
  const special = new Map<string, SpecialDay>();
  for (const part of text.toUpperCase().split(',')) {
    const item = parseItem(field, part, part === '' ? text : part);
    texts.add(item.text);
    for (const value of item.values) values.add(value);
    if (item.special) special.set(item.text, item.special);
  }
  if (texts.has('*')) return everyValue(field);
  return {
    text: [...texts].join(','),
    kind: 'some',
    values: [...values].sort((a, b) => a - b),
    special: [...special.values()],
  };
}

interface Item {
  readonly text: string;
  readonly values: readonly number[];
  readonly special?: SpecialDay;
}

function parseItem(field: ScheduleField, part: string, shown: string): Item {
  const rule = RULES[field];
  const special =
    field === 'dayOfMonth' ? dayOfMonth(part) : field === 'dayOfWeek' ? dayOfWeek(part) : undefined;
  if (special) return special;
  const match = /^(?:(\*?)|([A-Z]{3}|\d{1,4})(?:-([A-Z]{3}|\d{1,4}))?)(?:\/(\d{1,4}))?$/.exec(part);
  if (!match || part === '') throw new ScheduleError(field, shown, syntaxOf(rule));
  const [, , first, last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (stepText !== undefined && (step < 1 || step > rule.maxStep))
    throw new ScheduleError(field, shown, `a step from 1 to ${rule.maxStep}`);
  if (first === undefined) return stepped(rule, rule.min, undefined, step);

  const named = /[A-Z]/.test(first);
  if (last !== undefined && named !== /[A-Z]/.test(last))
    throw new ScheduleError(field, shown, 'a range of two names or two numbers');
  if (named && stepText !== undefined)
    throw new ScheduleError(
      field,
      shown,
      'numbers instead of names, because Quartz ignores a step after names',
    );
  const from = numberOf(rule, first);
  const to = last === undefined ? undefined : numberOf(rule, last);
  if (from === undefined || (last !== undefined && to === undefined))
    throw new ScheduleError(field, shown, rangeOf(rule));
  if (field === 'year' && to !== undefined && to < from)
    throw new ScheduleError(field, shown, 'the earlier year first');
  if (stepText !== undefined) return stepped(rule, from, to, step);
  if (to === undefined || to === from) return { text: write(rule, from), values: [from] };
  return { text: `${write(rule, from)}-${write(rule, to)}`, values: expand(rule, from, to, 1) };
}

/** A step from a value to another value or to the end of the field. */
function stepped(rule: Rule, from: number, to: number | undefined, step: number): Item {
  const values = expand(rule, from, to ?? rule.max, step);
  if (to !== undefined) {
    if (step === 1) return { text: `${write(rule, from)}-${write(rule, to)}`, values };
    return { text: `${from}-${to}/${step}`, values };
  }
  return { text: from === rule.min && step === 1 ? '*' : `${from}/${step}`, values };
}

/** The values of a range. If it ends before it begins, it wraps around to the start of the field. */
function expand({ min, max }: Rule, from: number, to: number, step: number): number[] {
  const size = max - min + 1;
  const end = to < from ? to + size : to;
  const values: number[] = [];
  for (let value = from; value <= end; value += step) values.push(((value - min) % size) + min);
  return values;
}

function dayOfMonth(part: string): Item | undefined {
  const last = /^L(?:-(\d{1,2}))?(W?)$/.exec(part);
  if (last) {
    const offset = Number(last[1] ?? 0);
    const weekday = last[2] === 'W';
    if (offset > 30) throw new ScheduleError('dayOfMonth', part, 'at most 30 days before the last');
    const text = `L${offset === 0 ? '' : `-${offset}`}${weekday ? 'W' : ''}`;
    return { text, values: [], special: { kind: 'last', offset, weekday } };
  }
  const calendar = ofCalendar('dayOfMonth', part);
  if (calendar) return calendar;
  const nearest = /^(\d{1,2})W$/.exec(part);
  if (!nearest) return undefined;
  const day = numberOf(RULES.dayOfMonth, nearest[1] ?? '');
  if (day === undefined) throw new ScheduleError('dayOfMonth', part, rangeOf(RULES.dayOfMonth));
  return { text: `${day}W`, values: [], special: { kind: 'nearest', day } };
}

function dayOfWeek(part: string): Item | undefined {
  // Alone, it means the last day of the week, not of the month.
  if (part === 'L') return { text: 'SAT', values: [7] };
  const calendar = ofCalendar('dayOfWeek', part);
  if (calendar) return calendar;
  const match = /^([A-Z]{3}|\d{1,2})(?:(L)|#(\d{1,2}))$/.exec(part);
  if (!match) return undefined;
  const day = numberOf(RULES.dayOfWeek, match[1] ?? '');
  if (day === undefined) throw new ScheduleError('dayOfWeek', part, rangeOf(RULES.dayOfWeek));
  const name = write(RULES.dayOfWeek, day);
  if (match[2]) return { text: `${name}L`, values: [], special: { kind: 'lastOf', day } };
  const nth = Number(match[3]);
  if (nth < 1 || nth > 5) throw new ScheduleError('dayOfWeek', part, 'a number from 1 to 5 after #');
  return { text: `${name}#${nth}`, values: [], special: { kind: 'nth', day, nth } };
}

/** `5C`, `1C`: the first day on or after it that a calendar includes. There is no calendar, so all days are included. */
function ofCalendar(field: 'dayOfMonth' | 'dayOfWeek', part: string): Item | undefined {
  const [, number] = /^(\d{1,2})C$/.exec(part) ?? [];
  if (number === undefined) return undefined;
  const day = numberOf(RULES[field], number);
  if (day === undefined) throw new ScheduleError(field, part, rangeOf(RULES[field]));
  return {
    text: `${day}C`,
    values: [day],
    special: { kind: 'calendar', day, ofWeek: field === 'dayOfWeek' },
  };
}

function numberOf(rule: Rule, word: string): number | undefined {
  if (/^\d/.test(word)) {
    const value = Number(word);
    return value >= rule.min && value <= rule.max ? value : undefined;
  }
  const index = rule.names?.indexOf(word) ?? -1;
  return index === -1 ? undefined : index + rule.min;
}

function write(rule: Rule, value: number): string {
  return (rule.writesNames && rule.names?.[value - rule.min]) || String(value);
}

function rangeOf({ min, max, names }: Rule): string {
  return names ? `${min} (${names[0]}) to ${max} (${names.at(-1)})` : `${min} to ${max}`;
}

function syntaxOf(rule: Rule): string {
  const also = rule.also === undefined ? '' : `${rule.also}, `;
  return `${rangeOf(rule)}, *, ${also}a list, a range or a step`;
}
