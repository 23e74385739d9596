import { pyramidLevel } from './derivatives.js';
import { ImageError, imageWork, openImage } from './image-library.js';
import { imageOfPixels, type Pixels, readPixels } from './pixels.js';

/** A part of an image: edges as fractions of its width and height, from 0 to 1. */
export interface CropRect {
  readonly leftN: number;
  readonly topN: number;
  readonly widthN: number;
  readonly heightN: number;
}

/** The tolerance for rounding in sums of fractions. */
const ROUNDING = 1e-6;

/** Trims a part that exceeds the image by no more than rounding. */
export function heldInImage({ leftN, topN, widthN, heightN }: CropRect): CropRect | undefined {
  if (leftN + widthN > 1 + ROUNDING || topN + heightN > 1 + ROUNDING) return undefined;
  const held = { leftN, topN, widthN: Math.min(widthN, 1 - leftN), heightN: Math.min(heightN, 1 - topN) };
  return held.widthN > 0 && held.heightN > 0 ? held : undefined;
}

/**
 * Longer side of the copy that is analyzed, in pixels. This is sufficient, and gives the same result for
 * originals of any size.
 */
const COPY_SIDE = 640;

/**
 * Finds the parts of an image for smart crops: for each size, the largest part with its aspect ratio around
 * the point of interest. The result for an image is always the same.
 *
 * @param path - Of a local file; of a pyramid TIFF, only the smallest sufficient level is read.
 * @throws ImageError when the image cannot be read.
 */
export async function attentiveCrops(
  path: string,
  sizes: readonly { readonly width: number; readonly height: number }[],
  maxPixels: number,
  signal?: AbortSignal,
): Promise<CropRect[]> {
  const level = await pyramidLevel(path, COPY_SIDE, COPY_SIDE, maxPixels, signal);
  const copy = await readPixels(
    openImage(path, maxPixels, level === 0 ? {} : { page: level })
      .autoOrient()
      .resize({ width: COPY_SIDE, height: COPY_SIDE, fit: 'inside', withoutEnlargement: true }),
    { signal, maxPixels },
  );
  const rects: CropRect[] = [];
  for (const { width, height } of sizes) {
    signal?.throwIfAborted();
    rects.push(await attentiveCrop(copy, width / height, maxPixels, signal));
  }
  return rects;
}

async function attentiveCrop(
  copy: Pixels,
  aspect: number,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<CropRect> {
  const own = copy.width / copy.height;
  const widthN = Math.min(1, aspect / own);
  const heightN = Math.min(1, own / aspect);
  const width = Math.max(1, Math.round(copy.width * widthN));
  const height = Math.max(1, Math.round(copy.height * heightN));
  if (width === copy.width && height === copy.height)
    return { leftN: (1 - widthN) / 2, topN: (1 - heightN) / 2, widthN, heightN };
  const { info } = await imageWork(
    () =>
      imageOfPixels(copy)
        .resize({ width, height, fit: 'cover', position: 'attention' })
        .raw()
        .toBuffer({ resolveWithObject: true }),
    signal,
    maxPixels,
  );
  if (info.cropOffsetLeft === undefined || info.cropOffsetTop === undefined)
    throw new ImageError('the image library did not return a point of interest');
  // The library returns the offsets to the left and up.
  return {
    leftN: place(-info.cropOffsetLeft, copy.width, widthN),
    topN: place(-info.cropOffsetTop, copy.height, heightN),
    widthN,
    heightN,
  };
}

/** An edge as a fraction, so that a part of the given length ends inside the image. */
function place(pixels: number, side: number, length: number): number {
  return Math.min(Math.max(0, pixels / side), 1 - length);
}
