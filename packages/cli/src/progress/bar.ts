import type { Paint } from '../output/colors.js';

const FULL = '█';
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const EMPTY = '░';

/** Draws a progress bar, filled in proportion to a share from 0 to 1. */
export function bar(share: number, width: number, paint: Paint): string {
  const filled = Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)) * width;
  const whole = Math.floor(filled);
  const part = whole < width ? (PARTS[Math.floor((filled - whole) * 8)] ?? '') : '';
  const done = FULL.repeat(whole) + part;
  return paint(share >= 1 ? 'green' : 'cyan', done) + paint('dim', EMPTY.repeat(width - whole - part.length));
}
