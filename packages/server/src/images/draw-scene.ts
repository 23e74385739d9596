import type { GivenValues, ImageEffect } from '@ips-sdk/delivery';
import { blend, CLEAR, fade, filled, flipped, type PlacedPixels } from './canvas.js';
import { type Clip, clip } from './clip-path.js';
import { drawEffects, type EffectScale, effectWork } from './layer-effects.js';
import { clipPasses, type DrawnLayer, type Factor, layerPixels, passesOf, sized } from './layer-pixels.js';
import { spread, throughLibrary } from './neighborhood.js';
import { changePixels, pointOperations } from './operations.js';
import type { Pixels } from './pixels.js';
import type { Size } from './view.js';

/** A layer with its place on the canvas. */
export interface PlacedLayer extends DrawnLayer {
  readonly left: number;
  readonly top: number;
  readonly number: number;
  readonly effects: readonly ImageEffect[];
}

/** What makes a composite. */
export interface SceneParts {
  readonly canvas: Size;
  readonly layers: readonly PlacedLayer[];
  /** Commands that mean the composite. */
  readonly composite: GivenValues;
  /** What of the composite is visible. */
  readonly clip: Clip | undefined;
  /** Effects of the composite. */
  readonly effects: readonly ImageEffect[];
  /** Whether effects behind a layer are cut where the layer is. */
  readonly effectMask: boolean;
}

/** Pixels to go over to draw a scene at a factor. */
export function sceneWork({ canvas, layers, effects, clip: visible }: SceneParts, factor: Factor): number {
  const pixels = (size: Size): number => {
    const { width, height } = sized(size, factor);
    return width * height;
  };
  const own = layers.map((layer) => {
    const { shape, content } = layer;
    const nested =
      content.kind === 'image' ? (content.source.work?.() ?? 0) + (content.mask?.work?.() ?? 0) : 0;
    const times = layer.effects.length > 0 && isFaded(layer.values) ? 2 : 1;
    return (
      Math.max(pixels(shape.scaled), pixels(shape.rotated), pixels(shape)) * passesOf(layer) * times +
      effectWork(sized(shape, factor), layer.effects, factor) +
      nested
    );
  });
  return own.reduce(
    (sum, each) => sum + each,
    pixels(canvas) * (2 + clipPasses(visible)) + effectWork(sized(canvas, factor), effects, factor),
  );
}

/** Draws the composite of layers as RGBA pixels. */
export async function drawScene(
  { canvas, layers, composite, effects, effectMask, clip: visible }: SceneParts,
  factor: Factor,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const size = sized(canvas, factor);
  const scale: EffectScale = { factor, canvas, isMasked: effectMask };
  const placed: PlacedPixels[] = [];
  let base = filled(size, CLEAR);
  for (const layer of layers) {
    const left = Math.round(layer.left * factor.x);
    const top = Math.round(layer.top * factor.y);
    const own = sized(layer.shape, factor);
    const isOutside =
      left >= size.width || top >= size.height || left + own.width <= 0 || top + own.height <= 0;
    if (isOutside && layer.effects.length === 0) continue;
    const pixels = await layerPixels(layer, factor, signal);
    if (layer.number === 0 && layer.effects.length === 0) {
      base = pixels;
      continue;
    }
    const parent = {
      pixels:
        layer.effects.length > 0 && isFaded(layer.values) ? await opaque(layer, factor, signal) : pixels,
      left,
      top,
      opacity: layer.values.opac?.[0] ?? 100,
    };
    const { behind, over } = await drawEffects(parent, layer.effects, scale, signal);
    const mode = layer.number === 0 ? 'norm' : (layer.values.blendMode ?? 'norm');
    placed.push(...behind, { pixels, left, top, blend: mode }, ...over);
  }
  await blend(base, placed, signal);
  let result = base;
  if (composite.flip !== undefined)
    result = await throughLibrary(result, (image) => flipped(image, composite.flip), signal);
  if (pointOperations(composite).length > 0) await changePixels(result, composite, signal);
  result = await spread(result, composite, (factor.x + factor.y) / 2, signal);
  if (visible !== undefined) await clip(result, visible, factor, signal);
  const [opacity, fill = 100] = composite.opac ?? [100];
  if (effects.length === 0) {
    fade(result, (opacity * fill) / 10_000);
    return result;
  }
  const drawn = await drawEffects({ pixels: result, left: 0, top: 0, opacity }, effects, scale, signal);
  fade(result, (opacity * fill) / 10_000);
  const whole = { pixels: result, left: 0, top: 0, blend: 'norm' } as const;
  const all = filled(size, CLEAR);
  await blend(all, [...drawn.behind, whole, ...drawn.over], signal);
  return all;
}

const isFaded = ({ opac: [opacity, fill = 100] = [100] }: GivenValues): boolean => opacity * fill !== 10_000;

/** The pixels of a layer without its opacity. */
async function opaque(layer: PlacedLayer, factor: Factor, signal: AbortSignal | undefined): Promise<Pixels> {
  const { opac: _, ...values } = layer.values;
  return layerPixels({ ...layer, values }, factor, signal);
}
