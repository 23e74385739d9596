// What a role means beyond the list of each operation, which operation-roles.test.ts checks.
import { operationRoles, type Role } from '@ips-sdk/types/roles';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { serverForFile } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const companyHandle = 'c|6';
const ROLES: readonly Role[] = [
  'IpsAdmin',
  'IpsCompanyAdmin',
  'IpsUser',
  'TrialSiteAdmin',
  'TrialSiteUser',
  'ImagePortalAdmin',
  'ImagePortalUser',
  'ImagePortalContrib',
  'ImagePortalContribUser',
];

let server: IpsServer;

serverForFile('manual', async (shared) => {
  server = shared;
  await server.seed({
    companies: [{ name: 'Other' }],
    users: ROLES.map((role) => ({
      email: `${role}@example.com`,
      password,
      isIpsAdmin: role === 'IpsAdmin',
      memberships: [{ company: 'Sample Company', role: role === 'IpsAdmin' ? 'IpsUser' : role }],
    })),
  });
});

const as = (role: Role) => connect(server, { email: `${role}@example.com`, password });

const NOT_ALLOWED = 20003;

describe('a role', () => {
  it('that may not call an operation gets a fault that says so', async () => {
    const fault = await as('IpsUser').fault('addCompany', { companyName: 'Mine' });
    expect(fault).toMatchObject({
      kind: 'authorization',
      code: 20003,
      reason: "User does not have permission to access operation 'addCompany'",
    });
  });

  it('counts only in its company, except for system administrators', async () => {
    for (const role of ROLES) {
      const call = as(role).call('getAssetCounts', { companyHandle: 'c|7' });
      if (role === 'IpsAdmin') await expect(call).resolves.toEqual({ countArray: [] });
      else await expect(call).rejects.toMatchObject({ kind: 'authorization', code: 20006 });
    }
  });

  it('of an IpsAdmin, given in one company, holds in all of them as long as it holds there', async () => {
    await server.seed({
      users: [
        {
          email: 'boss@example.com',
          password,
          memberships: [{ company: 'Other', role: 'IpsAdmin' }],
        },
      ],
    });
    const boss = connect(server, { email: 'boss@example.com', password });
    const { userInfo } = await boss.call('getUserInfo', {});
    expect(userInfo?.isIpsAdmin).toBe(true);
    await boss.call('getCompanySettings', { companyHandle });
    const asked = { includeInvalid: true, includeInactive: true };
    const seen = async () => {
      const admin = as('IpsAdmin');
      const { userArray } = await admin.call('getAllUsers', { includeInvalid: true });
      const { memberArray } = await admin.call('getCompanyMembers', { companyHandle: 'c|7', ...asked });
      const users = [...userArray, ...memberArray.map(({ user }) => user)];
      return users.filter((user) => user?.email === 'boss@example.com').map((user) => user?.isIpsAdmin);
    };
    expect(await seen()).toEqual([true, true]);
    const userHandle = userInfo?.userHandle ?? '';
    await as('IpsAdmin').call('setCompanyMembership', {
      userHandle,
      membershipArray: [{ companyHandle: 'c|7', role: 'IpsUser', isActive: true }],
    });
    expect(await boss.fault('getCompanySettings', { companyHandle })).toMatchObject({ code: 20006 });
    expect(await seen()).toEqual([false, false]);
    await as('IpsAdmin').call('setCompanyMembership', { userHandle, membershipArray: [] });
  });

  it('may change settings of publish contexts where it may read them', async () => {
    const input = { companyHandle, publishSettingArray: [] };
    for (const role of ROLES) {
      const call = as(role).call('setImageServingPublishSettings', input);
      if (operationRoles.getImageServingPublishSettings?.includes(role)) await call;
      else await expect(call).rejects.toMatchObject({ code: NOT_ALLOWED });
    }
  });

  it('in one company grants nothing in another where the user has a lesser one', async () => {
    await server.seed({
      users: [
        {
          email: 'two@example.com',
          password,
          memberships: [
            { company: 'Sample Company', role: 'IpsUser' },
            { company: 'Other', role: 'IpsCompanyAdmin' },
          ],
        },
      ],
    });
    const two = connect(server, { email: 'two@example.com', password });
    await two.call('getCompanySettings', { companyHandle: 'c|7' });
    expect(await two.fault('getCompanySettings', { companyHandle })).toMatchObject({ code: NOT_ALLOWED });
    // Without a company in the request, the better one counts; what it reaches is that company.
    const { userArray } = await two.call('getAllUsers', { includeInvalid: true });
    expect(userArray.map(({ email }) => email)).toEqual(['two@example.com']);
  });

  it('lets callers who are not system administrators act in the companies that they create', async () => {
    const { companyInfo } = await as('TrialSiteAdmin').call('addCompany', { companyName: 'Trial' });
    await as('TrialSiteAdmin').call('getCompanySettings', { companyHandle: companyInfo.companyHandle });
    expect(
      await as('ImagePortalAdmin').fault('getCompanySettings', { companyHandle: companyInfo.companyHandle }),
    ).toMatchObject({ code: 20006 });
  });
});
