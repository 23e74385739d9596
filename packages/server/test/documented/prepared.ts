// What rows of documented samples have in common: companies, users, groups and scheduled jobs of their own.
import type { ServerWorld } from '../facts/fact.js';

/** Why we fill what an older sample does not have. */
export const LATER = 'fields of later contracts';

/** A password that the service would take. */
export const PASSWORD = 'Sample-Password-1';

/** Adds a company and answers its handle. */
export async function company({ connection }: ServerWorld, companyName: string): Promise<string> {
  return (await connection.call('addCompany', { companyName })).companyInfo.companyHandle;
}

/** Adds a user of the world's company, and answers the handle. */
export async function user(
  { connection, companyHandle }: ServerWorld,
  name: string,
  { role = 'IpsUser', isIpsAdmin = false, lastName = 'Sample' } = {},
): Promise<string> {
  const { userHandle } = await connection.call('addUser', {
    firstName: 'Ann',
    lastName,
    email: emailOf(name),
    password: PASSWORD,
    isValid: true,
    isIpsAdmin,
    membershipArray: [{ companyHandle, role, isActive: true }],
  });
  return userHandle;
}

/** The e-mail address of a user that {@link user} adds. */
export function emailOf(name: string): string {
  return `${name}@samples.example`;
}

/** Saves a group in the world's company and answers its handle. */
export async function group({ connection, companyHandle }: ServerWorld, name: string): Promise<string> {
  return (await connection.call('saveGroup', { companyHandle, name, isSystemDefined: false })).groupHandle;
}

/** Schedules a publish for the far future and answers the handle of the job. */
export async function scheduledJob(
  { connection, companyHandle }: ServerWorld,
  jobName: string,
): Promise<string> {
  const { jobHandle } = await connection.call('submitJob', {
    companyHandle,
    jobName,
    execSchedule: '0 0 3 1 1 ? 2090',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  return jobHandle;
}
