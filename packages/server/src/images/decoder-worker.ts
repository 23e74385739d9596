// Decodes one image in a format that the image library does not support, in its own thread: an image that
// hangs or crashes its decoder affects nothing else, and the thread can be terminated at any time. Imports
// only packages and files without imports, so that it runs without a build.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { PsdHeader } from './psd-header.js';
import type { PsdPicture } from './psd-planes.js';

/** A format that has its own decoder. */
export type ForeignFormat = 'bmp' | 'heic' | 'jp2' | 'jp2-alpha' | 'psd';

/** A request to decode an image. */
export interface DecodeRequest {
  readonly format: ForeignFormat;
  readonly content: Uint8Array;
  /** Maximum pixels, checked before decoding. */
  readonly maxPixels: number;
  /** Of a Photoshop file: the facts in its header. */
  readonly psd?: PsdHeader | undefined;
}

/** Pixels with 8 or 16 bits per channel: gray, RGB or CMYK, with or without alpha. */
export interface DecodedImage {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4 | 5;
  /** Whether four channels, of 8 bits, are inks. */
  readonly isCmyk?: boolean;
  readonly profile?: Uint8Array | undefined;
}

/** The result of the thread. */
export type DecodeAnswer =
  | DecodedImage
  | { readonly error: string; readonly reason: 'damaged' | 'unsupported' | 'missing' };

type Failure = Exclude<DecodeAnswer, DecodedImage>;

class Unsupported extends Error {}
class Missing extends Error {}

const require = createRequire(import.meta.url);

/** The API of `libheif-js` that is used here; the package has no types. */
interface HeifImage {
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  has_alpha_channel(): boolean;
  display(target: HeifPixels, done: (target: HeifPixels | null) => void): void;
}
interface HeifPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
interface Heif {
  readonly HeifDecoder: new () => { decode(content: Uint8Array): HeifImage[] };
}

/** The API of `@cornerstonejs/codec-openjpeg` that is used here; the package has no types. */
interface OpenJpeg {
  readonly J2KDecoder: new () => {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getFrameInfo(): {
      readonly width: number;
      readonly height: number;
      readonly bitsPerSample: number;
      readonly componentCount: number;
      readonly isSigned: boolean;
    };
    getDecodedBuffer(): Uint8Array;
    getColorSpace(): number;
  };
}

const DECODERS: Readonly<Record<ForeignFormat, (request: DecodeRequest) => Promise<DecodedImage>>> = {
  bmp,
  heic,
  jp2,
  'jp2-alpha': jp2Alpha,
  psd,
};

async function bmp({ content, maxPixels }: DecodeRequest): Promise<DecodedImage> {
  // Its path depends on whether this file was built.
  const { bmpPixels, UnsupportedBmpError } = (await import(
    besideThis('bmp-pixels')
  )) as typeof import('./bmp-pixels.js');
  try {
    return bmpPixels(content, maxPixels);
  } catch (error) {
    if (error instanceof UnsupportedBmpError) throw new Unsupported(error.message);
    throw error;
  }
}

async function heic({ content, maxPixels }: DecodeRequest): Promise<DecodedImage> {
  const library = optional('libheif-js') as Heif;
  const images = new library.HeifDecoder().decode(content);
  const image = images.find((each) => each.is_primary()) ?? images[0];
  if (image === undefined) throw new Error('it contains no image');
  const [width, height] = [image.get_width(), image.get_height()];
  if (width * height > maxPixels)
    throw new Unsupported(`it has ${width} × ${height} pixels, more than the allowed ${maxPixels}`);
  const target = { data: new Uint8ClampedArray(width * height * 4), width, height };
  const drawn = await new Promise<HeifPixels | null>((resolve) => image.display(target, resolve));
  if (drawn === null) throw new Error(said.at(-1) ?? 'it cannot be decoded');
  const data = new Uint8Array(target.data.buffer);
  return image.has_alpha_channel()
    ? { data, width, height, channels: 4 }
    : { data: withoutAlpha(data), width, height, channels: 3 };
}

/** Loads a package that may be missing. */
function optional(name: 'libheif-js'): unknown {
  try {
    return require(`${name}/wasm-bundle`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND')
      throw new Missing(`the package ${name}, which decodes such images, is not installed`);
    throw error;
  }
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const data = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from] ?? 0;
    data[to + 1] = rgba[from + 1] ?? 0;
    data[to + 2] = rgba[from + 2] ?? 0;
  }
  return data;
}

/** OpenJPEG's number of the YCC color space. */
const SYCC = 3;

async function jp2({ content, maxPixels }: DecodeRequest): Promise<DecodedImage> {
  const load = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as (
    options: object,
  ) => Promise<OpenJpeg>;
  const library = await load({ print: note, printErr: note });
  const decoder = new library.J2KDecoder();
  decoder.getEncodedBuffer(content.length).set(content);
  try {
    decoder.decode();
  } catch (error) {
    // The library throws addresses in its own memory.
    throw error instanceof Error ? error : new Error(said.at(-1) ?? 'it cannot be decoded');
  }
  const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
  const decoded = decoder.getDecodedBuffer();
  const wide = bitsPerSample > 8;
  const count = width * height * componentCount;
  if (count === 0 || decoded.byteLength !== count * (wide ? 2 : 1) || width * height > maxPixels)
    throw new Error(said.at(-1) ?? 'its pixels do not match its header');
  if (componentCount !== 1 && componentCount !== 3)
    throw new Unsupported(`it has ${componentCount} components per pixel; only 1 or 3 are supported`);
  const bytes = decoded.slice();
  const samples = wide ? new Uint16Array(bytes.buffer) : bytes;
  const signed = wide ? new Int16Array(bytes.buffer) : new Int8Array(bytes.buffer);
  const most = 2 ** bitsPerSample - 1;
  const full = wide ? 0xffff : 0xff;
  const middle = isSigned ? 2 ** (bitsPerSample - 1) : 0;
  for (let at = 0; at < count; at += 1)
    samples[at] = Math.round((((isSigned ? (signed[at] ?? 0) : (samples[at] ?? 0)) + middle) * full) / most);
  if (decoder.getColorSpace() === SYCC && componentCount === 3) toRgb(samples, full);
  return { data: samples, width, height, channels: componentCount };
}

