import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect, post, requestXml } from './support/call.js';

let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual', now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const company = 'c|6';

describe('companies', () => {
  it('include the one that the server was started with, with root and expiry', async () => {
    const admin = connect(server);
    const sample = {
      companyHandle: company,
      name: 'Sample Company',
      rootPath: 'SampleCompany/',
      expires: '2101-01-01T06:00:00.000Z',
    };
    expect(await admin.call('getCompanyInfo', { companyName: 'sample company' })).toEqual({
      companyInfo: sample,
    });
    expect(await admin.call('getCompanyInfo', { companyHandle: company })).toEqual({ companyInfo: sample });
    expect(await admin.call('getCompanyInfo', { companyHandle: '6' })).toEqual({ companyInfo: sample });
    expect(await admin.call('getAllCompanies', { includeExpired: false })).toEqual({
      companyArray: [sample],
    });
  });

  it('are found by organization', async () => {
    const admin = connect(server);
    const { companyInfo } = await admin.call('addCompany', {
      companyName: 'Acme',
      imsOrgId: '0A1B@AdobeOrg',
    });
    expect(companyInfo).toMatchObject({ name: 'Acme', rootPath: 'Acme/', imsOrgId: '0A1B@AdobeOrg' });
    expect(await admin.call('getCompanyInfo', { imsOrgId: '0A1B@AdobeOrg' })).toEqual({ companyInfo });
  });

  it('are created with root folder and publish contexts, once', async () => {
    const admin = connect(server);
    const { companyInfo } = await admin.call('addCompany', { companyName: 'Two Words' });
    const { companyHandle } = companyInfo;
    expect(companyInfo.rootPath).toBe('TwoWords/');
    expect((await admin.call('getFolderTree', { companyHandle, depth: 0 })).folders?.path).toBe('TwoWords/');
    const { publishContextArray } = await admin.call('getPublishContexts', { companyHandle });
    expect(publishContextArray.map(({ contextName }) => contextName)).toEqual([
      'ImageRendering',
      'ImageServing',
      'ServerDirectory',
      'Video',
    ]);
    expect(await admin.fault('addCompany', { companyName: 'two words' })).toMatchObject({ code: 30001 });
    // Another name with the same root would be found in its place by whoever asks for its images.
    expect(await admin.fault('addCompany', { companyName: 'TwoWords' })).toMatchObject({ code: 30001 });
  });

  it.each(['', '  ', 'a/b', 'a\\b', 'a|b', '..', 'x'.repeat(101)])(
    'refuses the name %j',
    async (companyName) => {
      const fault = await connect(server).fault('addCompany', { companyName });
      expect(fault).toMatchObject({ kind: 'api', code: 30001 });
      expect(fault.reason).toContain('companyName');
    },
  );

  it('have expiries in US Central time unless given an offset', async () => {
    const admin = connect(server);
    const expiry = async (companyName: string, expires: string) => {
      const header = {
        user: server.admin.email,
        password: server.admin.password,
        appName: 't',
        appVersion: '1',
      };
      const marker = '2030-01-01T00:00:00Z';
      const xml = requestXml('addCompany', { companyName, expires: marker }, { header });
      await post(server.url, xml.replace(marker, expires));
      return (await admin.call('getCompanyInfo', { companyName })).companyInfo.expires;
    };
    expect(await expiry('Winter', '2030-01-15T00:00:00')).toBe('2030-01-15T06:00:00.000Z');
    expect(await expiry('Summer', '2030-07-15T00:00:00')).toBe('2030-07-15T05:00:00.000Z');
    expect(await expiry('Offset', '2030-07-15T00:00:00-07:00')).toBe('2030-07-15T07:00:00.000Z');
  });

  it('are listed after they expired only on request', async () => {
    const admin = connect(server);
    await admin.call('addCompany', { companyName: 'Short', expires: '2026-03-01T13:00:00Z' });
    const names = async (includeExpired: boolean) =>
      (await admin.call('getAllCompanies', { includeExpired })).companyArray.map(({ name }) => name);
    expect(await names(false)).toEqual(['Sample Company', 'Short']);
    await server.clock.advance(2 * 3_600_000);
    expect(await names(false)).toEqual(['Sample Company']);
    expect(await names(true)).toEqual(['Sample Company', 'Short']);
  });

  it('must be named in exactly one way', async () => {
    const admin = connect(server);
    expect(await admin.fault('getCompanyInfo', {})).toMatchObject({ kind: 'api' });
    expect(await admin.fault('getCompanyInfo', { companyHandle: company, companyName: 'x' })).toMatchObject({
      code: 30001,
    });
  });

  it('are refused with authorization faults when unknown', async () => {
    const admin = connect(server);
    expect(await admin.fault('getCompanyInfo', { companyName: 'Nobody' })).toMatchObject({
      kind: 'authorization',
      code: 20000,
    });
    expect(await admin.fault('getAssetCounts', { companyHandle: 'c|99' })).toMatchObject({ code: 20000 });
    expect(await admin.fault('getAssetCounts', { companyHandle: 'rubbish' })).toMatchObject({ code: 20000 });
  });
});

