import { IpsFault } from '@ips-sdk/wire';
import { type Call, companyOf } from '../access/call.js';
import { deniedAssets, missingAssetPermission } from '../access/permissions/checks.js';
import type { Right } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import type { AssetRow } from '../db/rows.js';
import { unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { assetsById, checkLive } from './asset-store.js';
import { BatchResult } from './batch-result.js';

/** An item of a batch whose asset can be processed. */
export interface Accepted<Item, Checked> {
  readonly item: Item;
  readonly asset: AssetRow;
  readonly checked: Checked;
}

/** The references of a batch to its assets, and the accepted assets. */
export interface BatchRules<Item, Checked> {
  /** Name of the array in the request. */
  readonly array: string;
  readonly handleOf: (item: Item) => string;
  /** The rights that the caller needs on each asset. One that lacks some is a fault of its item. */
  readonly rights: readonly Right[];
  /** Whether assets in the trash are accepted; otherwise they are a fault of the item. */
  readonly inTrash?: boolean;
  /** A further check of an item. An error that it throws becomes the fault of the item. */
  readonly check: (item: Item, asset: AssetRow, path: string) => Checked;
}

/**
 * Separates the items of a batch that can be processed from those that cannot, whose faults become part of the result. The number of
 * queries does not depend on the number of items.
 */
export async function acceptBatch<Item, Checked>(
  call: Call,
  items: readonly Item[],
  rules: BatchRules<Item, Checked>,
): Promise<{ readonly accepted: Accepted<Item, Checked>[]; readonly result: BatchResult }> {
  const ids = items.map((item) => parseAssetHandle(rules.handleOf(item)));
  const assets = await assetsById(
    call.db,
    companyOf(call).id,
    ids.filter((id) => id !== undefined),
  );
  const denied = await deniedAssets(call.db, await callerOf(call), [...assets.keys()], rules.rights);
  const result = new BatchResult();
  const accepted: Accepted<Item, Checked>[] = [];
  items.forEach((item, index) => {
    const handle = rules.handleOf(item);
    const path = `${rules.array}[${index}]`;
    try {
      const asset = assets.get(ids[index] ?? -1);
      if (asset === undefined) throw unknownHandle(path, handle);
      const missing = denied.get(asset.id);
      if (missing !== undefined) throw missingAssetPermission(path, asset.id, missing);
      if (rules.inTrash !== true) checkLive(asset, path);
      accepted.push({ item, asset, checked: rules.check(item, asset, path) });
      result.succeed();
    } catch (error) {
      if (!(error instanceof IpsFault)) throw error;
      result.fail(handle, error);
    }
  });
  return { accepted, result };
}
