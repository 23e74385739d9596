// Smart crops of a seed's images: their form, and their parts of the image.
import { type AskedSmartCrop, askedSmartCrops } from '../assets/smart-crop-options.js';
import { type MadeSmartCrop, makeSmartCrops } from '../assets/smart-crops.js';
import { heldInImage } from '../images/smart-crop.js';
import type { Services } from '../services.js';
import type { ExaminedFile } from './examined-file.js';
import { fraction, list, optionalText, record, text, whole } from './seed-checks.js';
import { placed, SeedError } from './seed-error.js';
import type { SeedRect, SeedSmartCrop } from './seed-types.js';

const CROP = ['name', 'type', 'width', 'height', 'rect'] as const;
const RECT = ['left', 'top', 'width', 'height'] as const;

/** What a crop without a type is for. */
const TYPE = 'Banner';

/** @throws SeedError that names the first invalid value. */
export function checkSmartCrops(path: string, crops: readonly SeedSmartCrop[] | undefined): void {
  for (const [index, crop] of list(path, crops).entries()) {
    const at = `${path}[${index}]`;
    record(at, crop, CROP);
    text(`${at}.name`, crop.name);
    optionalText(`${at}.type`, crop.type);
    for (const side of ['width', 'height'] as const)
      whole(`${at}.${side}`, crop[side], 1, Number.MAX_SAFE_INTEGER);
    if (crop.rect !== undefined) checkRect(`${at}.rect`, crop.rect);
  }
  placed(path, () => asked(crops));
}

function checkRect(path: string, rect: SeedRect): void {
  record(path, rect, RECT);
  for (const edge of RECT) fraction(`${path}.${edge}`, rect[edge]);
  if (heldInImage(cropRect(rect)) === undefined)
    throw new SeedError(
      path,
      'expected a part of the image: left + width and top + height of at most 1, and no side of 0',
    );
}

/**
 * The smart crops of an image, with the parts of the image that they show.
 *
 * @throws SeedError for a file that cannot have smart crops.
 */
export async function madeCrops(
  { files, config }: Services,
  path: string,
  { contents }: ExaminedFile,
  crops: readonly SeedSmartCrop[] | undefined,
): Promise<readonly MadeSmartCrop[]> {
  const source = { files, maxPixels: config.limits.maxPixels, signal: undefined };
  const made = await makeSmartCrops(source, contents, asked(crops));
  const [problem] = made.warnings;
  if (problem !== undefined) throw new SeedError(path, problem);
  return made.crops.map((crop, index) => {
    const rect = crops?.[index]?.rect;
    return rect === undefined ? crop : { ...crop, ...heldInImage(cropRect(rect)) };
  });
}

/** As the options of an upload. */
function asked(crops: readonly SeedSmartCrop[] = []): readonly AskedSmartCrop[] {
  return askedSmartCrops(
    crops.map(({ name, type = TYPE, width, height }) => ({ name, type, width, height })),
    '',
  );
}

const cropRect = ({ left, top, width, height }: SeedRect) => ({
  leftN: left,
  topN: top,
  widthN: width,
  heightN: height,
});
