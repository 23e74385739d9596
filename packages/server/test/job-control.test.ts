// Who may control a job, and see what it is about: each of the nine roles, with a job of another user and with one of their own.
import type { ActiveJob, ScheduledJob } from '@ips-sdk/types';
import { jobDetails } from '@ips-sdk/types/jobs';
import { IpsFault } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const companyHandle = 'c|6';
const UNRESTRICTED = [
  'IpsAdmin',
  'IpsCompanyAdmin',
  'IpsUser',
  'TrialSiteAdmin',
  'TrialSiteUser',
  'ImagePortalAdmin',
] as const;
const CONTRIBUTORS = ['ImagePortalContrib', 'ImagePortalContribUser'] as const;
const ROLES = [...UNRESTRICTED, ...CONTRIBUTORS, 'ImagePortalUser'] as const;
type Role = (typeof ROLES)[number];

const OPERATIONS = ['stopJob', 'pauseJob', 'resumeJob', 'executeJob', 'deleteJob'] as const;

let server: IpsServer;
serverForEachTest('manual', async (shared) => {
  server = shared;
  await server.seed({
    users: [...ROLES, 'other'].map((name) => ({
      email: `${name}@example.com`,
      password,
      isIpsAdmin: name === 'IpsAdmin',
      memberships: [
        { company: 'Sample Company', role: name === 'IpsAdmin' || name === 'other' ? 'IpsUser' : name },
      ],
    })),
  });
});

const as = (name: Role | 'other'): Connection => connect(server, { email: `${name}@example.com`, password });

/** A job that is scheduled and has an active run, which waits because the clock stands still. */
async function submitted(name: Role | 'other', jobName = `of ${name}`): Promise<string> {
  const { jobHandle } = await as(name).call('submitJob', {
    companyHandle,
    jobName,
    execSchedule: '0 0 3 1 1 ? 2099',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  await connect(server).call('executeJob', { companyHandle, jobHandle });
  return jobHandle;
}

/** `done`, or the code of the fault. */
async function outcome(role: Role, operation: (typeof OPERATIONS)[number], jobHandle: string) {
  try {
    await as(role).call(operation, { companyHandle, jobHandle });
    return 'done';
  } catch (error) {
    if (error instanceof IpsFault) return error.code;
    throw error;
  }
}

const expected = (role: Role): 'done' | number =>
  role === 'ImagePortalUser' ? 20003 : (CONTRIBUTORS as readonly Role[]).includes(role) ? 20009 : 'done';

describe.each(OPERATIONS)('%s', (operation) => {
  it('a job of another user is for all whom permissions do not restrict, and whose role admits it', async () => {
    const refused = ROLES.filter((role) => expected(role) !== 'done');
    const jobHandle = await submitted('other');
    const before = await server.snapshot();
    for (const role of refused)
      expect([role, await outcome(role, operation, jobHandle)]).toEqual([role, expected(role)]);
    expect(await server.snapshot()).toEqual(before);
    for (const role of UNRESTRICTED) {
      const another = await submitted('other', `for ${role}`);
      expect([role, await outcome(role, operation, another)]).toEqual([role, 'done']);
    }
  });

  it('a job of their own is for all who can submit one', async () => {
    for (const role of [...UNRESTRICTED, ...CONTRIBUTORS])
      expect([role, await outcome(role, operation, await submitted(role))]).toEqual([role, 'done']);
  });

  it('names the job and the right that is missing', async () => {
    const jobHandle = await submitted('other');
    expect(await as('ImagePortalContrib').fault(operation, { companyHandle, jobHandle })).toMatchObject({
      code: 20009,
      reason: `jobHandle: missing Write permission on the job '${jobHandle}' of another user`,
    });
  });
});

it('a job of their own whose run another user has submitted is not stopped by contributors', async () => {
  const jobHandle = await submitted('ImagePortalContrib');
  await as('ImagePortalContrib').call('deleteJob', { companyHandle, jobHandle });
  // The name is free again.
  await as('other').call('submitJob', {
    companyHandle,
    jobName: 'of ImagePortalContrib',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
  expect(await outcome('ImagePortalContrib', 'stopJob', jobHandle)).toBe(20009);
});

describe('what a job is about', () => {
  const seenBy = async (role: Role) => {
    const scheduled = await as(role).call('getScheduledJobs', { companyHandle });
    const active = await as(role).call('getActiveJobs', { companyHandle, includeWaitingJobs: true });
    const seen = (jobs: readonly (ScheduledJob | ActiveJob)[] = []) =>
      jobs.map((job) => [job.originalName, jobDetails(job)?.kind]);
    return { scheduled: seen(scheduled.jobArray), active: seen(active.jobArray) };
  };

  it.each(UNRESTRICTED)('is shown to %s', async (role) => {
    await submitted('other');
    const jobs = [['of other', 'imageServingPublishJob']];
    expect(await seenBy(role)).toEqual({ scheduled: jobs, active: jobs });
  });

  it.each(CONTRIBUTORS)('is shown to %s only of their own jobs', async (role) => {
    await submitted('other');
    await submitted(role);
    const jobs = [
      ['of other', undefined],
      [`of ${role}`, 'imageServingPublishJob'],
    ];
    expect(await seenBy(role)).toEqual({ scheduled: jobs, active: jobs });
  });

  it('is shown to contributors in the companies in which they are more', async () => {
    await server.seed({ companies: [{ name: 'Second' }] });
    const { companyInfo } = await connect(server).call('getCompanyInfo', { companyName: 'Second' });
    const second = companyInfo.companyHandle ?? '';
    const { userArray } = await connect(server).call('getAllUsers', { includeInvalid: true });
    const { userHandle = '' } =
      userArray.find(({ email }) => email === 'ImagePortalContrib@example.com') ?? {};
    await connect(server).call('addCompanyMembership', {
      userHandle,
      membershipArray: [{ companyHandle: second, role: 'IpsUser', isActive: true }],
    });
    for (const handle of [companyHandle, second]) {
      await connect(server).call('submitJob', {
        companyHandle: handle,
        jobName: `in ${handle}`.replace('|', ''),
        imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
      });
    }
    const { jobArray } = await as('ImagePortalContrib').call('getActiveJobs', { includeWaitingJobs: true });
    expect(jobArray?.map((job) => [job.originalName, jobDetails(job)?.kind])).toEqual([
      ['in c6', undefined],
      [`in ${second.replace('|', '')}`, 'imageServingPublishJob'],
    ]);
  });
});
