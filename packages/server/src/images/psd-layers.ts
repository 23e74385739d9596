// Reads the pixels of layers of Photoshop files from their planes. Imports only types, so that the decoder's threads can load it without a
// build.
import type { Layer, LayerMaskData } from 'ag-psd';
import type { PsdHeader } from './psd-header.js';
import type { Plane, PsdPicture } from './psd-planes.js';
import type { NestedLayer, PsdLayer } from './psd-structure.js';

type Planes = typeof import('./psd-planes.js');

/** The layers of a file. */
export interface PsdLayerList {
  /** The lowest first. */
  readonly layers: readonly PsdLayer[];
  /** Layers without pixels, such as adjustments. */
  readonly without: number;
  /** Layers and groups with effects, such as shadows. */
  readonly withEffects: number;
}

/** Numbers of channels. */
const TRANSPARENCY = -1;
const MASK = -2;

/** An open file. */
export class PsdLayerReader {
  readonly #planes: Planes;
  readonly #header: PsdHeader;
  readonly #all: readonly NestedLayer[];
  readonly list: PsdLayerList;

  constructor(nested: readonly NestedLayer[], header: PsdHeader, planes: Planes) {
    this.#planes = planes;
    this.#header = header;
    this.#all = nested.filter(({ shown }) => shown.width * shown.height > 0);
    this.list = {
      layers: this.#all.map(({ shown }) => shown),
      without: nested.length - this.#all.length,
      withEffects: new Set(
        nested
          .flatMap(({ layer, groups }) => [layer, ...groups])
          .filter(({ effects }) => effects !== undefined),
      ).size,
    };
  }

  /**
   * The pixels of a layer, with its masks and the shape that clips it.
   *
   * @param isExtended - Whether the picture has the size of the file, and shows the layer at its place.
   */
  picture(number: number, isExtended = false): PsdPicture {
    const nested = this.#all.find((each) => each.shown.number === number);
    if (nested === undefined) throw new Error(`it has no layer ${number}`);
    const { layer, groups, base } = nested;
    const { mode, palette } = this.#header;
    const colors = this.#colorsOf(layer);
    const masks = [layer, ...groups].filter(hasMask);
    let alpha = this.#plane(layer, TRANSPARENCY, layer);
    for (const owner of masks) alpha = this.#masked(alpha, layer, owner);
    if (base !== undefined) alpha = this.#clipped(alpha, layer, base);
    const meaning = { mode, palette, matted: false };
    if (!isExtended) return this.#planes.pictureOfPlanes(colors, alpha, meaning);
    const { width, height } = sizeOf(layer);
    const shape = alpha ?? this.#empty(width * height).fill(this.#full());
    const placed = (plane: Plane): Plane => this.#placed(plane, layer);
    return this.#planes.pictureOfPlanes(colors.map(placed), placed(shape), meaning);
  }

  /** A plane of a layer in one of the size of the file. */
  #placed(plane: Plane, layer: Layer): Plane {
    const { width, height } = this.#header;
    const { left = 0, top = 0 } = layer;
    const size = sizeOf(layer);
    const result = this.#empty(width * height);
    const [from, to] = [Math.max(0, -left), Math.min(size.width, width - left)];
    for (let y = Math.max(0, -top); y < Math.min(size.height, height - top); y += 1)
      if (from < to)
        result.set(
          plane.subarray(y * size.width + from, y * size.width + to),
          (y + top) * width + left + from,
        );
    return result;
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
      ? this.picture(only.shown.number)
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
