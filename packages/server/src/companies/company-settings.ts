import type { Asset, CompanySettings } from '@ips-sdk/types';
import { and, eq, inArray } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { loadAssets } from '../assets/asset-record.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { invalidParameter, ruleBroken, unknownHandle } from '../faults.js';
import { parseAssetHandle } from '../handles.js';
import { sharedProfile } from './shared-profile.js';

/** The settings of a company without its own. */
const defaultSettings = {
  overwriteMode: 'OverwriteFullName',
  retainPublishState: false,
  /** Kilobytes: 10 GB. */
  diskSpaceWarningMin: 10_485_760,
  emailTrashCleanupWarning: false,
} as const;

/** The settings of a company as the API shows them. A profile that is not set is the shared sRGB profile. */
export async function settingsRecord(call: Call, company: CompanyRow): Promise<CompanySettings> {
  const { settings } = company;
  const shared = await sharedProfile(call.db);
  const profiles = [
    settings.defaultSourceProfileId,
    settings.defaultDisplayProfileId,
    settings.iptcExifMappingXsltId,
    settings.xmpMappingXsltId,
    shared,
  ].filter((id) => id !== undefined);
  const assets = await assetsById(call, company, profiles);
  const profile = (id: number | undefined): Asset => {
    const found = (id === undefined ? undefined : assets.get(id)) ?? assets.get(shared ?? -1);
    if (found === undefined) throw ruleBroken('the shared sRGB profile is missing');
    return found;
  };
  const iptc = assets.get(settings.iptcExifMappingXsltId ?? -1);
  const xmp = assets.get(settings.xmpMappingXsltId ?? -1);
  return {
    overwriteMode: settings.overwriteMode ?? defaultSettings.overwriteMode,
    retainPublishState: settings.retainPublishState ?? defaultSettings.retainPublishState,
    defaultSourceProfile: profile(settings.defaultSourceProfileId),
    defaultDisplayProfile: profile(settings.defaultDisplayProfileId),
    ...(iptc === undefined ? {} : { iptcExifMappingXslt: iptc }),
    ...(xmp === undefined ? {} : { xmpMappingXslt: xmp }),
    diskSpaceWarningMin: settings.diskSpaceWarningMin ?? defaultSettings.diskSpaceWarningMin,
    emailTrashCleanupWarning: settings.emailTrashCleanupWarning ?? defaultSettings.emailTrashCleanupWarning,
  };
}

/**
 * The number of an asset that a setting names: in the company or the shared one, of the given type, and not in the trash.
 *
 * @throws IpsFault 30001
 */
export async function settingAsset(
  call: Call,
  company: CompanyRow,
  field: string,
  handle: string,
  type: 'IccProfile' | 'Xsl',
): Promise<number> {
  const id = parseAssetHandle(handle);
  const [asset] =
    id === undefined
      ? []
      : await call.db
          .select({ type: t.assets.type })
          .from(t.assets)
          .where(
            and(
              eq(t.assets.id, id),
              inArray(t.assets.companyId, [company.id, SHARED_COMPANY.id]),
              eq(t.assets.trashState, 'NotInTrash'),
            ),
          );
  if (id === undefined || asset === undefined) throw unknownHandle(field, handle);
  if (asset.type !== type)
    throw invalidParameter(field, handle, `an asset of type ${type}, not ${asset.type}`);
  return id;
}

async function assetsById(
  call: Call,
  company: CompanyRow,
  ids: readonly number[],
): Promise<Map<number, Asset>> {
  const rows =
    ids.length === 0
      ? []
      : await call.db
          .select()
          .from(t.assets)
          .where(inArray(t.assets.id, [...ids]));
  const found = new Map<number, Asset>();
  for (const owner of [company, SHARED_COMPANY]) {
    const own = rows.filter(({ companyId }) => companyId === owner.id);
    const assets = await loadAssets(call, owner, own);
    own.forEach(({ id }, index) => {
      const asset = assets[index];
      if (asset !== undefined) found.set(id, asset);
    });
  }
  return found;
}
