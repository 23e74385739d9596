import type { CropRect, SmartCrop } from '@ips-sdk/client';
import { contract } from '@ips-sdk/types/2019-09-10-beta';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { rectText } from '../rect.js';
import { printBatch } from './batch-result.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets, needed } from './references.js';

/** `ips smartcrop set` */
export async function run(
  context: Context,
  options: { readonly rect?: CropRect },
  image: string,
  cropName: string,
): Promise<number> {
  if (options.rect === undefined) throw needed('--rect', 'give --rect 0,0.25,1,0.5');
  const { rect } = options;
  context.speak(contract);
  const [asset] = await findAssets(context, [image]);
  const owner = asset?.handle ?? image;
  const { smartCrops } = await context.client();
  const crop = cropName.includes('|')
    ? cropName
    : cropNamed(cropName, image, await smartCrops.list(owner, { signal: context.signal }));
  const updateArray = [{ ownerHandle: owner, subAssetHandle: crop, cropRect: rect }];
  if (await printDryRun(context, 'updateSmartCrops', { updateArray })) return EXIT.ok;
  const result = await smartCrops.update([{ owner, crop, rect }], { signal: context.signal });
  if (!result.complete) return printBatch(context, result, 'changed');
  context.done(`changed ${cropName} of ${image} to ${rectText(rect)}`);
  return EXIT.ok;
}

function cropNamed(name: string, image: string, crops: readonly SmartCrop[]): string {
  const found =
    crops.find((crop) => crop.name === name) ??
    crops.find((crop) => crop.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found.handle;
  const names = crops.map((crop) => crop.name);
  const meant = nearest(name, names);
  throw new CliError(
    EXIT.service,
    `${image} has no smart crop ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    names.length === 0 ? 'the image has no smart crops' : `the smart crops are ${names.join(', ')}`,
  );
}
