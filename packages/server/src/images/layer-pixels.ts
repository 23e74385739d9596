import type { GivenValues } from '@ips-sdk/delivery';
import { CLEAR, fade, fillBehind, filled, flipped, onCanvas, rgbaOf, rotatedPixels } from './canvas.js';
import { type Clip, clip } from './clip-path.js';
import type { Kernel, PixelSource } from './image-source.js';
import type { LayerShape } from './layer-shape.js';
import { grow, isSharpened, sharpened, spread, throughLibrary } from './neighborhood.js';
import { changePixels, pointOperations } from './operations.js';
import { distorted, isDistorted, PERSPECTIVE_PASSES, scaledBy } from './perspective.js';
import type { Pixels } from './pixels.js';
import type { TextPicture } from './text-picture.js';
import type { Area, Size } from './view.js';

/** What a layer shows. */
export type LayerContent =
  | { readonly kind: 'image'; readonly source: PixelSource; readonly mask: PixelSource | undefined }
  | { readonly kind: 'text'; readonly text: TextPicture }
  | { readonly kind: 'color' };

/** A layer, ready to be drawn. */
export interface DrawnLayer {
  readonly content: LayerContent;
  readonly shape: LayerShape;
  readonly values: GivenValues;
  readonly kernel: Kernel;
  readonly clip?: Clip | undefined;
}

/** Pixels for one of the composite. */
export interface Factor {
  readonly x: number;
  readonly y: number;
}

/** A size at a factor, in whole pixels. */
export const sized = ({ width, height }: Size, { x, y }: Factor): Size => ({
  width: Math.max(1, Math.round(width * x)),
  height: Math.max(1, Math.round(height * y)),
});

/** The passes over its pixels that a layer takes, to count work before it is done. */
export function passesOf({
  values,
  content,
  clip: visible,
}: Pick<DrawnLayer, 'values' | 'content' | 'clip'>): number {
  const parts = [
    content.kind === 'image' && content.mask !== undefined,
    (values.rotate ?? 0) !== 0,
    values.flip !== undefined,
    pointOperations(values).length > 0,
    (values.op_blur ?? 0) > 0,
    (values.op_grow ?? 0) !== 0,
    isSharpened(values),
    values.extend !== undefined || values.extendN !== undefined,
  ];
  return (
    1 + parts.filter(Boolean).length + (isDistorted(values) ? PERSPECTIVE_PASSES : 0) + clipPasses(visible)
  );
}

/** The passes that a clip takes. */
export const clipPasses = (visible: Clip | undefined): number =>
  visible === undefined ? 0 : 1 + visible.inside.length + visible.outside.length;

/** Draws a layer as RGBA pixels. */
export async function layerPixels(layer: DrawnLayer, factor: Factor, signal?: AbortSignal): Promise<Pixels> {
  const { content, shape, values } = layer;
  const inner = sized(shape.scaled, factor);
  let pixels = await contentPixels(layer, inner, factor, signal);
  const [opacity, fill = 100] = values.opac ?? [100];
  const isColor = content.kind === 'color';
  if (!isColor) {
    if (values.flip !== undefined)
      pixels = await throughLibrary(pixels, (image) => flipped(image, values.flip), signal);
    fade(pixels, (opacity * fill) / 10_000);
    if (values.color !== undefined) fillBehind(pixels, rgbaOf(values.color));
  }
  pixels = await rotatedPixels(pixels, shape.angle, sized(shape.rotated, factor), signal);
  if (shape.perspective !== undefined) {
    const { to, onto } = shape.perspective;
    pixels = await distorted(pixels, scaledBy(to, factor), sized(onto, factor), signal);
  }
  await changePixels(pixels, values, signal);
  const mean = (factor.x + factor.y) / 2;
  pixels = await spread(pixels, values, mean, signal);
  if (isSharpened(values)) pixels = await sharpened(pixels, values, mean * shape.scale.x, signal);
  if (isColor) fade(pixels, (opacity * fill) / 10_000);
  pixels = onCanvas(
    pixels,
    { left: Math.round(shape.added.left * factor.x), top: Math.round(shape.added.top * factor.y) },
    sized(shape, factor),
  );
  if (values.bgColor !== undefined && !isColor) fillBehind(pixels, rgbaOf(values.bgColor));
  if (layer.clip !== undefined) await clip(pixels, layer.clip, factor, signal);
  return pixels;
}

