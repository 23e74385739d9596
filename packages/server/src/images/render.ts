import { type CommandValues, type FindMacro, type ImageRequest, rgbOf } from '@ips-sdk/delivery';
import type { Sharp } from 'sharp';
import { CLEAR, fillBehind, filled, inside, onCanvas, type Rgba, touches } from './canvas.js';
import { encodeImage, isTransparent, pixelTypeOf, type RenderedImage } from './encode-image.js';
import { type Kernel, openSource, type PixelSource, type RenderSource } from './image-source.js';
import { visibleIn, withAlpha } from './layer-pixels.js';
import { type LayerPlace, placesIn } from './layer-places.js';
import { isSharpened, sharpened } from './neighborhood.js';
import { changePixels, pointOperations } from './operations.js';
import { partOfSource } from './part-of-source.js';
import { imageOfPixels, type Pixels, readPixels } from './pixels.js';
import { type RenderRequest, RenderRequestError } from './render-request.js';
import { type NamedObject, type Scene, SceneBuilder } from './scene.js';
import { viewPixels } from './scene-view.js';
import { type Area, type Size, type View, viewOf } from './view.js';
import { watermarked } from './watermark.js';

/** Most pixels that one request may go over, all layers and steps together. */
const MAX_WORK = 250_000_000;

/** What a request takes and gives, known before anything is drawn. */
export interface RenderPlan {
  /** Of the answer. */
  readonly size: Size;
  /** Of the composite, at its full size. */
  readonly composite: Size;
  /** The source of layer 0, if it is an image. */
  readonly source: PixelSource | undefined;
  /** The layers that are visible, from the lowest, and where they are. */
  readonly places: readonly LayerPlace[];
  /** Pixels to go over. */
  readonly work: number;
  /** Bytes of pixels in memory at once, at most. */
  readonly bytes: number;
  /** Draws and encodes the image. */
  render(): Promise<RenderedImage>;
  /** Closes the sources. Call it also without rendering. */
  close(): Promise<void>;
}

/** Where the images of a request come from. */
export interface RenderSources {
  /** The object of the path; `undefined` when there is none. */
  readonly main: RenderSource | undefined;
  /** The part of it to take for the whole, in its pixels. */
  readonly part?: ((whole: Size) => Area) | undefined;
  /** What is laid over the composite: an image, or layers. */
  readonly watermark?:
    | { readonly source: RenderSource | undefined; readonly image: ImageRequest }
    | undefined;
  /** Finds the object of `src` or `mask`. */
  readonly find?: ((name: string) => Promise<NamedObject>) | undefined;
  /** Finds the macros of what {@link find} finds, and of nested requests. */
  readonly macro?: FindMacro | undefined;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}

const KERNELS: Readonly<Record<CommandValues['resMode'], Kernel>> = {
  bilin: 'linear',
  trilin: 'linear',
  bicub: 'cubic',
  sharp2: 'lanczos3',
  bisharp: 'lanczos3',
};

/**
 * Finds what an image takes, without drawing anything.
 *
 * @throws RenderRequestError when the request cannot be met, ImageError when a source cannot be read.
 */
