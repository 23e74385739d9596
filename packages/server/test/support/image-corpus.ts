// Images in every combination of format, depth, color space, compression and layout that ImageMagick and the tools of libtiff write,
// and how ImageMagick reads them.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { imageWork, openImage } from '../../src/images/image-library.js';
import { BLACK, painted, WHITE } from './pictures.js';

export const WIDTH = 61;
export const HEIGHT = 47;

/** Whether ImageMagick is installed. */
export const hasImageMagick = /^Version: ImageMagick/m.test(
  String(spawnSync('convert', ['-version'], { encoding: 'utf8' }).stdout ?? ''),
);

const hasTool = (name: string): boolean => spawnSync(name, ['-h']).error === undefined;

/** Most pixels of an image of a corpus. */
export const MAX_PIXELS = 50_000_000;

/** Files that one run of ImageMagick writes or reads. */
const AT_ONCE = 30;

interface Written {
  readonly file: string;
  /** The picture that it is made of. */
  readonly of: `${'base' | 'alpha' | 'gray' | 'few' | 'few-alpha' | 'bilevel'}.png`;
  readonly options: readonly string[];
}

const RGB = { name: 'rgb', of: 'base.png', options: [] } as const;
const RGBA = { name: 'rgba', of: 'alpha.png', options: [] } as const;
const GRAY = { name: 'gray', of: 'gray.png', options: ['-colorspace', 'Gray'] } as const;
const GRAY_ALPHA = { name: 'graya', of: 'alpha.png', options: ['-colorspace', 'Gray'] } as const;
const CMYK = { name: 'cmyk', of: 'base.png', options: ['-colorspace', 'CMYK'] } as const;
const CMYK_ALPHA = { name: 'cmyka', of: 'alpha.png', options: ['-colorspace', 'CMYK'] } as const;
const LAB = { name: 'lab', of: 'base.png', options: ['-colorspace', 'Lab'] } as const;
const YCC = { name: 'ycc', of: 'base.png', options: ['-colorspace', 'YCbCr'] } as const;
const PALETTE = { name: 'pal', of: 'few.png', options: ['-type', 'Palette'] } as const;
const PALETTE_ALPHA = {
  name: 'pala',
  of: 'few-alpha.png',
  options: ['-type', 'PaletteAlpha'],
} as const;
const BILEVEL = { name: 'bilevel', of: 'bilevel.png', options: ['-type', 'Bilevel'] } as const;

const define = (value: string): string[] => ['-define', value];
const FLOATING = define('quantum:format=floating-point');
const SIGNED = define('quantum:format=signed');

const ORIENTATIONS = [
  'TopLeft',
  'TopRight',
  'BottomRight',
  'BottomLeft',
  'LeftTop',
  'RightTop',
  'RightBottom',
  'LeftBottom',
];

function* combinations(): Generator<Written> {
  const kinds = [RGB, RGBA, GRAY, GRAY_ALPHA, CMYK, CMYK_ALPHA, LAB, YCC, PALETTE, PALETTE_ALPHA, BILEVEL];
  for (const { name, of, options } of kinds) {
    for (const depth of [1, 2, 4, 8, 16, 32, 64]) {
      const plain = [...options, '-depth', String(depth), '-compress', 'None'];
      yield { file: `tiff-${name}-${depth}.tif`, of, options: plain };
      if (depth >= 16)
        yield { file: `tiff-${name}-${depth}-float.tif`, of, options: [...plain, ...FLOATING] };
      if (depth >= 8 && depth < 64)
        yield { file: `tiff-${name}-${depth}-signed.tif`, of, options: [...plain, ...SIGNED] };
    }
  }
  for (const { name, of, options } of [RGB, RGBA, GRAY, CMYK]) {
    const layouts: Record<string, string[]> = {
      'planes-8': ['-depth', '8', '-interlace', 'plane'],
      'planes-16': ['-depth', '16', '-interlace', 'plane'],
      tiles: ['-depth', '8', ...define('tiff:tile-geometry=32x32')],
      'big-endian-8': ['-depth', '8', ...define('tiff:endian=msb')],
      'big-endian-16': ['-depth', '16', ...define('tiff:endian=msb')],
      'low-bits-first': ['-depth', '8', ...define('tiff:fill-order=lsb')],
      'predictor-16': ['-depth', '16', '-compress', 'Zip', ...define('tiff:predictor=2')],
      'predictor-float': ['-depth', '32', ...FLOATING, '-compress', 'Zip', ...define('tiff:predictor=3')],
    };
    for (const [layout, how] of Object.entries(layouts))
      yield { file: `tiff-${name}-${layout}.tif`, of, options: [...options, ...how] };
    yield { file: `TIFF64:tiff-${name}-bigtiff.tif`, of, options: [...options, '-depth', '8'] };
    for (const compression of ['LZW', 'Zip', 'JPEG', 'RLE', 'ZSTD', 'LZMA', 'WebP', 'Fax', 'Group4'])
      yield {
        file: `tiff-${name}-${compression}.tif`,
        of,
        options: [...options, '-depth', '8', '-quality', '97', '-compress', compression],
      };
  }
  for (const polarity of ['min-is-black', 'min-is-white'])
    for (const depth of [1, 2, 4, 8, 16])
      yield {
        file: `tiff-${polarity}-${depth}.tif`,
        of: 'gray.png',
        options: [...GRAY.options, '-depth', String(depth), ...define(`quantum:polarity=${polarity}`)],
      };
  for (const alpha of ['associated', 'unassociated', 'unspecified'])
    for (const depth of ['8', '16'])
      yield {
        file: `tiff-alpha-${alpha}-${depth}.tif`,
        of: 'alpha.png',
        options: ['-depth', depth, ...define(`tiff:alpha=${alpha}`)],
      };
  for (const [index, orientation] of ORIENTATIONS.entries())
    for (const format of ['tif', 'jpg'])
      yield {
        file: `orientation-${index + 1}.${format}`,
        of: 'base.png',
        options: ['-depth', '8', '-quality', '97', '-orient', orientation],
      };
  yield* otherFormats();
}

