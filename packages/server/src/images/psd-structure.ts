// Reads the structure of Photoshop files with a package. Imports nothing else, so that the decoder's threads can load it without a build.
import { initializeCanvas, type Layer, readPsd } from 'ag-psd';

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

/** A layer with the groups that contain it, the nearest first. */
export interface NestedLayer {
  readonly layer: Layer;
  readonly groups: readonly Layer[];
  readonly shown: PsdLayer;
  /** The layer whose shape clips it. */
  readonly base: Layer | undefined;
}

/** Most groups within each other; Photoshop makes fewer. */
const MAX_DEPTH = 100;

/** Where a file has its color mode. */
const MODE_AT = 24;

/** The color mode RGB. */
const RGB = 3;

/**
 * The layers of a file that are not groups, the lowest first. No pixels are decoded.
 *
 * @param content - Its color mode and wrong blend modes are overwritten.
 * @param end - Where the layers end.
 */
export function layersOfFile(content: Uint8Array, end: number): readonly NestedLayer[] {
  const unused = (): never => {
    throw new Error('it needs a canvas');
  };
  initializeCanvas(unused, unused);
  // The package refuses modes whose pixels it cannot decode, which it does not do here.
  content.set([0, RGB], MODE_AT);
  turnBlendModes(content.subarray(0, end));
  const { children = [] } = readPsd(content, {
    useRawData: true,
    skipCompositeImageData: true,
    skipLinkedFilesData: true,
    skipThumbnail: true,
  });
  return leavesOf(children);
}

/** Signatures of blend modes. */
const BLEND_KEYS: ReadonlySet<string> = new Set(
  'pass|norm|diss|dark|mul |idiv|lbrn|dkCl|lite|scrn|div |lddg|lgCl|over|sLit|hLit|vLit|lLit|pLit|hMix|diff|smud|fsub|fdiv|hue |sat |colr|lum '.split(
    '|',
  ),
);

/** ImageMagick writes blend modes backwards in some files, which the package refuses. */
function turnBlendModes(content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  for (
    let at = bytes.indexOf('8BIM');
    at >= 0 && at + 8 <= bytes.length;
    at = bytes.indexOf('8BIM', at + 4)
  ) {
    const key = bytes.toString('latin1', at + 4, at + 8);
    const turned = [...key].reverse().join('');
    if (!BLEND_KEYS.has(key) && BLEND_KEYS.has(turned)) bytes.write(turned, at + 4, 'latin1');
  }
}

/** All layers that are not groups, the lowest first. */
function leavesOf(children: readonly Layer[]): NestedLayer[] {
  const found: NestedLayer[] = [];
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
        shown: shownLayer(layer, groups, found.length + 1),
        base: layer.clipping === true ? base : undefined,
      });
    }
  };
  visit(children, []);
  return found;
}

function shownLayer(layer: Layer, groups: readonly Layer[], number: number): PsdLayer {
  const all = [layer, ...groups];
  return {
    number,
    name: layer.name ?? '',
    left: layer.left ?? 0,
    top: layer.top ?? 0,
    width: Math.max(0, (layer.right ?? 0) - (layer.left ?? 0)),
    height: Math.max(0, (layer.bottom ?? 0) - (layer.top ?? 0)),
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
