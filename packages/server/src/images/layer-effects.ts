import type { GivenValues, ImageEffect } from '@ips-sdk/delivery';
import { filled, type PlacedPixels, type Rgba, rgbaOf } from './canvas.js';
import { grow, throughLibrary } from './neighborhood.js';
import { changePixels } from './operations.js';
import type { Pixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';
import type { Size } from './view.js';

/** The layer, or the composite, that effects belong to. */
export interface EffectParent {
  /** Its pixels as RGBA, without its opacity: their alpha is the mask of the effects. */
  readonly pixels: Pixels;
  readonly left: number;
  readonly top: number;
  /** The first part of its `opac`. */
  readonly opacity: number;
}

/** What effects are drawn by. */
export interface EffectScale {
  /** Pixels for one of the composite. */
  readonly factor: { readonly x: number; readonly y: number };
  /** Of layer 0, at its full size. */
  readonly canvas: Size;
  /** Whether effects behind a layer are cut where the layer is. */
  readonly isMasked: boolean;
}

/** Passes over the pixels of an effect, to count work before it is done. */
const PASSES = 4;

/** Pixels to go over to draw the effects of a layer of a size. */
export function effectWork(
  size: Size,
  effects: readonly ImageEffect[],
  factor: EffectScale['factor'],
): number {
  return effects.reduce((sum, { values }) => {
    const padding = 2 * reachOf(values, factor);
    return sum + (size.width + padding) * (size.height + padding) * PASSES;
  }, 0);
}

/** @throws RenderRequestError for an effect without a color. */
export function checkEffects(effects: readonly ImageEffect[], of: string): void {
  for (const { number, values } of effects)
    if (values.color === undefined)
      throw new RenderRequestError(
        `effect: effect ${number} of ${of} has no color, expected one such as color=0,0,0 or $shadow$`,
      );
}

/** Draws effects: those behind their parent, and those over it, each in rising order. */
export async function drawEffects(
  parent: EffectParent,
  effects: readonly ImageEffect[],
  scale: EffectScale,
  signal: AbortSignal | undefined,
): Promise<{ readonly behind: readonly PlacedPixels[]; readonly over: readonly PlacedPixels[] }> {
  const behind: PlacedPixels[] = [];
  const over: PlacedPixels[] = [];
  for (const effect of effects)
    (effect.number < 0 ? behind : over).push(await drawEffect(parent, effect, scale, signal));
  return { behind, over };
}

/** A mask with a margin, outside of which it has one value. */
interface Mask {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly padding: number;
  readonly outside: number;
}

async function drawEffect(
  parent: EffectParent,
  { number, values }: ImageEffect,
  scale: EffectScale,
  signal: AbortSignal | undefined,
): Promise<PlacedPixels> {
  const { factor, canvas, isMasked } = scale;
  const isInner = number > 0;
  const mask = await spreadMask(maskOf(parent.pixels, values, isInner, factor), values, factor, signal);
  const [x, y] = values.pos ?? [
    (values.posN?.[0] ?? 0) * canvas.width,
    (values.posN?.[1] ?? 0) * canvas.height,
  ];
  const move = { x: Math.round(x * factor.x), y: Math.round(y * factor.y) };
  const { padding } = mask;
  const size = isInner ? parent.pixels : mask;
  // Where the pixels of the effect are, from the upper left corner of the parent.
  const left = isInner ? 0 : move.x - padding;
  const top = isInner ? 0 : move.y - padding;
  const [red, green, blue, alpha] = values.color === undefined ? NONE : rgbaOf(values.color);
  const pixels = filled({ width: size.width, height: size.height }, [red, green, blue, 255]);
  await changePixels(pixels, values.op_noise === undefined ? {} : { op_noise: values.op_noise }, signal);
  const opacity = ((alpha / 255) * parent.opacity * (values.opac?.[0] ?? 100)) / 10_000;
  const { data } = pixels;
  const cutBy = isInner ? 'inverse' : isMasked ? 'mask' : undefined;
  for (let row = 0; row < pixels.height; row += 1) {
    for (let column = 0; column < pixels.width; column += 1) {
      const shown = valueAt(mask, column + left - move.x + padding, row + top - move.y + padding);
      const kept =
        cutBy === undefined ? 1 : keptAt(parent.pixels, column + left, row + top, cutBy === 'mask');
      data[(row * pixels.width + column) * 4 + 3] = Math.round(shown * kept * opacity);
    }
  }
  return {
    pixels,
    left: parent.left + left,
    top: parent.top + top,
    blend: values.blendMode ?? 'norm',
  };
}

const NONE: Rgba = [0, 0, 0, 0];

function valueAt({ data, width, height, outside }: Mask, x: number, y: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? outside : (data[y * width + x] ?? 0);
}

/** How much of an effect remains at a place: what the parent covers, or what it does not. */
function keptAt({ data, width, height }: Pixels, x: number, y: number, isOutside: boolean): number {
  const covered =
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[(y * width + x) * 4 + 3] ?? 0) / 255;
  return isOutside ? 1 - covered : covered;
}

/** How far an effect reaches beyond its mask, in pixels. */
function reachOf({ op_grow = 0, op_blur = 0 }: GivenValues, { x, y }: EffectScale['factor']): number {
  const mean = (x + y) / 2;
  // Three deviations, of half of the radius each.
  return Math.ceil(Math.abs(op_grow) * mean + op_blur * mean * 1.5) + 1;
}

/** The mask that an effect begins with: the parent's alpha, or what surrounds it for an effect over the parent. */
function maskOf(
  { data: from, width, height }: Pixels,
  values: GivenValues,
  isInner: boolean,
  factor: EffectScale['factor'],
): Mask {
  const padding = reachOf(values, factor);
  const outside = isInner ? 255 : 0;
  const across = width + 2 * padding;
  const down = height + 2 * padding;
  const data = new Uint8Array(across * down).fill(outside);
  const use = values.maskUse ?? 'norm';
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const alpha = from[(y * width + x) * 4 + 3] ?? 0;
      const used = use === 'off' ? 255 : use === 'invert' ? 255 - alpha : alpha;
      data[(y + padding) * across + x + padding] = isInner ? 255 - used : used;
    }
  }
  return { data, width: across, height: down, padding, outside };
}

/** Grows and blurs a mask. */
async function spreadMask(
  mask: Mask,
  { op_grow = 0, op_blur = 0 }: GivenValues,
  factor: EffectScale['factor'],
  signal: AbortSignal | undefined,
): Promise<Mask> {
  const mean = (factor.x + factor.y) / 2;
  const pixels: Pixels = { data: mask.data, width: mask.width, height: mask.height, channels: 1 };
  const distance = Math.round(op_grow * mean);
  if (distance !== 0) await grow(pixels, distance, [0], signal);
  const deviation = (op_blur * mean) / 2;
  // The library blurs from 0.3 upwards; anything less would be invisible.
  if (deviation < 0.3) return mask;
  const { data, channels } = await throughLibrary(pixels, (image) => image.blur(deviation), signal);
  if (channels === 1) return { ...mask, data };
  const first = new Uint8Array(mask.width * mask.height);
  for (let at = 0; at < first.length; at += 1) first[at] = data[at * channels] ?? 0;
  return { ...mask, data: first };
}
