import type { GivenValues, Rectangle } from '@ips-sdk/delivery';
import { MAX_SIDE, RenderRequestError, type RenderSettings } from './render-request.js';

/** Most pixels of a delivered image. */
export const MAX_RENDERED_PIXELS = 50_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Area extends Size {
  readonly left: number;
  readonly top: number;
}

/** Where the composite is in the image to draw. */
export interface View {
  /** Pixels of the view for one of the composite. */
  readonly factor: { readonly x: number; readonly y: number };
  /** The composite, in pixels of the view; it may extend beyond the view, or leave some of it empty. */
  readonly composite: Area;
  /** The view itself. */
  readonly size: Size;
  /** The part of the view to answer; it may extend beyond the view. */
  readonly reply: Area;
}

/** A rectangle in pixels, of one in pixels or in fractions of a whole. */
export function areaOf([x, y, width, height]: Rectangle, whole: Size, normalized: boolean): Area {
  const across = normalized ? whole.width : 1;
  const down = normalized ? whole.height : 1;
  return {
    left: Math.round(x * across),
    top: Math.round(y * down),
    width: Math.max(1, Math.round(width * across)),
    height: Math.max(1, Math.round(height * down)),
  };
}

/** The part of a source to show, in its pixels; it may extend beyond the source. */
export function cropArea(source: Size, { crop, cropN }: GivenValues): Area {
  if (crop !== undefined) return areaOf(crop, source, false);
  if (cropN !== undefined) return areaOf(cropN, source, true);
  return { left: 0, top: 0, width: source.width, height: source.height };
}

/**
 * The view that a request asks for of a composite.
 *
 * @throws RenderRequestError when it is too large, or asks for a fit without a size.
 */
export function viewOf(composite: Size, values: GivenValues, settings: RenderSettings): View {
  const { rgn, rgnN, rect, align: [alignX, alignY] = [0, 0] } = values;
  const region = rgn
    ? areaOf(rgn, composite, false)
    : rgnN
      ? areaOf(rgnN, composite, true)
      : { left: 0, top: 0, width: composite.width, height: composite.height };
  const fitted = fittedTo(region, values, settings);
  const ratio = ratioOf(fitted.size, values, settings) * (rect?.[4] ?? 1);
  const scaled = times(fitted.scaled, ratio);
  const size = times(fitted.size, ratio);
  const factor = { x: scaled.width / region.width, y: scaled.height / region.height };
  const left = ((size.width - scaled.width) * (alignX + 1)) / 2 - region.left * factor.x;
  const top = ((size.height - scaled.height) * (alignY + 1)) / 2 - region.top * factor.y;
  const reply = rect
    ? { left: rect[0], top: rect[1], width: rect[2], height: rect[3] }
    : { left: 0, top: 0, ...size };
  checkSize(reply, settings);
  return {
    factor,
    size,
    reply,
    composite: {
      left: Math.round(left),
      top: Math.round(top),
      width: Math.max(1, Math.round(composite.width * factor.x)),
      height: Math.max(1, Math.round(composite.height * factor.y)),
    },
  };
}

const times = ({ width, height }: Size, ratio: number): Size => ({
  width: Math.max(1, Math.round(width * ratio)),
  height: Math.max(1, Math.round(height * ratio)),
});

/** The factor of `dpr`, with which no side exceeds the limit of the company. */
function ratioOf(
  size: Size,
  { dpr, rect }: GivenValues,
  { maxPix: [width, height] }: RenderSettings,
): number {
  const [state, ratio = 1] = dpr ?? ['off'];
  if (state === 'off' || rect !== undefined) return state === 'off' ? 1 : ratio;
  return Math.min(
    ratio,
    width === 0 ? ratio : Math.max(1, width / size.width),
    height === 0 ? ratio : Math.max(1, height / size.height),
    Math.max(1, MAX_SIDE / Math.max(size.width, size.height)),
  );
}

/** The sizes of the scaled region and of the view. */
function fittedTo(
  area: Size,
  { wid: givenWidth = 0, hei: givenHeight = 0, scl, fit }: GivenValues,
  { defaultPix }: RenderSettings,
): { readonly scaled: Size; readonly size: Size } {
  // A size of 0 is the same as none.
  const wid = givenWidth === 0 ? undefined : givenWidth;
  const hei = givenHeight === 0 ? undefined : givenHeight;
  const at = (x: number, y = x): Size => ({
    width: Math.max(1, Math.round(area.width * x)),
    height: Math.max(1, Math.round(area.height * y)),
  });
  const alone = (scaled: Size) => ({ scaled, size: scaled });
  if (scl !== undefined) {
    const scaled = at(1 / scl);
    return { scaled, size: { width: wid ?? scaled.width, height: hei ?? scaled.height } };
  }
  if (wid === undefined && hei === undefined) {
    if (fit !== undefined)
      throw new RenderRequestError(`fit: found '${fit[0]}' without wid and hei, expected both`);
    const [width, height] = defaultPix.map((side) => (side === 0 ? Number.POSITIVE_INFINITY : side));
    return alone(at(Math.min(1, (width ?? 0) / area.width, (height ?? 0) / area.height)));
  }
  const [mode = 'fit', upscale = false] = fit ?? [];
  const limit = (factor: number): number => (upscale ? factor : Math.min(1, factor));
  if (wid === undefined || hei === undefined) {
    // The side that is given is exact, unless a mode says that nothing is enlarged.
    const factor = wid === undefined ? (hei ?? 1) / area.height : wid / area.width;
    return alone(at(fit === undefined ? factor : limit(factor)));
  }
  const size = { width: wid, height: hei };
  const x = wid / area.width;
  const y = hei / area.height;
  switch (mode) {
    case 'stretch':
      return { scaled: at(limit(x), limit(y)), size };
    case 'crop':
      return { scaled: at(limit(Math.max(x, y))), size };
    case 'wrap':
      return alone(at(limit(Math.max(x, y))));
    case 'constrain':
      return alone(at(limit(Math.min(x, y))));
    case 'hfit':
      return { scaled: at(limit(x)), size };
    case 'vfit':
      return { scaled: at(limit(y)), size };
    default:
      return { scaled: at(limit(Math.min(x, y))), size };
  }
}

/** @throws RenderRequestError when an image is larger than what is delivered. */
export function checkSize({ width, height }: Size, { maxPix }: Pick<RenderSettings, 'maxPix'>): void {
  const [mostWide, mostHigh] = maxPix.map((side) => (side === 0 ? MAX_SIDE : Math.min(side, MAX_SIDE)));
  if (
    width > (mostWide ?? MAX_SIDE) ||
    height > (mostHigh ?? MAX_SIDE) ||
    width * height > MAX_RENDERED_PIXELS
  ) {
    throw new RenderRequestError(
      `an image of ${width} × ${height} pixels is too large: at most ${mostWide} × ${mostHigh} pixels and ${MAX_RENDERED_PIXELS} in all`,
    );
  }
}
