import { ImageError, imageWork, openImage } from './image-library.js';
import {
  mapped,
  type PathPoint,
  type PhotoshopPath,
  photoshopPaths,
  type Quad,
  quadOf,
} from './photoshop-paths.js';
import { type PhotoshopBlock, readPhotoshopBlock } from './photoshop-resources.js';
import type { Margins } from './processing.js';

/** A path of an image. */
export interface PathInImage {
  readonly name: string;
  /** In pixels of the image; `undefined` for a path without points. */
  readonly quad: Quad | undefined;
}

/**
 * The saved paths of an image in their order. Empty for a file without paths, and for other formats than Photoshop, TIFF and JPEG.
 *
 * @param path - Of the file before the crop.
 * @param crop - The margins that were removed.
 */
export async function pathsOfImage(
  path: string,
  maxPixels: number,
  crop: Margins | undefined,
): Promise<readonly PathInImage[]> {
  const block = await readPhotoshopBlock(path);
  const paths = block === undefined ? [] : photoshopPaths(block.resources);
  if (block === undefined || paths.length === 0) return [];
  const toPixels = pixels(block, await orientationOf(path, maxPixels), crop);
  return paths.map((each) => ({ name: each.name, quad: quadOf(each, toPixels) }));
}

/**
 * The saved paths of an image with their curves, in parts of its width and height. Empty for a file without paths.
 *
 * @param path - Of the file before the crop.
 * @param crop - The margins that were removed.
 */
export async function outlinesOfImage(
  path: string,
  maxPixels: number,
  crop: Margins | undefined,
): Promise<readonly PhotoshopPath[]> {
  const block = await readPhotoshopBlock(path);
  const paths = block === undefined ? [] : photoshopPaths(block.resources);
  if (block === undefined || paths.length === 0) return [];
  const orientation = await orientationOf(path, maxPixels);
  const toPixels = pixels(block, orientation, crop);
  const [across, down] = orientation >= 5 ? [block.height, block.width] : [block.width, block.height];
  const { left, top, right, bottom } = crop ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const toParts = (point: PathPoint): PathPoint => {
    const { x, y } = toPixels(point);
    return { x: x / Math.max(1, across - left - right), y: y / Math.max(1, down - top - bottom) };
  };
  return paths.map((each) => mapped(each, toParts));
}

/** How the camera was held, as a number from 1 to 8. Paths are those of the pixels as they are stored. */
async function orientationOf(path: string, maxPixels: number): Promise<number> {
  try {
    const { orientation = 1 } = await imageWork(
      () => openImage(path, maxPixels).metadata(),
      undefined,
      maxPixels,
    );
    return orientation;
  } catch (error) {
    // The image library does not know the format, which then has no orientation.
    if (error instanceof ImageError) return 1;
    throw error;
  }
}

/** Converts parts of the stored image to pixels of the upright one without its margins. */
function pixels(
  { width, height }: PhotoshopBlock,
  orientation: number,
  { left, top }: Pick<Margins, 'left' | 'top'> = { left: 0, top: 0 },
): (point: PathPoint) => PathPoint {
  const isTurned = orientation >= 5;
  const [across, down] = isTurned ? [height, width] : [width, height];
  return (point) => {
    const { x, y } = upright(point, orientation);
    return { x: x * across - left, y: y * down - top };
  };
}

function upright({ x, y }: PathPoint, orientation: number): PathPoint {
  switch (orientation) {
    case 2:
      return { x: 1 - x, y };
    case 3:
      return { x: 1 - x, y: 1 - y };
    case 4:
      return { x, y: 1 - y };
    case 5:
      return { x: y, y: x };
    case 6:
      return { x: 1 - y, y: x };
    case 7:
      return { x: 1 - y, y: 1 - x };
    case 8:
      return { x: y, y: 1 - x };
    default:
      return { x, y };
  }
}
