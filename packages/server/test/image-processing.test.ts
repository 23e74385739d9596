import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { type Derivatives, makeDerivatives, THUMB_SIZE } from '../src/images/derivatives.js';
import { probeImage } from '../src/images/image-probe.js';
import type { ImageProcessing } from '../src/images/processing.js';
import { keywordsOf, xmpProperties } from '../src/images/xmp-packet.js';
import {
  BLACK,
  BLUE,
  type Color,
  distance,
  GREEN,
  look,
  type Picture,
  painted,
  plain,
  quarters,
  RED,
  WHITE,
} from './support/pictures.js';

const MAX_PIXELS = 10_000_000;

let directory: string;
let files: DirectoryFileStore;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-processing-'));
  files = new DirectoryFileStore(directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function derive(content: Uint8Array, processing?: ImageProcessing): Promise<Derivatives> {
  const { hash } = await files.put(content);
  const probe = await probeImage(content, MAX_PIXELS);
  return makeDerivatives({ files, hash, probe, maxPixels: MAX_PIXELS }, processing);
}

async function optimized(
  image: Sharp,
  processing?: ImageProcessing,
): Promise<Picture & { made: Derivatives }> {
  const made = await derive(await image.png().toBuffer(), processing);
  return { ...(await look(await files.path(made.optimizedFile))), made };
}

const isColor = (picture: Picture, x: number, y: number, color: Color, within = 3): void =>
  expect(
    distance(picture.at(x, y), color),
    `the pixel at ${x},${y} is ${picture.at(x, y)}`,
  ).toBeLessThanOrEqual(within);

/** A red square of 40 pixels on a ground, 10 from the left and 20 from the top of an image of 100 by 80. */
const square = (ground: Color, mark: Color = RED): Sharp =>
  painted(100, 80, (x, y) => (x >= 10 && x < 50 && y >= 20 && y < 60 ? mark : ground));

describe('an optimized image', () => {
  test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)(
    'of a %s shows what the original shows',
    async (format) => {
      const content = await quarters(600, 400).toFormat(format, { quality: 95 }).toBuffer();
      const { optimizedFile, width, height } = await derive(content);
      expect([width, height]).toEqual([600, 400]);
      const picture = await look(await files.path(optimizedFile));
      for (const [x, y, color] of [
        [100, 100, RED],
        [500, 100, GREEN],
        [100, 300, BLUE],
        [500, 300, WHITE],
      ] as const)
        isColor(picture, x, y, color, 8);
    },
  );

  test('is a pyramid of tiles, each level half the size of the one before', async () => {
    const { optimizedFile } = await derive(await quarters(1100, 900).png().toBuffer());
    const path = await files.path(optimizedFile);
    const { pages, format } = await sharp(path).metadata();
    expect(format).toBe('tiff');
    const sizes = await Promise.all(
      Array.from({ length: pages ?? 0 }, async (_, page) => {
        const level = await sharp(path, { page }).metadata();
        return [level.width, level.height];
      }),
    );
    expect(sizes).toEqual([
      [1100, 900],
      [550, 450],
      [275, 225],
      [137, 112],
    ]);
  });

  test('is lossless for a lossless file', async () => {
    const noise = painted(64, 64, (x, y) => [(x * 37 + y * 91) % 256, (x * y) % 256, (x ^ y) * 4]);
    const picture = await optimized(noise);
    const original = await look(await noise.png().toBuffer());
    for (let at = 0; at < 64; at += 1)
      expect(picture.at(at, (at * 7) % 64)).toEqual(original.at(at, (at * 7) % 64));
  });

  test('is rotated as the file says', async () => {
    const turned = await quarters(60, 40).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
    const { optimizedFile, width, height } = await derive(turned);
    expect([width, height]).toEqual([40, 60]);
    const picture = await look(await files.path(optimizedFile));
    isColor(picture, 5, 5, BLUE, 10);
    isColor(picture, 35, 5, RED, 10);
  });

  test('has the first frame of an animation', async () => {
    const frames = [await plain(20, 20, RED).png().toBuffer(), await plain(20, 20, BLUE).png().toBuffer()];
    const content = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await probeImage(content, MAX_PIXELS)).pages).toBe(2);
    isColor(await look(await files.path((await derive(content)).optimizedFile)), 10, 10, RED);
  });
});

