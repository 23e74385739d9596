import { photoshopResources } from './photoshop-resources.js';

/** A point in parts of the image: 0 is its left or upper edge, 1 the right or lower one. Points can be outside. */
export interface PathPoint {
  readonly x: number;
  readonly y: number;
}

/** A point of a curve with the control points of the curves that end and begin at it. */
export interface Knot {
  readonly before: PathPoint;
  readonly anchor: PathPoint;
  readonly after: PathPoint;
}

/** A curve of a path. */
export interface Subpath {
  readonly closed: boolean;
  readonly knots: readonly Knot[];
}

/** A saved path of an image. */
export interface PhotoshopPath {
  readonly name: string;
  readonly subpaths: readonly Subpath[];
}

/** The numbers of resources with saved paths. The next ones are the origin of paths and the name of the clipping path. */
const FIRST_PATH = 2000;
const LAST_PATH = 2997;

/** Bytes of a record of a path. */
const RECORD = 26;

/** Selectors of records: the beginning of a curve, and its knots, of which the others have handles that move together. */
const CLOSED = 0;
const CLOSED_KNOTS: ReadonlySet<number> = new Set([1, 2]);
const OPEN = 3;
const OPEN_KNOTS: ReadonlySet<number> = new Set([4, 5]);

/** The denominator of numbers with 8 bits before and 24 bits after the point. */
const ONE = 2 ** 24;

/**
 * The saved paths in a block of resources, in its order. No library in use reads them: `ag-psd` reads the paths of layers only, and of
 * Photoshop files only.
 */
export function photoshopPaths(block: Buffer): PhotoshopPath[] {
  return [...photoshopResources(block)]
    .filter(({ id }) => id >= FIRST_PATH && id <= LAST_PATH)
    .map(({ name, data }) => ({ name: nameOf(name), subpaths: subpathsOf(data) }));
}

/** Names are in the encoding of the computer that saved them: UTF-8 by some programs, that of old Macs by Photoshop. */
function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('macintosh').decode(bytes);
  }
}

/** Knots that do not follow the beginning of a curve of their kind are omitted, as is an incomplete record. */
function subpathsOf(data: Buffer): Subpath[] {
  const subpaths: { readonly closed: boolean; readonly knots: Knot[] }[] = [];
  for (let at = 0; at + RECORD <= data.length; at += RECORD) {
    const selector = data.readUInt16BE(at);
    if (selector === CLOSED || selector === OPEN) subpaths.push({ closed: selector === CLOSED, knots: [] });
    const current = subpaths.at(-1);
    const expected = current?.closed === true ? CLOSED_KNOTS : OPEN_KNOTS;
    if (current === undefined || !expected.has(selector)) continue;
    const point = (index: number): PathPoint => ({
      y: data.readInt32BE(at + 2 + index * 8) / ONE,
      x: data.readInt32BE(at + 6 + index * 8) / ONE,
    });
    current.knots.push({ before: point(0), anchor: point(1), after: point(2) });
  }
  return subpaths.filter(({ knots }) => knots.length > 0);
}

/** A path whose points are converted. */
export function mapped(
  { name, subpaths }: PhotoshopPath,
  to: (point: PathPoint) => PathPoint,
): PhotoshopPath {
  return {
    name,
    subpaths: subpaths.map(({ closed, knots }) => ({
      closed,
      knots: knots.map(({ before, anchor, after }) => ({
        before: to(before),
        anchor: to(anchor),
        after: to(after),
      })),
    })),
  };
}

/** The corners of a quadrilateral: upper left, upper right, lower right, lower left. */
export type Quad = readonly [PathPoint, PathPoint, PathPoint, PathPoint];

/**
 * The quadrilateral of a path: itself if it is one closed curve of four straight lines, otherwise the bounding box of its curves.
 *
 * @param toPixels - Converts points of the path. It keeps straight lines straight.
 * @returns `undefined` for a path without points.
 */
export function quadOf(
  { subpaths }: PhotoshopPath,
  toPixels: (point: PathPoint) => PathPoint,
): Quad | undefined {
  const [only, ...others] = subpaths;
  if (only === undefined) return undefined;
  const corners = others.length === 0 ? cornersOf(only) : undefined;
  if (corners !== undefined) return ordered(corners.map(toPixels));
  const curves = subpaths.flatMap(curvesOf).map((curve) => curve.map(toPixels));
  const [left, right] = rangeOf(curves.map((curve) => curve.map(({ x }) => x)));
  const [top, bottom] = rangeOf(curves.map((curve) => curve.map(({ y }) => y)));
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

const isSame = (one: PathPoint, other: PathPoint): boolean => one.x === other.x && one.y === other.y;

/** The corners of a closed curve of four straight lines. */
function cornersOf({ closed, knots }: Subpath): PathPoint[] | undefined {
  const isStraight = knots.every(
    ({ before, anchor, after }) => isSame(before, anchor) && isSame(after, anchor),
  );
  return closed && isStraight && knots.length === 4 ? knots.map(({ anchor }) => anchor) : undefined;
}

/** Four points clockwise around their center, from the one that is nearest to the upper left. */
function ordered(points: readonly PathPoint[]): Quad {
  const center = {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  };
  const angle = ({ x, y }: PathPoint): number => Math.atan2(y - center.y, x - center.x);
  const around = points.toSorted((one, other) => angle(one) - angle(other));
  const sums = around.map(({ x, y }) => x + y);
  const first = sums.indexOf(Math.min(...sums));
  // `cornersOf` returns four points.
  return [...around.slice(first), ...around.slice(0, first)] as unknown as Quad;
}

/** The curves between the knots, each by its ends and the two control points between them. */
export function curvesOf({ closed, knots }: Subpath): PathPoint[][] {
  return knots.map(({ anchor, after }, index) => {
    const next = knots[index + 1] ?? (closed ? knots[0] : undefined);
    return next === undefined ? [anchor] : [anchor, after, next.before, next.anchor];
  });
}

/** The least and the greatest value on curves, in one dimension. */
export function rangeOf(curves: readonly (readonly number[])[]): [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const [start = 0, ...rest] of curves) {
    const end = rest.at(-1) ?? start;
    const [first = start, second = start] = rest;
    const values = [start, end, ...(rest.length === 3 ? turns(start, first, second, end) : [])];
    least = Math.min(least, ...values);
    greatest = Math.max(greatest, ...values);
  }
  return [least, greatest];
}

/** The values at which a curve turns: where its derivative, a parabola, is zero. */
function turns(start: number, first: number, second: number, end: number): number[] {
  const a = -start + 3 * first - 3 * second + end;
  const b = 2 * (start - 2 * first + second);
  const c = first - start;
  // Without the difference of nearly equal numbers; the curve may be a parabola, too.
  const q = -(b + Math.sign(b || 1) * Math.sqrt(b * b - 4 * a * c)) / 2;
  const roots = [q / a, c / q];
  return roots
    .filter((at) => at > 0 && at < 1)
    .map((at) => {
      const rest = 1 - at;
      return rest ** 3 * start + 3 * rest * rest * at * first + 3 * rest * at * at * second + at ** 3 * end;
    });
}
