import type { Corners, GivenValues } from '@ips-sdk/delivery';
import { filled } from './canvas.js';
import { Pause, type Pixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';
import type { Size } from './view.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Upper left, upper right, lower right and lower left. */
export type Quad = readonly [Point, Point, Point, Point];

/** How the corners of a layer are moved. */
export interface Perspective {
  /** In pixels of the composite. */
  readonly quad: Quad;
  /** Samples per pixel and direction; 0 for the nearest pixel. */
  readonly samples: 0 | 1 | 2;
}

/** Passes over the pixels of the composite that a perspective takes, to count work before it is done. */
export const PERSPECTIVE_PASSES = 4;

/** Whether a request distorts a layer. */
export const isDistorted = ({ perspective, perspectiveN }: GivenValues): boolean =>
  perspective !== undefined || perspectiveN !== undefined;

/**
 * The perspective of a layer.
 *
 * @param canvas - Layer 0, whose corner is the origin of the coordinates.
 * @throws RenderRequestError when no picture can have these corners.
 */
export function perspectiveOf(
  { perspective, perspectiveN }: GivenValues,
  canvas: Size,
): Perspective | undefined {
  const given = perspective ?? perspectiveN;
  if (given === undefined) return undefined;
  const across = perspective === undefined ? canvas.width : 1;
  const down = perspective === undefined ? canvas.height : 1;
  const at = (index: 0 | 2 | 4 | 6): Point => ({
    x: cornerPart(given, index) * across,
    y: cornerPart(given, index + 1) * down,
  });
  const quad: Quad = [at(0), at(2), at(4), at(6)];
  if (!isConvex(quad))
    throw new RenderRequestError(
      `${perspective === undefined ? 'perspectiveN' : 'perspective'}: found '${given.slice(0, 8).join(',')}', expected the four corners of a convex quadrilateral: upper left, upper right, lower right, lower left`,
    );
  const option = given[8];
  return { quad, samples: option === 'R1' ? 0 : option === 'R2' ? 1 : 2 };
}

/** A perspective at another scale of the composite. */
export function scaledBy({ quad, samples }: Perspective, factor: Point): Perspective {
  const [a, b, c, d] = quad;
  const scaled = ({ x, y }: Point): Point => ({ x: x * factor.x, y: y * factor.y });
  return { quad: [scaled(a), scaled(b), scaled(c), scaled(d)], samples };
}

/** One of the eight coordinates. */
function cornerPart(corners: Corners, index: number): number {
  const part = corners[index];
  return typeof part === 'number' ? part : 0;
}

/** The size that a picture has in a quadrilateral, by its longer sides. */
export function quadSize([a, b, c, d]: Quad): Size {
  const length = (from: Point, to: Point): number => Math.hypot(to.x - from.x, to.y - from.y);
  return {
    width: Math.max(length(a, b), length(d, c)),
    height: Math.max(length(a, d), length(b, c)),
  };
}

/** Whether all corners turn in the same direction, by more than nothing. */
function isConvex(quad: Quad): boolean {
  const turns = quad.map((corner, index) => {
    const next = quad[(index + 1) % 4] ?? corner;
    const last = quad[(index + 2) % 4] ?? corner;
    return (next.x - corner.x) * (last.y - next.y) - (next.y - corner.y) * (last.x - next.x);
  });
  const least = 1e-6;
  return turns.every((turn) => turn > least) || turns.every((turn) => turn < -least);
}

/** RGBA pixels, distorted so that their corners are those of a quadrilateral on a canvas. */
export async function distorted(
  pixels: Pixels,
  { quad, samples }: Perspective,
  canvas: Size,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const result = filled(canvas, [0, 0, 0, 0]);
  const map = inverseOf(quad);
  const left = Math.max(0, Math.floor(Math.min(...quad.map(({ x }) => x))));
  const right = Math.min(canvas.width, Math.ceil(Math.max(...quad.map(({ x }) => x))));
  const top = Math.max(0, Math.floor(Math.min(...quad.map(({ y }) => y))));
  const bottom = Math.min(canvas.height, Math.ceil(Math.max(...quad.map(({ y }) => y))));
  const steps = Math.max(1, samples);
  const sum = [0, 0, 0, 0];
  const add = samples === 0 ? addNearest : addBetween;
  const pause = new Pause(signal);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      sum.fill(0);
      for (let step = 0; step < steps * steps; step += 1) {
        const px = x + ((step % steps) + 0.5) / steps;
        const py = y + (Math.floor(step / steps) + 0.5) / steps;
        const depth = map[6] * px + map[7] * py + map[8];
        const u = (map[0] * px + map[1] * py + map[2]) / depth;
        const v = (map[3] * px + map[4] * py + map[5]) / depth;
        if (u >= 0 && u <= 1 && v >= 0 && v <= 1) add(sum, pixels, u * pixels.width, v * pixels.height);
      }
      const [red = 0, green = 0, blue = 0, alpha = 0] = sum;
      if (alpha === 0) continue;
      const at = (y * canvas.width + x) * 4;
      result.data[at] = Math.round(red / alpha);
      result.data[at + 1] = Math.round(green / alpha);
      result.data[at + 2] = Math.round(blue / alpha);
      result.data[at + 3] = Math.round(alpha / (steps * steps));
    }
    if (pause.due) await pause.take();
  }
  return result;
}

