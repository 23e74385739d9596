import { MAX_SIDE, type Region, type RenderRequest, RenderRequestError } from './render-request.js';

/** Maximum pixels of a delivered image. */
export const MAX_RENDERED_PIXELS = 50_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The position of the scaled source in the view, the image to draw. */
export interface View {
  /** The scaled source. */
  readonly scaled: Size;
  /** The view itself. */
  readonly size: Size;
  /** Position of the scaled source in the view; negative if it is cropped. */
  readonly offset: { readonly left: number; readonly top: number };
}

export interface Area extends Size {
  readonly left: number;
  readonly top: number;
}

/** The part of the source to show, in its pixels; it may extend beyond the source. */
export function cropArea(source: Size, crop: Region | undefined): Area {
  if (crop === undefined) return { left: 0, top: 0, ...source };
  return inPixels(crop, source);
}

function inPixels(region: Region, whole: Size): Area {
  const x = region.normalized ? whole.width : 1;
  const y = region.normalized ? whole.height : 1;
  return {
    left: Math.round(region.left * x),
    top: Math.round(region.top * y),
    width: Math.max(1, Math.round(region.width * x)),
    height: Math.max(1, Math.round(region.height * y)),
  };
}

export function viewOf(area: Size, { width, height, scale, fit, upscale, align }: RenderRequest): View {
  const at = (factorX: number, factorY = factorX): Size => ({
    width: Math.max(1, Math.round(area.width * factorX)),
    height: Math.max(1, Math.round(area.height * factorY)),
  });
  const place = (scaled: Size, size: Size): View => ({
    scaled,
    size,
    offset: {
      left: Math.round(((size.width - scaled.width) * (align[0] + 1)) / 2),
      top: Math.round(((size.height - scaled.height) * (align[1] + 1)) / 2),
    },
  });
  if (scale !== undefined) {
    const scaled = at(1 / scale);
    return place(scaled, { width: width ?? scaled.width, height: height ?? scaled.height });
  }
  const limit = (factor: number): number => (upscale ? factor : Math.min(1, factor));
  if (width === undefined && height === undefined) {
    const scaled = at(Math.min(1, DEFAULT_SIDE / area.width, DEFAULT_SIDE / area.height));
    return place(scaled, scaled);
  }
  if (width === undefined || height === undefined) {
    const scaled = at(limit(width === undefined ? (height ?? 1) / area.height : width / area.width));
    // A requested side is exact unless the image would be too large.
    return place(scaled, scaled);
  }
  const x = width / area.width;
  const y = height / area.height;
  const asked = { width, height };
  switch (fit) {
    case 'stretch':
      return place(at(limit(x), limit(y)), asked);
    case 'crop':
      return place(at(limit(Math.max(x, y))), asked);
    case 'wrap': {
      const scaled = at(limit(Math.max(x, y)));
      return place(scaled, scaled);
    }
    case 'constrain': {
      const scaled = at(limit(Math.min(x, y)));
      return place(scaled, scaled);
    }
    case 'hfit':
      return place(at(limit(x)), asked);
    case 'vfit':
      return place(at(limit(y)), asked);
    default:
      return place(at(limit(Math.min(x, y))), asked);
  }
}

/** The part of the view to send. */
export function regionOf(view: Size, region: Region | undefined): Area {
  if (region === undefined) return { left: 0, top: 0, ...view };
  const area = inPixels(region, view);
  const left = Math.min(Math.max(0, area.left), view.width);
  const top = Math.min(Math.max(0, area.top), view.height);
  const width = Math.min(area.left + area.width, view.width) - left;
  const height = Math.min(area.top + area.height, view.height) - top;
  if (width < 1 || height < 1)
    throw new RenderRequestError(`rgn: outside the image of ${view.width} × ${view.height} pixels`);
  return { left, top, width, height };
}

export function checkSize({ width, height }: Size): void {
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_RENDERED_PIXELS) {
    throw new RenderRequestError(
      `an image of ${width} × ${height} pixels is too large: at most ${MAX_SIDE} pixels a side and ${MAX_RENDERED_PIXELS} in all`,
    );
  }
}

/** Longer side of an image when the request gives no size, in pixels. */
const DEFAULT_SIDE = 400;
