import type { DiagnosticBag } from '../diagnostic.js';
import type { YamlCursor } from './yaml-cursor.js';

/** Reports a pattern that is not a regular expression. */
export function checkPattern(pattern: string, cursor: YamlCursor, bag: DiagnosticBag): void {
  try {
    new RegExp(pattern, 'u');
  } catch {
    bag.add('bad-overlay-value', `"${pattern}" is not a regular expression`, cursor.position);
  }
}
