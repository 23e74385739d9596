import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withProfile } from '../src/images/decoded-file.js';
import { ImageError, imageWork, openImage, UnsupportedImageError } from '../src/images/image-library.js';
import { readJp2Header } from '../src/images/jp2-header.js';
import { withReadableImage } from '../src/images/readable-image.js';
import { openVector } from '../src/images/vector-picture.js';
import { hasImageMagick } from './support/image-corpus.js';
import { bitmapFile, documentFile, photoshopFile } from './support/image-files.js';
import { BLUE, distance, look, type Picture, painted, quarters, RED } from './support/pictures.js';

const MAX_PIXELS = 1_000_000;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-hostile-images-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function saved(name: string, content: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

/** Reads all pixels of an image. */
async function read(mediaType: string, content: Uint8Array): Promise<Picture> {
  const path = await saved('image', content);
  if (mediaType === 'image/svg+xml' || mediaType === 'application/pdf') {
    const picture = await openVector(path, mediaType);
    try {
      const { data, width, height, channels } = await picture.draw(1);
      return await look(await sharp(data, { raw: { width, height, channels } }).png().toBuffer());
    } finally {
      await picture.close();
    }
  }
  return withReadableImage({ path, mediaType, maxPixels: MAX_PIXELS }, async (image) => {
    // As when derivatives are made: what is damaged fails.
    await imageWork(() => openImage(image.path, MAX_PIXELS).raw().toBuffer(), undefined, MAX_PIXELS);
    return look(image.path);
  });
}

const side = (x: number) => (x < 20 ? RED : BLUE);
const photo = () => painted(40, 20, side);

/** A picture as ImageMagick writes it. */
async function written(name: string, ...options: readonly string[]): Promise<Buffer> {
  const png = await saved('source.png', await photo().png().toBuffer());
  const path = join(directory, name);
  execFileSync('convert', [png, ...options, path]);
  return readFileSync(path);
}

const OWN: Readonly<Record<string, readonly [mediaType: string, make: () => Promise<Buffer> | Buffer]>> = {
  jpeg: ['image/jpeg', () => photo().jpeg({ quality: 95 }).toBuffer()],
  png: ['image/png', () => photo().png().toBuffer()],
  tiff: ['image/tiff', () => photo().tiff({ compression: 'lzw' }).toBuffer()],
  webp: ['image/webp', () => photo().webp({ lossless: true }).toBuffer()],
  avif: ['image/avif', () => photo().avif({ quality: 95 }).toBuffer()],
  gif: ['image/gif', () => photo().gif().toBuffer()],
  psd: ['image/vnd.adobe.photoshop', () => photoshopFile(40, 20, side)],
  bmp: ['image/bmp', () => bitmapFile(40, 20, side)],
  pdf: ['application/pdf', () => documentFile(40, 20)],
};

const BY_IMAGEMAGICK: typeof OWN = {
  jp2: ['image/jp2', () => written('whole.jp2', '-quality', '0')],
  'jp2 with alpha': ['image/jp2', () => written('alpha.jp2', '-alpha', 'set', '-quality', '0')],
  j2k: ['image/jp2', () => written('whole.j2k', '-quality', '0')],
  heic: ['image/heic', () => written('whole.heic', '-quality', '95')],
};

describe.each([...Object.entries(OWN), ...(hasImageMagick ? Object.entries(BY_IMAGEMAGICK) : [])])(
  'a file of the format %s',
  (format, [mediaType, make]) => {
    let whole: Buffer;
    beforeAll(async () => {
      whole = await make();
    });

    test('is read', async () => {
      const picture = await read(mediaType, whole);
      expect([picture.width, picture.height]).toEqual([40, 20]);
      const left = format === 'pdf' ? [5, 15] : [5, 5];
      expect(distance(picture.at(left[0] ?? 0, left[1] ?? 0), RED)).toBeLessThan(12);
    });

    test('is an error with words wherever it ends early', async () => {
      const read16 = async (part: number): Promise<string> => {
        const cut = whole.subarray(0, Math.floor((whole.length * part) / 16));
        try {
          const picture = await read(mediaType, cut);
          // What is missing may be no pixels.
          const right = picture.at(35, format === 'pdf' ? 5 : 15);
          return `read: ${distance(right, format === 'pdf' ? [255, 255, 255] : BLUE) < 12}`;
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
          return error.message;
        }
      };
      for (let part = 0; part < 16; part += 1) {
        const words = await read16(part);
        expect(words, `${part} of 16`).toMatch(/^read: true$|\w{3}/);
        expect(words, `${part} of 16`).not.toMatch(
          /^read: false$|is not a function|undefined|TypeError|^\d+$/,
        );
        expect(words).not.toContain(directory);
      }
    });
  },
);

describe('a size that a header claims', () => {
  const side = 2 ** 31 - 1;

  test.each([
    [
      'psd',
      'image/vnd.adobe.photoshop',
      14,
      (file: Buffer) => {
        file.writeUInt32BE(30_000, 14);
        file.writeUInt32BE(30_000, 18);
      },
    ],
    [
      'bmp',
      'image/bmp',
      18,
      (file: Buffer) => {
        file.writeInt32LE(side, 18);
        file.writeInt32LE(side, 22);
      },
    ],
  ] as const)('is checked before decoding: %s', async (format, mediaType, _, claim) => {
    const file = Buffer.from((await OWN[format]?.[1]()) ?? []);
    claim(file);
    await expect(read(mediaType, file)).rejects.toThrow(/more than the allowed 1000000/);
  });

  test.skipIf(!hasImageMagick)('is checked before decoding: jp2', async () => {
    for (const kind of ['jp2', 'jp2 with alpha', 'j2k']) {
      const file = Buffer.from((await BY_IMAGEMAGICK[kind]?.[1]()) ?? []);
      const size = file.indexOf(Buffer.from('ff4fff51', 'hex')) + 8;
      file.writeUInt32BE(100_000, size);
      file.writeUInt32BE(100_000, size + 4);
      await expect(read('image/jp2', file), kind).rejects.toThrow(/more than the allowed 1000000/);
    }
  });

  test.skipIf(!hasImageMagick)('does not multiply the tiles of a JPEG 2000', async () => {
    const file = Buffer.from((await BY_IMAGEMAGICK['jp2 with alpha']?.[1]()) ?? []);
    const size = file.indexOf(Buffer.from('ff4fff51', 'hex')) + 8;
    file.writeUInt32BE(1000, size);
    file.writeUInt32BE(1000, size + 4);
    file.writeUInt32BE(1, size + 16);
    file.writeUInt32BE(1, size + 20);
    const refusal = read('image/jp2', file);
    await expect(refusal).rejects.toThrow(ImageError);
    await expect(refusal).rejects.toThrow(/1000000 tiles/);
  });
});

describe('boxes of a JPEG 2000', () => {
  test('that contain each other or nothing end', () => {
    const box = (length: number, type: string): Buffer => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(length);
      head.write(type, 4, 'latin1');
      return head;
    };
    const start = Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1');
    for (const hostile of [
      Buffer.concat([start, ...Array.from({ length: 5000 }, () => box(8, 'free'))]),
      Buffer.concat([start, box(0xffffffff, 'jp2h'), box(0xffffffff, 'jp2h'), box(8, 'cdef')]),
      Buffer.concat([start, box(1, 'jp2h')]),
      Buffer.concat([start, box(3, 'jp2h')]),
      Buffer.concat([start, box(26, 'jp2h'), box(10, 'cdef'), Buffer.from([0xff, 0xff]), box(0, 'jp2c')]),
    ])
      expect(readJp2Header(hostile)).toBeUndefined();
  });

  test.skipIf(!hasImageMagick)('name their channels, or the file is refused', async () => {
    const whole = (await BY_IMAGEMAGICK['jp2 with alpha']?.[1]()) ?? Buffer.alloc(0);
    const cdef = whole.indexOf('cdef');
    const changed = (change: (file: Buffer) => void): Buffer => {
      const file = Buffer.from(whole);
      change(file);
      return file;
    };
    const refused: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
      'no names': [
        changed((file) => file.write('free', cdef, 'latin1')),
        /4 components .* does not say what they are/,
      ],
      'multiplied colors': [
        changed((file) => file.writeUInt16BE(2, cdef + 4 + 2 + 18 + 2)),
        /channels .*type 2 of 0/,
      ],
      'another order': [changed((file) => file.writeUInt16BE(3, cdef + 4 + 2 + 4)), /channels .*type 0 of 3/],
      'colors of inks': [
        changed((file) => file.writeUInt32BE(12, file.indexOf('colr') + 7)),
        /colors of the space 12/,
      ],
    };
    for (const [kind, [file, words]] of Object.entries(refused)) {
      const refusal = read('image/jp2', file);
      await expect(refusal, kind).rejects.toThrow(UnsupportedImageError);
      await expect(refusal, kind).rejects.toThrow(words);
    }
  });
});

test('a profile that is much longer than its data is not unpacked without end', async () => {
  const png = await quarters(8, 8).png().toBuffer();
  const picture = await read('image/png', withProfile(png, Buffer.alloc(64 * 2 ** 20)));
  expect(picture.at(1, 1)).toEqual([255, 0, 0, 255]);
});
