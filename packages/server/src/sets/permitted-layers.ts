import { type Call, companyOf } from '../access/call.js';
import { requireAssets } from '../access/permissions/checks.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { layerReferencesOf } from './containment.js';

/** Commands of a request. */
interface GivenCommands {
  readonly urlModifier?: string | undefined;
  readonly urlPostApplyModifier?: string | undefined;
}

/**
 * Checks that the caller may read the assets that the commands of a new view, template or modifier name.
 *
 * @throws IpsFault 20009 for the first one that the caller may not read.
 */
export async function checkLayers(call: Call, given: GivenCommands): Promise<void> {
  const viewer = await callerOf(call);
  if (viewer.groups === undefined) return;
  const { urlModifier = null, urlPostApplyModifier = null } = given;
  const named = await layerReferencesOf(call.db, companyOf(call), { urlModifier, urlPostApplyModifier });
  const ids = named.map(({ id }) => id);
  await requireAssets(call.db, viewer, ids, READ, () => 'urlModifier');
}
