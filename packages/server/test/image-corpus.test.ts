import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileTypeOf, HEAD_BYTES } from '../src/images/file-type.js';
import { ImageError, UnsupportedImageError } from '../src/images/image-library.js';
import { withReadableImage } from '../src/images/readable-image.js';
import {
  hasImageMagick,
  MAX_PIXELS,
  meanDifference,
  readByImageMagick,
  rgba,
  writeCombinations,
} from './support/image-corpus.js';

/** Greatest mean difference from what ImageMagick reads, of 255. */
const CLOSE = 6;

/**
 * The same for CMYK without a profile: ImageMagick takes the inks for the complements of red, green and blue, the image library
 * for those of a printing press.
 */
const CLOSE_CMYK = 30;

/** The images of the source package of Pillow; the environment names the folder. */
const PILLOW = process.env['IPS_TEST_PILLOW_IMAGES'] ?? '';

type Outcome =
  | { readonly is: 'read'; readonly pixels: Uint8Array; readonly space: string }
  | { readonly is: 'unsupported' | 'damaged'; readonly words: string };

/** What becomes of the images of a folder; other files are left out. */
async function outcomesOf(directory: string): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, file);
    if (!statSync(path).isFile()) continue;
    const handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    await handle.close();
    const type = fileTypeOf(buffer.subarray(0, bytesRead), file);
    if (type?.type === 'Image') outcomes.set(file, await outcomeOf(path, type.mediaType));
  }
  return outcomes;
}

async function outcomeOf(path: string, mediaType: string): Promise<Outcome> {
  try {
    return await withReadableImage({ path, mediaType, maxPixels: MAX_PIXELS }, async (image) => ({
      is: 'read',
      pixels: await rgba(image.path),
      space: image.probe.space,
    }));
  } catch (error) {
    if (error instanceof UnsupportedImageError) return { is: 'unsupported', words: error.message };
    if (error instanceof ImageError) return { is: 'damaged', words: error.message };
    throw error;
  }
}

