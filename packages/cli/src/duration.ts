import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Parses `90s`, `10m`, `1h30m` or `7d` into milliseconds; a plain number is seconds. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g)];
  const whole = parts.map(([part]) => part).join('');
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (parts.length === 0 || whole !== text) {
    throw new CliError(
      EXIT.usage,
      `expected a duration such as 90s, 10m, 2h or 7d, found ${JSON.stringify(text)}`,
    );
  }
  return parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

/** The longest time limit, in milliseconds: slightly less than a Node.js timer can measure. */
const LONGEST = 24 * 86_400_000;

/** Parses a time limit into milliseconds. */
export function timeLimit(text: string): number {
  const time = duration(text);
  if (time <= LONGEST) return time;
  throw new CliError(EXIT.usage, `expected at most 24d, found ${JSON.stringify(text)}`);
}

/** Parses a time limit above 0 into milliseconds. */
export function positiveTime(text: string): number {
  const time = timeLimit(text);
  if (time > 0) return time;
  throw new CliError(EXIT.usage, `expected a duration above 0 such as 90s, found ${JSON.stringify(text)}`);
}

/** Returns a parser that checks a whole number and returns it unchanged, as text. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => string {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return text;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new CliError(EXIT.usage, `expected a whole number ${range}, found ${JSON.stringify(text)}`);
  };
}

/** Checks a point in time and returns it unchanged, as text. */
export function timeText(text: string): string {
  moment(text);
  return text;
}

/** Parses a point in time: a date, or a duration before now. */
export function moment(text: string): Date {
  const date = dateTime(text);
  if (date !== undefined) return date;
  try {
    const time = new Date(Date.now() - duration(text));
    if (!Number.isNaN(time.getTime())) return time;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
  throw new CliError(
    EXIT.usage,
    `expected a time such as 2h or 7d ago, 2014-04-03 or 2014-04-03T00:00:00Z, found ${JSON.stringify(text)}`,
  );
}

/** Checks the time of a single run. Returns it with a time zone: the given one, or UTC for a local time. */
export function runTime(text: string): string {
  const date = dateTime(text);
  if (date === undefined)
    throw new CliError(
      EXIT.usage,
      `expected a time such as 2014-04-03T22:00:00-07:00, found ${JSON.stringify(text)}`,
    );
  return /[T ].*(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : date.toISOString();
}

/** Checks the name of a time zone. */
export function timeZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new CliError(
    EXIT.usage,
    `expected a time zone such as America/Los_Angeles, found ${JSON.stringify(text)}`,
  );
}

/** Whether a text is the name of a time zone. */
export function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;

/** Parses an ISO 8601 date or date and time; `undefined` for anything else, including February 30. */
function dateTime(text: string): Date | undefined {
  const [, year, month, day] = DATE_TIME.exec(text) ?? [];
  // Date.parse accepts February 30 and turns it into a day in March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (year === undefined || Number(day) > days) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
