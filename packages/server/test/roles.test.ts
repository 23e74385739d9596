import type { OperationName, Operations } from '@ips-sdk/types';
import { operationRoles, type Role } from '@ips-sdk/types/roles';
import type { IpsFault } from '@ips-sdk/wire';
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

/** One call of each kind of operation. Its answer does not matter unless it concerns roles. */
const CALLS = {
  getAllCompanies: { includeExpired: false },
  getCompanyInfo: { companyHandle },
  addCompany: { companyName: '' },
  getCompanySettings: { companyHandle },
  getCompanyMembers: { companyHandle, includeInvalid: true, includeInactive: true },
  getAssetCounts: { companyHandle },
  getSystemProperties: {},
  generatePassword: {},
  getAllUsers: { includeInvalid: false },
  getUserInfo: {},
  getGroups: { companyHandle },
  getGroupMembership: { companyHandle },
  createFolder: { companyHandle, folderPath: '..' },
  getFolders: { companyHandle },
  getFolderTree: { companyHandle, depth: 0 },
  deleteFolder: { companyHandle, folderHandle: 'f|SampleCompany/Nowhere/' },
  setAssetPublishState: { companyHandle, assetHandle: 'a|1', publishState: 'MarkedForPublish' },
  getPublishContexts: { companyHandle },
  getImageServingPublishSettings: { companyHandle },
  getActiveJobs: { companyHandle },
  getJobLogs: { companyHandle },
  stopJob: { companyHandle, jobHandle: 'j|6|Nothing|' },
  cdnCacheInvalidation: { companyHandle, urlArray: ['rubbish'] },
  getImageSetMembers: { companyHandle, assetHandle: 'a|1' },
  getOriginalFilePaths: { companyHandle, assetHandleArray: ['a|1'] },
  getProjects: { companyHandle },
  createTemplate: {
    companyHandle,
    folderHandle: 'f|SampleCompany/Nowhere/',
    name: 'promo',
    type: 'Template',
    urlModifier: 'layer=0',
  },
  batchSetFontFields: { companyHandle, updateArray: [] },
  getAssetsByName: { companyHandle, nameArray: ['red'] },
  updateImageSet: { companyHandle, assetHandle: 'a|1' },
  updateAssetSet: { companyHandle, assetHandle: 'a|1' },
  getVignettePublishFormats: { companyHandle },
  createVignettePublishFormat: {
    companyHandle,
    name: '',
    targetWidth: 0,
    targetHeight: 0,
    createPyramid: false,
    thumbWidth: 0,
    saveAsVersion: 0,
    sizeSuffixSeparator: '-',
    sharpen: 0,
    usmAmount: 0,
    usmRadius: 0,
    usmThreshold: 0,
  },
  updateVignettePublishFormat: { companyHandle, vignetteFormatHandle: 'v|6|999' },
  deleteVignettePublishFormat: { companyHandle, vignetteFormatHandle: 'v|6|999' },
  addMediaPortalEvent: { companyHandle, eventType: 'a', ipsUser: 'b', jobName: 'c', jobDescription: 'd' },
  getMediaPortalEvent: { companyHandle },
  getSearchStrings: { companyHandle, assetHandle: 'a|1' },
  getPhotoshopPathNames: { companyHandle, assetHandle: 'a|1' },
  getPhotoshopPath: { companyHandle, assetHandle: 'a|1', pathName: 'Path 1' },
  uploadPost: { companyHandle, jobHandle: 'j|6||Nothing|1' },
  getImageFormats: { companyHandle },
  saveImageFormat: { companyHandle, name: '', urlModifier: '' },
  deleteImageFormat: { companyHandle, imageFormatHandle: '6|1' },
  createViewerPreset: { companyHandle, folderHandle: 'f|SampleCompany/Nowhere/', name: 'zoom', type: 'Spin' },
  getViewerConfigSettings: { companyHandle, assetHandle: 'a|1' },
  setViewerConfigSettings: {
    companyHandle,
    assetHandle: 'a|1',
    name: 'zoom',
    type: 'Spin',
    configSettingArray: [],
  },
  updateViewerConfigSettings: { companyHandle, assetHandle: 'a|1', configSettingArray: [] },
} as const satisfies { readonly [Name in OperationName]?: Operations[Name]['input'] };

const NOT_ALLOWED = 20003;

/** Who may call an operation although the documentation does not list the role: its lists have gaps that cannot be intended. */
const BEYOND: { readonly [Name in OperationName]?: readonly Role[] } = {
  getCompanyInfo: ['IpsCompanyAdmin'],
  getFolderTree: ['ImagePortalAdmin', 'ImagePortalUser'],
  setAssetPublishState: ['ImagePortalAdmin'],
  getImageSetMembers: ['ImagePortalAdmin'],
  getOriginalFilePaths: ['ImagePortalAdmin', 'ImagePortalUser'],
  getProjects: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
  createTemplate: ['IpsCompanyAdmin'],
  batchSetFontFields: ['ImagePortalAdmin'],
  getAssetsByName: ['ImagePortalUser'],
  submitJob: ['IpsCompanyAdmin'],
};

/** Operations that are documented without roles, and the one whose roles they have. */
const LIKE: { readonly [Name in OperationName]?: OperationName } = {
  updateImageSet: 'createImageSet',
  updateAssetSet: 'createAssetSet',
  getMediaPortalEvent: 'getVignettePublishFormats',
  uploadPost: 'submitJob',
};

/** The code of the fault that a call answers; `undefined` for none. */
async function faultCode(role: Role, operation: keyof typeof CALLS): Promise<number | undefined> {
  try {
    await as(role).call(operation, CALLS[operation] as never);
    return undefined;
  } catch (error) {
    return (error as IpsFault).code;
  }
}

describe.each(ROLES)('%s', (role) => {
  it.each(Object.keys(CALLS) as (keyof typeof CALLS)[])(
    'may call %s if the documentation lists it',
    async (operation) => {
      const code = await faultCode(role, operation);
      const ruling: OperationName = LIKE[operation] ?? operation;
      const documented = operationRoles[ruling]?.includes(role) ?? true;
      const allowed = documented || (BEYOND[ruling] ?? []).includes(role);
      if (allowed) expect(code).not.toBe(NOT_ALLOWED);
      else expect(code).toBe(NOT_ALLOWED);
    },
  );
});

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
