import type { Call } from '../access/call.js';
import { READ } from '../access/permissions/rights.js';
import type { AssetRow } from '../db/rows.js';
import { invalidParameter } from '../faults.js';
import { assetHandle } from '../handles.js';
import { THUMB_TYPES } from './asset-types.js';
import { permittedLiveAsset } from './permitted-objects.js';

/** @throws IpsFault 30001 if the asset cannot be a thumbnail. */
export function checkThumb(thumb: AssetRow, path: string): void {
  if (!THUMB_TYPES.has(thumb.type)) {
    throw invalidParameter(path, assetHandle(thumb.id), `an asset of type ${[...THUMB_TYPES].join(', ')}`);
  }
}

/**
 * The number of the asset that a request names as a thumbnail.
 *
 * @throws IpsFault 30001 when there is no such asset, or it cannot be a thumbnail, 20009 when the caller may not read it.
 */
export async function findThumb(call: Call, handle: string | undefined): Promise<number | undefined> {
  if (handle === undefined) return undefined;
  const thumb = await permittedLiveAsset(call, handle, READ, 'thumbAssetHandle');
  checkThumb(thumb, 'thumbAssetHandle');
  return thumb.id;
}
