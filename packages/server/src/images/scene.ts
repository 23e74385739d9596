import { type FindMacro, type GivenValues, type ImageRequest, nestedRequest } from '@ips-sdk/delivery';
import { onCanvas } from './canvas.js';
import { isClipped } from './clip-path.js';
import { drawScene, type PlacedLayer, sceneWork } from './draw-scene.js';
import {
  type Kernel,
  openSource,
  type PixelSource,
  type RenderSource,
  sourceOfPixels,
} from './image-source.js';
import { type Factor, type LayerContent, passesOf } from './layer-pixels.js';
import { layerShape } from './layer-shape.js';
import { spreads } from './neighborhood.js';
import type { Pixels } from './pixels.js';
import { DEFAULT_SETTINGS, parsed, RenderRequestError } from './render-request.js';
import { textPicture } from './text-picture.js';
import { type Size, type View, viewOf } from './view.js';

/** An object that a request names. */
export interface NamedObject {
  readonly source: RenderSource;
  /** Commands before those of the request. */
  readonly modifier: string | null;
}

/** Where the images of layers come from. */
export interface SceneSources {
  /** The object of the path; `undefined` when there is none. */
  readonly main: PixelSource | undefined;
  /** @throws RenderRequestError when nothing has the name. */
  readonly find: (name: string) => Promise<NamedObject>;
  /** For the commands of objects and of nested requests. */
  readonly macro: FindMacro | undefined;
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
}

/** Most sources of one request, and most requests within each other. */
const MAX_SOURCES = 30;
const MAX_DEPTH = 5;

/** Layers of a request with their places, in rising order. */
export interface Scene {
  readonly size: Size;
  readonly layers: readonly PlacedLayer[];
  /** Commands that mean the composite. */
  readonly composite: GivenValues;
  /** Whether it is its first layer as it is. */
  readonly isPlain: boolean;
  /** Pixels to go over, at a factor. */
  work(factor: Factor): number;
  /** The whole composite as RGBA pixels. */
  draw(factor: Factor): Promise<Pixels>;
  close(): Promise<void>;
}

/** What all scenes of a request share. */
export class SceneBuilder {
  readonly #sources: SceneSources;
  readonly #opened: PixelSource[] = [];
  #count = 0;

  constructor(sources: SceneSources) {
    this.#sources = sources;
  }

  /** Closes all sources. */
  async close(): Promise<void> {
    for (const source of this.#opened.splice(0)) await source.close();
  }

  /**
   * Finds what the layers of a request show, and where they are. Nothing is drawn.
   *
   * @throws RenderRequestError when it cannot be drawn.
   */
  async scene(request: ImageRequest, kernel: Kernel, main = this.#sources.main, depth = 0): Promise<Scene> {
    const layers: PlacedLayer[] = [];
    let canvas: PlacedLayer | undefined;
    for (const { number, values: own } of request.layers) {
      const { values, content } = await this.#contentOf(number, own, request, main, depth, kernel);
      const size = this.#sizeOf(number, content, values, canvas?.shape);
      const shape = layerShape(size, values, canvas?.shape, content.kind !== 'image');
      const [x, y] = values.pos ?? [
        (values.posN?.[0] ?? 0) * (canvas?.shape.width ?? 0),
        (values.posN?.[1] ?? 0) * (canvas?.shape.height ?? 0),
      ];
      const base = canvas?.shape.origin ?? shape.origin;
      const layer = {
        number,
        content,
        shape,
        values,
        kernel,
        left: canvas === undefined ? 0 : base.x + x - shape.origin.x,
        top: canvas === undefined ? 0 : base.y + y - shape.origin.y,
      };
      canvas ??= layer;
      if (values.hide !== true) layers.push(layer);
    }
    if (canvas === undefined) throw new RenderRequestError('layer: layer 0 is missing');
    const { composite } = request;
    const { signal } = this.#sources;
    const { shape } = canvas;
    return {
      size: { width: shape.width, height: shape.height },
      layers,
      composite,
      isPlain: isPlain(layers, composite),
      work: (factor) => sceneWork(shape, layers, factor),
      draw: (factor) => drawScene(shape, layers, composite, factor, signal),
      close: () => this.close(),
    };
  }

  async #contentOf(
    number: number,
    own: GivenValues,
    request: ImageRequest,
    main: PixelSource | undefined,
    depth: number,
    kernel: Kernel,
  ): Promise<{ readonly values: GivenValues; readonly content: LayerContent }> {
    const { text, src, mask, textAttr, size } = own;
    if (text !== undefined) {
      const picture = await textPicture(text, textAttr, size?.[0] ?? 0, this.#sources.signal);
      return { values: own, content: { kind: 'text', text: picture } };
    }
    const named = src === undefined ? undefined : await this.#open(src, 'src', request, depth, kernel);
    const source = named?.source ?? (number === 0 ? main : undefined);
    if (source === undefined) {
      if (own.color === undefined)
        throw new RenderRequestError(`layer: layer ${number} has neither src, text nor color`);
      return { values: own, content: { kind: 'color' } };
    }
    const masking = mask === undefined ? undefined : await this.#open(mask, 'mask', request, depth, kernel);
    return {
      values: { ...named?.values, ...own },
      content: { kind: 'image', source, mask: masking?.source },
    };
  }

  /** The size that a layer's geometry starts from. */
  #sizeOf(number: number, content: LayerContent, values: GivenValues, canvas: Size | undefined) {
    if (content.kind === 'image') return content.source;
    if (content.kind === 'text') {
      const [, height = 0] = values.size ?? [];
      const { text } = content;
      return { width: text.width, height: height > 0 ? height : text.height, density: undefined };
    }
    const [width, height] = values.size ?? [
      (values.sizeN?.[0] ?? 0) * (canvas?.width ?? 0),
      (values.sizeN?.[1] ?? 0) * (canvas?.height ?? 0),
    ];
    if (width < 1 || height < 1)
      throw new RenderRequestError(`size: layer ${number} of one color needs a width and a height`);
    return { width: Math.round(width), height: Math.round(height), density: undefined };
  }

