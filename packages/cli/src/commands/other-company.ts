import { findSettings, type Settings } from '../config/settings.js';
import type { Context } from '../context.js';

/** Environment variables for the service, company and user. They do not apply to the other company. */
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
 * The settings of another company: the company of a profile, or another company on the same service.
 *
 * @returns `undefined` if neither is given.
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
