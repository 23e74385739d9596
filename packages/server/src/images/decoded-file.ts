import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { cmykTiff } from './cmyk-tiff.js';
import type { DecodedImage } from './decoder-worker.js';
import { imageWork } from './image-library.js';

/** How the image library calls the color space of decoded pixels. */
export const spaceOf = ({ channels, isCmyk }: DecodedImage): string =>
  isCmyk === true ? 'cmyk' : channels < 3 ? 'b-w' : 'srgb';

/** Decoded pixels as a file for the image library: a PNG, or of CMYK a TIFF. */
export async function fileOfPixels(
  image: DecodedImage,
  profile: Uint8Array | undefined,
  limits: { readonly maxPixels: number; readonly signal?: AbortSignal | undefined },
): Promise<Buffer> {
  if (image.isCmyk === true) return cmykTiff(image, profile);
  const png = await pngOf(image, limits);
  return profile === undefined ? png : withProfile(png, profile);
}

function pngOf(
  { data, width, height, channels }: DecodedImage,
  { maxPixels, signal }: { readonly maxPixels: number; readonly signal?: AbortSignal | undefined },
): Promise<Buffer> {
  // Only CMYK has five.
  if (channels === 5) throw new Error('no PNG has five channels');
  return imageWork(
    () => {
      const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
      const colored =
        data instanceof Uint16Array ? image.toColourspace(channels < 3 ? 'grey16' : 'rgb16') : image;
      return colored.png({ compressionLevel: 1 }).toBuffer();
    },
    signal,
    maxPixels,
  );
}

/** Bytes of a PNG before the chunk that follows its header. */
const PNG_HEADER = 33;

/** Adds an ICC profile to a PNG without changing its pixels. */
export function withProfile(png: Buffer, profile: Uint8Array): Buffer {
  const data = Buffer.concat([Buffer.from('iCCPprofile\0\0', 'latin1'), deflateSync(profile)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([png.subarray(0, PNG_HEADER), length, data, sum, png.subarray(PNG_HEADER)]);
}
