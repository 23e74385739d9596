import { ScheduleError } from './schedule-error.js';

/** The names that crontab has for whole schedules. */
const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Reads a text that looks like a schedule of crontab: five fields, without seconds, or a name such as `@daily`.
 *
 * The service's own sample, `00 00 00 * * `, has five fields too, seconds first. Its third field is 0, which is not a day of a month,
 * so it cannot be confused with crontab.
 *
 * @returns Its fields; `undefined` for any other text.
 */
export function crontabFields(parts: readonly string[]): readonly string[] | undefined {
  const name = (parts[0] ?? '').toLowerCase();
  const macro = parts.length === 1 && Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  if (macro !== undefined) return macro.split(' ');
  if (parts.length !== 5) return undefined;
  const isServiceSample = /^0+$/.test(parts[2] ?? '');
  return isServiceSample ? undefined : parts;
}

/**
 * The error for a schedule of crontab. It shows the Quartz form that was probably meant.
 *
 * @param describe - What a Quartz schedule means in words; `undefined` when it is not one.
 */
export function crontabError(
  text: string,
  fields: readonly string[],
  describe: (text: string) => string | undefined,
): ScheduleError {
  const shown = (forms: readonly string[], joined: string): string =>
    forms.map((form) => `"${form}" (${describe(form)})`).join(joined);
  const known = (forms: readonly string[]): string[] => forms.filter((form) => describe(form) !== undefined);
  const same = known(quartzForms(fields));
  const meant = [...same, ...known(withoutWeekday(fields))];
  const expected = 'six or seven fields, seconds first; five are those of crontab';
  if (meant.length === 0) return new ScheduleError(undefined, text, expected);
  const question =
    same.length === 2 ? `which means both ${shown(same, ' and ')}` : `did you mean ${shown(meant, ' or ')}?`;
  return new ScheduleError(undefined, text, `${expected}; ${question}`, meant);
}

/** The same times in Quartz. It cannot combine both kinds of day, so crontab's "either" becomes two schedules. */
function quartzForms([minute, hour, date, month, weekday]: readonly string[]): string[] {
  const time = `0 ${minute} ${hour}`;
  const days = weekdays(weekday ?? '*');
  if (days === undefined) return [];
  if (days === '*') return [`${time} ${date} ${month} ?`];
  if (date === '*' || date === '?') return [`${time} ? ${month} ${days}`];
  return [`${time} ${date} ${month} ?`, `${time} ? ${month} ${days}`];
}

/** `0 0 2 * *` may also be a Quartz schedule that lacks its last field. */
function withoutWeekday([first = '', second = '', third = '', ...rest]: readonly string[]): string[] {
  const isTime = /^0+$/.test(first) && /^0+$/.test(second) && /^\d+$/.test(third);
  return isTime && rest[0] === '*' && rest[1] === '*' ? [`0 0 ${Number(third)} * * ?`] : [];
}

/** Days of the week by name, since crontab counts them from 0 = Sunday and Quartz from 1; `undefined` when they are none. */
function weekdays(text: string): string | undefined {
  if (text === '*' || text === '?') return '*';
  const all = new Set<number>();
  for (const item of text.toUpperCase().split(',')) {
    const match = /^(?:(\*)|([A-Z]{3}|[0-7])(?:-([A-Z]{3}|[0-7]))?)(?:\/(\d))?$/.exec(item);
    if (match === null) return undefined;
    const [, star, from, to, step] = match;
    const first = star === undefined ? dayNumber(from) : 0;
    const end = star === undefined ? (to === undefined ? first : dayNumber(to)) : 6;
    if (first === undefined || end === undefined || step === '0') return undefined;
    // A step without a range goes to the end of the week.
    const isOpen = star === undefined && to === undefined && step !== undefined;
    const last = isOpen ? 6 : end < first ? end + 7 : end;
    for (let day = first; day <= last; day += Number(step ?? 1)) all.add(day % 7);
  }
  if (all.size === 7) return '*';
  return ranges([...all].sort((a, b) => a - b));
}

function dayNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const index = /\d/.test(word) ? Number(word) : DAYS.indexOf(word);
  return index === -1 ? undefined : index;
}

/** Days that follow each other become a range. */
function ranges(days: readonly number[]): string {
  const runs: number[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined): string => DAYS[day ?? 0] ?? '';
  return runs
    .flatMap((run) => (run.length < 3 ? run.map(name) : [`${name(run[0])}-${name(run.at(-1))}`]))
    .join(',');
}
