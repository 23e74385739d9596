import type { GivenValues } from '@ips-sdk/delivery';
import { type Clip, pathCurves, pathParts, svgData, wholePixels } from './clip-path.js';
import type { LayerContent } from './layer-pixels.js';
import type { LayerShape } from './layer-shape.js';
import { flippedBy, inTurn, type Matrix, movedBy, rotatedBy, scaledBy, transformed } from './matrix.js';
import { curvesOf, mapped, type PathPoint, type PhotoshopPath, rangeOf } from './photoshop-paths.js';
import { RenderRequestError } from './render-request.js';
import { type Area, cropArea, type Size } from './view.js';

/** Most paths that one command may name. */
const MAX_NAMES = 20;

/** The names that a command lists. */
function namesIn(command: string, text: string | undefined): string[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length > MAX_NAMES)
    throw new RenderRequestError(`${command}: found ${names.length} names, expected at most ${MAX_NAMES}`);
  return names;
}

/** The paths of a source in its own pixels, as far as commands name some. */
export interface SourcePaths {
  /** The paths that a command names, in its order. Names of other paths are ignored. */
  named(command: 'cropPathE' | 'clipPathE' | 'clipXPathE', values: GivenValues): readonly PhotoshopPath[];
}

const NO_PATHS: SourcePaths = { named: () => [] };

/** Reads the paths of what a layer shows, if any of the commands names one. */
export async function pathsOfLayer(content: LayerContent, all: readonly GivenValues[]): Promise<SourcePaths> {
  const asked = all.some(
    ({ cropPathE, clipPathE, clipXPathE }) => (cropPathE ?? clipPathE ?? clipXPathE) !== undefined,
  );
  if (!asked || content.kind !== 'image') return NO_PATHS;
  const { source } = content;
  const found = (await source.paths?.()) ?? [];
  const toPixels = scaledBy(source.width, source.height);
  const inPixels = found.map((path) => mapped(path, (point) => transformed(toPixels, point)));
  return {
    named: (command, values) =>
      namesIn(command, values[command]).flatMap((name) => inPixels.find((path) => path.name === name) ?? []),
  };
}

/** The least rectangle of whole pixels around a path; `undefined` for one without points. */
function boxOfPath({ subpaths }: PhotoshopPath): Area | undefined {
  return boxOfCurves(subpaths.flatMap(curvesOf));
}

function boxOfCurves(curves: readonly (readonly PathPoint[])[]): Area | undefined {
  if (curves.length === 0) return undefined;
  return wholePixels(
    rangeOf(curves.map((curve) => curve.map(({ x }) => x))),
    rangeOf(curves.map((curve) => curve.map(({ y }) => y))),
  );
}

/** The least rectangle of whole pixels around the path that a request gives; `undefined` for one without lines. */
export const boxOfData = (command: string, data: string): Area | undefined =>
  boxOfCurves(pathCurves(pathParts(command, data)));

/** What of an area is within the boxes of paths; at least one pixel. */
export function withinPaths(area: Area, paths: readonly PhotoshopPath[]): Area {
  return paths.reduce<Area>((rest, path) => {
    const box = boxOfPath(path);
    if (box === undefined) return rest;
    const left = Math.max(rest.left, box.left);
    const top = Math.max(rest.top, box.top);
    return {
      left,
      top,
      width: Math.max(1, Math.min(rest.left + rest.width, box.left + box.width) - left),
      height: Math.max(1, Math.min(rest.top + rest.height, box.top + box.height) - top),
    };
  }, area);
}

/** The commands of a layer with the crop to its paths as `crop`. */
export function croppedToPaths(values: GivenValues, source: Size, paths: SourcePaths): GivenValues {
  const named = paths.named('cropPathE', values);
  if (named.length === 0) return values;
  const { cropN: _, ...others } = values;
  const { left, top, width, height } = withinPaths(cropArea(source, values), named);
  return { ...others, crop: [left, top, width, height] };
}

/**
 * The part of the composite that `cropPathE` leaves, outside of layers.
 *
 * @param matrix - From pixels of the source of layer 0 to those of the composite.
 * @returns `undefined` if it has no effect.
 */
