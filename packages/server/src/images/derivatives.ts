import type { Sharp, TiffOptions } from 'sharp';
import type { FileStore } from '../files/file-store.js';
import { cropMargins } from './crop.js';
import { imageWork, openImage } from './image-library.js';
import type { ImageProbe } from './image-probe.js';
import { knockOut } from './knockout.js';
import { checkWorked, imageOfPixels, readPixels } from './pixels.js';
import type { ColorManagement, ImageProcessing, Margins } from './processing.js';
import { sharpens, unsharpMask } from './unsharp-mask.js';
import { openVector } from './vector-picture.js';

/** Longer side of a thumbnail, in pixels. */
export const THUMB_SIZE = 256;

/** Side of a tile of a pyramid, in pixels. */
const TILE = 256;

/** An original image. */
export interface ImageSource {
  readonly files: FileStore;
  /** Hash of the original. */
  readonly hash: string;
  /** A local file with the image in a form that the image library reads, if that is not the original itself. */
  readonly path?: string | undefined;
  readonly probe: ImageProbe;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}

/** The derivatives of an image, by hash in the file store. */
export interface Derivatives {
  /** A pyramid TIFF: tiles of the image at full size, half, a quarter … */
  readonly optimizedFile: string;
  /** A JPEG of at most {@link THUMB_SIZE} pixels a side. */
  readonly thumbFile: string;
  /** The alpha channel as a gray TIFF, if requested and present. */
  readonly maskFile: string | undefined;
  /** Pixels of the image after processing. */
  readonly width: number;
  readonly height: number;
  /** What was cropped. */
  readonly crop: Margins | undefined;
}

/**
 * Creates the derivatives of an image. Decodes the whole original to detect damage.
 *
 * @throws ImageError if it is damaged or cannot be processed as requested.
 */
export async function makeDerivatives(
  source: ImageSource,
  processing: ImageProcessing = {},
): Promise<Derivatives> {
  const { files, hash, probe, maxPixels, signal } = source;
  const path = source.path ?? (await files.path(hash));
  const work = <T>(start: () => Promise<T>): Promise<T> => imageWork(start, signal, maxPixels);
  const crop = await cropMargins(path, probe, processing.crop, maxPixels, signal);
  const width = probe.width - (crop?.left ?? 0) - (crop?.right ?? 0);
  const height = probe.height - (crop?.top ?? 0) - (crop?.bottom ?? 0);
  let image = openImage(path, maxPixels).autoOrient();
  if (crop !== undefined) image = image.extract({ left: crop.left, top: crop.top, width, height });
  const { knockout, unsharpMask: sharpening } = processing;
  const worked = knockout !== undefined || (sharpening !== undefined && sharpens(sharpening));
  if (worked) {
    checkWorked(width, height, knockout === undefined ? 'sharpening' : 'knocking out its background');
    const pixels = await readPixels(image, { alpha: knockout !== undefined, signal, maxPixels });
    if (knockout !== undefined) await knockOut(pixels, knockout, signal);
    if (sharpening !== undefined && sharpens(sharpening)) await unsharpMask(pixels, sharpening, signal);
    image = imageOfPixels(pixels);
  }
  const hasAlpha = probe.hasAlpha || knockout !== undefined;
  image = await colored(
    image,
    files,
    worked ? { mode: 'Default', outputProfile: processing.color?.outputProfile } : processing.color,
    probe,
  );
  const optimizedFile = await pyramid(
    image,
    width * height,
    tiffOptions(probe, hasAlpha, processing.color),
    files,
    work,
  );
  const level = Math.max(0, Math.floor(Math.log2(Math.max(width, height) / THUMB_SIZE)));
  const derived = await files.path(optimizedFile);
  const thumbFile = await makeThumb(derived, files, maxPixels, signal, level);
  let maskFile: string | undefined;
  if (processing.createMask === true && hasAlpha) {
    const mask = openImage(derived, maxPixels).extractChannel('alpha').toColourspace('b-w');
    maskFile = await pyramid(mask, width * height, LOSSLESS, files, work);
  }
  return { optimizedFile, thumbFile, maskFile, width, height, crop };
}

/**
 * Creates a thumbnail of an image.
 *
 * @param source - A path, or the content. Of a pyramid TIFF, only the smallest sufficient level is read.
 * @param level - That level, if known.
 */
