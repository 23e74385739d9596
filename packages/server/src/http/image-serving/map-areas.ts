import { type Matrix, transformed } from '../../images/matrix.js';
import type { PathPoint } from '../../images/photoshop-paths.js';
import type { Area } from '../../images/view.js';

/** Most areas of an image map. */
const MAX_AREAS = 1000;

/** The elements of an image map. */
const ELEMENT = /<area\b(?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'){0,4000}>/gi;

/** What a map is transformed by, and what of it remains. */
export interface MapPlace {
  /** From the coordinates of the map to those of the answer. */
  readonly matrix: Matrix;
  /** The layer, in the coordinates of the answer. */
  readonly corners: readonly PathPoint[];
  readonly reply: Area;
}

/** The elements of a map at their places in the answer, without those of which nothing remains. Other attributes are unchanged. */
export function placedAreas(map: string, place: MapPlace): string[] {
  return (map.match(ELEMENT) ?? []).slice(0, MAX_AREAS).flatMap((element) => {
    const shape = attributeOf(element, 'shape')?.toLowerCase() ?? 'default';
    const coordinates = (attributeOf(element, 'coords') ?? '').split(',').map(Number);
    const placed = placedShape(shape, coordinates, place);
    if (placed === undefined) return [];
    return [withAttribute(withAttribute(element, 'shape', placed.shape), 'coords', placed.coords)];
  });
}

const attributePattern = (name: string): RegExp =>
  new RegExp(`(?<![\\w-])${name}\\s*=\\s*("[^"]*"|'[^']*'|[^\\s>"']+)`, 'i');

const attributeOf = (element: string, name: string): string | undefined =>
  attributePattern(name)
    .exec(element)?.[1]
    ?.replaceAll(/^["']|["']$/g, '');

function withAttribute(element: string, name: string, value: string): string {
  const pattern = attributePattern(name);
  if (pattern.test(element)) return element.replace(pattern, () => `${name}="${value}"`);
  return element.replace(/\s*\/?>$/, (end) => ` ${name}="${value}"${end.trimStart()}`);
}

function placedShape(
  shape: string,
  coordinates: readonly number[],
  { matrix, corners, reply }: MapPlace,
): { readonly shape: string; readonly coords: string } | undefined {
  if (coordinates.some((number) => !Number.isFinite(number))) return undefined;
  if (shape === 'circle') return placedCircle(coordinates, matrix, reply);
  const points =
    shape === 'default' ? corners : pointsOf(shape, coordinates).map((at) => transformed(matrix, at));
  const visible = within(within(points, boxOf(corners)), reply);
  if (visible.length < 3) return undefined;
  const box = boxOf(visible);
  if (box.width <= 0 || box.height <= 0) return undefined;
  const [left, top] = [Math.round(box.left), Math.round(box.top)];
  const [right, bottom] = [Math.round(box.left + box.width), Math.round(box.top + box.height)];
  if (left === right || top === bottom) return undefined;
  if (isUpright(visible)) return { shape: 'rect', coords: [left, top, right, bottom].join(',') };
  return { shape: 'poly', coords: visible.flatMap(({ x, y }) => [Math.round(x), Math.round(y)]).join(',') };
}

function placedCircle(
  [x = 0, y = 0, radius = 0]: readonly number[],
  matrix: Matrix,
  reply: Area,
): { readonly shape: string; readonly coords: string } | undefined {
  const [a, b, c, d] = matrix;
  const center = transformed(matrix, { x, y });
  const length = radius * Math.sqrt(Math.abs(a * d - b * c));
  const isOutside =
    center.x + length <= 0 ||
    center.y + length <= 0 ||
    center.x - length >= reply.width ||
    center.y - length >= reply.height;
  if (isOutside || length < 0.5) return undefined;
  return { shape: 'circle', coords: [center.x, center.y, length].map(Math.round).join(',') };
}

function pointsOf(shape: string, numbers: readonly number[]): PathPoint[] {
  if (shape.startsWith('rect')) {
    const [left = 0, top = 0, right = 0, bottom = 0] = numbers;
    return [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ];
  }
  const points: PathPoint[] = [];
  for (let at = 0; at + 1 < numbers.length; at += 2)
    points.push({ x: numbers[at] ?? 0, y: numbers[at + 1] ?? 0 });
  return points;
}

function boxOf(points: readonly PathPoint[]): Area {
  const across = points.map(({ x }) => x);
  const down = points.map(({ y }) => y);
  const [left, top] = [Math.min(...across), Math.min(...down)];
  return { left, top, width: Math.max(...across) - left, height: Math.max(...down) - top };
}

/** Whether points are the corners of an upright rectangle. */
function isUpright(points: readonly PathPoint[]): boolean {
  const near = (one: number, other: number): boolean => Math.abs(one - other) < 0.01;
  return (
    points.length === 4 &&
    points.every((point, index) => {
      const next = points[(index + 1) % 4] ?? point;
      return near(point.x, next.x) || near(point.y, next.y);
    })
  );
}

/** The part of a polygon that is within a rectangle, by cutting it at one edge after the other. */
function within(points: readonly PathPoint[], { left, top, width, height }: Area): PathPoint[] {
  const edges: readonly ((at: PathPoint) => number)[] = [
    ({ x }) => x - left,
    ({ x }) => left + width - x,
    ({ y }) => y - top,
    ({ y }) => top + height - y,
  ];
  return edges.reduce<PathPoint[]>(
    (rest, inside) => {
      const kept: PathPoint[] = [];
      for (const [index, point] of rest.entries()) {
        const before = rest.at(index - 1) ?? point;
        const [from, to] = [inside(before), inside(point)];
        if (from < 0 !== to < 0) {
          const part = from / (from - to);
          kept.push({ x: before.x + (point.x - before.x) * part, y: before.y + (point.y - before.y) * part });
        }
        if (to >= 0) kept.push(point);
      }
      return kept;
    },
    [...points],
  );
}
