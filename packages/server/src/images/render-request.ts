import {
  type CommandName,
  type CommandValues,
  DeliveryError,
  type ImageFormat,
  type ImageRequest,
  namedTexts,
  type ParseOptions,
  parseRequest,
} from '@ips-sdk/delivery';

/** An invalid request for an image. The message is for whoever sent it. */
export class RenderRequestError extends Error {
  override readonly name = 'RenderRequestError';
}

/** Formats of delivered images, by the values of `fmt`, with their media types. */
export const RENDER_FORMATS = {
  jpeg: 'image/jpeg',
  pjpeg: 'image/jpeg',
  png: 'image/png',
  'png-alpha': 'image/png',
  png8: 'image/png',
  'png8-alpha': 'image/png',
  webp: 'image/webp',
  'webp-alpha': 'image/webp',
  avif: 'image/avif',
  'avif-alpha': 'image/avif',
  tif: 'image/tiff',
  'tif-alpha': 'image/tiff',
  gif: 'image/gif',
  'gif-alpha': 'image/gif',
  pdf: 'application/pdf',
  eps: 'image/eps',
} as const satisfies Partial<Record<ImageFormat, string>>;

export type RenderFormat = keyof typeof RENDER_FORMATS;

/** What counts where a request does not say. */
export interface RenderSettings {
  /** The largest width and height of an image that is requested without a size; 0 for no limit. */
  readonly defaultPix: readonly [width: number, height: number];
  /** The largest width and height of any image; 0 for no limit but that of the server. */
  readonly maxPix: readonly [width: number, height: number];
  readonly quality: readonly [quality: number, fullChroma: boolean];
  /** Red, green and blue. */
  readonly background: readonly [number, number, number];
  readonly resMode: CommandValues['resMode'];
  /** Whether effects behind a layer are cut where the layer is. */
  readonly effectMask: boolean;
}

export const DEFAULT_SETTINGS: RenderSettings = {
  defaultPix: [400, 400],
  maxPix: [0, 0],
  quality: [80, false],
  background: [255, 255, 255],
  resMode: 'sharp2',
  effectMask: true,
};

/** A color profile of answers. */
export interface OutputProfile {
  /** Path of a file, or a name that the image library knows. */
  readonly path: string;
  readonly type: 'rgb' | 'cmyk';
  /** As answers about the image call it. */
  readonly name: string;
}

/** A requested image: commands, and what counts without them. */
export interface RenderRequest {
  readonly image: ImageRequest;
  readonly settings: RenderSettings;
  /** What `icc` names. */
  readonly profile?: OutputProfile | undefined;
  /** The XMP packet to embed. */
  readonly xmp?: string | undefined;
}

/** Most pixels on a side of a delivered image. */
export const MAX_SIDE = 10_000;

/** Commands of a request: those that go before it, it itself, and those that go after it. */
export type RequestTexts = readonly (string | null | undefined)[];

/**
 * Parses image serving commands, as they follow the `?` in an image URL.
 *
 * @throws RenderRequestError that names the command, what was found and what was expected.
 */
export function parseRenderRequest(
  texts: RequestTexts,
  settings: RenderSettings = DEFAULT_SETTINGS,
  options: ParseOptions = {},
): RenderRequest {
  const request = { image: parsed(texts, options), settings };
  formatOf(request);
  return request;
}

/** Parses commands, with errors of this server. */
export function parsed(texts: RequestTexts, options: ParseOptions): ImageRequest {
  try {
    return parseRequest(texts, options);
  } catch (error) {
    if (error instanceof DeliveryError) throw new RenderRequestError(error.message);
    throw error;
  }
}

/** The texts of some commands, which decide what else belongs to a request. Few requests have them. */
export function namedIn<Name extends CommandName>(
  text: string,
  names: readonly Name[],
  options: ParseOptions,
): { readonly [Found in Name]?: string } {
  if (
    !text.includes('$') &&
    !text.includes('%') &&
    !names.some((name) => text.toLowerCase().includes(name.toLowerCase()))
  )
    return {};
  try {
    return namedTexts(text, names, options);
  } catch (error) {
    if (error instanceof DeliveryError) throw new RenderRequestError(error.message);
    throw error;
  }
}

/**
 * The format of a requested image.
 *
 * @throws RenderRequestError for one that this server does not write.
 */
export function formatOf({ image }: RenderRequest): RenderFormat {
  const [format = 'jpeg', , compression] = image.values.fmt ?? [];
  if (format === 'tif-alpha' && compression === 'jpeg')
    throw new RenderRequestError("fmt: found 'jpeg' for tif-alpha, expected none, lzw or zip");
  // The names of the table are those of the formats.
  if (Object.hasOwn(RENDER_FORMATS, format)) return format as RenderFormat;
  throw new RenderRequestError(
    `fmt: this server does not write '${format}'; it writes ${Object.keys(RENDER_FORMATS).join(', ')}`,
  );
}

/** Whether a request says how large the image is to be. */
export const isSized = ({ image: { values } }: RenderRequest): boolean =>
  values.wid !== undefined || values.hei !== undefined || values.scl !== undefined;

/** A request with further values of commands about the answer and the view. */
export function withValues(request: RenderRequest, values: ImageRequest['values']): RenderRequest {
  return { ...request, image: { ...request.image, values: { ...request.image.values, ...values } } };
}

/** The variables of a request for those within it, which have other objects. */
export const withoutObject = ({
  object: _,
  ...others
}: ImageRequest['variables']): ImageRequest['variables'] => others;
