import { ScheduleError } from './schedule-error.js';

/** Names for whole schedules in crontab. */
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
 * Recognizes crontab syntax: five fields, without seconds, or a name such as `@daily`.
 *
 * The service's own sample, `00 00 00 * * `, also has five fields, starting with seconds. Its third field is 0, which is not a day of
 * the month, so it cannot be a crontab line.
 *
 * @returns The fields, or `undefined` for any other text.
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
 * Creates the error for a schedule in crontab syntax. It suggests the Quartz schedule.
 *
 * @param describe - Describes a Quartz schedule in words; `undefined` for an invalid one.
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
  const expected = 'six or seven fields, starting with seconds; five fields are crontab syntax';
  if (meant.length === 0) return new ScheduleError(undefined, text, expected);
  const question =
    same.length === 2
      ? `use two schedules: ${shown(same, ' and ')}`
      : `did you mean ${shown(meant, ' or ')}?`;
  return new ScheduleError(undefined, text, `${expected}; ${question}`, meant);
}

/** The equivalent Quartz schedules. Quartz cannot combine both kinds of day, so crontab's "either" becomes two schedules. */
function quartzForms([minute, hour, date, month, weekday]: readonly string[]): string[] {
  const time = `0 ${minute} ${hour}`;
  const days = weekdays(weekday ?? '*');
  if (days === undefined) return [];
  if (days === '*') return [`${time} ${date} ${month} ?`];
  if (date === '*' || date === '?') return [`${time} ? ${month} ${days}`];
  return [`${time} ${date} ${month} ?`, `${time} ? ${month} ${days}`];
}

/** `0 0 2 * *` may also be a Quartz schedule without its last field. */
function withoutWeekday([first = '', second = '', third = '', ...rest]: readonly string[]): string[] {
  const isTime = /^0+$/.test(first) && /^0+$/.test(second) && /^\d+$/.test(third);
  return isTime && rest[0] === '*' && rest[1] === '*' ? [`0 0 ${Number(third)} * * ?`] : [];
}

/** Days of the week by name, because Sunday is 0 in crontab and 1 in Quartz; `undefined` for anything else. */
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
    // A step without a range continues to the end of the week.
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

/** Joins consecutive days to ranges. */
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
