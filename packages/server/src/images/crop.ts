import { ImageError, imageWork, openImage } from './image-library.js';
import type { ImageProbe } from './image-probe.js';
import { cornerOf, imageOfPixels, readPixels } from './pixels.js';
import type { ImageProcessing, Margins } from './processing.js';

/**
 * The margins that a crop removes.
 *
 * @returns `undefined` if it removes nothing.
 * @throws ImageError if nothing would remain.
 */
export async function cropMargins(
  path: string,
  probe: ImageProbe,
  crop: ImageProcessing['crop'],
  maxPixels: number,
  signal?: AbortSignal,
): Promise<Margins | undefined> {
  if (crop === undefined) return undefined;
  const margins = await found(path, probe, crop, maxPixels, signal);
  const { left, right, top, bottom } = margins;
  if (left + right >= probe.width || top + bottom >= probe.height) {
    throw new ImageError(
      `cropping ${left} pixels at the left, ${right} at the right, ${top} at the top and ${bottom} at the bottom leaves nothing of an image of ${probe.width} × ${probe.height} pixels`,
    );
  }
  return left + right + top + bottom === 0 ? undefined : margins;
}

async function found(
  path: string,
  probe: ImageProbe,
  crop: NonNullable<ImageProcessing['crop']>,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<Margins> {
  if (crop.by === 'margins') {
    const { left, right, top, bottom } = crop;
    return { left, right, top, bottom };
  }
  const { width, height } = probe;
  if (crop.by === 'color') {
    const { x, y } = cornerOf(crop.corner, width, height);
    const pixel = await readPixels(
      openImage(path, maxPixels).autoOrient().extract({ left: x, top: y, width: 1, height: 1 }),
      { alpha: true, signal, maxPixels },
    );
    const [r = 0, g = 0, b = 0, alpha = 255] = pixel.data;
    // A transparent corner means a transparent margin.
    if (alpha === 0) return transparentMargins(path, probe, crop.tolerance, maxPixels, signal);
    return trimmed(
      openImage(path, maxPixels).autoOrient(),
      { r, g, b },
      crop.tolerance,
      probe,
      maxPixels,
      signal,
    );
  }
  return transparentMargins(path, probe, crop.tolerance, maxPixels, signal);
}

async function transparentMargins(
  path: string,
  probe: ImageProbe,
  tolerance: number,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<Margins> {
  if (!probe.hasAlpha) return { left: 0, right: 0, top: 0, bottom: 0 };
  const alpha = await readPixels(
    openImage(path, maxPixels).autoOrient().extractChannel('alpha').toColourspace('b-w'),
    {
      signal,
      maxPixels,
    },
  );
  return trimmed(imageOfPixels(alpha), { r: 0, g: 0, b: 0 }, tolerance, probe, maxPixels, signal);
}

async function trimmed(
  image: ReturnType<typeof openImage>,
  background: { r: number; g: number; b: number },
  tolerance: number,
  { width, height }: ImageProbe,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<Margins> {
  const { info } = await imageWork(
    () =>
      image
        .trim({ background, threshold: Math.round(tolerance * 255), lineArt: true })
        .raw()
        .toBuffer({ resolveWithObject: true }),
    signal,
    maxPixels,
  );
  const left = -(info.trimOffsetLeft ?? 0);
  const top = -(info.trimOffsetTop ?? 0);
  // An image of a single color is not cropped: all of it would be margin.
  if (info.width === width && info.height === height) return { left: 0, right: 0, top: 0, bottom: 0 };
  return { left, top, right: width - left - info.width, bottom: height - top - info.height };
}
