import type { CropRectangle } from '../api/contract.ts';

/** A side or corner that is dragged, or the whole rectangle. */
export type CropGrip = 'move' | 'topLeft' | 'topRight' | 'bottomLeft' | 'bottomRight';

/** The smallest side of a crop, as a fraction. */
const LEAST = 0.02;

/**
 * A crop after its grip was dragged by fractions of the image. It stays inside the image, and keeps its proportions: a smart crop is for a
 * shape of screen, which only its size may change.
 */
export function dragCrop(rect: CropRectangle, grip: CropGrip, dx: number, dy: number): CropRectangle {
  if (grip === 'move') {
    return tidy({
      ...rect,
      leftN: between(rect.leftN + dx, 0, 1 - rect.widthN),
      topN: between(rect.topN + dy, 0, 1 - rect.heightN),
    });
  }
  const isLeft = grip === 'topLeft' || grip === 'bottomLeft';
  const isTop = grip === 'topLeft' || grip === 'topRight';
  // The opposite corner stays where it is.
  const fixedX = isLeft ? rect.leftN + rect.widthN : rect.leftN;
  const fixedY = isTop ? rect.topN + rect.heightN : rect.topN;
  const wished = Math.max(
    (rect.widthN + (isLeft ? -dx : dx)) / rect.widthN,
    (rect.heightN + (isTop ? -dy : dy)) / rect.heightN,
  );
  const most = Math.min(
    (isLeft ? fixedX : 1 - fixedX) / rect.widthN,
    (isTop ? fixedY : 1 - fixedY) / rect.heightN,
  );
  const least = LEAST / Math.min(rect.widthN, rect.heightN);
  const scale = between(wished, Math.min(least, most), most);
  const widthN = rect.widthN * scale;
  const heightN = rect.heightN * scale;
  return tidy({
    leftN: isLeft ? fixedX - widthN : fixedX,
    topN: isTop ? fixedY - heightN : fixedY,
    widthN,
    heightN,
  });
}

const ARROWS: ReadonlyMap<string, readonly [dx: number, dy: number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/** What an arrow does to a crop: it moves; with Shift, the lower right corner does. */
export function nudgeCrop(
  rect: CropRectangle,
  key: string,
  { isResizing, step }: { isResizing: boolean; step: number },
): CropRectangle | undefined {
  const [dx, dy] = ARROWS.get(key) ?? [];
  if (dx === undefined || dy === undefined) return undefined;
  if (!isResizing) return dragCrop(rect, 'move', dx * step, dy * step);
  // One axis leads; the other follows from the proportions. The idle one must not hold a shrinking crop back.
  const change = (dx + dy) * step;
  const ratio = rect.heightN / rect.widthN;
  return dx !== 0
    ? dragCrop(rect, 'bottomRight', change, change * ratio)
    : dragCrop(rect, 'bottomRight', change / ratio, change);
}

/** In words for a screen reader: `left 10 %, top 5 %, width 50 %, height 75 %`. */
export function describeCrop({ leftN, topN, widthN, heightN }: CropRectangle): string {
  const percent = (value: number): string => `${Math.round(value * 1000) / 10} %`;
  return `left ${percent(leftN)}, top ${percent(topN)}, width ${percent(widthN)}, height ${percent(heightN)}`;
}

export function isSameCrop(one: CropRectangle, other: CropRectangle): boolean {
  return (['leftN', 'topN', 'widthN', 'heightN'] as const).every((side) => one[side] === other[side]);
}

/** Six decimals are below a pixel of any image, and keep sums at most 1. */
function tidy({ leftN, topN, widthN, heightN }: CropRectangle): CropRectangle {
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  const left = round(Math.max(0, leftN));
  const top = round(Math.max(0, topN));
  return {
    leftN: left,
    topN: top,
    widthN: Math.min(round(widthN), round(1 - left)),
    heightN: Math.min(round(heightN), round(1 - top)),
  };
}

function between(value: number, from: number, to: number): number {
  return Math.min(Math.max(value, from), Math.max(from, to));
}
