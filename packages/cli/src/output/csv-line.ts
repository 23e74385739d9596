import { json } from './json.js';

/** A line of CSV. Values are quoted where they must be; objects and lists are JSON. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quotedValue(textOf(value))).join(',')}\n`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? json(value) : String(value);
}

/** Spaces at the ends are quoted too, since many programs drop them otherwise. */
function quotedValue(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
