import type { GivenValues } from '@ips-sdk/delivery';
import { blended, CLEAR, fade, filled, flipped, type PlacedPixels } from './canvas.js';
import { clip, isClipped } from './clip-path.js';
import { type DrawnLayer, type Factor, layerPixels, passesOf, sized } from './layer-pixels.js';
import { spread, throughLibrary } from './neighborhood.js';
import { changePixels, pointOperations } from './operations.js';
import type { Pixels } from './pixels.js';
import type { Size } from './view.js';

/** A layer with its place on the canvas. */
export interface PlacedLayer extends DrawnLayer {
  readonly left: number;
  readonly top: number;
  readonly number: number;
}

/** Pixels to go over to draw a scene at a factor. */
export function sceneWork(canvas: Size, layers: readonly PlacedLayer[], factor: Factor): number {
  const pixels = (size: Size): number => {
    const { width, height } = sized(size, factor);
    return width * height;
  };
  const own = layers.map((layer) => {
    const { shape, content } = layer;
    const nested =
      content.kind === 'image' ? (content.source.work?.() ?? 0) + (content.mask?.work?.() ?? 0) : 0;
    return Math.max(pixels(shape.scaled), pixels(shape.rotated), pixels(shape)) * passesOf(layer) + nested;
  });
  return own.reduce((sum, each) => sum + each, pixels(canvas) * 2);
}

const BLENDS = {
  norm: 'over',
  dissolve: 'over',
  lighten: 'lighten',
  darken: 'darken',
  mult: 'multiply',
  screen: 'screen',
} as const;

/** Draws the composite of layers as RGBA pixels. */
export async function drawScene(
  canvas: Size,
  layers: readonly PlacedLayer[],
  composite: GivenValues,
  factor: Factor,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const size = sized(canvas, factor);
  const placed: PlacedPixels[] = [];
  let base = filled(size, CLEAR);
  for (const layer of layers) {
    const left = Math.round(layer.left * factor.x);
    const top = Math.round(layer.top * factor.y);
    const own = sized(layer.shape, factor);
    if (left >= size.width || top >= size.height || left + own.width <= 0 || top + own.height <= 0) continue;
    const pixels = await layerPixels(layer, factor, signal);
    if (layer.number === 0) base = pixels;
    else placed.push({ pixels, left, top, blend: BLENDS[layer.values.blendMode ?? 'norm'] });
  }
  let result = await blended(base, placed, signal);
  if (composite.flip !== undefined)
    result = await throughLibrary(result, (image) => flipped(image, composite.flip), signal);
  if (pointOperations(composite).length > 0) await changePixels(result, composite, signal);
  result = await spread(result, composite, (factor.x + factor.y) / 2, signal);
  const [opacity, fill = 100] = composite.opac ?? [100];
  fade(result, (opacity * fill) / 10_000);
  if (isClipped(composite)) await clip(result, composite, factor, signal);
  return result;
}
