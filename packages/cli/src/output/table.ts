import stringWidth from 'string-width';
import type { Paint } from './colors.js';
import type { Column } from './columns.js';
import { printableLine } from './sanitize.js';

const GAP = '  ';
/** The default minimum width of a truncated column. */
const NARROW = 10;

/**
 * Formats a table to fit a terminal: truncates columns that allow it, widest first, then omits optional columns, last first. If it
 * still does not fit, lines wrap.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { readonly width: number; readonly paint: Paint },
): string {
  const { width, paint } = options;
  let shown = columns.map((column) => {
    const cells = rows.map((row) => printableLine(String(column.human?.(row) ?? column.value(row) ?? '')));
    const widest = Math.max(stringWidth(column.title), ...cells.map((cell) => stringWidth(cell)));
    return { column, cells, width: widest };
  });
  const total = (): number =>
    shown.reduce((sum, one) => sum + one.width, 0) + GAP.length * (shown.length - 1);
  const shrink = (): void => {
    for (let excess = total() - width; excess > 0; excess = total() - width) {
      const [widest, next] = shown
        .filter(({ column, width: now }) => column.shrinks && now > (column.least ?? NARROW))
        .sort((a, b) => b.width - a.width);
      if (widest === undefined) return;
      widest.width = Math.max(
        widest.column.least ?? NARROW,
        widest.width - excess,
        next === undefined ? 0 : next.width - 1,
      );
    }
  };
  // Omit optional columns without values.
  shown = shown.filter(({ column, cells }) => !column.optional || cells.some((cell) => cell !== ''));
  shrink();
  while (total() > width) {
    const last = shown.findLastIndex(({ column }) => column.optional);
    if (last === -1) break;
    shown.splice(last, 1);
    for (const one of shown)
      one.width = Math.max(stringWidth(one.column.title), ...one.cells.map((c) => stringWidth(c)));
    shrink();
  }
  const line = (texts: readonly string[], brush: (text: string, i: number) => string): string =>
    texts
      .map((text, i) => {
        const { width: room = 0, column } = shown[i] ?? {};
        const fitted = cut(text, room);
        const space = ' '.repeat(Math.max(0, room - stringWidth(fitted)));
        if (column?.align === 'right') return space + brush(fitted, i);
        return brush(fitted, i) + (i === shown.length - 1 ? '' : space);
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    shown.map(({ column }) => column.title),
    (text) => paint(['bold', 'dim'], text),
  );
  const body = rows.map((row, r) =>
    line(
      shown.map(({ cells }) => cells[r] ?? ''),
      (text, i) => shown[i]?.column.paint?.(text, row, paint) ?? text,
    ),
  );
  return [head, ...body].map((text) => `${text}\n`).join('');
}

/** Truncates text to a width, with an ellipsis. */
export function cut(text: string, room: number): string {
  if (stringWidth(text) <= room) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > room - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
