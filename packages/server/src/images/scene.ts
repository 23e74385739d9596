import { type FindMacro, type GivenValues, type ImageRequest, nestedRequest } from '@ips-sdk/delivery';
import { croppedScene } from './cropped-scene.js';
import { drawScene, type PlacedLayer, type SceneParts, sceneWork } from './draw-scene.js';
import {
  type Kernel,
  openSource,
  type PixelSource,
  type RenderSource,
  sourceOfPixels,
} from './image-source.js';
import { innerRequest } from './inner-request.js';
import { checkEffects } from './layer-effects.js';
import {
  clipOf,
  compositeCrop,
  croppedToPaths,
  layerMatrix,
  pathsOfLayer,
  type SourcePaths,
  sizedByPath,
} from './layer-paths.js';
import { type Factor, type LayerContent, passesOf } from './layer-pixels.js';
import { layerShape } from './layer-shape.js';
import { flippedOn, type Matrix, movedBy } from './matrix.js';
import { spreads } from './neighborhood.js';
import type { Pixels } from './pixels.js';
import { DEFAULT_SETTINGS, parsed, RenderRequestError, withoutObject } from './render-request.js';
import { innerPixels } from './scene-view.js';
import { textLayer } from './text-layer.js';
import { type Size, viewOf } from './view.js';

/** An object that a request names. */
export interface NamedObject {
  /** `undefined` for one that consists of commands, such as a template. */
  readonly source: RenderSource | undefined;
  /** Commands before those of the request. */
  readonly modifier: string | null;
}

/** Where the images of layers come from. */
export interface SceneSources {
  /** @throws RenderRequestError when nothing has the name. */
  readonly find: (name: string) => Promise<NamedObject>;
  /** For the commands of objects and of nested requests. */
  readonly macro: FindMacro | undefined;
  /** Whether effects behind a layer are cut where the layer is, for requests that do not say. */
  readonly effectMask: boolean;
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
  /** From pixels of layer 0 to those of the composite, which can be mirrored and cropped. */
  readonly matrix: Matrix;
  /** Whether it is its first layer as it is. */
  readonly isPlain: boolean;
  /** Pixels to go over, at a factor. */
  work(factor: Factor): number;
  /** The whole composite as RGBA pixels. */
  draw(factor: Factor): Promise<Pixels>;
  close(): Promise<void>;
}

