import type { AutoSmartCropOptions } from '@ips-sdk/types/2019-09-10-beta';
import { invalidParameter, missingParameter } from '../faults.js';
import { MAX_SIDE } from '../images/render-request.js';
import { MAX_RENDERED_PIXELS } from '../images/view.js';

/** A smart crop to create for each image of a job. */
export interface AskedSmartCrop {
  readonly name: string;
  readonly type: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Maximum smart crops of a job, because each takes some time for every image. */
const MAX_CROPS = 100;

const MAX_NAME = 100;

/**
 * Checks the smart crops that a job requests. Any field can be missing, because only the fields common to all
 * versions are checked against the contract.
 *
 * @param path - Of the options in the request.
 * @throws IpsFault 30001 or 30002 for the first invalid crop.
 */
export function askedSmartCrops(
  options: readonly Partial<AutoSmartCropOptions>[],
  path: string,
): AskedSmartCrop[] {
  if (options.length > MAX_CROPS)
    throw invalidParameter(path, `${options.length} smart crops`, `at most ${MAX_CROPS}`);
  const names = new Set<string>();
  return options.map(({ name, type, width, height }, index) => {
    const own = `${path}[${index}]`;
    const crop = {
      name: checkName(name, `${own}/name`),
      type: checkText(type, `${own}/type`),
      width: checkSide(width, `${own}/width`),
      height: checkSide(height, `${own}/height`),
    };
    if (crop.width * crop.height > MAX_RENDERED_PIXELS)
      throw invalidParameter(
        own,
        `${crop.width} x ${crop.height}`,
        `at most ${MAX_RENDERED_PIXELS} pixels in total`,
      );
    const key = crop.name.toLowerCase();
    if (names.has(key)) throw invalidParameter(`${own}/name`, crop.name, 'a unique name');
    names.add(key);
    return crop;
  });
}

/** In image delivery, the name follows a colon at the end of a path. */
function checkName(name: string | undefined, path: string): string {
  const text = checkText(name, path);
  if (/[:/\\?]/.test(text))
    throw invalidParameter(path, text, 'a name without colons, slashes or question marks');
  return text;
}

function checkText(text: string | undefined, path: string): string {
  if (text === undefined) throw missingParameter(path);
  if (text.trim() !== text || text === '' || text.length > MAX_NAME || /\p{Cc}/u.test(text))
    throw invalidParameter(
      path,
      text,
      `1 to ${MAX_NAME} characters without control characters or surrounding spaces`,
    );
  return text;
}

function checkSide(side: number | undefined, path: string): number {
  if (side === undefined) throw missingParameter(path);
  if (!Number.isInteger(side) || side < 1 || side > MAX_SIDE)
    throw invalidParameter(path, side, `a whole number from 1 to ${MAX_SIDE}`);
  return side;
}
