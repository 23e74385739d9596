import type { Metadata } from 'sharp';
import { type EmbeddedMetadata, embeddedMetadata } from './embedded-metadata.js';
import { ImageError, imageWork, openImage } from './image-library.js';

/** The properties in an image's header. */
export interface ImageProbe {
  /** Format, by content, such as `jpeg`. */
  readonly format: string;
  /** Pixels, with the file's orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Pixels per inch; `undefined` if unknown. */
  readonly resolution: number | undefined;
  /** `srgb`, `cmyk`, `b-w` and so on. */
  readonly space: string;
  readonly channels: number;
  readonly hasAlpha: boolean;
  readonly hasProfile: boolean;
  /** Frames of an animation, or pages. */
  readonly pages: number;
  /** Whether the compression is lossless. */
  readonly lossless: boolean;
  readonly embedded: EmbeddedMetadata;
}

/**
 * Reads an image's header without decoding the image.
 *
 * @param source - A path, or the content.
 * @throws ImageError when it is not an image, or larger than allowed.
 */
export async function probeImage(
  source: string | Uint8Array,
  maxPixels: number,
  signal?: AbortSignal,
): Promise<ImageProbe> {
  const metadata = await imageWork(() => openImage(source, maxPixels).metadata(), signal, maxPixels);
  const { width, height } = metadata.autoOrient;
  if (width * height > maxPixels) {
    throw new ImageError(`the image has ${width} × ${height} pixels, more than the allowed ${maxPixels}`);
  }
  return {
    format: metadata.format,
    width,
    height,
    resolution: resolutionOf(metadata),
    space: metadata.space,
    channels: metadata.channels,
    hasAlpha: metadata.hasAlpha,
    hasProfile: metadata.hasProfile,
    pages: metadata.pages ?? 1,
    lossless: isLossless(metadata),
    embedded: embeddedMetadata(metadata),
  };
}

/** The library reports 72 for files without a density, which is ignored. */
function resolutionOf({ density, format }: Metadata): number | undefined {
  return format === 'svg' ? undefined : plausibleResolution(density);
}

/** Pixels per inch that the image library can write. Files with others have none, such as those that claim one pixel per mile. */
const LEAST_RESOLUTION = 0.0254;
const MOST_RESOLUTION = 25_400_000;

/** A resolution in a file, unless it is impossible. */
export function plausibleResolution(resolution: number | undefined): number | undefined {
  if (resolution === undefined) return undefined;
  return resolution >= LEAST_RESOLUTION && resolution <= MOST_RESOLUTION ? resolution : undefined;
}

function isLossless({ format, compression }: Metadata): boolean {
  return ['png', 'gif', 'tiff', 'svg', 'raw', 'v'].includes(format) && compression === undefined;
}