function* otherFormats(): Generator<Written> {
  for (const { name, of, options } of [RGB, RGBA, GRAY, GRAY_ALPHA, PALETTE, BILEVEL])
    for (const depth of ['1', '2', '4', '8', '16'])
      for (const interlace of ['None', 'PNG'])
        yield {
          file: `png-${name}-${depth}-${interlace}.png`,
          of,
          options: [
            ...options,
            '-depth',
            depth,
            ...define(`png:bit-depth=${depth}`),
            '-interlace',
            interlace,
          ],
        };
  // ImageMagick itself knows no exponents but these.
  for (const gamma of ['1.0', '0.45455'])
    yield { file: `png-gamma-${gamma}.png`, of: 'base.png', options: ['-set', 'gamma', gamma] };
  yield { file: 'png-linear.png', of: 'base.png', options: ['-colorspace', 'RGB'] };
  yield { file: 'PNG8:png-8.png', of: 'few-alpha.png', options: [] };
  for (const { name, of, options } of [RGB, GRAY, CMYK])
    for (const interlace of ['None', 'JPEG'])
      yield {
        file: `jpeg-${name}-${interlace}.jpg`,
        of,
        options: [...options, '-quality', '97', '-interlace', interlace],
      };
  yield { file: 'gif.gif', of: 'few.png', options: [] };
  yield { file: 'gif-alpha.gif', of: 'few-alpha.png', options: [] };
  yield { file: 'gif-interlaced.gif', of: 'few.png', options: ['-interlace', 'GIF'] };
  yield { file: 'webp-lossy.webp', of: 'base.png', options: ['-quality', '97'] };
  yield { file: 'webp-alpha.webp', of: 'alpha.png', options: ['-quality', '97'] };
  yield { file: 'webp-lossless.webp', of: 'alpha.png', options: define('webp:lossless=true') };
  yield { file: 'avif.avif', of: 'base.png', options: ['-quality', '97'] };
  yield { file: 'heic.heic', of: 'base.png', options: ['-quality', '97'] };
  yield { file: 'heic-alpha.heic', of: 'alpha.png', options: ['-quality', '97'] };
  for (const version of ['BMP', 'BMP2', 'BMP3'])
    for (const { name, of, options } of [RGB, RGBA, GRAY, PALETTE, BILEVEL])
      for (const compression of ['None', 'RLE'])
        yield {
          file: `${version}:${version}-${name}-${compression}.bmp`,
          of,
          options: [...options, '-depth', '8', '-compress', compression],
        };
  for (const subtype of ['RGB565', 'ARGB4444', 'ARGB1555'])
    yield { file: `bmp-${subtype}.bmp`, of: 'base.png', options: define(`bmp:subtype=${subtype}`) };
  const photoshop = [RGB, RGBA, GRAY, GRAY_ALPHA, CMYK, CMYK_ALPHA, LAB, PALETTE, BILEVEL];
  for (const { name, of, options } of photoshop)
    for (const depth of ['8', '16', '32'])
      for (const compression of ['None', 'RLE', 'Zip'])
        for (const format of ['psd', 'psb'])
          yield {
            file: `${format.toUpperCase()}:${format}-${name}-${depth}-${compression}.${format}`,
            of,
            options: [...options, '-depth', depth, '-compress', compression],
          };
  for (const compression of ['None', 'RLE'])
    yield {
      file: `psd-monochrome-${compression}.psd`,
      of: 'bilevel.png',
      options: ['-monochrome', '-depth', '1', '-compress', compression],
    };
  for (const { name, of, options } of [RGB, RGBA, GRAY, GRAY_ALPHA, YCC])
    for (const depth of ['8', '12', '16'])
      for (const extension of ['jp2', 'j2k'])
        yield {
          file: `jp2-${name}-${depth}.${extension}`,
          of,
          options: [...options, '-depth', depth, '-quality', '0'],
        };
  yield { file: 'jp2-lossy.jp2', of: 'base.png', options: ['-quality', '40'] };
  for (const [name, how] of Object.entries({
    tiles: ['jp2:tile-size=16x16', 'jp2:number-resolutions=3'],
    layers: ['jp2:progression-order=RPCL', 'jp2:layer-number=2'],
  }))
    yield {
      file: `jp2-alpha-${name}.jp2`,
      of: 'alpha.png',
      options: ['-depth', '8', '-quality', '90', ...how.flatMap(define)],
    };
}