describe('a thumbnail', () => {
  test('is a JPEG of limited size', async () => {
    const { made } = await optimized(quarters(1024, 512));
    const picture = await look(await files.path(made.thumbFile));
    expect(picture).toMatchObject({ format: 'jpeg', width: THUMB_SIZE, height: THUMB_SIZE / 2 });
    isColor(picture, 10, 10, RED, 12);
    isColor(picture, 240, 120, WHITE, 12);
  });

  test('is not larger than the image, and white where that is transparent', async () => {
    const { made } = await optimized(square([0, 0, 0, 0]));
    const picture = await look(await files.path(made.thumbFile));
    expect(picture).toMatchObject({ width: 100, height: 80 });
    isColor(picture, 90, 10, WHITE, 8);
    isColor(picture, 30, 40, RED, 12);
  });
});

describe('a crop', () => {
  test('by margins cuts them off', async () => {
    const picture = await optimized(square(GREEN), {
      crop: { by: 'margins', left: 10, top: 20, right: 50, bottom: 20 },
    });
    expect(picture).toMatchObject({ width: 40, height: 40 });
    isColor(picture, 0, 0, RED);
    isColor(picture, 39, 39, RED);
  });

  test('that leaves nothing is an error that says so', async () => {
    await expect(
      optimized(square(GREEN), { crop: { by: 'margins', left: 60, top: 0, right: 40, bottom: 0 } }),
    ).rejects.toThrow(
      'cropping 60 pixels at the left, 40 at the right, 0 at the top and 0 at the bottom leaves nothing of an image of 100 × 80 pixels',
    );
  });

  test.each(['UpperLeft', 'UpperRight', 'BottomLeft', 'BottomRight'])(
    'by the color of the corner %s finds the margin',
    async (corner) => {
      const picture = await optimized(square(GREEN), { crop: { by: 'color', corner, tolerance: 0 } });
      expect(picture.made.crop).toEqual({ left: 10, top: 20, right: 50, bottom: 20 });
      expect(picture).toMatchObject({ width: 40, height: 40 });
    },
  );

  test('by color takes what is within the tolerance for the margin, and no more', async () => {
    const ground = painted(60, 60, (x, y) =>
      x >= 20 && x < 40 && y >= 20 && y < 40 ? RED : [0, 200 + ((x + y) % 20), 0],
    );
    const content = await ground.png().toBuffer();
    expect(
      (await derive(content, { crop: { by: 'color', corner: 'UpperLeft', tolerance: 0.1 } })).crop,
    ).toEqual({ left: 20, top: 20, right: 20, bottom: 20 });
    expect(
      (await derive(content, { crop: { by: 'color', corner: 'UpperLeft', tolerance: 0 } })).width,
    ).toBeGreaterThan(40);
  });

  test('by color leaves an image of one color as it is', async () => {
    expect(
      await optimized(plain(30, 20, BLUE), { crop: { by: 'color', corner: 'UpperLeft', tolerance: 0.2 } }),
    ).toMatchObject({ width: 30, height: 20 });
  });

  test('by transparency cuts off the transparent margin', async () => {
    const picture = await optimized(square([9, 9, 9, 0]), { crop: { by: 'transparency', tolerance: 0 } });
    expect(picture.made.crop).toEqual({ left: 10, top: 20, right: 50, bottom: 20 });
    isColor(picture, 20, 20, RED);
  });

  test('by transparency takes what is nearly clear within the tolerance', async () => {
    const content = await square([9, 9, 9, 20]).png().toBuffer();
    expect((await derive(content, { crop: { by: 'transparency', tolerance: 0 } })).crop).toBeUndefined();
    expect((await derive(content, { crop: { by: 'transparency', tolerance: 0.1 } })).crop).toEqual({
      left: 10,
      top: 20,
      right: 50,
      bottom: 20,
    });
  });

  test('by transparency does nothing to an image without any', async () => {
    expect(
      (await optimized(square(GREEN), { crop: { by: 'transparency', tolerance: 0.5 } })).made.crop,
    ).toBeUndefined();
  });
});