export async function planImage(sources: RenderSources, request: RenderRequest): Promise<RenderPlan> {
  const { macro, maxPixels, signal, part } = sources;
  const opened = sources.main === undefined ? undefined : await openSource(sources.main);
  const main = opened !== undefined && part !== undefined ? partOfSource(opened, part(opened)) : opened;
  const find =
    sources.find ??
    (async (name) => {
      throw new RenderRequestError(`src: found '${name}', but other images are not available here`);
    });
  const { effectMask } = request.settings;
  const builder = new SceneBuilder({ find, macro, effectMask, maxPixels, signal });
  let mark: PixelSource | undefined;
  const close = async (): Promise<void> => {
    await builder.close();
    await opened?.close();
    await mark?.close();
  };
  try {
    const { values } = request.image;
    const kernel = KERNELS[values.resMode ?? request.settings.resMode];
    const plain = await builder.scene(request.image, kernel, main);
    const { watermark } = sources;
    if (watermark?.source !== undefined) mark = await openSource(watermark.source);
    const scene =
      watermark === undefined
        ? plain
        : await watermarked(builder, plain, { source: mark, image: watermark.image }, kernel);
    const view = viewOf(scene.size, values, request.settings);
    const work = workOf(scene, view, request);
    if (work > MAX_WORK)
      throw new RenderRequestError(
        `the image takes work on ${work} pixels, more than the allowed ${MAX_WORK}: ask for a smaller one, or for fewer layers`,
      );
    const first = scene.layers.find(({ number }) => number === 0);
    const source = first?.content.kind === 'image' ? first.content.source : undefined;
    return {
      size: { width: view.reply.width, height: view.reply.height },
      composite: scene.size,
      source,
      places: placesIn(scene, view),
      work,
      bytes: work * 4,
      render: () => render(scene, view, source, request, { maxPixels, signal }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Renders one image by image serving commands.
 *
 * @throws RenderRequestError when the request cannot be met, ImageError when the source cannot be read.
 */
export async function renderImage(source: RenderSource, request: RenderRequest): Promise<RenderedImage> {
  const { maxPixels, signal } = source;
  const plan = await planImage({ main: source, maxPixels, signal }, request);
  try {
    return await plan.render();
  } finally {
    await plan.close();
  }
}

/** What has to be seen as a whole before a rectangle of it is taken. */
function regionOf(view: View, { image }: RenderRequest): Area {
  return isSharpened(image.composite) ? { left: 0, top: 0, ...view.size } : view.reply;
}

function workOf(scene: Scene, view: View, request: RenderRequest): number {
  const region = regionOf(view, request);
  const own = region.width * region.height;
  const sharpening = isSharpened(request.image.composite) ? 2 : 0;
  if (scene.isPlain) return own * (1 + sharpening + (pointOperations(scene.composite).length > 0 ? 1 : 0));
  return scene.work(view.factor) + own * (1 + sharpening);
}

async function render(
  scene: Scene,
  view: View,
  source: PixelSource | undefined,
  request: RenderRequest,
  limits: { readonly maxPixels: number; readonly signal: AbortSignal | undefined },
): Promise<RenderedImage> {
  const isMask = request.image.values.req?.[0] === 'mask';
  const clear = isMask || isTransparent(request);
  const { bgc } = request.image.values;
  const [red, green, blue] = bgc === undefined ? request.settings.background : rgbOf(bgc);
  const background: Rgba = clear ? CLEAR : [red, green, blue, 255];
  const open = await opener(scene, view, request, background, limits.signal);
  const shown = isMask ? await maskOf(open, request, limits) : clear ? open : () => open().removeAlpha();
  return encodeImage(shown, request, source?.density, isMask, limits);
}

/** The alpha of the answer as a picture: gray, but for other kinds of pixels that the request names. */
async function maskOf(
  open: () => Sharp,
  request: RenderRequest,
  limits: { readonly maxPixels: number; readonly signal: AbortSignal | undefined },
): Promise<() => Sharp> {
  const alpha = (): Sharp => open().extractChannel('alpha');
  if (pixelTypeOf(request, true) === 'gray') return alpha;
  // The image library keeps a single channel a gray one.
  const pixels = withAlpha(await readPixels(alpha(), limits));
  return () => imageOfPixels(pixels).removeAlpha();
}

/** Prepares the pixels of the answer. */
async function opener(
  scene: Scene,
  view: View,
  request: RenderRequest,
  background: Rgba,
  signal: AbortSignal | undefined,
): Promise<() => Sharp> {
  const { composite } = request.image;
  const region = regionOf(view, request);
  if (scene.isPlain) {
    const part = plainPart(scene, view, region);
    const direct = !isSharpened(composite) && pointOperations(composite).length === 0;
    const pipeline = direct && part !== undefined ? directly(part, region, background) : undefined;
    if (pipeline !== undefined) return pipeline;
    let pixels = filled(region, CLEAR);
    if (part !== undefined) {
      const read = withAlpha(await part.source.read(part.part, part.place, part.kernel));
      await changePixels(read, composite, signal);
      pixels = onCanvas(read, part.place, region);
    }
    return finished(pixels, view, region, request, background, signal);
  }
  const pixels = await viewPixels(scene, { ...view, reply: region });
  return finished(pixels, view, region, request, background, signal);
}

/** Fills, sharpens and cuts the pixels of a region. */
async function finished(
  drawn: Pixels,
  view: View,
  region: Area,
  { image }: RenderRequest,
  background: Rgba,
  signal: AbortSignal | undefined,
): Promise<() => Sharp> {
  fillBehind(drawn, background);
  let pixels = drawn;
  if (isSharpened(image.composite)) {
    pixels = await sharpened(pixels, image.composite, (view.factor.x + view.factor.y) / 2, signal);
    if (region !== view.reply) {
      const { reply } = view;
      pixels = onCanvas(pixels, { left: -reply.left, top: -reply.top }, reply, background);
    }
  }
  return () => imageOfPixels(pixels);
}

/** The part of the source that a region shows, of a scene that is one image. */
interface PlainPart {
  readonly source: PixelSource;
  readonly part: Area;
  /** In the region. */
  readonly place: Area;
  readonly kernel: Kernel;
}

function plainPart(scene: Scene, view: View, region: Area): PlainPart | undefined {
  const [layer] = scene.layers;
  if (layer?.content.kind !== 'image') return undefined;
  const { source } = layer.content;
  const { composite } = view;
  const moved = { ...composite, left: composite.left - region.left, top: composite.top - region.top };
  const visible = visibleIn(layer.shape.crop, source, composite);
  if (visible === undefined) return undefined;
  const whole = {
    ...visible.place,
    left: moved.left + visible.place.left,
    top: moved.top + visible.place.top,
  };
  if (!touches(whole, region)) return undefined;
  const place = inside(whole, region);
  if (place.width === whole.width && place.height === whole.height)
    return { source, part: visible.part, place, kernel: layer.kernel };
  // Only what the region shows is read.
  const x = visible.part.width / whole.width;
  const y = visible.part.height / whole.height;
  const left = visible.part.left + (place.left - whole.left) * x;
  const top = visible.part.top + (place.top - whole.top) * y;
  return {
    source,
    place,
    kernel: layer.kernel,
    part: { left, top, width: place.width * x, height: place.height * y },
  };
}

/** The part as one pipeline of the image library, without its pixels in memory here. */
function directly(
  { source, part, place, kernel }: PlainPart,
  region: Size,
  [r, g, b, alpha]: Rgba,
): (() => Sharp) | undefined {
  const { pipeline } = source;
  if (pipeline === undefined) return undefined;
  const background = { r, g, b, alpha: alpha / 255 };
  const right = region.width - place.left - place.width;
  const bottom = region.height - place.top - place.height;
  return () => {
    let image = pipeline(part, place, kernel).toColourspace('srgb');
    if (alpha === 255) image = source.hasAlpha ? image.flatten({ background }) : image;
    else image = image.ensureAlpha();
    if (place.left === 0 && place.top === 0 && right === 0 && bottom === 0) return image;
    return image.extend({ left: place.left, top: place.top, right, bottom, background });
  };
}