export function compositeCrop(
  composite: GivenValues,
  paths: SourcePaths,
  matrix: Matrix | undefined,
  size: Size,
): Area | undefined {
  const named = paths.named('cropPathE', composite);
  if (named.length === 0) return undefined;
  if (matrix === undefined) throw distorted('cropPathE');
  const whole = { left: 0, top: 0, width: size.width, height: size.height };
  return withinPaths(
    whole,
    named.map((path) => mapped(path, (point) => transformed(matrix, point))),
  );
}

const distorted = (command: string): RenderRequestError =>
  new RenderRequestError(`${command}: found a layer with perspective, whose paths cannot be followed`);

/** A layer of one color, or what it is without a size: as large as its path, whose coordinates are from the origin of layer 0. */
export function sizedByPath(
  values: GivenValues,
  { kind }: LayerContent,
): { readonly values: GivenValues; readonly moved?: Matrix | undefined } {
  const { clipPath = '', size = [0, 0], sizeN = [0, 0], rotate = 0, origin, originN } = values;
  if (kind !== 'color' || clipPath === '' || [...size, ...sizeN].some((side) => side > 0)) return { values };
  const box = boxOfData('clipPath', clipPath);
  if (box === undefined) return { values };
  if (rotate !== 0)
    throw new RenderRequestError(`rotate: found '${rotate}' for a layer that clipPath sizes; give its size`);
  const { left, top, width, height } = box;
  return {
    values: {
      ...values,
      size: [width, height],
      ...(origin === undefined && originN === undefined ? { origin: [-left, -top] } : {}),
    },
    moved: movedBy(-left, -top),
  };
}

/** From pixels of the source of a layer to its own; `undefined` where no straight line stays one at its place. */
export function layerMatrix(shape: LayerShape, flip: string | undefined): Matrix | undefined {
  if (shape.perspective !== undefined) return undefined;
  const { crop, scaled, angle, rotated, added } = shape;
  return inTurn(
    movedBy(-crop.left, -crop.top),
    scaledBy(scaled.width / crop.width, scaled.height / crop.height),
    movedBy(-scaled.width / 2, -scaled.height / 2),
    flippedBy(flip),
    rotatedBy(angle),
    movedBy(rotated.width / 2 + added.left, rotated.height / 2 + added.top),
  );
}

/**
 * What commands leave visible of a layer, or of the composite. `clipXPath` counts beside `clipPath` only.
 *
 * @param matrix - From pixels of the source to those of the layer.
 * @param moved - What the path that the request gives is moved by.
 */
export function clipOf(
  values: GivenValues,
  paths: SourcePaths,
  matrix: Matrix | undefined,
  moved: Matrix = movedBy(0, 0),
): Clip | undefined {
  const elements = (given: 'clipPath' | 'clipXPath', named: 'clipPathE' | 'clipXPathE'): string[] => {
    const data = values[given] ?? '';
    const found = paths.named(named, values);
    if (found.length > 0 && matrix === undefined) throw distorted(named);
    return [
      ...(data === '' ? [] : [elementOf(svgData(pathParts(given, data)), 'nonzero', moved)]),
      ...found.map((path) => elementOf(dataOf(path), 'evenodd', matrix ?? moved)),
    ];
  };
  const inside = elements('clipPath', 'clipPathE');
  const outside = elements('clipXPath', 'clipXPathE');
  return inside.length === 0 ? undefined : { inside, outside };
}

const elementOf = (data: string, rule: 'nonzero' | 'evenodd', matrix: Matrix): string =>
  `<path d="${data}" fill-rule="${rule}" transform="matrix(${matrix.join(' ')})"/>`;

/** Path data of SVG. Subpaths are closed, as only closed ones have an inside. */
function dataOf({ subpaths }: PhotoshopPath): string {
  const at = ({ x, y }: PathPoint): string => `${x} ${y}`;
  return subpaths
    .map(({ knots }) => {
      const curves = curvesOf({ closed: true, knots });
      const [first] = curves;
      return `M ${first?.[0] === undefined ? '0 0' : at(first[0])} ${curves
        .map(([, ...points]) => `C ${points.map(at).join(' ')}`)
        .join(' ')} Z`;
    })
    .join(' ');
}
