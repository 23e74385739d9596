import type { GivenValues } from '@ips-sdk/delivery';
import { imageWork } from './image-library.js';
import { imageOfPixels, MAX_WORKED_PIXELS, Pause, type Pixels } from './pixels.js';
import { sharpens, type UnsharpMask, unsharpMask } from './unsharp-mask.js';

/** Whether a request changes pixels by those around them, other than by sharpening. */
export const spreads = ({ op_blur = 0, op_grow = 0 }: GivenValues): boolean => op_blur > 0 || op_grow !== 0;

/** Whether a request sharpens. */
export function isSharpened({ op_sharpen, op_usm, op_usmR }: GivenValues): boolean {
  return op_sharpen === true || maskOf(op_usm, 1) !== undefined || maskOf(op_usmR, 1) !== undefined;
}

/**
 * Blurs and grows.
 *
 * @param factor - Pixels for one of the composite.
 */
export async function spread(
  pixels: Pixels,
  { op_blur = 0, op_grow = 0 }: GivenValues,
  factor: number,
  signal?: AbortSignal,
): Promise<Pixels> {
  let result = pixels;
  const radius = op_blur * factor;
  // The library blurs from 0.3 upwards; anything less would be invisible.
  if (radius / 2 >= 0.3) result = await throughLibrary(result, (image) => image.blur(radius / 2), signal);
  const distance = Math.round(Math.abs(op_grow) * factor);
  if (distance > 0) {
    const channels =
      result.channels === 4 ? [0, 1, 2] : Array.from({ length: result.channels }, (_, index) => index);
    await grow(result, distance * Math.sign(op_grow), channels, signal);
  }
  return result;
}

/**
 * Sharpens.
 *
 * @param factor - Pixels for one of the full size, by which `op_usm` is scaled down.
 */
export async function sharpened(
  pixels: Pixels,
  { op_sharpen, op_usm, op_usmR }: GivenValues,
  factor: number,
  signal?: AbortSignal,
): Promise<Pixels> {
  let result = pixels;
  if (op_sharpen === true) result = await throughLibrary(result, (image) => image.sharpen(), signal);
  for (const mask of [maskOf(op_usm, Math.min(1, factor)), maskOf(op_usmR, 1)])
    if (mask !== undefined) await unsharpMask(result, mask, signal);
  return result;
}

function maskOf(value: GivenValues['op_usm'], factor: number): UnsharpMask | undefined {
  if (value === undefined) return undefined;
  const [amount, radius = 0, threshold = 0, monochrome = false] = value;
  const mask = { amount, radius: radius * factor, threshold, monochrome };
  return sharpens(mask) ? mask : undefined;
}

/** Pixels after work of the image library. */
export async function throughLibrary(
  pixels: Pixels,
  work: (image: ReturnType<typeof imageOfPixels>) => ReturnType<typeof imageOfPixels>,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const { data, info } = await imageWork(
    () => work(imageOfPixels(pixels)).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
    signal,
    MAX_WORKED_PIXELS,
  );
  // The library answers one to four channels.
  return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
}

/**
 * Replaces each value by the greatest of a square around it, or the smallest.
 *
 * @param distance - From the middle of the square to its sides; negative for the smallest.
 */
export async function grow(
  { data, width, height, channels }: Pixels,
  distance: number,
  which: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const pick = distance > 0 ? Math.max : Math.min;
  const reach = Math.abs(distance);
  const pause = new Pause(signal);
  for (const channel of which) {
    for (let y = 0; y < height; y += 1) {
      growLine(data, y * width * channels + channel, channels, width, reach, pick);
      if (pause.due) await pause.take();
    }
    for (let x = 0; x < width; x += 1) {
      growLine(data, x * channels + channel, width * channels, height, reach, pick);
      if (pause.due) await pause.take();
    }
  }
}

/** Along one line, in a time that does not depend on the distance: from running extremes of blocks, forwards and backwards. */
function growLine(
  data: Uint8Array,
  start: number,
  step: number,
  count: number,
  reach: number,
  pick: (one: number, other: number) => number,
): void {
  const block = 2 * reach + 1;
  const neutral = pick === Math.max ? 0 : 255;
  const length = Math.ceil((count + 2 * reach) / block) * block;
  const value = (index: number): number => {
    const at = index - reach;
    return at < 0 || at >= count ? neutral : (data[start + at * step] ?? 0);
  };
  const forwards = new Uint8Array(length);
  const backwards = new Uint8Array(length);
  for (let index = 0; index < length; index += 1)
    forwards[index] = index % block === 0 ? value(index) : pick(forwards[index - 1] ?? 0, value(index));
  for (let index = length - 1; index >= 0; index -= 1)
    backwards[index] =
      index % block === block - 1 ? value(index) : pick(backwards[index + 1] ?? 0, value(index));
  for (let at = 0; at < count; at += 1)
    data[start + at * step] = pick(backwards[at] ?? 0, forwards[at + block - 1] ?? 0);
}
