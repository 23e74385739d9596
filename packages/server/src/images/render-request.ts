/** An invalid request for an image. The message is meant for its sender. */
export class RenderRequestError extends Error {
  override readonly name = 'RenderRequestError';
}

/** How to fit an image into the requested size, by the names of image serving. */
const FIT_MODES = ['fit', 'constrain', 'crop', 'wrap', 'stretch', 'hfit', 'vfit'] as const;

export type FitMode = (typeof FIT_MODES)[number];

/** Formats of delivered images, by the values of `fmt`, with their media types. */
export const RENDER_FORMATS = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  'png-alpha': 'image/png',
  webp: 'image/webp',
  'webp-alpha': 'image/webp',
  avif: 'image/avif',
  'avif-alpha': 'image/avif',
  tif: 'image/tiff',
  'tif-alpha': 'image/tiff',
  gif: 'image/gif',
  'gif-alpha': 'image/gif',
} as const;

export type RenderFormat = keyof typeof RENDER_FORMATS;

/** Four numbers: left, top, width, height. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Whether they are fractions, from 0 to 1, instead of pixels. */
  readonly normalized: boolean;
}

/** A requested image, by image serving commands. */
export interface RenderRequest {
  /** `img`, or the kind of properties to return instead. */
  readonly req: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fit: FitMode;
  /** Whether it may be enlarged. */
  readonly upscale: boolean;
  /** Each from -1, left or top, to 1, right or bottom. */
  readonly align: readonly [x: number, y: number];
  /** In the source. */
  readonly crop: Region | undefined;
  /** In the scaled image. */
  readonly region: Region | undefined;
  /** The factor by which the image is scaled down. */
  readonly scale: number | undefined;
  readonly format: RenderFormat;
  /** 1 to 100. */
  readonly quality: number;
  /** Whether a JPEG keeps the full resolution of its chroma. */
  readonly fullChroma: boolean;
  /** `rrggbb`. */
  readonly background: string | undefined;
  readonly unsharpMask:
    | {
        readonly amount: number;
        readonly radius: number;
        readonly threshold: number;
        readonly monochrome: boolean;
      }
    | undefined;
}

/** Maximum pixels on a side of a delivered image. */
export const MAX_SIDE = 10_000;

/** Maximum characters of the commands of one request. */
const MAX_LENGTH = 4096;

/**
 * Parses image serving commands, as they follow the `?` in an image URL. If a command occurs twice, the last one counts. Unknown
 * commands are ignored, as at the service.
 *
 * @param texts - Commands in ascending precedence: the asset's modifier, the request, the asset's
 * post-modifier.
 * @throws RenderRequestError that names the command, what was found and what was expected.
 */
export function parseRenderRequest(...texts: readonly (string | null | undefined)[]): RenderRequest {
  const commands = commandsOf(texts);
  const [fit, upscale] = fitOf(commands.get('fit'));
  const [quality, fullChroma] = qualityOf(commands.get('qlt'));
  return {
    req: (commands.get('req') ?? 'img').toLowerCase(),
    width: sideOf('wid', commands.get('wid')),
    height: sideOf('hei', commands.get('hei')),
    fit,
    upscale,
    align: alignOf(commands.get('align')),
    crop: regionOf('crop', commands.get('crop')) ?? regionOf('cropn', commands.get('cropn')),
    region: regionOf('rgn', commands.get('rgn')) ?? regionOf('rgnn', commands.get('rgnn')),
    scale: scaleOf(commands.get('scl')),
    format: formatOf(commands.get('fmt')),
    quality,
    fullChroma,
    background: backgroundOf(commands.get('bgc')),
    unsharpMask: sharpenOf(commands.get('op_usm')),
  };
}

function commandsOf(texts: readonly (string | null | undefined)[]): Map<string, string> {
  const commands = new Map<string, string>();
  for (const text of texts) {
    if (text === null || text === undefined) continue;
    if (text.length > MAX_LENGTH)
      throw new RenderRequestError(`the commands are longer than ${MAX_LENGTH} characters`);
    for (const part of text.split('&')) {
      const [name = '', ...rest] = part.split('=');
      if (name === '' || name.startsWith('.')) continue;
      let value = rest.join('=');
      try {
        value = decodeURIComponent(value.replaceAll('+', ' '));
      } catch {
        throw new RenderRequestError(`${name}: '${value}' is not properly URL-encoded`);
      }
      // Crops in pixels and in fractions are two notations of the same command.
      const key = name.toLowerCase();
      for (const other of [`${key}n`, key.replace(/n$/, '')]) {
        if (/^(?:crop|rgn)n?$/.test(key)) commands.delete(other);
      }
      commands.set(key, value.trim());
    }
  }
  return commands;
}

