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

/** Milliseconds of `90s`, `10m`, `1h30m`, `7d`; a plain number is seconds. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g)];
  const whole = parts.map(([part]) => part).join('');
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (parts.length === 0 || whole !== text) {
    throw new CliError(EXIT.usage, `${JSON.stringify(text)} is not a duration`, 'write 90s, 10m, 2h or 7d');
  }
  return parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

/** The longest time that a timer of Node measures, and a little less. */
const LONGEST = 24 * 86_400_000;

/** The milliseconds of a time limit. */
export function timeLimit(text: string): number {
  const time = duration(text);
  if (time <= LONGEST) return time;
  throw new CliError(EXIT.usage, `${JSON.stringify(text)} is too long; expected at most 24d`);
}

/** Checks a whole number on the command line, which stays the text that it is. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => string {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return text;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new CliError(EXIT.usage, `${JSON.stringify(text)} is not a whole number ${range}`);
  };
}

/** Checks a point in time on the command line, which stays the text that it is. */
export function timeText(text: string): string {
  moment(text);
  return text;
}

/** A point in time: a date, or a duration before now. */
export function moment(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime()) && /^\d{4}-/.test(text)) return date;
  try {
    const time = new Date(Date.now() - duration(text));
    if (!Number.isNaN(time.getTime())) return time;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
  }
  throw new CliError(
    EXIT.usage,
    `${JSON.stringify(text)} is not a time`,
    'write 2h or 7d for so long ago, or a date: 2014-04-03T00:00:00Z',
  );
}