describe('a background that is knocked out', () => {
  // A ring: the ground color is inside of it, too, where a flood from the corner does not come.
  const ring = (): Sharp =>
    painted(60, 60, (x, y) => {
      const distanceToCenter = Math.max(Math.abs(x - 30), Math.abs(y - 30));
      return distanceToCenter <= 20 && distanceToCenter >= 12 ? RED : WHITE;
    });

  test('by flood is transparent where it is connected to the corner', async () => {
    const picture = await optimized(ring(), {
      knockout: { corner: 'UpperLeft', tolerance: 0, fillMethod: 'FloodFill' },
    });
    expect([picture.at(2, 2)[3], picture.at(57, 57)[3], picture.at(30, 30)[3]]).toEqual([0, 0, 255]);
    isColor(picture, 14, 30, RED);
  });

  test('by matching is transparent wherever the color is', async () => {
    const picture = await optimized(ring(), {
      knockout: { corner: 'BottomRight', tolerance: 0, fillMethod: 'MatchPixel' },
    });
    expect([picture.at(2, 2)[3], picture.at(30, 30)[3]]).toEqual([0, 0]);
    isColor(picture, 14, 30, RED);
  });

  test('takes colors within the tolerance, and no others', async () => {
    const shades = painted(50, 10, (x) => [255 - x, 255, 255]);
    const picture = await optimized(shades, {
      knockout: { corner: 'UpperLeft', tolerance: 0.1, fillMethod: 'FloodFill' },
    });
    expect([picture.at(26, 5)[3], picture.at(27, 5)[3]]).toEqual([0, 255]);
  });

  test('leaves a mask if requested', async () => {
    const { made } = await optimized(ring(), {
      createMask: true,
      knockout: { corner: 'UpperLeft', tolerance: 0, fillMethod: 'FloodFill' },
    });
    const mask = await look(await files.path(made.maskFile ?? ''));
    isColor(mask, 2, 2, BLACK);
    isColor(mask, 30, 30, WHITE);
  });

  test('leaves no mask of an image without transparency', async () => {
    expect((await optimized(ring(), { createMask: true })).made.maskFile).toBeUndefined();
  });
});

describe('sharpening', () => {
  const edge = (): Sharp => painted(40, 20, (x) => (x < 20 ? [100, 100, 100] : [150, 150, 150]));

  test('makes both sides of an edge differ more, and leaves what is far from it', async () => {
    const picture = await optimized(edge(), {
      unsharpMask: { amount: 1, radius: 2, threshold: 0, monochrome: false },
    });
    expect(picture.at(19, 10)[0]).toBeLessThan(95);
    expect(picture.at(20, 10)[0]).toBeGreaterThan(155);
    isColor(picture, 2, 10, [100, 100, 100], 1);
    isColor(picture, 37, 10, [150, 150, 150], 1);
  });

  test('leaves differences up to the threshold', async () => {
    const picture = await optimized(edge(), {
      unsharpMask: { amount: 1, radius: 2, threshold: 60, monochrome: false },
    });
    isColor(picture, 19, 10, [100, 100, 100], 0);
    isColor(picture, 20, 10, [150, 150, 150], 0);
  });

  test('is stronger with a greater amount', async () => {
    const [weak, strong] = await Promise.all(
      [0.5, 2].map((amount) =>
        optimized(edge(), { unsharpMask: { amount, radius: 2, threshold: 0, monochrome: false } }),
      ),
    );
    expect(strong?.at(20, 10)[0]).toBeGreaterThan(weak?.at(20, 10)[0] ?? 255);
  });

  test('in monochrome changes all colors by the same', async () => {
    const colored = painted(40, 20, (x) => (x < 20 ? [100, 60, 100] : [100, 120, 100]));
    const [mono, each] = await Promise.all(
      [true, false].map((monochrome) =>
        optimized(colored, { unsharpMask: { amount: 1, radius: 2, threshold: 0, monochrome } }),
      ),
    );
    const change = (picture: Picture | undefined): number[] => [
      (picture?.at(20, 10)[0] ?? 0) - 100,
      (picture?.at(20, 10)[1] ?? 0) - 120,
    ];
    expect(change(mono)[0]).toBe(change(mono)[1]);
    expect(change(mono)[0]).toBeGreaterThan(5);
    expect(change(each)[0]).toBe(0);
  });

  test('leaves transparency as it is', async () => {
    const picture = await optimized(square([0, 0, 0, 0]), {
      unsharpMask: { amount: 3, radius: 3, threshold: 0, monochrome: false },
    });
    expect([picture.at(0, 0)[3], picture.at(30, 40)[3]]).toEqual([0, 255]);
  });
});

