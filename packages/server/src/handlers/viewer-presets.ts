import type { ConfigSetting } from '@ips-sdk/types';
import { eq } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { requireAssets } from '../access/permissions/checks.js';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { claimCatalogName, createAsset, inTransaction, renameTo } from '../assets/asset-changes.js';
import { changedBy, checkAssetName, checkLive } from '../assets/asset-store.js';
import { permittedAsset, permittedFolder, permittedLiveAsset } from '../assets/permitted-objects.js';
import { VIEWER_PRESET, type ViewerSettings, viewerSettingsOf } from '../assets/viewer-settings.js';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { assetHandle, parseAssetHandle } from '../handles.js';
import { TEXT_LIMITS } from '../text-limits.js';
import { checkCount, checkSettings } from './config-settings.js';
import type { AreaHandlers } from './handler.js';

/** Operations on viewer presets, and on the viewer settings of other assets. Presets take effect when they are published. */
export const viewerPresetHandlers: AreaHandlers = {
  createViewerPreset: async (input, call) => {
    const folder = await permittedFolder(call, input.folderHandle, READ_WRITE);
    const type = checkedType(input.type);
    const settings = await checkedSettings(call, input.configSettingArray ?? []);
    const id = await createAsset(call, { name: input.name, type: VIEWER_PRESET, folder }, (tx, assetId) =>
      tx.insert(t.viewerSettings).values({ assetId, type, settings }),
    );
    return { viewerPresetHandle: assetHandle(id) };
  },

  getViewerConfigSettings: async (input, call) => {
    const asset = await permittedAsset(call, input.assetHandle, READ);
    const { type, settings } = await settingsOf(call.db, asset);
    return { type, configSettingArray: [...settings] };
  },

  // A preset takes the name; for other assets it is stored with the settings.
  setViewerConfigSettings: async (input, call) => {
    const company = companyOf(call);
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    checkAssetName(input.name);
    const type = checkedType(input.type);
    const settings = await checkedSettings(call, input.configSettingArray);
    const isPreset = asset.type === VIEWER_PRESET;
    await inTransaction(call, async (tx) => {
      const changed = await touched(tx, call, asset);
      if (isPreset && changed.name !== input.name) {
        await claimCatalogName(tx, company, input.name, asset.id);
        await renameTo(tx, call, changed, input.name);
      }
      const set = { type, settings, name: isPreset ? null : input.name };
      await tx
        .insert(t.viewerSettings)
        .values({ assetId: asset.id, ...set })
        .onConflictDoUpdate({ target: t.viewerSettings.assetId, set });
    });
    return {};
  },

  updateViewerConfigSettings: async (input, call) => {
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    const given = await checkedSettings(call, input.configSettingArray);
    await inTransaction(call, async (tx) => {
      await touched(tx, call, asset);
      const { type, settings: known } = await settingsOf(tx, asset);
      const byName = new Map([...known, ...given].map((setting) => [setting.name, setting]));
      const settings = [...byName.values()];
      checkCount(settings.length, 'configSettingArray');
      await tx
        .insert(t.viewerSettings)
        .values({ assetId: asset.id, type, settings })
        .onConflictDoUpdate({ target: t.viewerSettings.assetId, set: { settings } });
    });
    return {};
  },
};

/** @throws IpsFault 30001 for an asset without viewer settings. */
async function settingsOf(db: Db, asset: AssetRow): Promise<ViewerSettings> {
  const settings = (await viewerSettingsOf(db, [asset])).get(asset.id);
  if (settings === undefined)
    throw invalidParameter('assetHandle', assetHandle(asset.id), 'an asset with viewer settings');
  return settings;
}

/**
 * Marks an asset as changed, and keeps other calls from changing it until the transaction ends.
 *
 * @throws IpsFault 30001 if it was deleted in the meantime.
 */
async function touched(tx: Db, call: Call, { id }: AssetRow): Promise<AssetRow> {
  const [row] = await tx.update(t.assets).set(changedBy(call)).where(eq(t.assets.id, id)).returning();
  if (row === undefined) throw unknownHandle('assetHandle', assetHandle(id));
  return row;
}

function checkedType(type: string): string {
  if (type.trim() === '' || type.length > TEXT_LIMITS.name || /\p{Cc}/u.test(type)) {
    throw invalidParameter(
      'type',
      type,
      `a type of viewer of 1 to ${TEXT_LIMITS.name} characters, such as BasicZoom`,
    );
  }
  return type;
}

/**
 * Settings as they are stored.
 *
 * @throws IpsFault 30001 for names that are empty or occur twice, for texts that are too long, and for assets that neither the company nor the shared company has;
 *   20009 for assets that the caller may not read; 30000 for assets in the trash.
 */
async function checkedSettings(call: Call, given: readonly ConfigSetting[]): Promise<ConfigSetting[]> {
  checkCount(given.length, 'configSettingArray');
  checkSettings(given, 'configSettingArray');
  const ids = given.map(({ handle }) => (handle === undefined ? -1 : (parseAssetHandle(handle) ?? -1)));
  const found = await namedAssets(call, ids);
  const pathOf = (index: number): string => `configSettingArray[${index}].handle`;
  const assets = given.map(({ handle }, index) => {
    const asset = found.get(ids[index] ?? -1);
    if (handle !== undefined && asset === undefined) throw unknownHandle(pathOf(index), handle);
    return asset;
  });
  // Everyone may read the assets of the shared company, which are not among those that can be denied.
  await requireAssets(call.db, await callerOf(call), ids, READ, pathOf);
  return given.map(({ name, value, handle }, index) => {
    const asset = assets[index];
    if (asset !== undefined) checkLive(asset, pathOf(index));
    return {
      name,
      ...(value === undefined ? {} : { value }),
      ...(handle === undefined ? {} : { handle }),
    };
  });
}

async function namedAssets(call: Call, ids: readonly number[]): Promise<Map<number, AssetRow>> {
  const named = ids.filter((id) => id >= 0);
  if (named.length === 0) return new Map();
  const rows = await call.db.select().from(t.assets).where(anyOf(t.assets.id, named));
  return new Map(
    rows
      .filter((row) => row.companyId === companyOf(call).id || row.companyId === SHARED_COMPANY.id)
      .map((row) => [row.id, row]),
  );
}