/** The images that ImageMagick reads otherwise, with the difference. */
async function otherwise(
  directory: string,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<Map<string, number>> {
  const read = [...outcomes].flatMap(([file, outcome]) =>
    outcome.is === 'read' ? [[file, outcome] as const] : [],
  );
  const scratch = mkdtempSync(join(tmpdir(), 'ips-corpus-'));
  try {
    const references = await readByImageMagick(
      read.map(([file]) => join(directory, file)),
      scratch,
    );
    const found = new Map<string, number>();
    for (const [file, { pixels, space }] of read) {
      const reference = references.get(join(directory, file));
      if (reference === undefined) continue;
      const difference = meanDifference(pixels, reference) ?? 255;
      if (difference >= (space === 'cmyk' ? CLOSE_CMYK : CLOSE)) found.set(file, difference);
    }
    return found;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

describe.skipIf(!hasImageMagick)('an image that ImageMagick or libtiff wrote', () => {
  /** Where ImageMagick is wrong about its own files, and the picture that they are made of. */
  const WRONG_READ: Readonly<Record<string, string>> = {
    // It multiplies the colors with the alpha, which the file says is separate.
    'tiff-rgba-JPEG.tif': 'alpha.png',
    // It cannot read the palettes that it writes.
    'psd-pal-8-None.psd': 'few.png',
    'psb-pal-8-RLE.psb': 'few.png',
  };
  /** What ImageMagick writes and reads otherwise than the makers of the formats. */
  const WRONG_WRITTEN = new Set([
    // Libtiff takes 0 for white, as the file says.
    'tiff-min-is-white-2.tif',
    'tiff-min-is-white-4.tif',
  ]);
  /** Empty files that ImageMagick and tiffcp write after a failure. */
  const EMPTY = /^(?:tiff-gray-WebP|tiffcp-webp)/;

  let directory: string;
  let outcomes: Map<string, Outcome>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ips-corpus-'));
    await writeCombinations(directory);
    outcomes = await outcomesOf(directory);
  }, 600_000);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('is read as ImageMagick reads it, or refused', { timeout: 600_000 }, async () => {
    const read = [...outcomes.values()].filter(({ is }) => is === 'read');
    expect(read.length).toBeGreaterThan(200);
    const found = await otherwise(directory, outcomes);
    for (const [file, picture] of Object.entries(WRONG_READ)) {
      const [ours, original] = [outcomes.get(file), outcomes.get(picture)];
      if (ours?.is !== 'read' || original?.is !== 'read') continue;
      expect(meanDifference(ours.pixels, original.pixels), file).toBeLessThan(CLOSE);
      found.delete(file);
    }
    expect([...found].filter(([file]) => !WRONG_WRITTEN.has(file))).toEqual([]);
  });

  test('is not called damaged', () => {
    const damaged = [...outcomes].filter(([file, { is }]) => is === 'damaged' && !EMPTY.test(file));
    expect(damaged).toEqual([]);
  });

  test('is refused with the reason', () => {
    const words = [...outcomes.values()].flatMap((outcome) =>
      outcome.is === 'unsupported' ? [outcome.words] : [],
    );
    expect(words.filter((text) => !/cannot be decoded: (?:it|its) .*not supported/.test(text))).toEqual([]);
    for (const kind of [/ signed samples/, / 32-bit /, /YCbCr/, /Zstandard/])
      expect(
        words.some((text) => kind.test(text)),
        String(kind),
      ).toBe(true);
  });
});

describe.skipIf(!hasImageMagick || PILLOW === '')('an image of the tests of Pillow', () => {
  /** Images that ImageMagick reads otherwise, with the reason. */
  const DIFFERENT: Readonly<Record<string, string>> = {
    'exif_imagemagick_orientation.png': 'ImageMagick does not turn a PNG as its EXIF says',
    'xmp_tags_orientation.png': 'ImageMagick does not turn a PNG as its EXIF says',
    'icc_profile_big.jpg': 'ImageMagick leaves the profile out of account',
    'tiff_tiled_cmyk_jpeg.tif': 'ImageMagick fails after some rows',
    'pal8_offset.bmp': 'ImageMagick takes colors for pixels',
    'bmp/b/pal8badindex.bmp': 'ImageMagick stops at a pixel without a color, which is black here',
    'bmp/b/badpalettesize.bmp': 'ImageMagick stops at a pixel without a color',
    'bmp/q/pal8os2v2.bmp': 'ImageMagick reads a palette of OS/2 2 with three bytes a color',
    'bmp/q/pal8os2v2-16.bmp': 'ImageMagick reads a palette of OS/2 2 with three bytes a color',
    'bmp/q/rgb16-231.bmp': 'ImageMagick does not stretch few bits to full brightness',
    'bmp/q/rgba16-4444.bmp': 'ImageMagick does not stretch few bits to full brightness',
    'bmp/q/rgb32fakealpha.bmp': 'ImageMagick takes the byte that is left over for alpha',
  };

  /** Images in which 0 is white, which ImageMagick takes for black in these depths, and the same picture with 0 for black. */
  const TURNED: Readonly<Record<string, string>> = {
    'tiff_gray_2_4_bpp/hopper2I.tif': 'tiff_gray_2_4_bpp/hopper2.tif',
    'tiff_gray_2_4_bpp/hopper2IR.tif': 'tiff_gray_2_4_bpp/hopper2.tif',
    'tiff_gray_2_4_bpp/hopper4I.tif': 'tiff_gray_2_4_bpp/hopper4.tif',
    'tiff_gray_2_4_bpp/hopper4IR.tif': 'tiff_gray_2_4_bpp/hopper4.tif',
  };

  test('is read as ImageMagick reads it, or differs for a known reason', { timeout: 600_000 }, async () => {
    const outcomes = await outcomesOf(PILLOW);
    expect(outcomes.size).toBeGreaterThan(600);
    const found = await otherwise(PILLOW, outcomes);
    expect(
      [...found].filter(([file]) => DIFFERENT[file] === undefined && TURNED[file] === undefined),
    ).toEqual([]);
    for (const [file, other] of Object.entries(TURNED)) {
      const [ours, same] = [outcomes.get(file), outcomes.get(other)];
      if (ours?.is !== 'read' || same?.is !== 'read') throw new Error(`${file} and ${other}: not read`);
      expect(meanDifference(ours.pixels, same.pixels), file).toBeLessThan(1);
    }
  });
});
