import type { Paint } from './colors.js';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** Its name in the header of CSV, where that is not the title in lower case. */
  readonly field?: string;
  /** The value of a cell; `undefined` for an empty cell. */
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** What a terminal shows instead, such as a time in the zone of this machine. */
  readonly human?: (row: Row) => string | undefined;
  readonly paint?: (text: string, row: Row, paint: Paint) => string;
  readonly align?: 'right';
  /** Whether it may be cut in a narrow terminal. Handles are never cut, so that they can be copied. */
  readonly shrinks?: true;
  /** The least width that it may be cut to; 10 by default. */
  readonly least?: number;
  /** Whether it may be left out in a narrow terminal. */
  readonly optional?: true;
}

/** A date and time in the time zone of this machine. */
export function localTime(text: string | undefined): string {
  if (text === undefined) return '';
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A duration in words: `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** A number of bytes in words. */
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

/** `1 file`, `3 files`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
