import type { Context } from '../context.js';
import { printBatch } from './batch-result.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets } from './references.js';

/** `ips asset restore` */
export async function run(context: Context, _: object, given: readonly string[]): Promise<number> {
  const assets = await findAssets(context, given, { trash: true });
  const input = { assetHandleArray: assets.map(({ handle }) => handle) };
  if (await printDryRun(context, 'restoreAssetsFromTrash', input)) return 0;
  const client = await context.client();
  const result = await client.batch('restoreAssetsFromTrash', input, { signal: context.signal });
  return printBatch(context, result, 'restored');
}