describe('colors', () => {
  const wide = (): Promise<Buffer> => plain(30, 30, [200, 50, 50]).withIccProfile('p3').png().toBuffer();

  test('are converted to sRGB', async () => {
    const content = await wide();
    const raw = await sharp(content).metadata();
    expect(raw.hasProfile).toBe(true);
    const made = await derive(content);
    const { hasProfile } = await sharp(await files.path(made.optimizedFile)).metadata();
    expect(hasProfile).toBe(false);
    isColor(await look(await files.path(made.optimizedFile)), 10, 10, [200, 50, 50], 3);
  });

  test('are kept with their profile if requested', async () => {
    const made = await derive(await wide(), { color: { mode: 'MaintainOriginal' } });
    const path = await files.path(made.optimizedFile);
    expect((await sharp(path).metadata()).hasProfile).toBe(true);
    isColor(await look(path), 10, 10, [200, 50, 50], 3);
  });

  test('are converted to the profile that is given', async () => {
    const { icc } = await sharp(await wide()).metadata();
    const { hash } = await files.put(icc ?? Buffer.alloc(0));
    const made = await derive(await plain(30, 30, [200, 50, 50]).png().toBuffer(), {
      color: { mode: 'Convert', outputProfile: hash },
    });
    const path = await files.path(made.optimizedFile);
    expect((await sharp(path).metadata()).icc?.equals(icc ?? Buffer.alloc(0))).toBe(true);
    isColor(await look(path), 10, 10, [200, 50, 50], 3);
  });

  test('of a CMYK image are seen as on a screen, or kept', async () => {
    const content = await plain(30, 30, [200, 50, 50])
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await probeImage(content, MAX_PIXELS)).space).toBe('cmyk');
    const screen = await sharp(await files.path((await derive(content)).optimizedFile)).metadata();
    expect(screen).toMatchObject({ space: 'srgb', channels: 3 });
    const kept = await sharp(
      await files.path((await derive(content, { color: { mode: 'MaintainOriginal' } })).optimizedFile),
    ).metadata();
    expect(kept).toMatchObject({ space: 'cmyk', channels: 4 });
  });
});

describe('embedded metadata', () => {
  test('is read from EXIF, IPTC and XMP, where XMP wins', async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:a="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Hamburg"><a:title><rdf:Alt><rdf:li xml:lang="x-default">A &lt;shoe&gt;</rdf:li></rdf:Alt></a:title><a:subject><rdf:Bag><rdf:li>red</rdf:li><rdf:li>new</rdf:li></rdf:Bag></a:subject></rdf:Description></rdf:RDF></x:xmpmeta>';
    const content = await plain(10, 10, RED)
      .withExif({ IFD0: { ImageDescription: 'from EXIF', Artist: 'Ann', Copyright: '© Ann' } })
      .withXmp(xmp)
      .jpeg()
      .toBuffer();
    const { embedded } = await probeImage(content, MAX_PIXELS);
    expect(embedded.properties).toMatchObject({
      'dc.description': 'from EXIF',
      'dc.title': 'A <shoe>',
      'dc.subject': ['red', 'new'],
      'photoshop.City': 'Hamburg',
    });
    expect(embedded.packet).toContain('<a:title>');
  });

  test.each([
    ['no XML at all', 'hello <'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&a;</x:xmpmeta>'],
  ])('is left out when it is %s', (_what, packet) => {
    expect(xmpProperties(packet)).toBeUndefined();
  });

  test('has keywords that a backslash can keep together', () => {
    expect(keywordsOf('red, dark\\, shiny , ,a\\\\b,red')).toEqual(['red', 'dark, shiny', 'a\\b']);
    expect(keywordsOf('')).toEqual([]);
  });
});

test('processing an image ends at once when it is aborted', async () => {
  const content = await plain(3000, 3000, RED).png().toBuffer();
  const { hash } = await files.put(content);
  const probe = await probeImage(content, MAX_PIXELS);
  const stop = new AbortController();
  const work = makeDerivatives({ files, hash, probe, maxPixels: MAX_PIXELS, signal: stop.signal });
  stop.abort(new Error('told to stop'));
  await expect(work).rejects.toThrow('told to stop');
});

test('the original is not touched by any of it', async () => {
  const content = await square(GREEN).png().toBuffer();
  const { hash } = await files.put(content);
  await derive(content, {
    crop: { by: 'color', corner: 'UpperLeft', tolerance: 0 },
    unsharpMask: { amount: 5, radius: 5, threshold: 0, monochrome: true },
    knockout: { corner: 'UpperLeft', tolerance: 1, fillMethod: 'MatchPixel' },
  });
  expect((await readFile(await files.path(hash))).equals(content)).toBe(true);
});
