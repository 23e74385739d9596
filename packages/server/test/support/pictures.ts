// Pictures for tests, and the contents of pictures that came back.
import sharp, { type Sharp } from 'sharp';

/** A color with its alpha, 0 to 255 each. */
export type Color = readonly [red: number, green: number, blue: number, alpha?: number];

export const RED: Color = [255, 0, 0];
export const GREEN: Color = [0, 255, 0];
export const BLUE: Color = [0, 0, 255];
export const WHITE: Color = [255, 255, 255];
export const BLACK: Color = [0, 0, 0];

/** An image of one color. */
export function plain(width: number, height: number, [r, g, b, alpha = 255]: Color): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: alpha === 255 ? 3 : 4,
      background: { r, g, b, alpha: alpha / 255 },
    },
  });
}

/** An image whose quarters are red, green, blue and white: upper left, upper right, lower left, lower right. */
export function quarters(width: number, height: number): Sharp {
  return painted(width, height, (x, y) =>
    y < height / 2 ? (x < width / 2 ? RED : GREEN) : x < width / 2 ? BLUE : WHITE,
  );
}

/** An image given pixel by pixel. */
export function painted(width: number, height: number, colorAt: (x: number, y: number) => Color): Sharp {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b, alpha = 255] = colorAt(x, y);
      data.set([r, g, b, alpha], (y * width + x) * 4);
    }
  }
  const opaque = data.every((value, index) => index % 4 !== 3 || value === 255);
  const image = sharp(data, { raw: { width, height, channels: 4 } });
  return opaque ? image.removeAlpha() : image;
}

/** Pixels of an image that came back. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly at: (x: number, y: number) => [number, number, number, number];
}

export async function look(content: Uint8Array | string): Promise<Picture> {
  const { format } = await sharp(content).metadata();
  const { data, info } = await sharp(content)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    format,
    at: (x, y) => {
      const at = (y * info.width + x) * 4;
      return [data[at] ?? -1, data[at + 1] ?? -1, data[at + 2] ?? -1, data[at + 3] ?? -1];
    },
  };
}

/** The largest difference between a pixel and a color, in any component. */
export function distance(pixel: readonly number[], [r, g, b, alpha = 255]: Color): number {
  return Math.max(...[r, g, b, alpha].map((value, index) => Math.abs(value - (pixel[index] ?? 0))));
}
