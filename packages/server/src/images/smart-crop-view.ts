import type { Region, RenderRequest } from './render-request.js';
import type { CropRect } from './smart-crop.js';
import { type Area, cropArea, type Size } from './view.js';

/** A smart crop of an image, with its default size in pixels. */
export interface CropView extends CropRect, Size {}

/** The area of a smart crop, in pixels of the image. */
export function smartCropArea(image: Size, { leftN, topN, widthN, heightN }: CropRect): Area {
  const { left, top, width, height } = cropArea(image, {
    left: leftN,
    top: topN,
    width: widthN,
    height: heightN,
    normalized: true,
  });
  const inside = { left: Math.min(left, image.width - 1), top: Math.min(top, image.height - 1) };
  return {
    ...inside,
    width: Math.min(width, image.width - inside.left),
    height: Math.min(height, image.height - inside.top),
  };
}

/**
 * Converts a request for a smart crop to a request for its image. The commands apply to the smart crop like
 * to an image: a size replaces that of the smart crop, and a crop is within it.
 */
export function inSmartCrop(request: RenderRequest, crop: CropView, image: Size): RenderRequest {
  const area = smartCropArea(image, crop);
  const { width, height, scale } = request;
  const within = { ...request, crop: cropWithin(area, request.crop) };
  if (width !== undefined || height !== undefined || scale !== undefined) return within;
  // The part has the ratio of its size except for rounding to pixels, which must not become visible as a
  // margin. A part with a different ratio is shown completely.
  const wanted = {
    width: (area.height * crop.width) / crop.height,
    height: (area.width * crop.height) / crop.width,
  };
  const fills =
    request.crop === undefined &&
    (Math.abs(wanted.width - area.width) <= 1 || Math.abs(wanted.height - area.height) <= 1);
  return {
    ...within,
    width: crop.width,
    height: crop.height,
    fit: fills ? 'crop' : request.fit,
    upscale: true,
  };
}

/** A crop within an area, in pixels of the image. Parts outside the area are removed. */
function cropWithin(area: Area, crop: Region | undefined): Region {
  const asked = crop === undefined ? { left: 0, top: 0, ...sizeOf(area) } : cropArea(area, crop);
  const left = Math.min(Math.max(0, asked.left), area.width - 1);
  const top = Math.min(Math.max(0, asked.top), area.height - 1);
  return {
    left: area.left + left,
    top: area.top + top,
    width: Math.max(1, Math.min(asked.left + asked.width, area.width) - left),
    height: Math.max(1, Math.min(asked.top + asked.height, area.height) - top),
    normalized: false,
  };
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height });