async function contentPixels(
  { content, shape, values, kernel }: DrawnLayer,
  size: Size,
  factor: Factor,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  switch (content.kind) {
    case 'color':
      return filled(size, values.color === undefined ? CLEAR : rgbaOf(values.color));
    case 'text': {
      const drawn = await content.text.draw((factor.x + factor.y) / 2);
      return onCanvas(drawn, { left: 0, top: 0 }, size);
    }
    case 'image': {
      const { source, mask } = content;
      const visible = visibleIn(shape.crop, source, size);
      if (visible === undefined) return filled(size, CLEAR);
      const pixels = withAlpha(await source.read(visible.part, visible.place, kernel));
      await maskPixels(pixels, { source, mask, part: visible.part, values, kernel }, signal);
      const full = factor.x * shape.scale.x;
      const { op_growMask = 0, op_growMaskR = 0 } = values;
      for (const distance of [Math.round(op_growMask * Math.min(1, full)), op_growMaskR])
        if (distance !== 0) await grow(pixels, distance, [3], signal);
      return onCanvas(pixels, visible.place, size);
    }
  }
}

/** Of a part of a source, what is within it, and its place in the scaled part. */
export function visibleIn(
  crop: Area,
  source: Size,
  size: Size,
): { readonly part: Area; readonly place: Area } | undefined {
  const left = Math.max(0, crop.left);
  const top = Math.max(0, crop.top);
  const right = Math.min(source.width, crop.left + crop.width);
  const bottom = Math.min(source.height, crop.top + crop.height);
  if (right <= left || bottom <= top) return undefined;
  const x = size.width / crop.width;
  const y = size.height / crop.height;
  const place = {
    left: Math.min(size.width - 1, Math.round((left - crop.left) * x)),
    top: Math.min(size.height - 1, Math.round((top - crop.top) * y)),
  };
  return {
    part: { left, top, width: right - left, height: bottom - top },
    place: {
      ...place,
      width: Math.max(1, Math.round((right - crop.left) * x) - place.left),
      height: Math.max(1, Math.round((bottom - crop.top) * y) - place.top),
    },
  };
}

/** RGBA pixels of any. */
export function withAlpha(pixels: Pixels): Pixels {
  const { data, width, height, channels } = pixels;
  if (channels === 4) return pixels;
  const to = new Uint8Array(width * height * 4);
  const gray = channels < 3;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const from = pixel * channels;
    const at = pixel * 4;
    to[at] = data[from] ?? 0;
    to[at + 1] = data[gray ? from : from + 1] ?? 0;
    to[at + 2] = data[gray ? from : from + 2] ?? 0;
    to[at + 3] = channels === 2 ? (data[from + 1] ?? 0) : 255;
  }
  return { data: to, width, height, channels: 4 };
}

/** Sets the alpha of RGBA pixels: from the mask, else their own, as `maskUse` says. */
async function maskPixels(
  pixels: Pixels,
  {
    source,
    mask,
    part,
    values: { maskUse = 'norm' },
    kernel,
  }: {
    readonly source: PixelSource;
    readonly mask: PixelSource | undefined;
    readonly part: Area;
    readonly values: GivenValues;
    readonly kernel: Kernel;
  },
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const { data } = pixels;
  if (maskUse === 'off') {
    for (let at = 3; at < data.length; at += 4) data[at] = 255;
    return;
  }
  if (mask !== undefined) {
    const x = mask.width / source.width;
    const y = mask.height / source.height;
    const area = {
      left: Math.min(mask.width - 1, Math.round(part.left * x)),
      top: Math.min(mask.height - 1, Math.round(part.top * y)),
    };
    const read = await mask.read(
      {
        ...area,
        width: Math.max(1, Math.min(mask.width - area.left, Math.round(part.width * x))),
        height: Math.max(1, Math.min(mask.height - area.top, Math.round(part.height * y))),
      },
      pixels,
      kernel,
    );
    const { channels } = read;
    const offset = mask.hasAlpha ? channels - 1 : 0;
    for (let pixel = 0; pixel * 4 < data.length; pixel += 1) {
      const at = pixel * channels;
      data[pixel * 4 + 3] =
        mask.hasAlpha || channels < 3
          ? (read.data[at + offset] ?? 0)
          : Math.round(
              0.299 * (read.data[at] ?? 0) +
                0.587 * (read.data[at + 1] ?? 0) +
                0.114 * (read.data[at + 2] ?? 0),
            );
    }
  }
  if (maskUse === 'invert') for (let at = 3; at < data.length; at += 4) data[at] = 255 - (data[at] ?? 0);
}
