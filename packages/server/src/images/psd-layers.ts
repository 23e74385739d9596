// Reads the layers of Photoshop files: their structure with a package, their pixels from the planes in it. Imports only types of this
// folder, so that the decoder's threads can load it without a build.
import type { Layer, LayerMaskData, Psd } from 'ag-psd';
import type { PsdHeader } from './psd-header.js';
import type { Plane, PsdPicture } from './psd-planes.js';

type Planes = typeof import('./psd-planes.js');

/** A text in a layer. */
export interface LayerText {
  readonly text: string;
  /** Of its first characters, in pixels. */
  readonly size: number | undefined;
  /** Of its first characters: red, green, blue. */
  readonly color: readonly [number, number, number] | undefined;
}

/** A layer with pixels. */
export interface PsdLayer {
  /** From 1, the lowest; layers without pixels count. */
  readonly number: number;
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** From 0 to 1, with that of its groups. */
  readonly opacity: number;
  /** As the package calls it, such as `normal`. */
  readonly blendMode: string;
  /** Whether it or one of its groups is hidden. */
  readonly isHidden: boolean;
  readonly text: LayerText | undefined;
}

/** The layers of a file. */
export interface PsdLayerList {
  /** The lowest first. */
  readonly layers: readonly PsdLayer[];
  /** Layers without pixels, such as adjustments. */
  readonly without: number;
  /** Layers and groups with effects, such as shadows. */
  readonly withEffects: number;
}

/** A layer with the groups that contain it, the nearest first. */
interface Nested {
  readonly layer: Layer;
  readonly groups: readonly Layer[];
  readonly number: number;
  /** The layer whose shape clips it. */
  readonly base: Layer | undefined;
}

/** Most groups within each other; Photoshop makes fewer. */
const MAX_DEPTH = 100;

/** Numbers of channels. */
const TRANSPARENCY = -1;
const MASK = -2;

/** An open file. */
export class PsdLayerReader {
  readonly #planes: Planes;
  readonly #header: PsdHeader;
  readonly #all: readonly Nested[];
  readonly list: PsdLayerList;

  private constructor(planes: Planes, header: PsdHeader, psd: Psd) {
    this.#planes = planes;
    this.#header = header;
    const nested = leavesOf(psd.children ?? []);
    this.#all = nested.filter(({ layer }) => areaOf(layer) > 0);
    this.list = {
      layers: this.#all.map((each) => shownLayer(each)),
      without: nested.length - this.#all.length,
      withEffects: new Set(
        nested
          .flatMap(({ layer, groups }) => [layer, ...groups])
          .filter(({ effects }) => effects !== undefined),
      ).size,
    };
  }

  /** Reads the structure of a file. No pixels are decoded. */
  static async open(content: Uint8Array, header: PsdHeader, planes: Planes): Promise<PsdLayerReader> {
    const { initializeCanvas, readPsd } = await import('ag-psd');
    const unused = (): never => {
      throw new Error('it needs a canvas');
    };
    initializeCanvas(unused, unused);
    // The package refuses modes whose pixels it cannot decode, which it does not do here.
    const structure = Uint8Array.from(content);
    structure[24] = 0;
    structure[25] = planes.PSD_MODES.rgb;
    const psd = readPsd(structure, {
      useRawData: true,
      skipCompositeImageData: true,
      skipLinkedFilesData: true,
      skipThumbnail: true,
    });
    return new PsdLayerReader(planes, header, psd);
  }

  /** The pixels of a layer, with its masks and the shape that clips it. */
  picture(number: number): PsdPicture {
    const nested = this.#all.find((each) => each.number === number);
    if (nested === undefined) throw new Error(`it has no layer ${number}`);
    const { layer, groups, base } = nested;
    const { mode, palette } = this.#header;
    const colors = this.#colorsOf(layer);
    const masks = [layer, ...groups].filter(hasMask);
    let alpha = this.#plane(layer, TRANSPARENCY, layer);
    for (const owner of masks) alpha = this.#masked(alpha, layer, owner);
    if (base !== undefined) alpha = this.#clipped(alpha, layer, base);
    return this.#planes.pictureOfPlanes(colors, alpha, { mode, palette, matted: false });
  }

  /**
   * The only layer if it is the whole picture: without anything that changes its pixels. Its colors are more exact than those of the
   * composite image, with which white is mixed, and ImageMagick mixes none.
   */
  wholePicture(): PsdPicture | undefined {
    const [only, second] = this.#all;
    if (only === undefined || second !== undefined || only.groups.length > 0 || this.list.without > 0)
      return undefined;
    const { layer } = only;
    const { width, height } = this.#header;
    const isWhole = layer.left === 0 && layer.top === 0 && layer.right === width && layer.bottom === height;
    const isPlain =
      layer.opacity === 1 &&
      layer.blendMode === 'normal' &&
      layer.hidden !== true &&
      layer.effects === undefined;
    return isWhole && isPlain && !hasMask(layer) && (layer.fillOpacity ?? 1) === 1
      ? this.picture(only.number)
      : undefined;
  }

