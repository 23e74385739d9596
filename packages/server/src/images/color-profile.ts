import sharp from 'sharp';
import { ImageError, imageWork, openImage } from './image-library.js';

/** Color spaces of the image library for which profiles count, with their names in a profile. */
const SPACES: Readonly<Record<string, string>> = {
  'b-w': 'GRAY',
  grey16: 'GRAY',
  srgb: 'RGB ',
  rgb16: 'RGB ',
  cmyk: 'CMYK',
};

/** The tags that a profile needs, one of these sets: without them the image library passes over it. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  GRAY: [['A2B0'], ['kTRC']],
  'RGB ': [['A2B0'], ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC']],
  CMYK: [['A2B0'], ['A2B1'], ['A2B2']],
};

/** Most tags to look at. */
const MAX_TAGS = 1000;

/** Bytes of the header of a profile. */
const HEADER = 128;

/** Bytes of a profile in one segment of a JPEG, and in all segments that it may have. */
const SEGMENT = 65_519;
const MAX_BYTES = 255 * SEGMENT;

/** The color space that an ICC profile is for, such as `RGB `; `undefined` when it is not a whole profile. */
export function profileSpace(profile: Uint8Array): string | undefined {
  const bytes = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  if (bytes.length < HEADER + 4 || bytes.toString('latin1', 36, 40) !== 'acsp') return undefined;
  if (bytes.readUInt32BE(0) > bytes.length) return undefined;
  return bytes.toString('latin1', 16, 20);
}

/**
 * Why the colors of an image cannot be read by its profile; `undefined` when they can.
 *
 * @param space - Of the image, as the image library calls it.
 */
export async function profileProblem(profile: Uint8Array, space: string): Promise<string | undefined> {
  const expected = SPACES[space];
  if (expected === undefined) return undefined;
  const found = profileSpace(profile);
  if (found === undefined || profile.length > MAX_BYTES) return 'it is damaged';
  if (found !== expected)
    return `it is one for ${found.trim() || 'unknown'} colors, and the image has ${expected.trim()} colors`;
  const tags = tagsOf(profile);
  if (!NEEDED[expected]?.some((all) => all.every((tag) => tags.has(tag)))) return 'it is incomplete';
  const pixel = jpegWithProfile(await onePixel(space), profile);
  try {
    await imageWork(() => openImage(pixel, 1).toColourspace('srgb').raw().toBuffer(), undefined, 1);
    return undefined;
  } catch (error) {
    if (error instanceof ImageError) return 'it is damaged';
    throw error;
  }
}

/** The tags that lie within a profile. */
function tagsOf(profile: Uint8Array): ReadonlySet<string> {
  const bytes = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  const count = Math.min(bytes.readUInt32BE(HEADER), MAX_TAGS);
  const tags = new Set<string>();
  for (let at = HEADER + 4; at + 12 <= bytes.length && tags.size < count; at += 12)
    if (bytes.readUInt32BE(at + 4) + bytes.readUInt32BE(at + 8) <= bytes.length)
      tags.add(bytes.toString('latin1', at, at + 4));
  return tags;
}

/** A JPEG of one pixel in a color space. */
function onePixel(space: string): Promise<Buffer> {
  const raw = { width: 1, height: 1, channels: 3 } as const;
  const target = space === 'cmyk' ? 'cmyk' : space === 'srgb' || space === 'rgb16' ? 'srgb' : 'b-w';
  return imageWork(
    () => sharp(Buffer.alloc(3), { raw }).toColourspace(target).jpeg().toBuffer(),
    undefined,
    1,
  );
}

/** Gives a JPEG an ICC profile, in as many segments as it needs. */
function jpegWithProfile(jpeg: Buffer, profile: Uint8Array): Buffer {
  const count = Math.ceil(profile.length / SEGMENT);
  const segments = Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * SEGMENT, (index + 1) * SEGMENT);
    const head = Buffer.from('\xff\xe2\0\0ICC_PROFILE\0\0\0', 'latin1');
    head.writeUInt16BE(head.length - 2 + part.length, 2);
    head.writeUInt8(index + 1, 16);
    head.writeUInt8(count, 17);
    return Buffer.concat([head, part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** The warning about an image whose profile has a problem. */
export const profileWarning = (problem: string): string =>
  `the color profile in the file is not used: ${problem}`;