/** JPEG 2000 with an alpha channel, which OpenJPEG's package refuses. Samples of more than 8 bits are shortened. */
async function jp2Alpha({ content, maxPixels }: DecodeRequest): Promise<DecodedImage> {
  const { JpxImage } = await import('jpeg2000');
  const image = Object.assign(new JpxImage(), { failOnCorruptedImage: true });
  image.parse(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  const { width, height, componentsCount: channels, tiles } = image;
  if (width * height > maxPixels || (channels !== 2 && channels !== 4))
    throw new Error('it has other pixels than its header says');
  const data = new Uint8Array(width * height * channels);
  const [left, top] = [
    Math.min(...tiles.map((tile) => tile.left)),
    Math.min(...tiles.map((tile) => tile.top)),
  ];
  for (const tile of tiles)
    for (let row = 0; row < tile.height; row += 1) {
      const from = row * tile.width * channels;
      const to = ((tile.top - top + row) * width + tile.left - left) * channels;
      data.set(tile.items.subarray(from, from + tile.width * channels), to);
    }
  return { data, width, height, channels };
}

/** From brightness and two colors to RGB, by the matrix of JPEG. */
function toRgb(samples: Uint8Array | Uint16Array, full: number): void {
  const middle = (full + 1) / 2;
  const fit = (value: number): number => Math.max(0, Math.min(full, Math.round(value)));
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at] ?? 0;
    const blue = (samples[at + 1] ?? 0) - middle;
    const red = (samples[at + 2] ?? 0) - middle;
    samples[at] = fit(y + 1.402 * red);
    samples[at + 1] = fit(y - 0.344136 * blue - 0.714136 * red);
    samples[at + 2] = fit(y + 1.772 * blue);
  }
}

async function psd({ content, psd: header }: DecodeRequest): Promise<DecodedImage> {
  if (header === undefined) throw new Error('it has no header');
  const { width, height } = header;
  const { data, channels, space } = await pictureOf(content, header);
  return { data, width, height, channels, isCmyk: space === 'cmyk' };
}

async function pictureOf(content: Uint8Array, header: PsdHeader): Promise<PsdPicture> {
  // Their paths depend on whether this file was built.
  const planes = (await import(besideThis('psd-planes'))) as typeof import('./psd-planes.js');
  const { mode, alpha } = header;
  if (alpha === 'matted') {
    const { layersOfFile } = (await import(
      besideThis('psd-structure')
    )) as typeof import('./psd-structure.js');
    const { PsdLayerReader } = (await import(besideThis('psd-layers'))) as typeof import('./psd-layers.js');
    const whole = (): PsdPicture | undefined => {
      try {
        const layers = layersOfFile(content, header.compositeAt);
        return new PsdLayerReader(layers, header, planes).wholePicture();
      } catch {
        // The composite image remains for a file whose layers cannot be read.
        return undefined;
      }
    };
    const picture = whole();
    if (picture !== undefined) return picture;
  }
  const count = planes.colorChannels(mode);
  const all = planes.decodeComposite(
    content.subarray(header.compositeAt),
    header,
    count + (alpha === 'none' ? 0 : 1),
    header.channels,
  );
  return planes.pictureOfPlanes(all.slice(0, count), all[count], { ...header, matted: alpha === 'matted' });
}

/** The address of a file next to this one, its source or its build output. */
function besideThis(name: string): string {
  return new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;
}

/** The output of the libraries, for messages. */
const said: string[] = [];
const note = (...words: unknown[]): void => {
  said.push(words.map(String).join(' ').slice(0, 200));
  if (said.length > 20) said.shift();
};
console.log = note;
console.warn = note;
console.error = note;

/** Messages of the packages about files that may be valid but are not supported. */
const NOT_SUPPORTED = /unsupported|not suppor?ted|not supproted|has not been built in/i;

function failureOf(error: unknown): Failure {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  if (error instanceof Missing) return { error: message, reason: 'missing' };
  if (error instanceof Unsupported || NOT_SUPPORTED.test(message))
    return { error: message, reason: 'unsupported' };
  // The packages read beyond the end of what contradicts itself.
  if (error instanceof TypeError || error instanceof RangeError)
    return { error: 'its content contradicts itself', reason: 'damaged' };
  return { error: message, reason: 'damaged' };
}

const request = workerData as DecodeRequest;
try {
  const image = await DECODERS[request.format](request);
  parentPort?.postMessage(image satisfies DecodeAnswer, [image.data.buffer as ArrayBuffer]);
} catch (error) {
  parentPort?.postMessage(failureOf(error) satisfies DecodeAnswer);
}
