import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Layer, writePsdBuffer } from 'ag-psd';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageError, UnsupportedImageError } from '../src/images/image-library.js';
import { withReadableImage } from '../src/images/readable-image.js';
import { hasImageMagick, rgba } from './support/image-corpus.js';
import { emptyLayers, type PsdToWrite, psdFile } from './support/psd-files.js';

const PHOTOSHOP = 'image/vnd.adobe.photoshop';
const MODES = { bitmap: 0, gray: 1, indexed: 2, rgb: 3, cmyk: 4, multichannel: 7, duotone: 8, lab: 9 };
const { bitmap, gray, indexed, rgb, cmyk, multichannel, duotone, lab } = MODES;

let directory: string;
let count = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-photoshop-'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Read {
  readonly pixels: readonly (readonly number[])[];
  readonly warnings: readonly string[];
  readonly resolution: number | undefined;
}

async function saved(content: Buffer): Promise<string> {
  count += 1;
  const path = join(directory, `${count}.psd`);
  await writeFile(path, content);
  return path;
}

const readPath = (path: string): Promise<Read> =>
  withReadableImage({ path, mediaType: PHOTOSHOP, maxPixels: 1_000_000 }, async (image) => {
    const pixels = await rgba(image.path);
    return {
      pixels: Array.from({ length: pixels.length / 4 }, (_, at) => [...pixels.subarray(at * 4, at * 4 + 4)]),
      warnings: image.warnings,
      resolution: image.probe.resolution,
    };
  });

/** A file with one row of pixels. */
const row = async (psd: Omit<PsdToWrite, 'width' | 'height'> & { readonly width?: number }): Promise<Read> =>
  readPath(await saved(psdFile({ width: 2, height: 1, ...psd })));

const refusal = (psd: Omit<PsdToWrite, 'width' | 'height'>): Promise<unknown> =>
  row(psd).then(
    () => undefined,
    (error: unknown) => error,
  );

/** Names of saved selections. */
const NAMES = { id: 1006, data: Buffer.from('\x07Alpha 1', 'latin1') };