function bad(name: string, value: string, expected: string): RenderRequestError {
  return new RenderRequestError(`${name}: found '${value.slice(0, 100)}', expected ${expected}`);
}

function sideOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '' || value === '0') return undefined;
  const side = Number(value);
  if (!Number.isFinite(side) || side < 1) throw bad(name, value, 'at least 1 pixel');
  if (side > MAX_SIDE) throw bad(name, value, `at most ${MAX_SIDE} pixels`);
  return Math.round(side);
}

function fitOf(value: string | undefined): [FitMode, boolean] {
  if (value === undefined || value === '') return ['fit', true];
  const [mode = '', upscale = '1'] = value.split(',').map((part) => part.trim().toLowerCase());
  if (!(FIT_MODES as readonly string[]).includes(mode)) throw bad('fit', value, FIT_MODES.join(', '));
  if (upscale !== '0' && upscale !== '1') throw bad('fit', value, '0 or 1 after the mode');
  return [mode as FitMode, upscale === '1'];
}

function alignOf(value: string | undefined): [number, number] {
  if (value === undefined || value === '') return [0, 0];
  const parts = value.split(',').map(Number);
  const [x = Number.NaN, y = Number.NaN] = parts;
  if (parts.length !== 2 || !(Math.abs(x) <= 1) || !(Math.abs(y) <= 1))
    throw bad('align', value, 'two numbers from -1 to 1');
  return [x, y];
}

function regionOf(name: string, value: string | undefined): Region | undefined {
  if (value === undefined || value === '') return undefined;
  const normalized = name === 'cropn' || name === 'rgnn';
  const parts = value.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [left = 0, top = 0, width = 0, height = 0] = parts;
  if (parts.length !== 4 || parts.some((part) => !Number.isFinite(part)) || width <= 0 || height <= 0)
    throw bad(name, value, 'four numbers x,y,width,height with width and height above 0');
  const most = normalized ? 100 : 1_000_000;
  if (parts.some((part) => Math.abs(part) > most)) throw bad(name, value, `numbers of at most ${most}`);
  return { left, top, width, height, normalized };
}

function scaleOf(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const scale = Number(value);
  if (!Number.isFinite(scale) || scale <= 0) throw bad('scl', value, 'a number above 0');
  return scale;
}

function formatOf(value: string | undefined): RenderFormat {
  if (value === undefined || value === '') return 'jpeg';
  // Further options of the format, such as the compression of a TIFF, are ignored.
  const format = (value.split(',')[0] ?? '').trim().toLowerCase();
  const known = { jpg: 'jpeg', tiff: 'tif', 'tiff-alpha': 'tif-alpha' }[format] ?? format;
  if (!Object.hasOwn(RENDER_FORMATS, known)) throw bad('fmt', value, Object.keys(RENDER_FORMATS).join(', '));
  return known as RenderFormat;
}

function qualityOf(value: string | undefined): [number, boolean] {
  if (value === undefined || value === '') return [80, false];
  const [first = '', chroma = '0'] = value.split(',');
  const quality = Number(first);
  if (first.trim() === '' || !(quality >= 1 && quality <= 100))
    throw bad('qlt', value, 'a quality from 1 to 100');
  if (chroma !== '0' && chroma !== '1') throw bad('qlt', value, '0 or 1 after the quality');
  return [Math.round(quality), chroma === '1'];
}

function backgroundOf(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  const hex = /^(?:0x|#)?([0-9a-f]{6})(?:[0-9a-f]{2})?$/i.exec(value);
  if (hex) return hex[1]?.toLowerCase();
  const parts = value.split(',').map(Number);
  if (parts.length === 3 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    return parts.map((part) => part.toString(16).padStart(2, '0')).join('');
  }
  throw bad('bgc', value, 'a color such as ffcc00 or 255,204,0');
}

function sharpenOf(value: string | undefined): RenderRequest['unsharpMask'] {
  if (value === undefined || value === '') return undefined;
  const [amount = 0, radius = 1, threshold = 6, monochrome = 0] = value.split(',').map(Number);
  const sound =
    amount >= 0 && amount <= 5 && radius >= 0 && radius <= 250 && threshold >= 0 && threshold <= 255;
  if (!sound || (monochrome !== 0 && monochrome !== 1))
    throw bad('op_usm', value, 'amount from 0 to 5, radius to 250, threshold to 255, 0 or 1');
  return { amount, radius, threshold, monochrome: monochrome === 1 };
}