  #colorsOf(layer: Layer): Plane[] {
    return Array.from({ length: this.#planes.colorChannels(this.#header.mode) }, (_, id) => {
      const plane = this.#plane(layer, id, layer);
      if (plane === undefined) throw new Error(`a layer lacks the channel ${id}`);
      return plane;
    });
  }

  /** A channel of a layer, with the size of a box. */
  #plane(layer: Layer, id: number, box: LayerMaskData | Layer): Plane | undefined {
    const channel = layer.rawData?.channels.find((each) => each.id === id);
    const { width, height } = sizeOf(box);
    if (channel?.data === undefined) return undefined;
    const { bits, large } = this.#header;
    return this.#planes.decodePlane(channel.data, {
      width,
      height,
      bits,
      large,
      compression: channel.compression,
    });
  }

  /** The transparency of a layer where a mask of it or of a group shows it. */
  #masked(alpha: Plane | undefined, layer: Layer, owner: Layer): Plane {
    const { mask } = owner;
    const full = this.#full();
    const plane = mask === undefined ? undefined : this.#plane(owner, MASK, mask);
    const outside = ((mask?.defaultColor ?? 255) * full) / 255;
    const isRelative = mask?.positionRelativeToLayer === true;
    const left = (mask?.left ?? 0) + (isRelative ? (owner.left ?? 0) : 0);
    const top = (mask?.top ?? 0) + (isRelative ? (owner.top ?? 0) : 0);
    return this.#times(alpha, layer, { plane, ...sizeOf(mask ?? {}), left, top }, outside);
  }

  /** The transparency of a layer within the shape of the layer below it. */
  #clipped(alpha: Plane | undefined, layer: Layer, base: Layer): Plane {
    let plane = this.#plane(base, TRANSPARENCY, base);
    if (hasMask(base)) plane = this.#masked(plane, base, base);
    const full = this.#full();
    const { width, height } = sizeOf(base);
    const shape = plane ?? this.#empty(width * height).fill(full);
    return this.#times(
      alpha,
      layer,
      { plane: shape, width, height, left: base.left ?? 0, top: base.top ?? 0 },
      0,
    );
  }

  #times(
    alpha: Plane | undefined,
    layer: Layer,
    by: {
      readonly plane: Plane | undefined;
      readonly width: number;
      readonly height: number;
      readonly left: number;
      readonly top: number;
    },
    outside: number,
  ): Plane {
    const { width, height } = sizeOf(layer);
    const full = this.#full();
    const result = this.#empty(width * height);
    const [right, down] = [(layer.left ?? 0) - by.left, (layer.top ?? 0) - by.top];
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const [column, row] = [x + right, y + down];
        const isInside = column >= 0 && row >= 0 && column < by.width && row < by.height;
        const shown = isInside && by.plane !== undefined ? (by.plane[row * by.width + column] ?? 0) : outside;
        const at = y * width + x;
        result[at] = Math.round(((alpha?.[at] ?? full) * shown) / full);
      }
    return result;
  }

  #full(): number {
    return this.#header.bits === 16 ? 0xffff : 0xff;
  }

  #empty(length: number): Plane {
    return this.#header.bits === 16 ? new Uint16Array(length) : new Uint8Array(length);
  }
}

const hasMask = ({ mask }: Layer): boolean => mask !== undefined && mask.disabled !== true;

function sizeOf(box: LayerMaskData | Layer): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(0, (box.right ?? 0) - (box.left ?? 0)),
    height: Math.max(0, (box.bottom ?? 0) - (box.top ?? 0)),
  };
}

function areaOf(layer: Layer): number {
  const { width, height } = sizeOf(layer);
  return width * height;
}

/** All layers that are not groups, the lowest first. */
function leavesOf(children: readonly Layer[]): Nested[] {
  const found: Nested[] = [];
  const visit = (layers: readonly Layer[], groups: readonly Layer[]): void => {
    if (groups.length > MAX_DEPTH) throw new Error(`it has more than ${MAX_DEPTH} groups within each other`);
    let base: Layer | undefined;
    for (const layer of layers) {
      if (layer.children !== undefined) {
        visit(layer.children, [layer, ...groups]);
        base = undefined;
        continue;
      }
      if (layer.clipping !== true) base = layer;
      found.push({
        layer,
        groups,
        number: found.length + 1,
        base: layer.clipping === true ? base : undefined,
      });
    }
  };
  visit(children, []);
  return found;
}

function shownLayer({ layer, groups, number }: Nested): PsdLayer {
  const all = [layer, ...groups];
  return {
    number,
    name: layer.name ?? '',
    left: layer.left ?? 0,
    top: layer.top ?? 0,
    ...sizeOf(layer),
    opacity: all.reduce((product, { opacity = 1 }) => product * opacity, layer.fillOpacity ?? 1),
    blendMode: layer.blendMode ?? 'normal',
    isHidden: all.some(({ hidden }) => hidden === true),
    text: textOf(layer),
  };
}

function textOf({ text }: Layer): LayerText | undefined {
  if (text === undefined) return undefined;
  const style = text.styleRuns?.[0]?.style ?? text.style;
  const color = style?.fillColor;
  const [, , , scale = 1] = text.transform ?? [];
  return {
    text: text.text,
    size: style?.fontSize === undefined ? undefined : style.fontSize * Math.abs(scale),
    color: color !== undefined && 'r' in color ? [color.r, color.g, color.b] : undefined,
  };
}
