import type { Paint } from './colors.js';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** The name in a CSV header, if it is not the title in lower case. */
  readonly field?: string;
  /** The value of a cell; `undefined` for an empty cell. */
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** The value shown in a terminal instead, such as a local time. */
  readonly human?: (row: Row) => string | undefined;
  readonly paint?: (text: string, row: Row, paint: Paint) => string;
  readonly align?: 'right';
  /** Whether the column may be truncated in a narrow terminal. Handles are never truncated, because users copy them. */
  readonly shrinks?: true;
  /** The minimum width of a truncated column; 10 by default. */
  readonly least?: number;
  /** Whether the column may be omitted in a narrow terminal. */
  readonly optional?: true;
}

/** Formats a date and time in the local time zone. */
export function localTime(text: string | undefined): string {
  if (text === undefined) return '';
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Formats a duration in milliseconds: `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Formats a number of bytes: `500 B`, `1.5 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Formats a count: `1 file`, `3 files`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
