import { readFile, stat } from 'node:fs/promises';
import { ImageError, imageWork, openImage, UnsupportedImageError } from './image-library.js';
import { PdfPages } from './pdf-pages.js';
import { type Pixels, readPixels } from './pixels.js';

/** A picture that can be drawn at any size: an SVG, or the first page of a document. */
export interface VectorPicture {
  /** Its natural size, at {@link OWN_DENSITY} pixels per inch. */
  readonly width: number;
  readonly height: number;
  /**
   * Draws the whole picture.
   *
   * @param factor - Relative to its natural size, and reduced if the picture would have too many pixels.
   */
  draw(factor: number): Promise<Pixels>;
  close(): Promise<void>;
}

/** Pixels per inch of the natural size of vector pictures. */
export const OWN_DENSITY = 72;

/** Maximum pixels of a drawing. */
const MAX_DRAWN_PIXELS = 50_000_000;

/** Longest side of a drawing, in pixels. */
const MAX_DRAWN_SIDE = 30_000;

/** Maximum bytes of an SVG to draw; it is read into memory. */
const MAX_SVG_BYTES = 16 * 2 ** 20;

/** The densities that the image library accepts. */
const MIN_DENSITY = 1;
const MAX_DENSITY = 100_000;

const SVG = 'image/svg+xml';
const PDF = 'application/pdf';

/** Whether pictures of a media type are drawn. */
export const isVector = (mediaType: string): boolean => mediaType === SVG || mediaType === PDF;

/**
 * Opens a vector picture. Close it after use.
 *
 * @throws ImageError when it cannot be drawn.
 */
export function openVector(path: string, mediaType: string, signal?: AbortSignal): Promise<VectorPicture> {
  return mediaType === SVG ? openSvg(path, signal) : openPage(path, signal);
}

/** The factor, reduced to the maximum number of pixels. */
function within({ width, height }: { width: number; height: number }, factor: number): number {
  return Math.min(
    factor,
    Math.sqrt(MAX_DRAWN_PIXELS / (width * height)),
    MAX_DRAWN_SIDE / Math.max(width, height),
  );
}

async function openSvg(path: string, signal: AbortSignal | undefined): Promise<VectorPicture> {
  const { size } = await stat(path);
  if (size > MAX_SVG_BYTES)
    throw new UnsupportedImageError(`an SVG of ${size} bytes is too large to draw; at most ${MAX_SVG_BYTES}`);
  // Without a path, it cannot refer to other files.
  const content = await readFile(path);
  const open = (density: number) =>
    openImage(content, MAX_DRAWN_PIXELS, { density, limitInputPixels: false });
  const measured = async (density: number): Promise<{ width: number; height: number }> => {
    const { width, height } = await imageWork(() => open(density).metadata(), signal, MAX_DRAWN_PIXELS);
    return { width: (width * OWN_DENSITY) / density, height: (height * OWN_DENSITY) / density };
  };
  const own = await firstOf([OWN_DENSITY, MIN_DENSITY, MAX_DENSITY / 10], measured);
  return {
    width: Math.max(1, Math.round(own.width)),
    height: Math.max(1, Math.round(own.height)),
    draw: (factor) => {
      const density = Math.min(MAX_DENSITY, Math.max(MIN_DENSITY, OWN_DENSITY * within(own, factor)));
      return readPixels(open(density), { alpha: true, signal, maxPixels: MAX_DRAWN_PIXELS });
    },
    close: async () => undefined,
  };
}

/** The first successful result, otherwise the first error. */
async function firstOf<T, R>(all: readonly [T, ...T[]], work: (one: T) => Promise<R>): Promise<R> {
  const [first, ...others] = all;
  try {
    return await work(first);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    for (const other of others) {
      const result = await work(other).catch(() => undefined);
      if (result !== undefined) return result;
    }
    throw error;
  }
}

async function openPage(path: string, signal: AbortSignal | undefined): Promise<VectorPicture> {
  const { size } = await stat(path);
  const document = await PdfPages.open(path, size, signal);
  const { width, height } = document.firstPage;
  if (!(width > 0 && height > 0)) {
    await document.close();
    throw new UnsupportedImageError('the first page of the document has no size, and cannot be drawn');
  }
  return {
    width: Math.max(1, Math.round(width)),
    height: Math.max(1, Math.round(height)),
    draw: (factor) =>
      document.draw(1, {
        resolution: OWN_DENSITY * within({ width, height }, factor),
        gray: false,
        transparent: false,
        maxPixels: MAX_DRAWN_PIXELS,
        text: false,
        signal,
      }),
    close: () => document.close(),
  };
}
