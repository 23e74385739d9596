import type { ConfigSetting } from '@ips-sdk/types';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/** The type of viewer presets. */
export const VIEWER_PRESET = 'ViewerPreset';

/** The viewer settings of an asset. */
export interface ViewerSettings {
  /** The type of viewer: `BasicZoom`, or any other name. */
  readonly type: string;
  readonly settings: readonly ConfigSetting[];
}

/** The stored viewer settings of assets, by their numbers. */
export async function storedViewerSettings(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, ViewerSettings>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select()
    .from(t.viewerSettings)
    .where(anyOf(t.viewerSettings.assetId, [...ids]));
  return new Map(rows.map(({ assetId, type, settings }) => [assetId, { type, settings }]));
}

/** The viewer settings of assets, by their numbers. Assets without any are omitted. */
export async function viewerSettingsOf(
  db: Db,
  assets: readonly Pick<AssetRow, 'id' | 'type' | 'info'>[],
): Promise<Map<number, ViewerSettings>> {
  const stored = await storedViewerSettings(
    db,
    assets.map(({ id }) => id),
  );
  for (const { id, type, info } of assets) {
    // A preset of an imported database may have a type alone.
    const { type: known } = info;
    if (type === VIEWER_PRESET && !stored.has(id) && typeof known === 'string')
      stored.set(id, { type: known, settings: [] });
  }
  return stored;
}
