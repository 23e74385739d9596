import { imageWork, openImage } from './image-library.js';
import type { PathPoint } from './photoshop-paths.js';
import { MAX_WORKED_PIXELS, type Pixels, readPixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';
import type { Area } from './view.js';

/** Most commands and numbers of a path. */
const MAX_PARTS = 10_000;

const NUMBERS: Readonly<Record<string, number>> = { m: 2, l: 2, c: 6, z: 0 };

/** A command of a path with its numbers. */
export interface PathPart {
  /** One of M, L, C and Z, or the same in lower case, which is relative. */
  readonly letter: string;
  readonly numbers: readonly number[];
}

/**
 * The parts of a path of a request.
 *
 * @throws RenderRequestError for anything but the commands M, L, C and Z with their numbers.
 */
export function pathParts(command: string, data: string): PathPart[] {
  const fail = (found: string): never => {
    throw new RenderRequestError(
      `${command}: found '${found.slice(0, 100)}', expected path data with the commands M, L, C and Z such as M0,0,L10,0,10,10,Z`,
    );
  };
  const words = data.match(/[a-z]+|[+-]?(?:\d+\.?\d*|\.\d+)|[^\s,]/gi) ?? [];
  if (words.length === 0 || words.length > MAX_PARTS) fail(data);
  const parts: { readonly letter: string; readonly numbers: number[] }[] = [];
  for (const word of words) {
    const part = parts.at(-1);
    if (/^[a-z]$/i.test(word)) {
      if (NUMBERS[word.toLowerCase()] === undefined || (part === undefined && word.toLowerCase() !== 'm'))
        fail(word);
      parts.push({ letter: word, numbers: [] });
    } else if (/\d/.test(word) && part !== undefined && Math.abs(Number(word)) <= 1e6)
      part.numbers.push(Number(word));
    else fail(word);
  }
  for (const { letter, numbers } of parts) {
    const needed = NUMBERS[letter.toLowerCase()] ?? 0;
    if (needed === 0 ? numbers.length > 0 : numbers.length === 0 || numbers.length % needed !== 0) fail(data);
  }
  return parts;
}

/** Path data of SVG. */
export const svgData = (parts: readonly PathPart[]): string =>
  parts.map(({ letter, numbers }) => [letter, ...numbers].join(' ')).join(' ');

/** The curves of a path, each by its ends and the control points between them. A line has none. */
export function pathCurves(parts: readonly PathPart[]): PathPoint[][] {
  const curves: PathPoint[][] = [];
  let [at, start]: [PathPoint, PathPoint] = [
    { x: 0, y: 0 },
    { x: 0, y: 0 },
  ];
  for (const { letter, numbers } of parts) {
    const kind = letter.toLowerCase();
    if (kind === 'z') at = start;
    const size = NUMBERS[kind] ?? 0;
    for (let index = 0; index < numbers.length; index += size) {
      const base = letter === kind ? at : { x: 0, y: 0 };
      const points: PathPoint[] = [];
      for (let part = 0; part < size; part += 2)
        points.push({
          x: base.x + (numbers[index + part] ?? 0),
          y: base.y + (numbers[index + part + 1] ?? 0),
        });
      // Further points of a command that moves are ends of lines.
      const isMove = kind === 'm' && index === 0;
      if (!isMove) curves.push([at, ...points]);
      at = points.at(-1) ?? at;
      if (isMove) start = at;
    }
  }
  return curves;
}

/** What is visible: what is within all of some paths, and not within all of others. Paths are elements of SVG in pixels of a layer. */
export interface Clip {
  readonly inside: readonly string[];
  readonly outside: readonly string[];
}

/** Makes RGBA pixels clear outside of a clip, whose coordinates are scaled. */
export async function clip(
  pixels: Pixels,
  { inside, outside }: Clip,
  factor: { readonly x: number; readonly y: number },
  signal?: AbortSignal,
): Promise<void> {
  const { data, width, height } = pixels;
  const shown = async (elements: readonly string[]): Promise<Uint8Array> => {
    const all = new Uint8Array(width * height).fill(255);
    for (const element of elements) {
      const mask = await maskOf(element, pixels, factor, signal);
      for (let pixel = 0; pixel < all.length; pixel += 1)
        all[pixel] = Math.round(((all[pixel] ?? 0) * (mask.data[pixel * mask.channels] ?? 0)) / 255);
    }
    return all;
  };
  const within = await shown(inside);
  const hidden = outside.length === 0 ? undefined : await shown(outside);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = pixel * 4 + 3;
    const part = ((within[pixel] ?? 0) * (255 - (hidden?.[pixel] ?? 0))) / 255;
    data[at] = Math.round(((data[at] ?? 0) * part) / 255);
  }
}

/** White where a path is, on black. */
function maskOf(
  element: string,
  { width, height }: Pixels,
  factor: { readonly x: number; readonly y: number },
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%"/>` +
    `<g transform="scale(${factor.x} ${factor.y})" fill="#fff">${element}</g></svg>`;
  return imageWork(
    () =>
      readPixels(openImage(Buffer.from(svg), MAX_WORKED_PIXELS), { signal, maxPixels: MAX_WORKED_PIXELS }),
    signal,
    MAX_WORKED_PIXELS,
  );
}

/** The least rectangle of whole pixels around boxes. */
export function wholePixels(
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
): Area {
  // What is beyond a pixel by a rounding error of its coordinates alone is not in the next one.
  const [x, y] = [Math.floor(left + 1e-4), Math.floor(top + 1e-4)];
  return {
    left: x,
    top: y,
    width: Math.max(1, Math.ceil(right - 1e-4) - x),
    height: Math.max(1, Math.ceil(bottom - 1e-4) - y),
  };
}