/** What the composite has of layer 0: the paths of its source, and where they are. */
interface BaseLayer {
  readonly paths: SourcePaths;
  readonly matrix: Matrix | undefined;
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
   * @param main - What layer 0 shows if nothing else; `undefined` when there is no such object.
   * @throws RenderRequestError when it cannot be drawn.
   */
  async scene(
    request: ImageRequest,
    kernel: Kernel,
    main: PixelSource | undefined,
    depth = 0,
  ): Promise<Scene> {
    const layers: PlacedLayer[] = [];
    const { composite } = request;
    let canvas: PlacedLayer | undefined;
    let base: BaseLayer | undefined;
    for (const { number, values: own, effects } of request.layers) {
      const { values: found, content } = await this.#contentOf(
        number,
        own,
        request,
        main,
        depth,
        kernel,
        canvas?.shape,
      );
      const paths = await pathsOfLayer(content, base === undefined ? [found, composite] : [found]);
      const { values, moved } = sizedByPath(
        content.kind === 'image' ? croppedToPaths(found, content.source, paths) : found,
        content,
      );
      const size = this.#sizeOf(number, content, values, canvas?.shape);
      const shape = layerShape(size, values, canvas?.shape, content.kind !== 'image');
      const [x, y] = values.pos ?? [
        (values.posN?.[0] ?? 0) * (canvas?.shape.width ?? 0),
        (values.posN?.[1] ?? 0) * (canvas?.shape.height ?? 0),
      ];
      const { origin } = canvas?.shape ?? shape;
      const matrix = layerMatrix(shape, values.flip);
      base ??= { paths, matrix };
      const layer = {
        number,
        content,
        shape,
        values,
        effects,
        kernel,
        clip: clipOf(values, paths, matrix, moved),
        left: canvas === undefined ? 0 : origin.x + x - shape.origin.x,
        top: canvas === undefined ? 0 : origin.y + y - shape.origin.y,
      };
      canvas ??= layer;
      checkEffects(effects, `layer ${number}`);
      if (values.hide !== true) layers.push(layer);
    }
    if (canvas === undefined || base === undefined) throw new RenderRequestError('layer: layer 0 is missing');
    const { effects } = request;
    checkEffects(effects, 'the composite');
    const { signal } = this.#sources;
    const { shape } = canvas;
    const effectMask = request.values.effectMask ?? this.#sources.effectMask;
    const toComposite = base.matrix && flippedOn(shape, base.matrix, composite.flip);
    const clip = clipOf(composite, base.paths, toComposite);
    const parts: SceneParts = { canvas: shape, layers, composite, effects, effectMask, clip };
    const scene: Scene = {
      size: { width: shape.width, height: shape.height },
      layers,
      composite,
      matrix: flippedOn(shape, movedBy(0, 0), composite.flip),
      isPlain: isPlain(parts),
      work: (factor) => sceneWork(parts, factor),
      draw: (factor) => drawScene(parts, factor, signal),
      close: () => this.close(),
    };
    const area = compositeCrop(composite, base.paths, toComposite, scene.size);
    return area === undefined ? scene : croppedScene(scene, area);
  }

  async #contentOf(
    number: number,
    own: GivenValues,
    request: ImageRequest,
    main: PixelSource | undefined,
    depth: number,
    kernel: Kernel,
    canvas: Size | undefined,
  ): Promise<{ readonly values: GivenValues; readonly content: LayerContent }> {
    const { text, textPs, src, mask } = own;
    if (text !== undefined || textPs !== undefined)
      return textLayer(text ?? textPs ?? '', own, canvas, this.#sources.signal);
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
      const { width, height } = content.text;
      return { width, height, density: undefined };
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
    if (nested !== undefined && nested.kind !== 'is')
      throw new RenderRequestError(
        `${command}: found '${value.slice(0, 100)}', expected an image or is{…}: this server draws no other nested requests`,
      );
    const { find, macro } = this.#sources;
    if (nested === undefined) {
      const object = value.trim();
      const { source: file, modifier } = await find(object);
      const opened = await this.#openFile(file);
      if (opened === undefined)
        throw new RenderRequestError(
          `${command}: found '${object.slice(0, 100)}', expected an image: it consists of commands, which is{…} draws`,
        );
      const before = modifier === null ? undefined : parsed([modifier], { macro });
      return { source: opened, values: before?.layers[0]?.values ?? {} };
    }
    if (depth >= MAX_DEPTH)
      throw new RenderRequestError(
        `${command}: found ${depth + 1} requests within each other, expected at most ${MAX_DEPTH}`,
      );
    const variables = withoutObject(request.variables);
    const { image, main } = await innerRequest(nested, variables, macro, find);
    const scene = await this.scene(image, kernel, await this.#openFile(main.source), depth + 1);
    return { source: this.#sourceOf(scene, image), values: {} };
  }

  async #openFile(file: RenderSource | undefined): Promise<PixelSource | undefined> {
    const opened = file === undefined ? undefined : await openSource(file);
    if (opened !== undefined) this.#opened.push(opened);
    return opened;
  }

  /** A nested request as a source, which is drawn when it is first read. */
  #sourceOf(scene: Scene, request: ImageRequest): PixelSource {
    const { values } = request;
    const isSized = values.wid !== undefined || values.hei !== undefined || values.scl !== undefined;
    const view = viewOf(scene.size, isSized ? values : { ...values, scl: 1 }, DEFAULT_SETTINGS);
    let drawn: Promise<PixelSource> | undefined;
    const { maxPixels, signal } = this.#sources;
    const read = async (): Promise<PixelSource> =>
      sourceOfPixels(await innerPixels(scene, view, signal), { maxPixels, signal });
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

/** Whether a scene is one image without any command that has to see pixels of it one by one, but for those of the composite. */
function isPlain({ layers: [layer, ...others], composite, effects, clip }: SceneParts): boolean {
  if (layer === undefined || others.length > 0 || layer.number !== 0) return false;
  if (effects.length > 0 || layer.effects.length > 0) return false;
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
    clip === undefined
  );
}
