import type { Context } from '../context.js';
import { count } from '../output/columns.js';
import { printBatch } from './batch-result.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets, withNames } from './references.js';

/** `ips asset delete` */
export async function run(
  context: Context,
  options: { readonly forever?: boolean },
  given: readonly string[],
): Promise<number> {
  const assets = await findAssets(context, given, { trash: options.forever });
  const operation = options.forever ? 'emptyAssetsFromTrash' : 'deleteAssets';
  const input = { assetHandleArray: assets.map(({ handle }) => handle) };
  if (await printDryRun(context, operation, input)) return 0;
  const client = await context.client();
  if (!context.options.yes) {
    await context.confirm(
      options.forever ? 'permanently delete' : 'delete',
      count(assets.length, 'asset'),
      await withNames(client, assets),
    );
  }
  const result = await client.batch(operation, input, { signal: context.signal });
  return printBatch(context, result, options.forever ? 'deleted permanently' : 'deleted');
}
