import type { Context } from '../context.js';
import { printBatch } from './batch-result.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets, findFolder, needed } from './references.js';

/** `ips asset move` */
export async function run(
  context: Context,
  options: { readonly to?: string },
  given: readonly string[],
): Promise<number> {
  if (options.to === undefined) throw needed('--to', 'give --to MyCompany/Archive/');
  const assets = await findAssets(context, given);
  const folderHandle = await findFolder(context, options.to);
  const input = { assetMoveArray: assets.map(({ handle }) => ({ assetHandle: handle, folderHandle })) };
  if (await printDryRun(context, 'moveAssets', input)) return 0;
  const result = await (await context.client()).batch('moveAssets', input, { signal: context.signal });
  return printBatch(context, result, `moved to ${options.to}`);
}