describe('settings of a company', () => {
  it('are complete from the start: the default profiles are the shared sRGB profile', async () => {
    const { settings } = await connect(server).call('getCompanySettings', { companyHandle: company });
    expect(settings).toMatchObject({
      overwriteMode: 'OverwriteFullName',
      retainPublishState: false,
      defaultSourceProfile: { name: 'sRGB', type: 'IccProfile', folder: 'Scene7SharedAssets/' },
      defaultDisplayProfile: { name: 'sRGB', fileName: 'sRGB.icc' },
      diskSpaceWarningMin: 10485760,
      emailTrashCleanupWarning: false,
    });
    expect(settings).not.toHaveProperty('xmpMappingXslt');
  });

  it('change one by one', async () => {
    const admin = connect(server);
    await admin.call('setCompanySettings', { companyHandle: company, overwriteMode: 'OverwriteAnyExt' });
    await admin.call('setCompanySettings', {
      companyHandle: company,
      retainPublishState: true,
      diskSpaceWarningMin: 7,
      emailTrashCleanupWarning: true,
    });
    expect((await admin.call('getCompanySettings', { companyHandle: company })).settings).toMatchObject({
      overwriteMode: 'OverwriteAnyExt',
      retainPublishState: true,
      diskSpaceWarningMin: 7,
      emailTrashCleanupWarning: true,
    });
  });

  it('accept the handle of the shared profile, and refuse anything but profiles', async () => {
    const admin = connect(server);
    const { settings } = await admin.call('getCompanySettings', { companyHandle: company });
    const handle = settings.defaultSourceProfile.assetHandle ?? '';
    await admin.call('setCompanySettings', { companyHandle: company, defaultDisplayProfileHandle: handle });
    expect(
      await admin.fault('setCompanySettings', { companyHandle: company, xmpMappingXsltHandle: handle }),
    ).toMatchObject({ code: 30001 });
    expect(
      await admin.fault('setCompanySettings', { companyHandle: company, defaultSourceProfileHandle: 'a|77' }),
    ).toMatchObject({ code: 30001 });
  });

  it.each([{ overwriteMode: 'Always' }, { diskSpaceWarningMin: -1 }])('refuse %j', async (change) => {
    const fault = await connect(server).fault('setCompanySettings', { companyHandle: company, ...change });
    expect(fault.code).toBe(30001);
    expect(fault.reason).toContain(Object.keys(change)[0]);
  });
});

describe('the shared company', () => {
  const user = { email: 'ann@example.com', password: 'Sunny-Day-42' };
  beforeEach(() =>
    server.seed({ users: [{ ...user, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] }] }),
  );

  it('can be read by everyone', async () => {
    const ann = connect(server, user);
    expect(await ann.call('getAssetCounts', { companyHandle: 'c|0' })).toEqual({
      countArray: [{ assetType: 'IccProfile', count: 1 }],
    });
    expect(
      (await ann.call('getCompanyInfo', { companyName: 'Scene7SharedAssets' })).companyInfo.companyHandle,
    ).toBe('c|0');
  });

  it('can be changed only by system administrators', async () => {
    expect(
      await connect(server, user).fault('createFolder', { companyHandle: 'c|0', folderPath: '/Mine' }),
    ).toMatchObject({ kind: 'authorization', code: 20006 });
    expect(await connect(server).call('createFolder', { companyHandle: 'c|0', folderPath: '/Ours' })).toEqual(
      {
        folderHandle: 'f|Scene7SharedAssets/Ours/',
      },
    );
  });

  it('survives a snapshot', async () => {
    const snapshot = await server.snapshot();
    await server.restore(snapshot);
    const { settings } = await connect(server).call('getCompanySettings', { companyHandle: company });
    expect(settings.defaultSourceProfile.name).toBe('sRGB');
  });
});

