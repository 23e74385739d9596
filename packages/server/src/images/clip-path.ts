import type { GivenValues } from '@ips-sdk/delivery';
import { imageWork, openImage } from './image-library.js';
import { MAX_WORKED_PIXELS, type Pixels, readPixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';

/** Most commands and numbers of a path. */
const MAX_PARTS = 10_000;

const NUMBERS: Readonly<Record<string, number>> = { m: 2, l: 2, c: 6, z: 0 };

/**
 * A path of a request as path data of SVG.
 *
 * @throws RenderRequestError for anything but the commands M, L, C and Z with their numbers.
 */
export function svgPath(command: string, data: string): string {
  const fail = (found: string): never => {
    throw new RenderRequestError(
      `${command}: found '${found.slice(0, 100)}', expected path data with the commands M, L, C and Z such as M0,0,L10,0,10,10,Z`,
    );
  };
  const parts = data.match(/[a-z]+|[+-]?(?:\d+\.?\d*|\.\d+)|[^\s,]/gi) ?? [];
  if (parts.length === 0 || parts.length > MAX_PARTS) fail(data);
  const path: string[] = [];
  let current: string | undefined;
  let numbers = 0;
  const end = (): void => {
    const needed = NUMBERS[current?.toLowerCase() ?? 'z'] ?? 0;
    if (needed === 0 ? numbers > 0 : numbers === 0 || numbers % needed !== 0) fail(data);
  };
  for (const part of parts) {
    if (/^[a-z]$/i.test(part)) {
      end();
      if (NUMBERS[part.toLowerCase()] === undefined || (path.length === 0 && part.toLowerCase() !== 'm'))
        fail(part);
      current = part;
      numbers = 0;
    } else if (/\d/.test(part) && current !== undefined && Math.abs(Number(part)) <= 1e6) numbers += 1;
    else fail(part);
    path.push(part);
  }
  end();
  return path.join(' ');
}

/** Whether a request clips. */
export const isClipped = ({ clipPath }: GivenValues): boolean => clipPath !== undefined && clipPath !== '';

/** Makes RGBA pixels clear outside of `clipPath`, and inside of `clipXPath`, whose coordinates are scaled. */
export async function clip(
  pixels: Pixels,
  { clipPath = '', clipXPath = '' }: GivenValues,
  factor: { readonly x: number; readonly y: number },
  signal?: AbortSignal,
): Promise<void> {
  const { data, width, height } = pixels;
  const inside = `<path d="${svgPath('clipPath', clipPath)}" fill="#fff"/>`;
  const outside = clipXPath === '' ? '' : `<path d="${svgPath('clipXPath', clipXPath)}" fill="#000"/>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%"/>` +
    `<g transform="scale(${factor.x} ${factor.y})">${inside}${outside}</g></svg>`;
  const mask = await imageWork(
    () =>
      readPixels(openImage(Buffer.from(svg), MAX_WORKED_PIXELS), { signal, maxPixels: MAX_WORKED_PIXELS }),
    signal,
    MAX_WORKED_PIXELS,
  );
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const at = pixel * 4 + 3;
    data[at] = Math.round(((data[at] ?? 0) * (mask.data[pixel * mask.channels] ?? 0)) / 255);
  }
}