  /** What `src` or `mask` names. */
  async #open(
    value: string,
    command: 'src' | 'mask',
    request: ImageRequest,
    depth: number,
    kernel: Kernel,
  ): Promise<{ readonly source: PixelSource; readonly values: GivenValues }> {
    this.#count += 1;
    if (this.#count > MAX_SOURCES)
      throw new RenderRequestError(
        `${command}: found ${this.#count} sources, expected at most ${MAX_SOURCES}`,
      );
    const nested = nestedRequest(value);
    const object = nested === undefined ? value.trim() : nested.object;
    if (nested !== undefined && nested.kind !== 'is')
      throw new RenderRequestError(
        `${command}: found '${value.slice(0, 100)}', expected an image or is{…}: this server draws no other nested requests`,
      );
    const { find, macro } = this.#sources;
    const { source: file, modifier } = await find(object);
    const opened = await openSource(file);
    this.#opened.push(opened);
    if (nested === undefined) {
      const before = modifier === null ? undefined : parsed([modifier], { macro });
      return { source: opened, values: before?.layers[0]?.values ?? {} };
    }
    if (depth >= MAX_DEPTH)
      throw new RenderRequestError(
        `${command}: found ${depth + 1} requests within each other, expected at most ${MAX_DEPTH}`,
      );
    const variables = withoutObject(request.variables);
    const inner = parsed([modifier, nested.query], { object, variables, macro });
    const scene = await this.scene(inner, kernel, opened, depth + 1);
    return { source: this.#sourceOf(scene, inner), values: {} };
  }

  /** A nested request as a source, which is drawn when it is first read. */
  #sourceOf(scene: Scene, request: ImageRequest): PixelSource {
    const { values } = request;
    const isSized = values.wid !== undefined || values.hei !== undefined || values.scl !== undefined;
    const view = viewOf(scene.size, isSized ? values : { ...values, scl: 1 }, DEFAULT_SETTINGS);
    let drawn: Promise<PixelSource> | undefined;
    const { maxPixels, signal } = this.#sources;
    const read = async (): Promise<PixelSource> =>
      sourceOfPixels(await viewPixels(scene, view), { maxPixels, signal });
    return {
      width: view.reply.width,
      height: view.reply.height,
      hasAlpha: true,
      density: undefined,
      space: 'srgb',
      hasProfile: false,
      read: async (part, size, kernel) => {
        drawn ??= read();
        return (await drawn).read(part, size, kernel);
      },
      work: () => scene.work(view.factor) + view.reply.width * view.reply.height,
      close: async () => undefined,
    };
  }
}

const withoutObject = ({ object: _, ...others }: ImageRequest['variables']): ImageRequest['variables'] =>
  others;

/** What a view shows of a scene, as RGBA pixels that are clear where nothing is. */
export async function viewPixels(scene: Scene, view: View): Promise<Pixels> {
  const all = await scene.draw(view.factor);
  return onCanvas(
    all,
    { left: view.composite.left - view.reply.left, top: view.composite.top - view.reply.top },
    view.reply,
  );
}

/** Whether a scene is one image without any command that has to see pixels of it one by one, but for those of the composite. */
function isPlain([layer, ...others]: readonly PlacedLayer[], composite: GivenValues): boolean {
  if (layer === undefined || others.length > 0 || layer.number !== 0) return false;
  const { content, values } = layer;
  if (content.kind !== 'image' || content.mask !== undefined || content.source.work !== undefined)
    return false;
  const [opacity, fill = 100] = values.opac ?? [100];
  const [whole, part = 100] = composite.opac ?? [100];
  return (
    passesOf(layer) === 1 &&
    opacity * fill === 10_000 &&
    whole * part === 10_000 &&
    values.color === undefined &&
    values.bgColor === undefined &&
    values.maskUse === undefined &&
    (values.op_growMask ?? 0) === 0 &&
    (values.op_growMaskR ?? 0) === 0 &&
    composite.flip === undefined &&
    !spreads(composite) &&
    !isClipped(composite)
  );
}
