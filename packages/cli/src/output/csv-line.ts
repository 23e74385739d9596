import { json } from './json.js';

/** Formats a line of CSV. Quotes values if necessary, and writes objects and lists as JSON. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quotedValue(textOf(value))).join(',')}\n`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? json(value) : String(value);
}

/** Also quotes values with leading or trailing spaces, because many programs trim them. */
function quotedValue(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
