import { placeOf } from '../config/settings.js';
import type { Context } from '../context.js';

/** The fields of the output. */
export const fields = [
  'user',
  'name',
  'userHandle',
  'role',
  'company',
  'companyHandle',
  'place',
  'endpoint',
  'profile',
  'passwordExpires',
];

/** `ips whoami` */
export async function run(context: Context): Promise<undefined> {
  const settings = await context.settings();
  const client = await context.client();
  const call = { signal: context.signal };
  const [{ userInfo }, { membershipArray }, companyHandle] = await Promise.all([
    client.getUserInfo({}, call),
    client.getCompanyMembership({}, call),
    client.companyHandle(),
  ]);
  const membership = membershipArray.find(({ company }) => company.companyHandle === companyHandle);
  for (const [what, from] of Object.entries(settings.origin)) context.detail(`${what}: from ${from}`);
  await context.print.object({
    user: userInfo.email,
    name: `${userInfo.firstName} ${userInfo.lastName}`.trim(),
    userHandle: userInfo.userHandle,
    role: userInfo.isIpsAdmin ? 'IpsAdmin' : membership?.role,
    company: settings.company,
    companyHandle,
    place: settings.endpoint === undefined ? placeOf(settings) : undefined,
    endpoint: client.endpoints.soap,
    profile: settings.profile,
    passwordExpires: userInfo.passwordExpires,
  });
  return undefined;
}
