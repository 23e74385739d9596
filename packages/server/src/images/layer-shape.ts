import type { GivenValues } from '@ips-sdk/delivery';
import { isDistorted, type Perspective, perspectiveOf, quadSize } from './perspective.js';
import { type Area, cropArea, type Size } from './view.js';

/** The shape of a layer in pixels of the composite, and how it comes from its source. */
export interface LayerShape extends Size {
  /** The part of the source that is shown, in its pixels; it may extend beyond the source. */
  readonly crop: Area;
  /** Pixels of the composite for one of the source. */
  readonly scale: { readonly x: number; readonly y: number };
  /** Of the part, scaled. */
  readonly scaled: Size;
  /** Degrees, clockwise. */
  readonly angle: number;
  /** Of the rotated part. */
  readonly rotated: Size;
  /** Where its corners are moved, and the size of layer 0, on which they are. */
  readonly perspective?: { readonly to: Perspective; readonly onto: Size } | undefined;
  /** What is added to the rotated part on the left and at the top. */
  readonly added: { readonly left: number; readonly top: number };
  /** The point that is placed, from the top left corner. */
  readonly origin: Point;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The shape of a layer.
 *
 * @param source - Its size, and its resolution in pixels per inch.
 * @param exact - Whether `size` is exact, as for layers of one color.
 */
export function layerShape(
  source: Size & { readonly density: number | undefined },
  values: GivenValues,
  canvas: (Size & { readonly origin: Point }) | undefined,
  exact: boolean,
): LayerShape {
  if (isDistorted(values)) return distortedShape(source, values, canvas, exact);
  const crop = exact
    ? { left: 0, top: 0, width: source.width, height: source.height }
    : cropArea(source, values);
  const scale = exact ? { x: 1, y: 1 } : scaleOf(crop, source.density, values, canvas);
  const scaled = rounded(crop.width * scale.x, crop.height * scale.y);
  const angle = turned(values);
  const rotated = boxOf(scaled, angle);
  const { size, added } = extended(rotated, values);
  return {
    ...size,
    crop,
    scale,
    scaled,
    angle,
    rotated,
    added,
    origin:
      originOf(values, size) ??
      anchorOf(source, values, { crop, scale, scaled, angle, rotated, added, size }),
  };
}

/**
 * The shape of a layer whose corners are moved: layer 0, with what is added to it. `size` and `res` do not count; `scale` chooses how much
 * of the detail of the source is used.
 */
function distortedShape(
  source: Size,
  values: GivenValues,
  canvas: (Size & { readonly origin: Point }) | undefined,
  exact: boolean,
): LayerShape {
  const crop = exact
    ? { left: 0, top: 0, width: source.width, height: source.height }
    : cropArea(source, values);
  const onto = canvas ?? rounded(crop.width, crop.height);
  const to = perspectiveOf(values, onto);
  const wanted = to === undefined ? crop : quadSize(to.quad);
  const part = (side: number, whole: number): number =>
    values.scale === undefined ? Math.min(1, side / whole) : Math.min(1, values.scale);
  const scale = exact
    ? { x: 1, y: 1 }
    : { x: part(wanted.width, crop.width), y: part(wanted.height, crop.height) };
  const scaled = rounded(crop.width * scale.x, crop.height * scale.y);
  const angle = turned(values);
  const { size, added } = extended(onto, values);
  const origin = canvas?.origin ?? { x: onto.width / 2, y: onto.height / 2 };
  return {
    ...size,
    crop,
    scale,
    scaled,
    angle,
    rotated: boxOf(scaled, angle),
    perspective: to && { to, onto: { width: onto.width, height: onto.height } },
    added,
    origin: { x: origin.x + added.left, y: origin.y + added.top },
  };
}

const turned = ({ rotate = 0 }: GivenValues): number => ((rotate % 360) + 360) % 360;

/** A rectangle with what `extend` adds to it. */
function extended(
  { width, height }: Size,
  { extend, extendN }: GivenValues,
): { readonly size: Size; readonly added: { readonly left: number; readonly top: number } } {
  const [left, top, right, bottom] = extend ?? [
    Math.round((extendN?.[0] ?? 0) * width),
    Math.round((extendN?.[1] ?? 0) * height),
    Math.round((extendN?.[2] ?? 0) * width),
    Math.round((extendN?.[3] ?? 0) * height),
  ];
  return {
    size: { width: Math.max(1, width + left + right), height: Math.max(1, height + top + bottom) },
    added: { left, top },
  };
}

const rounded = (width: number, height: number): Size => ({
  width: Math.max(1, Math.round(width)),
  height: Math.max(1, Math.round(height)),
});

/** `size` before `scale` before `res`. */
function scaleOf(
  crop: Size,
  density: number | undefined,
  { size, sizeN, scale, res }: GivenValues,
  canvas: Size | undefined,
): Point {
  const [width, height] = size ?? [
    (sizeN?.[0] ?? 0) * (canvas?.width ?? 0),
    (sizeN?.[1] ?? 0) * (canvas?.height ?? 0),
  ];
  const both = (factor: number): Point => ({ x: factor, y: factor });
  if (width > 0 && height > 0) return both(Math.min(width / crop.width, height / crop.height));
  if (width > 0) return both(width / crop.width);
  if (height > 0) return both(height / crop.height);
  if (scale !== undefined) return both(scale);
  return both(res === undefined ? 1 : res / (density ?? 72));
}

/** The box around a rotated rectangle. */
function boxOf({ width, height }: Size, angle: number): Size {
  if (angle % 180 === 0) return { width, height };
  if (angle % 90 === 0) return { width: height, height: width };
  const { sin, cos } = turn(angle);
  return rounded(
    width * Math.abs(cos) + height * Math.abs(sin),
    width * Math.abs(sin) + height * Math.abs(cos),
  );
}

function turn(angle: number): { readonly sin: number; readonly cos: number } {
  const radians = (angle * Math.PI) / 180;
  return { sin: Math.sin(radians), cos: Math.cos(radians) };
}

function originOf({ origin, originN }: GivenValues, { width, height }: Size): Point | undefined {
  if (origin !== undefined) return { x: origin[0], y: origin[1] };
  if (originN === undefined) return undefined;
  return { x: width * (0.5 + originN[0]), y: height * (0.5 + originN[1]) };
}

/** Where the anchor of the source is in the layer; without one, the center of the layer. */
function anchorOf(
  source: Size,
  { anchor, anchorN, flip }: GivenValues,
  shape: Omit<LayerShape, 'origin' | 'width' | 'height'> & { readonly size: Size },
): Point {
  const { crop, scale, scaled, angle, rotated, added, size } = shape;
  const inSource = anchor
    ? { x: anchor[0], y: anchor[1] }
    : anchorN && { x: source.width * (0.5 + anchorN[0]), y: source.height * (0.5 + anchorN[1]) };
  if (inSource === undefined) return { x: size.width / 2, y: size.height / 2 };
  const across = (inSource.x - crop.left) * scale.x;
  const down = (inSource.y - crop.top) * scale.y;
  const x = (flip?.includes('lr') === true ? scaled.width - across : across) - scaled.width / 2;
  const y = (flip?.includes('ud') === true ? scaled.height - down : down) - scaled.height / 2;
  const { sin, cos } = turn(angle);
  return {
    x: x * cos - y * sin + rotated.width / 2 + added.left,
    y: x * sin + y * cos + rotated.height / 2 + added.top,
  };
}
