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

/** A point in time: a date, or a duration before now. */
export function moment(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime()) && /^\d{4}-/.test(text)) return date;
  return new Date(Date.now() - duration(text));
}
