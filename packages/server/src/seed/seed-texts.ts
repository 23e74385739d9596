// Checks that the database can store every text of a seed, wherever it is.
import { clip } from '../option-checks.js';
import { SeedError } from './seed-error.js';

/** More than the details of any job need. An error is clearer than what a stack without room for more reports. */
const MAX_DEPTH = 100;

/**
 * Checks all texts, and the names of all fields.
 *
 * @throws SeedError that names the first text which the database cannot store, and for values that contain themselves.
 */
export function checkTexts(seed: unknown): void {
  checkValue('', seed, 0);
}

function checkValue(path: string, value: unknown, depth: number): void {
  if (typeof value === 'string') checkText(path, value, 'found');
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH)
    throw new SeedError(path.slice(0, path.search(/[.[]/)), `found values in more than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkValue(`${path}[${index}]`, item, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    checkText(path, key, 'found a field with');
    checkValue(path === '' ? key : `${path}.${clip(key)}`, item, depth + 1);
  }
}

/** The text itself is not shown: it may be a password. */
function checkText(path: string, text: string, found: string): void {
  const problem = text.includes('\0')
    ? 'the character U+0000'
    : text.isWellFormed()
      ? undefined
      : 'one half of a surrogate pair';
  if (problem !== undefined)
    throw new SeedError(path, `${found} ${problem}, which the database cannot store`);
}
