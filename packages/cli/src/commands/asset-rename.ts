import type { Context } from '../context.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets } from './references.js';

/** `ips asset rename` */
export async function run(
  context: Context,
  options: { readonly check: boolean },
  reference: string,
  newName: string,
): Promise<undefined> {
  const [asset] = await findAssets(context, [reference]);
  const input = { assetHandle: asset?.handle ?? reference, newName, validateName: options.check };
  if (await printDryRun(context, 'renameAsset', input)) return undefined;
  await (await context.client()).renameAsset(input, { signal: context.signal });
  context.done(`renamed ${reference} to ${newName}`);
  return undefined;
}
