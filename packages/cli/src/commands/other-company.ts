import { findSettings, type Settings } from '../config/settings.js';
import type { Context } from '../context.js';

/** Variables of the environment that say where to work and as which user: they are not about the other place. */
const PLACE = [
  'IPS_PROFILE',
  'IPS_ENDPOINT',
  'IPS_REGION',
  'IPS_STAGE',
  'IPS_COMPANY',
  'IPS_USER',
  'IPS_PASSWORD',
  'IPS_ACCESS_TOKEN',
];

/**
 * Where another company is: that of a profile, or another company of the same service.
 *
 * @returns `undefined` when neither is given.
 */
export async function otherCompany(
  context: Context,
  profile: string | undefined,
  company: string | undefined,
): Promise<Settings | undefined> {
  if (profile !== undefined) {
    const env = Object.fromEntries(Object.entries(context.env).filter(([name]) => !PLACE.includes(name)));
    return findSettings({ profile, company }, env);
  }
  return company === undefined ? undefined : { ...(await context.settings()), company };
}
