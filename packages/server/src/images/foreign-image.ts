import { readFile } from 'node:fs/promises';
import { profileProblem, profileWarning } from './color-profile.js';
import { fileOfPixels, spaceOf } from './decoded-file.js';
import type { DecodeAnswer, DecodedImage, DecodeRequest, ForeignFormat } from './decoder-worker.js';
import { PHOTOSHOP } from './file-type.js';
import { ImageError, UnsupportedImageError } from './image-library.js';
import { answerOf, startThread, threadFile } from './image-thread.js';
import { hasJp2Alpha, readJp2Header, unsupportedJp2 } from './jp2-header.js';
import { MAX_WORKED_PIXELS } from './pixels.js';
import { type PsdHeader, psdWarnings, readPsdHeader, unsupportedPsd } from './psd-header.js';
import { PSD_MODES } from './psd-planes.js';

/** Formats with their own decoders, by media type, with their names in messages. */
export const FOREIGN_FORMATS: Readonly<
  Record<string, { readonly format: ForeignFormat; readonly name: string }>
> = {
  'image/bmp': { format: 'bmp', name: 'BMP' },
  'image/heic': { format: 'heic', name: 'HEIC' },
  'image/jp2': { format: 'jp2', name: 'JPEG 2000' },
  [PHOTOSHOP]: { format: 'psd', name: 'Photoshop' },
};

/** Maximum bytes of a file to decode; it is read into memory. */
export const MAX_BYTES = 512 * 2 ** 20;

/** Milliseconds to decode an image. */
const TIMEOUT = 120_000;

const WORDS = { what: 'image', verb: 'decode', participle: 'decoded' };

/** An image of a foreign format, in a form that the image library reads. */
export interface ForeignImage {
  /** The image as a PNG, or of CMYK as a TIFF, with its profile. */
  readonly content: Buffer;
  /** Pixels per inch. */
  readonly resolution: number | undefined;
  readonly warnings: readonly string[];
}

/**
 * Decodes an image in a format that the image library does not support.
 *
 * @param profile - The ICC profile of the image, if already known.
 * @throws ImageError when it is damaged, UnsupportedImageError if it may be valid but cannot be decoded.
 */
export async function decodeForeign(
  path: string,
  size: number,
  mediaType: string,
  limits: { readonly maxPixels: number; readonly signal?: AbortSignal | undefined },
  profile?: Uint8Array,
): Promise<ForeignImage> {
  const foreign = FOREIGN_FORMATS[mediaType];
  if (foreign === undefined)
    throw new UnsupportedImageError(`${mediaType} is not a format that this server decodes`);
  const { format, name } = foreign;
  if (size > MAX_BYTES)
    throw new UnsupportedImageError(
      `a ${name} file of ${size} bytes is too large to decode; at most ${MAX_BYTES}`,
    );
  const maxPixels = Math.min(limits.maxPixels, MAX_WORKED_PIXELS);
  const content = await readFile(path);
  const known = check(format, name, content, maxPixels);
  const bytes = new Uint8Array(content);
  const worker = startThread(
    threadFile('decoder-worker'),
    { format: known.format ?? format, content: bytes, maxPixels, psd: known.psd } satisfies DecodeRequest,
    [bytes.buffer],
  );
  try {
    const answer = await answerOf<DecodeAnswer>(worker, WORDS, TIMEOUT, limits.signal);
    if ('error' in answer) throw errorOf(name, answer);
    const icc = known.isDeviceless ? undefined : (answer.profile ?? known.profile ?? profile);
    const problem = icc === undefined ? undefined : await profileProblem(icc, spaceOf(answer));
    return {
      content: await fileOfPixels(answer, problem === undefined ? icc : undefined, limits),
      resolution: known.resolution,
      warnings: problem === undefined ? known.warnings : [...known.warnings, profileWarning(problem)],
    };
  } finally {
    await worker.terminate();
  }
}

interface Known {
  /** The decoder, where it depends on the header. */
  readonly format?: ForeignFormat | undefined;
  readonly profile?: Uint8Array | undefined;
  /** Whether the decoder turns colors without a device into those of a screen, so that no profile applies. */
  readonly isDeviceless?: boolean | undefined;
  readonly resolution?: number | undefined;
  readonly psd?: PsdHeader | undefined;
  readonly warnings: readonly string[];
}

/** Checks headers before anything is decoded. Other formats are checked by the thread. */
function check(format: ForeignFormat, name: string, content: Buffer, maxPixels: number): Known {
  const header =
    format === 'psd' ? readPsdHeader(content) : format === 'jp2' ? readJp2Header(content) : undefined;
  if (format !== 'psd' && format !== 'jp2') return { warnings: [] };
  if (header === undefined) throw new ImageError(`the ${name} file is damaged: its header cannot be read`);
  const { width, height } = header;
  if (width < 1 || height < 1)
    throw new ImageError(`the ${name} file is damaged: a size of ${width} × ${height} pixels is impossible`);
  if (width * height > maxPixels)
    throw new ImageError(`the image has ${width} × ${height} pixels, more than the allowed ${maxPixels}`);
  const reason = 'mode' in header ? unsupportedPsd(header) : unsupportedJp2(header);
  if (reason !== undefined) throw new UnsupportedImageError(`this ${name} file cannot be decoded: ${reason}`);
  if (header.isCut) throw new ImageError(`the ${name} file is damaged: its picture is truncated`);
  if (!('mode' in header))
    return {
      profile: header.profile,
      format: hasJp2Alpha(header) ? 'jp2-alpha' : format,
      warnings: [],
    };
  // Of the palette and the profile, the thread needs the first.
  const { profile, ...psd } = header;
  return {
    profile,
    isDeviceless: header.mode === PSD_MODES.lab,
    resolution: header.resolution,
    psd: { ...psd, profile: undefined },
    warnings: psdWarnings(header),
  };
}

function errorOf(name: string, { error, reason }: Exclude<DecodeAnswer, DecodedImage>): ImageError {
  if (reason === 'damaged') return new ImageError(`the ${name} file is damaged: ${error}`);
  return new UnsupportedImageError(`this ${name} file cannot be decoded: ${error}`);
}