describe('a Photoshop file', () => {
  test.each([0, 1] as const)('of one bit is read, with compression %i', async (compression) => {
    const bits = [1, 0, 0, 1, 1, 1, 1, 0, 1];
    const { pixels } = await row({ width: 9, mode: bitmap, bits: 1, planes: [bits], compression });
    expect(pixels.map(([value]) => value)).toEqual(bits.map((bit) => (bit === 1 ? 0 : 255)));
  });

  test.each([0, 1] as const)('with a palette is read, with compression %i', async (compression) => {
    const colorData = new Uint8Array(768);
    colorData.set([10, 20], 0);
    colorData.set([30, 40], 256);
    colorData.set([50, 60], 512);
    const psd = { mode: indexed, bits: 8, planes: [[1, 0]], colorData, compression } as const;
    expect((await row(psd)).pixels).toEqual([
      [20, 40, 60, 255],
      [10, 30, 50, 255],
    ]);
    const clear = { id: 1047, data: Uint8Array.of(0, 1) };
    expect((await row({ ...psd, resources: [clear] })).pixels.map(([, , , alpha]) => alpha)).toEqual([
      0, 255,
    ]);
    await expect(row({ ...psd, colorData: new Uint8Array(3) })).rejects.toThrow(/damaged: it has no palette/);
  });

  test.each([false, true])('of gray, with 8 and 16 bits, is read: large %s', async (large) => {
    const byte = await row({ mode: gray, bits: 8, planes: [[7, 200]], large });
    const word = await row({ mode: gray, bits: 16, planes: [[7 * 257, 200 * 257]], large, compression: 1 });
    expect(byte.pixels).toEqual([
      [7, 7, 7, 255],
      [200, 200, 200, 255],
    ]);
    expect(word.pixels).toEqual(byte.pixels);
  });

  test('of a duotone is gray, with a warning', async () => {
    const { pixels, warnings } = await row({
      mode: duotone,
      bits: 8,
      planes: [[7, 200]],
      colorData: new Uint8Array(500),
    });
    expect(pixels[1]).toEqual([200, 200, 200, 255]);
    expect(warnings).toEqual(['the inks of the duotone are ignored: the image is gray']);
  });

  test('of L*a*b* has the colors that its numbers mean', async () => {
    const planes = [
      [255, 0, 138, 138],
      [128, 128, 128, 209],
      [128, 128, 128, 195],
    ];
    const { pixels } = await row({ width: 4, mode: lab, bits: 8, planes });
    const wide = await row({
      width: 4,
      mode: lab,
      bits: 16,
      planes: [
        planes[0]?.map((value) => value * 257) ?? [],
        ...planes.slice(1).map((all) => all.map((value) => value * 256)),
      ],
    });
    // By the tables for D50: white, black, a middle gray, and the red of sRGB, L*54 a*81 b*70, which is paler in whole numbers.
    expect(pixels.slice(0, 2)).toEqual([
      [255, 255, 255, 255],
      [0, 0, 0, 255],
    ]);
    for (const value of pixels[2]?.slice(0, 3) ?? []) expect(Math.abs(value - 129)).toBeLessThan(2);
    const [red = 0, green = 255, blue = 255] = pixels[3] ?? [];
    expect([red > 250, green < 20, blue < 20]).toEqual([true, true, true]);
    for (const [at, pixel] of wide.pixels.entries())
      for (const [part, value] of pixel.entries())
        expect(Math.abs(value - (pixels[at]?.[part] ?? 0))).toBeLessThan(2);
  });

  test('of CMYK has ink where its planes are dark', async () => {
    const clean = [255, 255, 255, 0];
    const planes = [[255, 0, 255, 255], clean.map(() => 255), clean.map(() => 255), clean];
    for (const bits of [8, 16] as const) {
      const { pixels } = await row({
        width: 4,
        mode: cmyk,
        bits,
        planes: planes.map((plane) => plane.map((value) => (bits === 16 ? value * 257 : value))),
      });
      const [paper = [], cyan = [], , black = []] = pixels;
      expect(paper.slice(0, 3).every((value) => value > 250)).toBe(true);
      expect([(cyan[0] ?? 255) < 60, (cyan[2] ?? 0) > 180]).toEqual([true, true]);
      expect(black.slice(0, 3).every((value) => value < 60)).toBe(true);
    }
  });

  test('of CMYK has the transparency of its fifth plane', async () => {
    const planes = [
      [255, 255],
      [255, 255],
      [255, 255],
      [255, 255],
      [255, 51],
    ];
    const { pixels } = await row({ mode: cmyk, bits: 8, planes });
    expect(pixels.map(([, , , alpha]) => alpha)).toEqual([255, 51]);
  });

  test('shows a fourth plane as transparency unless it is a saved selection', async () => {
    const planes = [
      [10, 10],
      [20, 20],
      [30, 30],
      [255, 51],
    ];
    const psd = { mode: rgb, bits: 8, planes } as const;
    const alphas = async (more: Partial<PsdToWrite>): Promise<unknown> =>
      (await row({ ...psd, ...more })).pixels.map(([, , , alpha]) => alpha);
    expect(await alphas({})).toEqual([255, 51]);
    expect(await alphas({ resources: [NAMES] })).toEqual([255, 255]);
    expect(await alphas({ resources: [NAMES], layers: emptyLayers(true) })).toEqual([255, 51]);
    expect(await alphas({ large: true, layers: emptyLayers(true, true), resources: [NAMES] })).toEqual([
      255, 51,
    ]);
  });

  test.each([0, 1] as const)('does not mix up further planes, with compression %i', async (compression) => {
    const planes = [
      [10, 11],
      [20, 21],
      [30, 31],
      [255, 255],
      [99, 98],
      [97, 96],
    ];
    const { pixels } = await row({ mode: rgb, bits: 8, planes, compression, resources: [NAMES] });
    expect(pixels).toEqual([
      [10, 20, 30, 255],
      [11, 21, 31, 255],
    ]);
  });

  test('loses the white that Photoshop mixes into half clear colors', async () => {
    // A fifth of red 10, green 20, blue 30 on white.
    const planes = [
      [206, 255],
      [208, 255],
      [210, 255],
      [51, 0],
    ];
    const { pixels } = await row({ mode: rgb, bits: 8, planes, layers: emptyLayers(true) });
    expect(pixels[0]).toEqual([10, 20, 30, 51]);
    expect(pixels[1]?.[3]).toBe(0);
  });

  test('warns of spot colors', async () => {
    const display = Buffer.alloc(14);
    display[12] = 2;
    const { warnings } = await row({
      mode: rgb,
      bits: 8,
      planes: [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
      resources: [NAMES, { id: 1007, data: display }],
    });
    expect(warnings).toEqual(['the spot colors in the file are ignored']);
  });

  test.each([
    [
      'multichannel',
      {
        mode: multichannel,
        bits: 8,
        planes: [
          [1, 2],
          [3, 4],
        ],
      },
      /mode, Multichannel, is not/,
    ],
    [
      'of floating-point samples',
      {
        mode: rgb,
        bits: 32,
        planes: [
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      },
      /32 bits per channel/,
    ],
    ['of an unknown mode', { mode: 6, bits: 8, planes: [[1, 2]] }, /mode, number 6, is not/],
    [
      'of a palette with 16 bits',
      { mode: indexed, bits: 16, planes: [[1, 2]] },
      /16 bits per channel in the mode Indexed/,
    ],
    [
      'with too few planes',
      {
        mode: cmyk,
        bits: 8,
        planes: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      },
      /has 3 channels in the mode CMYK/,
    ],
  ] as const)('is refused, %s', async (_what, psd, words) => {
    const error = await refusal(psd);
    expect(error).toBeInstanceOf(UnsupportedImageError);
    expect(String(error)).toMatch(words);
  });

  test('is damaged when a row has too few pixels', async () => {
    const content = psdFile({ width: 200, height: 1, mode: gray, bits: 8, planes: [[]], compression: 1 });
    // The first run claims fewer pixels than the row has.
    content[content.length - 201 - 2 + 1] = 3;
    const error = await readPath(await saved(content)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImageError);
    expect(error).not.toBeInstanceOf(UnsupportedImageError);
  });

  test('is read from its only layer, which has no white mixed in', async () => {
    const filled = (...pixel: number[]) => ({
      width: 40,
      height: 20,
      data: Uint8ClampedArray.from({ length: 3200 }, (_, at) => pixel[at % 4] ?? 0),
    });
    const layer = (more: Partial<Layer>): Buffer =>
      writePsdBuffer({
        width: 40,
        height: 20,
        // Not what the layer shows.
        imageData: filled(9, 9, 9, 254),
        children: [{ name: 'Only', top: 0, left: 0, imageData: filled(10, 20, 30, 51), ...more }],
      });
    const first = async (more: Partial<Layer>): Promise<unknown> =>
      (await readPath(await saved(layer(more)))).pixels[0];
    expect(await first({})).toEqual([10, 20, 30, 51]);
    for (const more of [{ opacity: 0.5 }, { hidden: true }, { blendMode: 'multiply' }] as const)
      expect(await first(more), JSON.stringify(more)).toEqual([8, 8, 8, 254]);
  });
});

test.skipIf(!hasImageMagick)('ImageMagick reads the files of these tests the same', async () => {
  for (const [mode, planes] of [
    [
      rgb,
      [
        [10, 200],
        [20, 100],
        [30, 0],
      ],
    ],
    [gray, [[10, 200]]],
  ] as const) {
    const path = await saved(psdFile({ width: 2, height: 1, mode, bits: 8, planes, compression: 1 }));
    const theirs = execFileSync('convert', [`${path}[0]`, '-depth', '8', 'rgba:-']);
    expect((await readPath(path)).pixels.flat()).toEqual([...theirs]);
  }
});