export async function makeThumb(
  source: string | Uint8Array,
  files: FileStore,
  maxPixels: number,
  signal?: AbortSignal,
  level?: number,
): Promise<string> {
  const page = level ?? (await pyramidLevel(source, THUMB_SIZE, THUMB_SIZE, maxPixels, signal));
  const thumb = await imageWork(
    () =>
      openImage(source, maxPixels, page === 0 ? {} : { page })
        .autoOrient()
        .resize({ width: THUMB_SIZE, height: THUMB_SIZE, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .jpeg({ quality: 85 })
        .toBuffer(),
    signal,
    maxPixels,
  );
  return (await files.put(thumb)).hash;
}

/**
 * The level of a pyramid to scale down from: the smallest with at least a given size; 0, the whole image, for anything else.
 */
export async function pyramidLevel(
  source: string | Uint8Array,
  width: number,
  height: number,
  maxPixels: number,
  signal?: AbortSignal,
): Promise<number> {
  const metadata = await imageWork(() => openImage(source, maxPixels).metadata(), signal, maxPixels);
  const pages = metadata.pages ?? 1;
  if (metadata.format !== 'tiff' || pages < 2) return 0;
  // A level has half the size of the one before it; pages of a document do not.
  const second = await imageWork(
    () => openImage(source, maxPixels, { page: 1 }).metadata(),
    signal,
    maxPixels,
  );
  if (Math.abs(second.width * 2 - metadata.width) > 2 || Math.abs(second.height * 2 - metadata.height) > 2)
    return 0;
  let level = 0;
  while (
    level + 1 < pages &&
    metadata.width / 2 ** (level + 1) >= width &&
    metadata.height / 2 ** (level + 1) >= height
  ) {
    level += 1;
  }
  return level;
}

/** Renders an SVG of any size as a thumbnail. */
export async function makeSvgThumb(source: {
  readonly files: FileStore;
  readonly hash: string;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<{ readonly thumbFile: string; readonly width: number; readonly height: number }> {
  const { files, hash, maxPixels, signal } = source;
  const picture = await openVector(await files.path(hash), 'image/svg+xml', signal);
  const { width, height } = picture;
  const drawn = await picture.draw(Math.min(1, THUMB_SIZE / Math.max(width, height)));
  const content = await imageWork(() => imageOfPixels(drawn).png().toBuffer(), signal, maxPixels);
  return { thumbFile: await makeThumb(content, files, maxPixels, signal), width, height };
}

const LOSSLESS: TiffOptions = {
  pyramid: true,
  tile: true,
  tileWidth: TILE,
  tileHeight: TILE,
  compression: 'deflate',
  predictor: 'horizontal',
};

/** Lossless sources stay lossless; lossy ones are stored at a visually lossless quality. */
function tiffOptions(probe: ImageProbe, hasAlpha: boolean, color: ColorManagement | undefined): TiffOptions {
  const separate = color !== undefined && color.mode !== 'Default';
  const options: TiffOptions =
    probe.lossless || hasAlpha || separate
      ? LOSSLESS
      : { pyramid: true, tile: true, tileWidth: TILE, tileHeight: TILE, compression: 'jpeg', quality: 95 };
  if (probe.resolution === undefined) return options;
  // The library expects pixels per millimeter.
  const perMillimeter = probe.resolution / 25.4;
  return { ...options, xres: perMillimeter, yres: perMillimeter, resolutionUnit: 'inch' };
}

async function colored(
  image: Sharp,
  files: FileStore,
  color: ColorManagement | undefined,
  probe: ImageProbe,
): Promise<Sharp> {
  if (color?.mode === 'MaintainOriginal') {
    const kept = probe.hasProfile ? image.keepIccProfile() : image;
    if (probe.space === 'cmyk') return kept.pipelineColourspace('cmyk').toColourspace('cmyk');
    return kept.toColourspace(probe.space === 'b-w' || probe.space === 'grey16' ? 'b-w' : 'srgb');
  }
  if (color?.outputProfile !== undefined) return image.withIccProfile(await files.path(color.outputProfile));
  return image.toColourspace('srgb');
}

/** Stores a pyramid of an image. Its size is that of the image, so it does not pass through memory. */
async function pyramid(
  image: Sharp,
  pixels: number,
  options: TiffOptions,
  files: FileStore,
  work: <T>(start: () => Promise<T>) => Promise<T>,
): Promise<string> {
  const bigtiff = pixels > 250_000_000;
  const { hash } = await files.putWritten((path) =>
    work(() => image.tiff({ ...options, bigtiff }).toFile(path)),
  );
  return hash;
}
