import { type Color, rgbOf } from '@ips-sdk/delivery';
import type { Sharp } from 'sharp';
import { imageWork } from './image-library.js';
import { imageOfPixels, MAX_WORKED_PIXELS, Pause, type Pixels, readPixels } from './pixels.js';
import type { Area, Size } from './view.js';

/** Red, green, blue and alpha, 0 to 255 each. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

export const CLEAR: Rgba = [0, 0, 0, 0];

/** A color of a request as bytes. */
export const rgbaOf = (color: Color): Rgba => [...rgbOf(color), Math.round(color.alpha * 255)];

/** RGBA pixels of one color. */
export function filled({ width, height }: Size, color: Rgba): Pixels {
  const data = new Uint8Array(width * height * 4);
  if (color.some((part) => part !== 0)) new Uint32Array(data.buffer).fill(wordOf(color));
  return { data, width, height, channels: 4 };
}

/** The four bytes of a color as one number, in the order in which this machine stores them. */
const wordOf = (color: Rgba): number => new Uint32Array(Uint8Array.from(color).buffer)[0] ?? 0;

/**
 * RGBA pixels on a canvas of another size, at a place that may be partly or wholly outside.
 *
 * @param place - The left and top of the pixels on the canvas.
 */
export function onCanvas(
  pixels: Pixels,
  place: { readonly left: number; readonly top: number },
  size: Size,
  background: Rgba = CLEAR,
): Pixels {
  if (place.left === 0 && place.top === 0 && pixels.width === size.width && pixels.height === size.height)
    return pixels;
  const canvas = filled(size, background);
  const { data: to } = canvas;
  const { data: from } = pixels;
  const left = Math.max(0, place.left);
  const right = Math.min(size.width, place.left + pixels.width);
  const top = Math.max(0, place.top);
  const bottom = Math.min(size.height, place.top + pixels.height);
  if (right <= left) return canvas;
  for (let y = top; y < bottom; y += 1) {
    const start = ((y - place.top) * pixels.width + (left - place.left)) * 4;
    to.set(from.subarray(start, start + (right - left) * 4), (y * size.width + left) * 4);
  }
  return canvas;
}

/** Fills behind RGBA pixels, in place. */
export function fillBehind({ data }: Pixels, [red, green, blue, alpha]: Rgba): void {
  if (alpha === 0) return;
  for (let at = 0; at < data.length; at += 4) {
    const over = data[at + 3] ?? 0;
    if (over === 255) continue;
    const under = (alpha * (255 - over)) / 255;
    const sum = over + under;
    const mixed = (top: number, bottom: number): number => Math.round((top * over + bottom * under) / sum);
    data[at] = mixed(data[at] ?? 0, red);
    data[at + 1] = mixed(data[at + 1] ?? 0, green);
    data[at + 2] = mixed(data[at + 2] ?? 0, blue);
    data[at + 3] = Math.round(sum);
  }
}

/** Multiplies the alpha of RGBA pixels, in place. */
export function fade({ data }: Pixels, opacity: number): void {
  if (opacity === 1) return;
  for (let at = 3; at < data.length; at += 4) data[at] = Math.round((data[at] ?? 0) * opacity);
}

/** How the colors of two layers, 0 to 255, are mixed where both are opaque. */
const MIXES = {
  norm: (_under: number, over: number) => over,
  // Without noise, which the documentation does not describe.
  dissolve: (_under: number, over: number) => over,
  lighten: Math.max,
  darken: Math.min,
  mult: (under: number, over: number) => (under * over) / 255,
  screen: (under: number, over: number) => under + over - (under * over) / 255,
} as const;

/** A layer on its canvas. */
export interface PlacedPixels {
  /** RGBA. */
  readonly pixels: Pixels;
  readonly left: number;
  readonly top: number;
  readonly blend: keyof typeof MIXES;
}

/**
 * Blends layers in their order onto RGBA pixels, in place. The image library multiplies the colors of half transparent layers by their
 * alpha twice with any other mode than `over`.
 */
export async function blend(
  base: Pixels,
  layers: readonly PlacedPixels[],
  signal?: AbortSignal,
): Promise<void> {
  const { data: to } = base;
  const pause = new Pause(signal);
  for (const { pixels, left, top, blend: mode } of layers) {
    const { data: from } = pixels;
    const mix = MIXES[mode];
    const isPlain = mode === 'norm' || mode === 'dissolve';
    const first = Math.max(0, left);
    const last = Math.min(base.width, left + pixels.width);
    for (let y = Math.max(0, top); y < Math.min(base.height, top + pixels.height); y += 1) {
      let at = ((y - top) * pixels.width + (first - left)) * 4;
      let target = (y * base.width + first) * 4;
      for (let x = first; x < last; x += 1, at += 4, target += 4) {
        const over = from[at + 3] ?? 0;
        if (over === 0) continue;
        const under = to[target + 3] ?? 0;
        // Of the pixel: where only the layer is, where only what is below is, and where both are.
        const both = (over * under) / 255;
        const sum = over + under - both;
        for (let part = 0; part < 3; part += 1) {
          const above = from[at + part] ?? 0;
          const below = to[target + part] ?? 0;
          const mixed = isPlain ? above : mix(below, above);
          to[target + part] = Math.round(
            ((over - both) * above + (under - both) * below + both * mixed) / sum,
          );
        }
        to[target + 3] = Math.round(sum);
      }
      if (pause.due) await pause.take();
    }
  }
}

/** The part of an area that is on a canvas; one pixel for none. */
export function inside(area: Area, canvas: Size): Area {
  const left = Math.min(Math.max(0, area.left), canvas.width - 1);
  const top = Math.min(Math.max(0, area.top), canvas.height - 1);
  return {
    left,
    top,
    width: Math.max(1, Math.min(area.left + area.width, canvas.width) - left),
    height: Math.max(1, Math.min(area.top + area.height, canvas.height) - top),
  };
}

/** Whether an area has a part on a canvas. */
export const touches = ({ left, top, width, height }: Area, canvas: Size): boolean =>
  left < canvas.width && top < canvas.height && left + width > 0 && top + height > 0;

/** Pixels rotated clockwise, in a box of a given size. */
export async function rotatedPixels(
  pixels: Pixels,
  angle: number,
  box: Size,
  signal?: AbortSignal,
): Promise<Pixels> {
  if (angle === 0) return pixels;
  const turned = await imageWork(
    () =>
      readPixels(imageOfPixels(pixels).rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } }), {
        alpha: true,
        signal,
        maxPixels: MAX_WORKED_PIXELS,
      }),
    signal,
    MAX_WORKED_PIXELS,
  );
  // The library rounds the box in its own way.
  const place = {
    left: Math.round((box.width - turned.width) / 2),
    top: Math.round((box.height - turned.height) / 2),
  };
  return onCanvas(turned, place, box);
}

/** An image of RGBA pixels, with a flip. */
export function flipped(image: Sharp, flip: string | undefined): Sharp {
  const across = flip?.includes('lr') === true ? image.flop() : image;
  return flip?.includes('ud') === true ? across.flip() : across;
}