/** Writes all combinations; those that the installed ImageMagick cannot write are left out. */
export async function writeCombinations(directory: string): Promise<void> {
  const shade = (x: number): number => Math.round((x * 255) / (WIDTH - 1));
  const color = (x: number, y: number): [number, number, number] =>
    x > 4 && x < 20 && y > 4 && y < 15 ? [0, 255, 0] : [shade(x), Math.round(y * 2.5), 255 - shade(x)];
  const step = (x: number): number => Math.floor((x * 4) / WIDTH) * 85;
  const few = (x: number, y: number): [number, number, number] => [step(x), y < HEIGHT / 2 ? 255 : 0, 60];
  const pictures: Record<Written['of'], Sharp> = {
    'base.png': painted(WIDTH, HEIGHT, color),
    'alpha.png': painted(WIDTH, HEIGHT, (x, y) => [...color(x, y), 255 - y * 4]),
    'gray.png': painted(WIDTH, HEIGHT, (x) => [shade(x), shade(x), shade(x)]),
    // Few enough colors that ImageMagick, which is slow at choosing, need not choose some.
    'few.png': painted(WIDTH, HEIGHT, few),
    'few-alpha.png': painted(WIDTH, HEIGHT, (x, y) => [...few(x, y), x < WIDTH / 2 ? 255 : 120]),
    'bilevel.png': painted(WIDTH, HEIGHT, (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? WHITE : BLACK)),
  };
  for (const [name, picture] of Object.entries(pictures))
    await writeFile(join(directory, name), await picture.png().toBuffer());
  const all = [...combinations()];
  const runs: string[][] = [];
  for (let start = 0; start < all.length; start += AT_ONCE)
    runs.push(
      all
        .slice(start, start + AT_ONCE)
        .flatMap(({ file, of, options }) => ['(', of, ...options, '-write', file, '+delete', ')']),
    );
  await inTwos(runs, (args) => run('convert', ['-respect-parentheses', ...args, 'null:'], directory));
  await writeWithTools(directory);
}

/** Layouts and compressions that only other tools write. */
async function writeWithTools(directory: string): Promise<void> {
  const runs: string[][] = [];
  const from = 'tiff-rgb-8.tif';
  for (const compression of ['none', 'packbits', 'lzw:2', 'zip:2', 'zstd', 'lzma', 'webp'])
    runs.push(['tiffcp', '-c', compression, from, `tiffcp-${compression.replace(':', '-')}.tif`]);
  for (const compression of ['jpeg', 'jpeg:r'])
    runs.push(['tiffcp', '-r', '16', '-c', compression, from, `tiffcp-${compression.replace(':', '-')}.tif`]);
  for (const compression of ['g3:1d', 'g3:2d', 'g4'])
    runs.push([
      'tiffcp',
      '-c',
      compression,
      'tiff-bilevel-1.tif',
      `tiffcp-${compression.replace(':', '-')}.tif`,
    ]);
  runs.push(['tiffcp', '-p', 'separate', from, 'tiffcp-separate.tif']);
  runs.push([
    'tiffcp',
    '-t',
    '-w',
    '16',
    '-l',
    '16',
    '-p',
    'separate',
    'tiff-rgba-8.tif',
    'tiffcp-tiles-separate.tif',
  ]);
  runs.push(['tiffcp', '-8', 'tiff-rgba-16.tif', 'tiffcp-bigtiff-16.tif']);
  runs.push(['rgb2ycbcr', from, 'rgb2ycbcr.tif']);
  const hasTiff = hasTool('tiffcp');
  const jpegs: Record<string, string[]> = {
    arithmetic: ['-arithmetic'],
    'arithmetic-progressive': ['-arithmetic', '-progressive'],
    rgb: ['-rgb'],
    restarts: ['-restart', '1', '-sample', '1x2'],
  };
  if (hasTool('cjpeg')) {
    await run('convert', ['base.png', '-depth', '8', 'base.ppm'], directory);
    for (const [name, options] of Object.entries(jpegs))
      runs.push(['cjpeg', '-quality', '97', ...options, '-outfile', `cjpeg-${name}.jpg`, 'base.ppm']);
  }
  for (const [tool = '', ...args] of runs) if (tool === 'cjpeg' || hasTiff) await run(tool, args, directory);
}

