import type { Asset } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { fieldNames } from './api-fields.js';
import { ASSET_FIELDS } from './asset-columns.js';
import { findAssets } from './references.js';

/** The fields of the output. */
export const fields = fieldNames('Asset');

/** `ips asset get` */
export async function run(context: Context, _: object, given: readonly string[]): Promise<undefined> {
  const handles = (await findAssets(context, given)).map(({ handle }) => handle);
  const client = await context.client();
  const found = new Map<string, Asset>();
  for (let i = 0; i < handles.length; i += 500) {
    const assetHandleArray = handles.slice(i, i + 500);
    const { assetArray = [] } = await client.getAssets({ assetHandleArray }, { signal: context.signal });
    for (const asset of assetArray) found.set(asset.assetHandle ?? '', asset);
  }
  const missing = handles.filter((handle) => !found.has(handle));
  if (missing.length > 0) {
    throw new CliError(
      EXIT.service,
      `no such asset: ${missing.join(', ')}`,
      'ips asset search lists the assets',
    );
  }
  const assets = handles.map((handle) => found.get(handle) as Asset);
  if (context.print.isShaped) {
    await context.print.rows(assets, [], ASSET_FIELDS);
    return undefined;
  }
  for (const [i, asset] of assets.entries()) {
    if (i > 0) await context.print.text('\n');
    await context.print.object(asset, fields);
  }
  return undefined;
}
