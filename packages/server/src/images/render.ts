import type { Sharp } from 'sharp';
import { pyramidLevel } from './derivatives.js';
import { imageWork, openImage } from './image-library.js';
import { imageOfPixels, type Pixels, readPixels } from './pixels.js';
import { checkReadable } from './readable-image.js';
import { RENDER_FORMATS, type RenderRequest } from './render-request.js';
import { sharpens, unsharpMask } from './unsharp-mask.js';
import { isVector, OWN_DENSITY, openVector, type VectorPicture } from './vector-picture.js';
import { type Area, checkSize, cropArea, regionOf, type Size, type View, viewOf } from './view.js';

/** The source of an image. */
export interface RenderSource {
  /** Path of a local file. A pyramid TIFF is read at the smallest sufficient level. */
  readonly path: string;
  /** By its content; required for a vector picture. */
  readonly mediaType?: string | undefined;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}

/** A rendered image. */
export interface RenderedImage {
  readonly data: Buffer;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

/** The properties of a source before rendering. */
export async function sourceSize(
  source: RenderSource,
): Promise<Size & { hasAlpha: boolean; density: number | undefined; space: string; hasProfile: boolean }> {
  const vector = await vectorOf(source);
  if (vector !== undefined) {
    await vector.close();
    return { ...sizeOf(vector), ...DRAWN };
  }
  const { path, maxPixels, signal } = source;
  await checkReadable(path);
  const { autoOrient, hasAlpha, density, space, hasProfile } = await imageWork(
    () => openImage(path, maxPixels).metadata(),
    signal,
    maxPixels,
  );
  return { ...autoOrient, hasAlpha, density, space, hasProfile };
}

/**
 * Renders an image by image serving commands.
 *
 * @throws RenderRequestError if the request cannot be fulfilled, ImageError if the source cannot be read.
 */
export async function renderImage(source: RenderSource, request: RenderRequest): Promise<RenderedImage> {
  const { maxPixels, signal } = source;
  const vector = await vectorOf(source);
  try {
    const whole = vector === undefined ? await sourceSize(source) : { ...sizeOf(vector), ...DRAWN };
    const area = cropArea(whole, request.crop);
    const view = viewOf(area, request);
    const reply = regionOf(view.size, request.region);
    checkSize(reply);
    const factor = { x: view.scaled.width / area.width, y: view.scaled.height / area.height };
    const visible = visiblePart(area, view, reply, factor, whole);
    let pixels: Pixels | undefined;
    if (visible !== undefined) {
      const base =
        vector === undefined ? await levelFor(source, whole, factor) : await drawnFor(vector, factor);
      pixels = await readPixels(partOf(base, whole, visible), { alpha: whole.hasAlpha, signal, maxPixels });
      if (request.unsharpMask !== undefined && sharpens(request.unsharpMask))
        await unsharpMask(pixels, request.unsharpMask, signal);
    }
    return await composed(source, request, reply, pixels, visible?.place);
  } finally {
    await vector?.close();
  }
}

async function composed(
  { maxPixels, signal }: RenderSource,
  request: RenderRequest,
  reply: Size,
  pixels: Pixels | undefined,
  place: Area | undefined,
): Promise<RenderedImage> {
  const transparent =
    request.format.endsWith('-alpha') ||
    (request.format !== 'jpeg' && request.background === undefined && isClear(request.format));
  const background = backgroundOf(request, transparent);
  const canvas = compose(pixels, place, reply, background);
  const { data, info } = await imageWork(
    () => encode(canvas, request, transparent).toBuffer({ resolveWithObject: true }),
    signal,
    maxPixels,
  );
  return { data, mediaType: RENDER_FORMATS[request.format], width: info.width, height: info.height };
}

/** Media types of renderable files besides vector pictures. */
const RENDERED: ReadonlySet<string> = new Set([
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
]);

/** The reason why files of a media type cannot be rendered. */
export function notDelivered(mediaType: string): string | undefined {
  if (RENDERED.has(mediaType) || isVector(mediaType)) return undefined;
  return mediaType.startsWith('image/')
    ? `the original is ${mediaType}, which this server does not decode`
    : `it is ${mediaType}, not an image`;
}

/** The size of the rendered image. */
export function replySize(source: Size, request: RenderRequest): Size {
  const { width, height } = regionOf(viewOf(cropArea(source, request.crop), request).size, request.region);
  return { width, height };
}

/** Formats that keep transparency, unless a background is given. */
const isClear = (format: string): boolean => !['jpeg', 'png', 'webp', 'avif', 'tif', 'gif'].includes(format);

/** The source at a sufficient size. */
interface Base extends Size {
  readonly open: () => Sharp;
}

/** The smallest sufficient level of a pyramid. */
async function levelFor(
  { path, maxPixels, signal }: RenderSource,
  whole: Size,
  factor: { readonly x: number; readonly y: number },
): Promise<Base> {
  const level = await pyramidLevel(path, whole.width * factor.x, whole.height * factor.y, maxPixels, signal);
  const open = (): Sharp => openImage(path, maxPixels, level === 0 ? {} : { page: level });
  if (level === 0) return { ...sizeOf(whole), open: () => open().autoOrient() };
  const { width, height } = await imageWork(() => open().metadata(), signal, maxPixels);
  return { width, height, open: () => open().autoOrient() };
}

async function drawnFor(
  vector: VectorPicture,
  factor: { readonly x: number; readonly y: number },
): Promise<Base> {
  const drawn = await vector.draw(Math.max(factor.x, factor.y));
  return { width: drawn.width, height: drawn.height, open: () => imageOfPixels(drawn) };
}

/** Only the visible part of the source, at its rendered size. */
function partOf(
  base: Base,
  whole: Size,
  { source, place }: { readonly source: Area; readonly place: Area },
): Sharp {
  const shrink = { x: base.width / whole.width, y: base.height / whole.height };
  const left = Math.min(base.width - 1, Math.floor(source.left * shrink.x));
  const top = Math.min(base.height - 1, Math.floor(source.top * shrink.y));
  const width = Math.max(1, Math.min(base.width - left, Math.round(source.width * shrink.x)));
  const height = Math.max(1, Math.min(base.height - top, Math.round(source.height * shrink.y)));
  return base
    .open()
    .extract({ left, top, width, height })
    .resize({ width: place.width, height: place.height, fit: 'fill' });
}

/** The properties common to vector pictures. */
const DRAWN = { hasAlpha: true, density: OWN_DENSITY, space: 'srgb', hasProfile: false };

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

async function vectorOf({ path, mediaType, signal }: RenderSource): Promise<VectorPicture | undefined> {
  return mediaType !== undefined && isVector(mediaType) ? openVector(path, mediaType, signal) : undefined;
}

/** The visible part of the source, in its own pixels, and its position in the rendered image. */
function visiblePart(
  area: Area,
  view: View,
  reply: Area,
  factor: { readonly x: number; readonly y: number },
  source: Size,
): { readonly source: Area; readonly place: Area } | undefined {
  // Edges of the source in pixels of the rendered image. The crop may extend beyond the source.
  const originX = view.offset.left - reply.left - area.left * factor.x;
  const originY = view.offset.top - reply.top - area.top * factor.y;
  // The rest of the source after the crop.
  const from = { x: Math.max(0, area.left), y: Math.max(0, area.top) };
  const to = {
    x: Math.min(source.width, area.left + area.width),
    y: Math.min(source.height, area.top + area.height),
  };
  const left = Math.max(0, Math.round(originX + from.x * factor.x));
  const top = Math.max(0, Math.round(originY + from.y * factor.y));
  const right = Math.min(reply.width, Math.round(originX + to.x * factor.x));
  const bottom = Math.min(reply.height, Math.round(originY + to.y * factor.y));
  if (to.x <= from.x || to.y <= from.y || right <= left || bottom <= top) return undefined;
  const sourceLeft = Math.max(from.x, (left - originX) / factor.x);
  const sourceTop = Math.max(from.y, (top - originY) / factor.y);
  return {
    place: { left, top, width: right - left, height: bottom - top },
    source: {
      left: sourceLeft,
      top: sourceTop,
      width: Math.min(to.x, (right - originX) / factor.x) - sourceLeft,
      height: Math.min(to.y, (bottom - originY) / factor.y) - sourceTop,
    },
  };
}

interface Background {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

/** The given color, or white as at the service. */
function backgroundOf({ background }: RenderRequest, transparent: boolean): Background {
  if (background === undefined) return { r: 255, g: 255, b: 255, alpha: transparent ? 0 : 1 };
  const part = (at: number): number => Number.parseInt(background.slice(at, at + 2), 16);
  return { r: part(0), g: part(2), b: part(4), alpha: 1 };
}

function compose(
  pixels: Pixels | undefined,
  place: Area | undefined,
  reply: Size,
  background: Background,
): Sharp {
  if (pixels === undefined || place === undefined) {
    const { r, g, b, alpha } = background;
    const data = new Uint8Array(reply.width * reply.height * 4);
    const color = Uint8Array.of(r, g, b, alpha * 255);
    for (let at = 0; at < data.length; at += 4) data.set(color, at);
    return imageOfPixels({ data, width: reply.width, height: reply.height, channels: 4 });
  }
  let image = imageOfPixels(pixels);
  if (pixels.channels === 4 && background.alpha === 1) image = image.flatten({ background });
  const right = reply.width - place.left - place.width;
  const bottom = reply.height - place.top - place.height;
  if (place.left === 0 && place.top === 0 && right === 0 && bottom === 0) return image;
  return image.extend({ left: place.left, top: place.top, right, bottom, background });
}

function encode(image: Sharp, { format, quality, fullChroma }: RenderRequest, transparent: boolean): Sharp {
  const opaque = transparent ? image : image.removeAlpha();
  switch (format) {
    case 'png':
    case 'png-alpha':
      return opaque.png();
    case 'webp':
    case 'webp-alpha':
      return opaque.webp({ quality });
    case 'avif':
    case 'avif-alpha':
      return opaque.avif({ quality, effort: 2 });
    case 'tif':
    case 'tif-alpha':
      return opaque.tiff({ compression: 'lzw' });
    case 'gif':
    case 'gif-alpha':
      return opaque.gif();
    default:
      return opaque.jpeg({ quality, chromaSubsampling: fullChroma ? '4:4:4' : '4:2:0' });
  }
}