/**
 * Photoshop files whose first layer is compared: in the composite image, ImageMagick mixes no white into half clear pixels, and removes
 * what it takes for white when it reads them.
 */
const CLEAR_PHOTOSHOP = /ps[bd]-(?:rgb|gray|cmyk)a-[^/]*$/;

/** How ImageMagick reads the first images of files, as RGBA; files that it cannot read are left out. */
export async function readByImageMagick(
  files: readonly string[],
  directory: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const numbered = [...files.entries()];
  const target = (index: number): string => join(directory, `reference-${index}.rgba`);
  const readAll = (part: readonly (readonly [number, string])[]): Promise<boolean> => {
    const args = part.flatMap(([index, file]) => [
      ...[
        '(',
        `${file}[${CLEAR_PHOTOSHOP.test(file) ? 1 : 0}]`,
        ...(/\.gif$/.test(file) ? ['-coalesce'] : []),
        '-auto-orient',
      ],
      ...['-colorspace', 'sRGB', '-depth', '8'],
      ...['-write', `rgba:${target(index)}`, '+delete', ')'],
    ]);
    return run('convert', ['-respect-parentheses', ...args, 'null:'], directory);
  };
  const parts: (readonly (readonly [number, string])[])[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE)
    parts.push(numbered.slice(start, start + AT_ONCE));
  await inTwos(parts, async (part) => {
    if (await readAll(part)) return;
    // ImageMagick writes one file for another after one that it cannot read.
    for (const [index] of part) await rm(target(index), { force: true });
    for (const one of part) await readAll([one]);
  });
  const read = new Map<string, Buffer>();
  for (const [index, file] of numbered)
    if (existsSync(target(index))) read.set(file, await readFile(target(index)));
  return read;
}

/** The mean difference of two images on white, from 0 to 255; `undefined` for images of different sizes. */
export function meanDifference(ours: Uint8Array, theirs: Uint8Array): number | undefined {
  if (ours.length !== theirs.length) return undefined;
  let sum = 0;
  for (let at = 0; at < ours.length; at += 4) {
    const [clear, other] = [255 - (ours[at + 3] ?? 0), 255 - (theirs[at + 3] ?? 0)];
    for (let part = at; part < at + 3; part += 1)
      sum += Math.abs(
        ((ours[part] ?? 0) * (255 - clear)) / 255 +
          clear -
          ((theirs[part] ?? 0) * (255 - other)) / 255 -
          other,
      );
  }
  return sum / ((ours.length / 4) * 3);
}

/** An image of the image library as RGBA. */
export async function rgba(path: string): Promise<Uint8Array> {
  const image = (): Sharp => openImage(path, MAX_PIXELS).autoOrient().toColourspace('srgb').ensureAlpha();
  return imageWork(() => image().raw({ depth: 'uchar' }).toBuffer(), undefined, MAX_PIXELS);
}

async function inTwos<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const rest = [...all];
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
  };
  await Promise.all([worker(), worker()]);
}

/** Runs a tool, and says whether all went well. */
function run(tool: string, args: readonly string[], cwd: string): Promise<boolean> {
  return new Promise((resolve) => {
    // Images this small are slower in several threads.
    const env = { ...process.env, OMP_NUM_THREADS: '1', MAGICK_THREAD_LIMIT: '1' };
    execFile(tool, args, { cwd, env, timeout: 60_000, maxBuffer: 2 ** 26 }, (error, _, complaints) =>
      resolve(error === null || (tool === 'convert' && onlyNothingLeft(complaints))),
    );
  });
}

/** The one complaint about a run that writes all of its images on its way. */
const onlyNothingLeft = (complaints: string): boolean =>
  /^convert\S*: no images defined `null:'[^\n]*\n?$/.test(complaints);
