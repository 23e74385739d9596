import type { FileHandle } from 'node:fs/promises';
import { readTiffDirectory } from './tiff-directory.js';

/** The properties of samples in the first directory of a TIFF. */
export interface TiffHeader {
  readonly width: number;
  readonly height: number;
  /** Of each sample; the first ones of a pixel with many. */
  readonly bits: readonly number[];
  readonly formats: readonly number[];
  readonly samples: number;
  readonly extraSamples: number;
  readonly compression: number;
  readonly photometric: number;
  readonly separatePlanes: boolean;
  readonly tiled: boolean;
  readonly inkSet: number;
}

/** Values of SampleFormat. */
const UNSIGNED = 1;
const SIGNED = 2;
const FLOAT = 3;
/** Undefined data, which is read as unsigned. */
const UNDEFINED = 4;

/** Values of PhotometricInterpretation. */
const MIN_IS_WHITE = 0;
const MIN_IS_BLACK = 1;
const RGB = 2;
const PALETTE = 3;
const SEPARATED = 5;
const YCBCR = 6;
const CIE_LAB = 8;

const JPEG = 7;

/** Compressions that the image library supports. */
const COMPRESSIONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, JPEG, 8, 32773, 32946, 50001]);

/** Other compressions, for messages. */
const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  32766: 'NeXT',
  32771: 'CCITT RLE/W',
  32809: 'ThunderScan',
  32908: 'Pixar',
  32909: 'Pixar',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGILog',
  34677: 'SGILog',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

const MODEL_NAMES: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  9: 'ICC L*a*b* colors',
  10: 'ITU L*a*b* colors',
  32803: 'raw sensor data',
  32844: 'LogL samples',
  32845: 'LogLuv samples',
  34892: 'linear raw sensor data',
};

/** Reads the first directory of a TIFF; `undefined` if it cannot be read, which the image library then reports. */
export async function readTiffHeader(file: FileHandle): Promise<TiffHeader | undefined> {
  const directory = await readTiffDirectory(file);
  if (directory === undefined) return undefined;
  const tags = new Map<number, readonly number[]>();
  for (const tag of TAGS) {
    const values = await directory.numbers(tag);
    if (values !== undefined) tags.set(tag, values);
  }
  const first = (tag: number, missing: number): number => tags.get(tag)?.[0] ?? missing;
  return {
    width: first(256, 0),
    height: first(257, 0),
    bits: tags.get(258) ?? [1],
    compression: first(259, 1),
    photometric: first(262, MIN_IS_BLACK),
    samples: first(277, 1),
    separatePlanes: first(284, 1) === 2,
    tiled: tags.has(322),
    inkSet: first(332, 1),
    extraSamples: tags.get(338)?.length ?? 0,
    formats: tags.get(339) ?? [UNSIGNED],
  };
}

const TAGS = [256, 257, 258, 259, 262, 277, 284, 322, 332, 338, 339];

/**
 * The reason why the image library cannot read a TIFF, or would silently misread its samples.
 */
export function unsupportedTiff(header: TiffHeader): string | undefined {
  const { compression, photometric, samples, separatePlanes, tiled } = header;
  if (!COMPRESSIONS.has(compression))
    return `its compression, ${COMPRESSION_NAMES[compression] ?? `number ${compression}`}, is not supported`;
  if (separatePlanes && tiled) return 'it has tiles in separate planes, which are not supported';
  const bits = header.bits[0] ?? 1;
  if (header.bits.some((each) => each !== bits))
    return `its samples have different sizes (${header.bits.join(', ')} bits), which is not supported`;
  const format = header.formats[0] ?? UNSIGNED;
  if (header.formats.some((each) => each !== format) || ![UNSIGNED, FLOAT, UNDEFINED].includes(format))
    return `it has ${format === SIGNED ? 'signed' : 'complex or mixed'} samples, which are not supported`;
  const floating = format === FLOAT;
  const what = `${bits}-bit ${floating ? 'floating-point ' : ''}samples`;
  const unsupported = (where: string): string => `it has ${what} ${where}, which are not supported`;
  const whole = !floating && (bits === 8 || bits === 16);
  switch (photometric) {
    case MIN_IS_WHITE:
    case MIN_IS_BLACK: {
      if (samples > 2) return `it has ${samples} samples per gray pixel, which is not supported`;
      const packed = !floating && samples === 1 && [1, 2, 4].includes(bits);
      if (whole || packed) return undefined;
      return unsupported(samples === 2 ? 'of gray and alpha' : 'of gray');
    }
    case RGB:
      if (samples < 3 || samples > 4)
        return `it has ${samples} samples per RGB pixel, which is not supported`;
      return whole ? undefined : unsupported('of RGB');
    case PALETTE:
      if (samples > 2) return `it has ${samples} samples per palette pixel, which is not supported`;
      return !floating && [1, 2, 4, 8].includes(bits) && (samples === 1 || bits === 8)
        ? undefined
        : unsupported('of a palette');
    case SEPARATED:
      if (header.inkSet !== 1 || samples < 4)
        return `it is separated into ${samples} inks other than CMYK, which are not supported`;
      if (samples > 5 || (samples === 5 && bits !== 8))
        return `it has ${samples} ${what} per CMYK pixel, which is not supported`;
      return whole ? undefined : unsupported('of CMYK');
    case YCBCR:
      if (compression !== JPEG)
        return 'it has YCbCr colors without JPEG compression, which are not supported';
      return bits === 8 && samples === 3 ? undefined : unsupported('of YCbCr');
    case CIE_LAB:
      return !floating && bits === 16 && samples === 3 ? undefined : unsupported('of L*a*b*');
    default:
      return `it has ${MODEL_NAMES[photometric] ?? `colors of model ${photometric}`}, which are not supported`;
  }
}
