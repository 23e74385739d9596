import type { Margins } from '../images/processing.js';
import type { LayerText, PsdLayer } from '../images/psd-structure.js';
import { ANCHORS, type LayerOptions } from './layer-options.js';

/** Most layers that image serving composes in one request. */
export const MAX_COMPOSED = 30;

/** A layer with its image in the catalog. */
export interface PlacedImage {
  readonly layer: PsdLayer;
  readonly name: string;
  /** Pixels from the upper left corner of the image. */
  readonly anchor: { readonly x: number; readonly y: number };
}

/** Names of blend modes in commands; those of other modes have no command. */
const BLEND_MODES: Readonly<Record<string, string>> = {
  lighten: 'lighten',
  darken: 'darken',
  multiply: 'mult',
  screen: 'screen',
};

/** The anchor of an image in pixels. */
export function anchorOf(
  anchor: LayerOptions['anchor'],
  { width = 0, height = 0 }: { readonly width?: number | undefined; readonly height?: number | undefined },
): PlacedImage['anchor'] {
  const [x, y] = ANCHORS[anchor];
  return { x: Math.floor(width * x), y: Math.floor(height * y) };
}

/** Whether commands can say how a layer is blended. */
export const isBlended = ({ blendMode }: PsdLayer): boolean =>
  blendMode === 'normal' || BLEND_MODES[blendMode] !== undefined;

/**
 * The commands that compose the images of layers.
 *
 * @param size - Of the whole file.
 * @param crop - What was cropped from the whole file.
 */
export function composition(
  size: { readonly width: number; readonly height: number },
  images: readonly PlacedImage[],
  { createTemplate, extractText, extendLayers }: LayerOptions,
  crop: Margins | undefined,
): string {
  const { left = 0, right = 0, top = 0, bottom = 0 } = crop ?? {};
  const canvas = `${size.width - left - right},${size.height - top - bottom}`;
  // A view has the size of its image, which is hidden: it shows the layers flattened.
  const base = createTemplate ? `size=${canvas}&color=ffffff&` : '';
  const layers = images.map(({ layer, name, anchor }, index) => {
    const place = extendLayers ? { left: 0, top: 0 } : layer;
    const { text } = layer;
    const isText = extractText && text !== undefined;
    const at = isText ? { x: 0, y: 0 } : anchor;
    const corner = isText ? layer : place;
    const content = isText
      ? [`text=${encodeURIComponent(richText(text))}`, `size=${layer.width},${layer.height}`, 'origin=0,0']
      : [`src=${encodeURIComponent(name)}`, `anchor=${at.x},${at.y}`];
    const blended = BLEND_MODES[layer.blendMode];
    return [
      `layer=${index + 1}`,
      ...content,
      `pos=${corner.left - left + at.x},${corner.top - top + at.y}`,
      ...(layer.opacity < 1 ? [`opac=${Math.round(layer.opacity * 100)}`] : []),
      ...(blended === undefined ? [] : [`blendMode=${blended}`]),
      ...(layer.isHidden ? ['hide=1'] : []),
    ].join('&');
  });
  return [`layer=0&${base}origin=0,0&hide=1`, ...layers].join('&');
}

/** A text in RTF. */
function richText({ text, size, color }: LayerText): string {
  const shade = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
  const [red, green, blue] = color ?? [0, 0, 0];
  const table = `{\\colortbl;\\red${shade(red)}\\green${shade(green)}\\blue${shade(blue)};}`;
  // Half points, of which a pixel has two at the resolution of texts.
  const points = size === undefined || !(size > 0) ? '' : `\\fs${Math.round(size * 2)}`;
  const shown = [...text.replaceAll(/\r\n?/g, '\n').replaceAll(LINE_BREAK, '\n').slice(0, MAX_TEXT)]
    .map(escaped)
    .join('');
  return `{\\rtf1\\ansi${table}\\cf1${points} ${shown}}`;
}

/** How Photoshop ends a line within a paragraph. */
const LINE_BREAK = '\u0003';

/** Most characters of a text. */
const MAX_TEXT = 4000;

function escaped(character: string): string {
  if (character === '\n') return '\\par ';
  if (/[\\{}]/.test(character)) return `\\${character}`;
  if (/[ -~]/.test(character)) return character;
  return /\p{C}/u.test(character)
    ? ''
    : Array.from(
        { length: character.length },
        (_, at) => `\\u${(character.charCodeAt(at) << 16) >> 16}?`,
      ).join('');
}
