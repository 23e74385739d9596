import type { Sharp } from 'sharp';
import { CLEAR } from './canvas.js';
import { epsOf, type PixelType, pdfOf } from './document-image.js';
import { imageWork, openImage } from './image-library.js';
import { adaptedPalette, applyPalette, FIXED_PALETTES, rgbaOfHex } from './palette.js';
import { imageOfPixels, type Pixels, readPixels } from './pixels.js';
import { formatOf, RENDER_FORMATS, type RenderRequest, RenderRequestError } from './render-request.js';

/** A rendered image. */
export interface RenderedImage {
  readonly data: Buffer;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

interface EncodeLimits {
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whether the response to a request has alpha. */
export const isTransparent = (request: RenderRequest): boolean => formatOf(request).endsWith('-alpha');

/** Bytes of a kilobyte in `jpegSize`. */
const KILOBYTE = 1024;

/**
 * Encodes an image in the format of a request.
 *
 * @param open - Opens the image; more than once where the quality has to be found.
 * @param gray - Whether the image is gray by default, as masks are.
 * @throws RenderRequestError when the size that `jpegSize` allows cannot be met, or the format lacks an option.
 */
export async function encodeImage(
  open: () => Sharp,
  request: RenderRequest,
  density: number | undefined,
  gray: boolean,
  limits: EncodeLimits,
): Promise<RenderedImage> {
  const { values } = request.image;
  const format = formatOf(request);
  const [quality, fullChroma] = [
    values.qlt?.[0] ?? request.settings.quality[0],
    values.qlt?.[1] ?? request.settings.quality[1],
  ];
  const own = await inPalette(open, request, limits);
  const prepared = (): Sharp => colored(own ?? open(), request, density, gray);
  const encodedAt = (at: number) =>
    imageWork(
      () => encoder(prepared(), request, at, fullChroma).toBuffer({ resolveWithObject: true }),
      limits.signal,
      limits.maxPixels,
    );
  if (format === 'pdf' || format === 'eps')
    return documentOf(prepared, request, density, gray, [quality, fullChroma], limits);
  const most = (values.jpegSize ?? 0) * KILOBYTE;
  let { data, info } = await encodedAt(quality);
  if (most > 0 && RENDER_FORMATS[format] === 'image/jpeg' && data.length > most) {
    // The greatest quality that fits lies between these two.
    let [low, high] = [0, quality];
    let found: Awaited<ReturnType<typeof encodedAt>> | undefined;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const tried = await encodedAt(middle);
      if (tried.data.length <= most) {
        found = tried;
        low = middle;
      } else high = middle;
    }
    if (found === undefined)
      throw new RenderRequestError(
        `jpegSize: found ${values.jpegSize}, expected at least ${Math.ceil(data.length / KILOBYTE / 10)} for this image: it does not fit at quality 1`,
      );
    ({ data, info } = found);
  }
  return { data, mediaType: RENDER_FORMATS[format], width: info.width, height: info.height };
}

/** A document of one page with an image on it. */
async function documentOf(
  prepared: () => Sharp,
  request: RenderRequest,
  density: number | undefined,
  gray: boolean,
  [quality, fullChroma]: readonly [number, boolean],
  limits: EncodeLimits,
): Promise<RenderedImage> {
  const { fmt: [format, , compression = 'none'] = ['pdf'], iccEmbed, printRes } = request.image.values;
  const { signal, maxPixels } = limits;
  const jpeg = () =>
    imageWork(
      () => jpegOf(prepared(), quality, fullChroma, false).toBuffer({ resolveWithObject: true }),
      signal,
      maxPixels,
    );
  const isJpeg = format === 'pdf' && compression === 'jpeg';
  const { data, info } = isJpeg
    ? await jpeg()
    : await imageWork(() => prepared().raw().toBuffer({ resolveWithObject: true }), signal, maxPixels);
  const { width, height } = info;
  // The image library writes profiles into pictures alone.
  const profile =
    iccEmbed === true ? (await openImage((await jpeg()).data, maxPixels).metadata()).icc : undefined;
  const image = {
    width,
    height,
    type: pixelTypeOf(request, gray),
    data,
    isJpeg,
    density: printRes ?? (density === undefined || density <= 0 ? 72 : density),
    profile,
  };
  const whole = format === 'eps' ? epsOf(image) : pdfOf(image, compression === 'zip');
  return { data: whole, mediaType: RENDER_FORMATS[formatOf(request)], width, height };
}

/** Colors of a palette that the image library finds itself. */
const MOST_COLORS = 256;

/** The image in the palette that `quantize` describes; `undefined` if the image library finds the requested number of colors. */
async function inPalette(
  open: () => Sharp,
  request: RenderRequest,
  { maxPixels, signal }: EncodeLimits,
): Promise<Sharp | undefined> {
  const format = formatOf(request);
  const [kind = 'adaptive', dither = 'diffuse', colors = MOST_COLORS, ...listed] =
    request.image.values.quantize ?? [];
  // Missing parts are not colors.
  const given = listed.filter((color) => typeof color === 'string' && color !== '').map(rgbaOfHex);
  const isOwn = kind === 'adaptive' && given.length === 0 && colors === MOST_COLORS;
  if (!/^(?:gif|png8)/.test(format) || isOwn) return undefined;
  const clear = isTransparent(request);
  const read = (image: Sharp) => readPixels(image, { alpha: true, signal, maxPixels });
  const pixels = await read(open());
  // Of a GIF, one color is that of clear pixels.
  if (format === 'gif-alpha') hardenAlpha(pixels);
  const most = format === 'gif-alpha' ? Math.min(colors, MOST_COLORS - 1) : colors;
  const palette =
    kind === 'adaptive' || (kind === 'mac' && clear)
      ? adaptedPalette(await read(await fewColors(pixels, { maxPixels, signal })), given.slice(0, most), most)
      : FIXED_PALETTES[kind];
  await applyPalette(pixels, palette.length === 0 ? [CLEAR] : palette, dither === 'diffuse', signal);
  return clear ? imageOfPixels(pixels) : imageOfPixels(pixels).removeAlpha();
}

/** The image in as many colors as the image library finds, which are few enough to be compared with each other. */
async function fewColors(pixels: Pixels, { maxPixels, signal }: EncodeLimits): Promise<Sharp> {
  const data = await imageWork(
    () => imageOfPixels(pixels).png({ palette: true, colours: MOST_COLORS, dither: 0 }).toBuffer(),
    signal,
    maxPixels,
  );
  return openImage(data, maxPixels);
}

/** Makes each pixel opaque or clear. */
function hardenAlpha({ data }: Pixels): void {
  for (let at = 3; at < data.length; at += 4) data[at] = (data[at] ?? 0) < 128 ? 0 : 255;
}

/** The kind of pixels of the answer: that of its profile, or else the one that `fmt` asks for. */
export function pixelTypeOf({ image: { values }, profile }: RenderRequest, gray = false): PixelType {
  const [format = 'jpeg', type] = values.fmt ?? [];
  const asked = profile?.type ?? type ?? (gray ? 'gray' : 'rgb');
  // What a format cannot hold is RGB.
  if (asked === 'cmyk') return holdsCmyk(format) ? 'cmyk' : 'rgb';
  if (asked === 'gray') return /^(?:webp|avif|png8)/.test(format) ? 'rgb' : 'gray';
  return 'rgb';
}

/** Whether images of a format can have CMYK pixels. */
export const holdsCmyk = (format: string): boolean =>
  ['jpeg', 'pjpeg', 'tif', 'tif-alpha', 'pdf', 'eps'].includes(format);

/** Whether images of a format can contain an XMP packet. */
export const holdsXmp = (format: string): boolean => /^(?:p?jpeg|tif)/.test(format);

const SPACES = { rgb: 'srgb', gray: 'b-w', cmyk: 'cmyk' } as const;

function colored(image: Sharp, request: RenderRequest, density: number | undefined, gray: boolean): Sharp {
  const {
    profile,
    xmp,
    image: { values },
  } = request;
  const type = pixelTypeOf(request, gray);
  const embeds = values.iccEmbed === true;
  let result = image;
  // The profile itself converts from sRGB.
  if (profile !== undefined && !gray)
    result = result.toColourspace('srgb').withIccProfile(profile.path, { attach: embeds });
  else {
    result = result.toColourspace(SPACES[type]);
    if (embeds && type !== 'gray') result = result.withIccProfile(type === 'cmyk' ? 'cmyk' : 'srgb');
  }
  if (xmp !== undefined && holdsXmp(formatOf(request))) result = result.withXmp(xmp);
  const printRes = values.printRes ?? density;
  if (printRes !== undefined && printRes > 0) result = result.withDensity(printRes);
  return result;
}

function encoder(image: Sharp, request: RenderRequest, quality: number, fullChroma: boolean): Sharp {
  const { fmt: [, , compression] = ['jpeg'], quantize } = request.image.values;
  const format = formatOf(request);
  // An image in a palette of its own has no other colors.
  const palette = { colours: MOST_COLORS, dither: quantize?.[1] === 'off' ? 0 : 1 };
  const lossless = compression === 'lossless';
  switch (format) {
    case 'png':
    case 'png-alpha':
      return image.png();
    case 'png8':
    case 'png8-alpha':
      return image.png({ palette: true, ...palette });
    case 'webp':
    case 'webp-alpha':
      return image.webp(lossless ? { lossless: true } : { quality });
    case 'avif':
    case 'avif-alpha':
      return image.avif({ ...(lossless ? { lossless: true } : { quality }), effort: 2 });
    case 'tif':
    case 'tif-alpha':
      return tiff(image, compression, quality);
    case 'gif':
    case 'gif-alpha':
      return image.gif(palette);
    default:
      return jpegOf(image, quality, fullChroma, format === 'pjpeg');
  }
}

const jpegOf = (image: Sharp, quality: number, fullChroma: boolean, progressive: boolean): Sharp =>
  image.jpeg({ quality, chromaSubsampling: fullChroma ? '4:4:4' : '4:2:0', progressive });

function tiff(image: Sharp, compression: string | undefined, quality: number): Sharp {
  switch (compression) {
    case 'jpeg':
      return image.tiff({ compression: 'jpeg', quality });
    case 'lzw':
    case 'zip':
      return image.tiff({ compression: compression === 'zip' ? 'deflate' : 'lzw', predictor: 'horizontal' });
    default:
      return image.tiff({ compression: 'none' });
  }
}
