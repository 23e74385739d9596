import type { CropRect } from '@ips-sdk/client';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';

/** Formats a region of an image as on the command line: `0,0.25,1,0.5`. */
export function rectText({ leftN, topN, widthN, heightN }: CropRect): string {
  return [leftN, topN, widthN, heightN].map((edge) => Number(edge.toFixed(6))).join(',');
}

/** @throws CliError if the text is not a region inside the image. */
export function parseRect(text: string): CropRect {
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [leftN = Number.NaN, topN = Number.NaN, widthN = Number.NaN, heightN = Number.NaN] = parts;
  const sound =
    parts.length === 4 &&
    parts.every((part) => part >= 0 && part <= 1) &&
    widthN > 0 &&
    heightN > 0 &&
    leftN + widthN <= 1.000001 &&
    topN + heightN <= 1.000001;
  if (sound) return { leftN, topN, widthN, heightN };
  throw new CliError(
    EXIT.usage,
    `expected left,top,width,height as fractions inside the image, found ${JSON.stringify(text)}`,
    'give --rect 0,0.25,1,0.5 for the middle half',
  );
}
