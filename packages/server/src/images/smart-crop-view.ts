import { inside } from './canvas.js';
import { isSized, type RenderRequest, withValues } from './render-request.js';
import type { CropRect } from './smart-crop.js';
import { type Area, areaOf, cropArea, type Size } from './view.js';

/** A smart crop of an image, and its pixels by default. */
export interface CropView extends CropRect, Size {}

/** The part of an image that a smart crop shows, in pixels of the image. */
export function smartCropArea(image: Size, { leftN, topN, widthN, heightN }: CropRect): Area {
  const { left, top, width, height } = areaOf([leftN, topN, widthN, heightN], image, true);
  const inside = { left: Math.min(left, image.width - 1), top: Math.min(top, image.height - 1) };
  return {
    ...inside,
    width: Math.min(width, image.width - inside.left),
    height: Math.min(height, image.height - inside.top),
  };
}

/**
 * A request for a smart crop as one for the part of its image. The commands apply to the smart crop as if it were an image of its own:
 * a size replaces that of the smart crop, and a crop is one within it.
 */
export function inSmartCrop(request: RenderRequest, crop: CropView, image: Size): RenderRequest {
  const area = smartCropArea(image, crop);
  const within = cutTo(request, area);
  if (isSized(request)) return within;
  // The part has the ratio of its size but for whole pixels, which must not show as a margin. Another one is shown whole.
  const wanted = {
    width: (area.height * crop.width) / crop.height,
    height: (area.width * crop.height) / crop.width,
  };
  const [layer] = request.image.layers;
  const isCropped = layer?.values.crop !== undefined || layer?.values.cropN !== undefined;
  const fills =
    !isCropped && (Math.abs(wanted.width - area.width) <= 1 || Math.abs(wanted.height - area.height) <= 1);
  const [mode = 'fit'] = request.image.values.fit ?? [];
  return withValues(within, { wid: crop.width, hei: crop.height, fit: [fills ? 'crop' : mode, true] });
}

/** The part of a crop outside of the smart crop is dropped: it would show the rest of the image. */
function cutTo(request: RenderRequest, area: Size): RenderRequest {
  const [layer, ...others] = request.image.layers;
  if (layer === undefined || (layer.values.crop === undefined && layer.values.cropN === undefined))
    return request;
  const { left, top, width, height } = inside(cropArea(area, layer.values), area);
  const { cropN: _, ...values } = layer.values;
  const cut = { ...layer, values: { ...values, crop: [left, top, width, height] as const } };
  return { ...request, image: { ...request.image, layers: [cut, ...others] } };
}
