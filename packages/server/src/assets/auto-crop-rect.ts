import sharp from 'sharp';

/** A rectangle of an image, in pixels. */
export interface CropRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How the margin of an image is found. `tolerance` is 0 for exactly the same to 1 for anything. */
export type MarginOptions =
  | {
      readonly by: 'color';
      /** `UpperLeft`, `UpperRight`, `BottomLeft` or `BottomRight`: the pixel there has the color of the margin. */
      readonly corner: string;
      readonly tolerance: number;
    }
  | { readonly by: 'transparency'; readonly tolerance: number };

/**
 * What remains of an image when its margin is cut off: the smallest rectangle with all pixels that are not of the margin. The
 * whole image when there is no margin, or nothing else.
 *
 * @throws Error when the file is no image that can be read.
 */
export async function autoCropRect(
  file: string,
  options: MarginOptions,
  maxPixels: number,
): Promise<CropRect> {
  const open = () => sharp(file, { limitInputPixels: maxPixels, failOn: 'error' }).autoOrient();
  const { autoOrient, hasAlpha } = await sharp(file, { limitInputPixels: maxPixels }).metadata();
  const whole = { left: 0, top: 0, width: autoOrient.width, height: autoOrient.height };
  const threshold = Math.min(Math.max(options.tolerance, 0), 1) * 255;
  let subject = open();
  let background: { r: number; g: number; b: number };
  if (options.by === 'transparency') {
    if (!hasAlpha) return whole;
    // Alpha alone, as shades of gray: what is transparent is black.
    const alpha = await subject.extractChannel('alpha').png().toBuffer();
    subject = sharp(alpha, { limitInputPixels: maxPixels }).toColourspace('srgb');
    background = { r: 0, g: 0, b: 0 };
  } else {
    const right = options.corner.endsWith('Right');
    const bottom = options.corner.startsWith('Bottom');
    // In a pipeline of its own: sharp would cut before it turns the image.
    const turned = await open().removeAlpha().toColourspace('srgb').png({ compressionLevel: 1 }).toBuffer();
    const pixel = await sharp(turned, { limitInputPixels: maxPixels })
      .extract({
        left: right ? whole.width - 1 : 0,
        top: bottom ? whole.height - 1 : 0,
        width: 1,
        height: 1,
      })
      .raw()
      .toBuffer();
    background = { r: pixel[0] ?? 0, g: pixel[1] ?? 0, b: pixel[2] ?? 0 };
    subject = sharp(turned, { limitInputPixels: maxPixels });
  }
  const { info } = await subject
    .trim({ background, threshold, lineArt: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.trimOffsetLeft === undefined || info.trimOffsetTop === undefined) return whole;
  return {
    left: Math.abs(info.trimOffsetLeft),
    top: Math.abs(info.trimOffsetTop),
    width: info.width,
    height: info.height,
  };
}
