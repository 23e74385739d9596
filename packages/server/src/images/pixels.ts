import sharp, { type Sharp } from 'sharp';
import { ImageError, imageWork } from './image-library.js';

/** Maximum pixels of an image to process pixel by pixel, which holds all of them in memory. */
export const MAX_WORKED_PIXELS = 100_000_000;

/** Pixels with 8 bits per channel, row by row: gray, gray and alpha, RGB or RGBA. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** A corner of an image, by the API's constants. */
export type Corner = 'BottomLeft' | 'BottomRight' | 'UpperLeft' | 'UpperRight' | (string & {});

/** Decodes an image to sRGB pixels, with an alpha channel if requested. */
export async function readPixels(
  image: Sharp,
  options: {
    readonly alpha?: boolean;
    readonly signal?: AbortSignal | undefined;
    readonly maxPixels: number;
  },
): Promise<Pixels> {
  const colored = image.toColourspace('srgb');
  const prepared = options.alpha === true ? colored.ensureAlpha() : colored;
  const { data, info } = await imageWork(
    () => prepared.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
    options.signal,
    options.maxPixels,
  );
  return { data, width: info.width, height: info.height, channels: info.channels as Pixels['channels'] };
}

/** An image from pixels, for further processing. */
export function imageOfPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** @throws ImageError if there are too many pixels for memory. */
export function checkWorked(width: number, height: number, what: string): void {
  if (width * height > MAX_WORKED_PIXELS) {
    throw new ImageError(
      `an image of ${width} × ${height} pixels is too large for ${what}, which is limited to ${MAX_WORKED_PIXELS} pixels`,
    );
  }
}

/** The column and row of a corner. */
export function cornerOf(corner: Corner, width: number, height: number): { x: number; y: number } {
  return {
    x: corner.endsWith('Right') ? width - 1 : 0,
    y: corner.startsWith('Bottom') ? height - 1 : 0,
  };
}

/** Yields to other work between the rows of a long loop, and ends the loop if aborted. */
export class Pause {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether it is time for {@link take}. */
  get due(): boolean {
    return performance.now() - this.#since > 25;
  }

  async take(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
