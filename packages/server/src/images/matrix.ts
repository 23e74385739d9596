import type { PathPoint } from './photoshop-paths.js';

/** An affine transformation, as in SVG: x becomes ax + cy + e, and y becomes bx + dy + f. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const movedBy = (x: number, y: number): Matrix => [1, 0, 0, 1, x, y];

export const scaledBy = (x: number, y: number): Matrix => [x, 0, 0, y, 0, 0];

/** @param degrees - Clockwise, as y goes down. */
export function rotatedBy(degrees: number): Matrix {
  const radians = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return [cos, sin, -sin, cos, 0, 0];
}

/** Mirrors what is around the origin, as `flip` says. */
export const flippedBy = (flip: string | undefined): Matrix =>
  scaledBy(flip?.includes('lr') === true ? -1 : 1, flip?.includes('ud') === true ? -1 : 1);

/** A transformation onto a canvas that is mirrored then. */
export const flippedOn = (
  { width, height }: { readonly width: number; readonly height: number },
  matrix: Matrix,
  flip: string | undefined,
): Matrix =>
  inTurn(matrix, movedBy(-width / 2, -height / 2), flippedBy(flip), movedBy(width / 2, height / 2));

/** Several transformations, one after the other, as one. */
export function inTurn(...all: readonly Matrix[]): Matrix {
  return all.reduce(
    ([a, b, c, d, e, f], [p, q, r, s, t, u]) => [
      p * a + r * b,
      q * a + s * b,
      p * c + r * d,
      q * c + s * d,
      p * e + r * f + t,
      q * e + s * f + u,
    ],
    movedBy(0, 0),
  );
}

export const transformed = ([a, b, c, d, e, f]: Matrix, { x, y }: PathPoint): PathPoint => ({
  x: a * x + c * y + e,
  y: b * x + d * y + f,
});