/** Adds the color of a pixel, by its alpha. */
function addPixel(sum: number[], { data, width }: Pixels, x: number, y: number, part: number): void {
  const at = (y * width + x) * 4;
  const alpha = (data[at + 3] ?? 0) * part;
  sum[0] = (sum[0] ?? 0) + (data[at] ?? 0) * alpha;
  sum[1] = (sum[1] ?? 0) + (data[at + 1] ?? 0) * alpha;
  sum[2] = (sum[2] ?? 0) + (data[at + 2] ?? 0) * alpha;
  sum[3] = (sum[3] ?? 0) + alpha;
}

function addNearest(sum: number[], pixels: Pixels, x: number, y: number): void {
  addPixel(
    sum,
    pixels,
    Math.min(pixels.width - 1, Math.floor(x)),
    Math.min(pixels.height - 1, Math.floor(y)),
    1,
  );
}

/** Adds what is between the four pixels around a point. */
function addBetween(sum: number[], pixels: Pixels, x: number, y: number): void {
  const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  const across = x - 0.5 - left;
  const down = y - 0.5 - top;
  for (let corner = 0; corner < 4; corner += 1) {
    const dx = corner % 2;
    const dy = corner >> 1;
    const part = (dx === 0 ? 1 - across : across) * (dy === 0 ? 1 - down : down);
    if (part > 0)
      addPixel(sum, pixels, within(left + dx, pixels.width), within(top + dy, pixels.height), part);
  }
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The map from a quadrilateral to the unit square: the adjugate of the map from the square. */
function inverseOf([p0, p1, p2, p3]: Quad): Matrix {
  const dx1 = p1.x - p2.x;
  const dx2 = p3.x - p2.x;
  const dx3 = p0.x - p1.x + p2.x - p3.x;
  const dy1 = p1.y - p2.y;
  const dy2 = p3.y - p2.y;
  const dy3 = p0.y - p1.y + p2.y - p3.y;
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / determinant;
  const h = (dx1 * dy3 - dx3 * dy1) / determinant;
  const a = p1.x - p0.x + g * p1.x;
  const b = p3.x - p0.x + h * p3.x;
  const c = p0.x;
  const d = p1.y - p0.y + g * p1.y;
  const e = p3.y - p0.y + h * p3.y;
  const f = p0.y;
  return [
    e - f * h,
    c * h - b,
    b * f - c * e,
    f * g - d,
    a - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}
