import { type TargetArea, targetAreas } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import type { ServingRequest } from './serving-request.js';

/**
 * The zoom targets of what the path names as properties, one a line: `Target.1.label=Lace`. They are as wide and high as they were saved, in
 * pixels of the image.
 */
export async function targetLines({ db }: Services, { found }: ServingRequest): Promise<string[]> {
  if (found === undefined) return [];
  const areas = await targetAreas(db, found.publication.assetId);
  return areas.flatMap((area, index) => linesOf(area, `Target.${index + 1}`));
}

function linesOf({ name, x, y, width, height, userData }: TargetArea, prefix: string): string[] {
  return [
    `${prefix}.label=${oneLine(name)}`,
    `${prefix}.rect=${[x, y, width, height].join(',')}`,
    ...(userData === null || userData === '' ? [] : [`${prefix}.userData=${oneLine(userData)}`]),
  ];
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');