describe('what companies hold', () => {
  it('is nothing at first', async () => {
    const admin = connect(server);
    expect(await admin.call('getAssetCounts', { companyHandle: company })).toEqual({ countArray: [] });
    expect(await admin.call('getDiskUsage', { companyHandle: company })).toEqual({
      diskUsageArray: [
        {
          companyHandle: company,
          companyName: 'Sample Company',
          imageCount: 0,
          diskSpaceUsage: 0,
          lastModified: server.clock.now().toISOString(),
        },
      ],
    });
  });

  it('is answered for all companies of the caller when none is named', async () => {
    const admin = connect(server);
    await admin.call('addCompany', { companyName: 'Other' });
    const { diskUsageArray } = await admin.call('getDiskUsage', {});
    expect(diskUsageArray.map(({ companyName }) => companyName)).toEqual(['Sample Company', 'Other']);
  });
});

describe('members of a company', () => {
  beforeEach(() =>
    server.seed({
      users: [
        {
          email: 'ann@example.com',
          password: 'Sunny-Day-42',
          memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
        },
      ],
    }),
  );

  it('come with their roles', async () => {
    const { memberArray } = await connect(server).call('getCompanyMembers', {
      companyHandle: company,
      includeInvalid: false,
      includeInactive: false,
    });
    expect(memberArray.map(({ user, role, isActive }) => [user.email, role, isActive])).toEqual([
      ['admin@example.com', 'IpsCompanyAdmin', true],
      ['ann@example.com', 'IpsUser', true],
    ]);
  });

  it('are left out while they are inactive or invalid, unless requested', async () => {
    const admin = connect(server);
    const userHandle = 'u|42|ann@example.com';
    const emails = async (includeInvalid: boolean, includeInactive: boolean) =>
      (
        await admin.call('getCompanyMembers', { companyHandle: company, includeInvalid, includeInactive })
      ).memberArray.map(({ user }) => user.email);
    await admin.call('setCompanyMembership', {
      userHandle,
      membershipArray: [{ companyHandle: company, role: 'IpsUser', isActive: false }],
    });
    expect(await emails(true, false)).toEqual(['admin@example.com']);
    expect(await emails(false, true)).toEqual(['admin@example.com', 'ann@example.com']);
    await admin.call('setUserInfo', {
      userHandle,
      firstName: '',
      lastName: '',
      email: 'ann@example.com',
      isValid: false,
      isIpsAdmin: false,
    });
    expect(await emails(false, true)).toEqual(['admin@example.com']);
    expect(await emails(true, true)).toEqual(['admin@example.com', 'ann@example.com']);
  });
});

describe('system properties', () => {
  it('show how the server is configured', async () => {
    const admin = connect(server);
    const { propertyArray } = await admin.call('getSystemProperties', {});
    const properties = Object.fromEntries(propertyArray.map(({ name, value }) => [name, value]));
    expect(properties).toMatchObject({
      IpsVersion: '6.8.0',
      SwfRootUrl: '/skins/',
      SvgRenderRootUrl: expect.stringMatching(/^http/),
      IpsImageServerUrl: `${server.url}/is/image/`,
      UploadPostMaxFileSize: '2147483648',
      SvgRenderEnabled: 'false',
    });
    for (const { name, value } of propertyArray) {
      expect(await admin.call('getProperty', { name })).toEqual({ value });
    }
  });

  it('include no others', async () => {
    const fault = await connect(server).fault('getProperty', { name: 'Nothing' });
    expect(fault).toMatchObject({ code: 30001 });
    expect(fault.reason).toContain("'Nothing'");
  });
});
