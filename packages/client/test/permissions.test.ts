// Permissions through the client, against a service that answers from a table of folders. The rules are tested against our own server,
// and against a model, in packages/server.
import type { Permission } from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';
import { fault, type Handlers, startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, collect, errorOf } from './support/clients.js';

const entry = (
  groupHandle: string,
  permissionType: string,
  isAllowed = true,
  isOverride = true,
): Permission => ({
  groupHandle,
  groupName: groupHandle === 'g|1' ? 'Download' : 'Upload',
  permissionType,
  isAllowed,
  isOverride,
});

const ROOT = [entry('g|1', 'Read'), entry('g|2', 'Read'), entry('g|2', 'Write')];
/** What was denied in the folder, and what was copied from above. */
const MEN = [
  entry('g|1', 'Read', false),
  entry('g|2', 'Read', true, false),
  entry('g|2', 'Write', false, false),
];

/** The set that applies to each folder. */
const FOLDERS: Readonly<Record<string, readonly [handle: string, set: readonly Permission[]]>> = {
  'MyCompany/': ['pm|1', ROOT],
  'MyCompany/Shoes/': ['pm|1', ROOT],
  'MyCompany/Shoes/Men/': ['pm|2', MEN],
  'MyCompany/Shoes/Men/Old/': ['pm|2', MEN],
  'MyCompany/Shoes/Women/': ['pm|3', []],
};

const PEOPLE: Readonly<Record<string, { role: string; groups: readonly string[]; isActive?: boolean }>> = {
  'pu@example.com': { role: 'ImagePortalUser', groups: ['g|1'] },
  'pcu@example.com': { role: 'ImagePortalContribUser', groups: ['g|1', 'g|2'] },
  'no@example.com': { role: 'ImagePortalUser', groups: [] },
  'u@example.com': { role: 'IpsUser', groups: [] },
  'gone@example.com': { role: 'ImagePortalUser', groups: ['g|1'], isActive: false },
};

const parentOf = (path: string): string => path.replace(/[^/]+\/$/, '');

function folderAt(path: string, depth: number, sets: Map<string, readonly Permission[]>): object {
  const [permissionSetHandle, set] = FOLDERS[path] ?? ['', []];
  sets.set(permissionSetHandle, set);
  const below = Object.keys(FOLDERS).filter((one) => parentOf(one) === path);
  return {
    folderHandle: `f|${path}`,
    path,
    permissionSetHandle,
    hasSubfolders: below.length > 0,
    ...(depth > 0 && below.length > 0
      ? { subfolderArray: below.map((one) => folderAt(one, depth - 1, sets)) }
      : {}),
  };
}

const handlers: Handlers = {
  getFolderTree: ({ folderPath = 'MyCompany/', depth }) => {
    const sets = new Map<string, readonly Permission[]>();
    const folders = folderAt(folderPath, depth, sets);
    return {
      folders,
      permissionSetArray: [...sets].map(([permissionSetHandle, permissionArray]) => ({
        permissionSetHandle,
        permissionArray: [...permissionArray],
      })),
    };
  },
  getAssets: ({ assetHandleArray: [assetHandle = ''] }) => {
    const assets: Record<string, object> = {
      'a|1': { folder: 'MyCompany/Shoes/Men/', permissions: MEN },
      'a|2': { folder: 'MyCompany/Shoes/Men/', permissions: [entry('g|1', 'Read', true, false)] },
      'a|3': { folder: 'MyCompany/Shoes/', permissions: [] },
    };
    const asset = assets[assetHandle];
    return { assetArray: asset === undefined ? [] : [{ ...asset, assetHandle, type: 'Image', name: 'red' }] };
  },
  getUserInfo: ({ email = '', userHandle }) => ({
    userInfo: {
      userHandle: userHandle ?? `u|1|${email}`,
      email: userHandle?.replace(/^u\|1\|/, '') ?? email,
      firstName: 'Pat',
      lastName: 'Miller',
      isValid: true,
      isIpsAdmin: email === 'admin@example.com',
      passwordExpires: '2099-01-01T00:00:00Z',
    },
  }),
  getCompanyMembership: ({ userHandle = '' }) => {
    const person = PEOPLE[userHandle.replace(/^u\|1\|/, '')];
    const company = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };
    return {
      membershipArray:
        person === undefined ? [] : [{ company, role: person.role, isActive: person.isActive ?? true }],
    };
  },
  getGroupMembership: ({ userHandle = '' }) => ({
    groupArray: (PEOPLE[userHandle.replace(/^u\|1\|/, '')]?.groups ?? []).map((groupHandle) => ({
      groupHandle,
      companyHandle: 'c|6',
      name: groupHandle === 'g|1' ? 'Download' : 'Upload',
      isSystemDefined: false,
    })),
  }),
};

describe('permissions.walk', () => {
  it('says which folder the set of each folder comes from', async () => {
    const ips = clientOf(await startService(handlers));
    const walked = await collect(ips.permissions.walk());
    expect(
      walked.map(({ path, depth, from, permissionSetHandle }) => [path, depth, from, permissionSetHandle]),
    ).toEqual([
      ['MyCompany/', 0, 'MyCompany/', 'pm|1'],
      ['MyCompany/Shoes/', 1, 'MyCompany/', 'pm|1'],
      ['MyCompany/Shoes/Men/', 2, 'MyCompany/Shoes/Men/', 'pm|2'],
      ['MyCompany/Shoes/Men/Old/', 3, 'MyCompany/Shoes/Men/', 'pm|2'],
      ['MyCompany/Shoes/Women/', 2, 'MyCompany/Shoes/Women/', 'pm|3'],
    ]);
    expect(walked[0]?.permissions).toEqual(ROOT);
    expect(walked.at(-1)?.permissions).toEqual([]);
  });

  it('finds the folder above the first one', async () => {
    const ips = clientOf(await startService(handlers));
    const walked = await collect(ips.permissions.walk({ folderPath: 'MyCompany/Shoes/Men/Old/' }));
    expect(walked).toMatchObject([
      { path: 'MyCompany/Shoes/Men/Old/', depth: 0, from: 'MyCompany/Shoes/Men/' },
    ]);
  });

  it('has no set where the service names none', async () => {
    const service = await startService({
      getFolderTree: () => ({ folders: { folderHandle: 'f|MyCompany/', path: 'MyCompany/' } }),
    });
    const [root] = await collect(clientOf(service).permissions.walk());
    expect(root).toMatchObject({ from: undefined, permissionSetHandle: undefined, permissions: undefined });
  });

  it('refuses wrong options before anything is sent', async () => {
    const ips = clientOf(await startService(handlers));
    expect(() => ips.permissions.walk({ depth: -1 })).toThrow(/depth: expected/);
  });
});

describe('permissions.asset', () => {
  it('tells an own set from that of the folder', async () => {
    const { permissions } = clientOf(await startService(handlers));
    expect(await permissions.asset('a|1')).toMatchObject({ name: 'red', from: 'MyCompany/Shoes/Men/' });
    expect(await permissions.asset('a|2')).toMatchObject({ from: 'asset' });
    expect(await permissions.asset('a|3')).toMatchObject({ from: 'asset', permissions: [] });
    expect(await permissions.asset('a|4')).toBeUndefined();
  });
});

describe('permissions.groups', () => {
  it('says what each group of the nearest set may, and which set decides', async () => {
    const { permissions } = clientOf(await startService(handlers));
    const found = await permissions.groups({ folder: 'MyCompany/Shoes/Men/Old/' });
    expect(found).toMatchObject({ target: 'MyCompany/Shoes/Men/Old/', from: 'MyCompany/Shoes/Men/' });
    expect(
      found.groups.map(({ groupHandle, groupName, rights }) => [
        groupHandle,
        groupName,
        ...rights.map(({ right, result, place, entry }) => [right, result, place, entry?.isOverride]),
      ]),
    ).toEqual([
      [
        'g|1',
        'Download',
        ['Read', 'denied', 'MyCompany/Shoes/Men/', true],
        ['Write', 'no-entry', 'MyCompany/Shoes/Men/', undefined],
        ['Delete', 'no-entry', 'MyCompany/Shoes/Men/', undefined],
      ],
      [
        'g|2',
        'Upload',
        ['Read', 'allowed', 'MyCompany/', false],
        ['Write', 'allowed', 'MyCompany/', false],
        ['Delete', 'no-entry', 'MyCompany/Shoes/Men/', undefined],
      ],
    ]);
  });

  it('distinguishes the set of an asset, an empty set, and none', async () => {
    const { permissions } = clientOf(await startService(handlers));
    expect(await permissions.groups({ asset: 'a|2' })).toMatchObject({ target: 'a|2', from: 'a|2' });
    expect(await permissions.groups({ asset: 'a|3' })).toEqual({ target: 'a|3', from: 'a|3', groups: [] });
    expect(await permissions.groups()).toMatchObject({ target: 'MyCompany/', from: 'MyCompany/' });
    const without = await startService({ getFolderTree: () => ({ folders: { path: 'MyCompany/' } }) });
    expect(await clientOf(without).permissions.groups()).toEqual({
      target: 'MyCompany/',
      from: undefined,
      groups: [],
    });
  });

  it('does not look for the folders above one that does not exist', async () => {
    const service = await startService({
      getFolderTree: ({ folderPath = 'MyCompany/' }) =>
        folderPath === 'MyCompany/'
          ? { folders: { path: folderPath } }
          : fault({ kind: 'api', code: 30001, reason: 'Invalid folderPath' }),
    });
    const error = await errorOf(
      clientOf(service).permissions.groups({ folder: `MyCompany/${'no/'.repeat(500)}` }),
    );
    expect(error).toMatchObject({ name: 'IpsFault', code: 30001 });
    expect(service.requests.length).toBeLessThanOrEqual(2);
  });

  it('refuses an unknown asset, and two objects', async () => {
    const { permissions } = clientOf(await startService(handlers));
    expect(await errorOf(permissions.groups({ asset: 'a|9' }))).toMatchObject({
      name: 'RangeError',
      message: 'asset: no asset has the handle "a|9"',
    });
    expect(await errorOf(permissions.groups({ asset: 'a|1', folder: 'MyCompany/' }))).toMatchObject({
      name: 'ConfigError',
    });
  });
});

describe('permissions.explain', () => {
  const explained = async (subject: { user: string; asset?: string; folder?: string }) => {
    const ips = clientOf(await startService(handlers));
    const { rights } = await ips.permissions.explain(subject);
    return rights.map(({ right, isAllowed, reason, decision }) => [
      right,
      isAllowed,
      reason,
      decision?.groupName,
      decision?.place,
    ]);
  };

  it('names the group and the folder that decide', async () => {
    expect(await explained({ user: 'pu@example.com', folder: 'MyCompany/Shoes/' })).toEqual([
      ['Read', true, 'allowed', 'Download', 'MyCompany/'],
      ['Write', false, 'no-entry', 'Download', 'MyCompany/'],
      ['Delete', false, 'no-entry', 'Download', 'MyCompany/'],
    ]);
  });

  it('lets one group that is allowed outweigh another that is denied', async () => {
    const [read] = await explained({ user: 'pcu@example.com', folder: 'MyCompany/Shoes/Men/Old/' });
    // The entry of Upload does not override, and the root says the same.
    expect(read).toEqual(['Read', true, 'allowed', 'Upload', 'MyCompany/']);
    expect((await explained({ user: 'pu@example.com', folder: 'MyCompany/Shoes/Men/' }))[0]).toEqual([
      'Read',
      false,
      'denied',
      'Download',
      'MyCompany/Shoes/Men/',
    ]);
  });

  it('lets an entry that does not override give way to the sets above', async () => {
    const [, write] = await explained({ user: 'pcu@example.com', folder: 'MyCompany/Shoes/Men/' });
    expect(write).toEqual(['Write', true, 'allowed', 'Upload', 'MyCompany/']);
  });

  it('follows an asset, its folder and the folders above', async () => {
    // The entry of the asset gives way to the folder, which denies.
    expect((await explained({ user: 'pu@example.com', asset: 'a|2' }))[0]).toEqual([
      'Read',
      false,
      'denied',
      'Download',
      'MyCompany/Shoes/Men/',
    ]);
    expect((await explained({ user: 'pcu@example.com', asset: 'a|3' }))[0]).toEqual([
      'Read',
      false,
      'no-entry',
      'Download',
      'a|3',
    ]);
  });

  it.each([
    ['no@example.com', false, 'no-group'],
    ['u@example.com', true, 'unrestricted'],
    ['admin@example.com', true, 'unrestricted'],
    ['gone@example.com', false, 'no-member'],
    ['stranger@example.com', false, 'no-member'],
  ])('answers for %s without asking the sets', async (user, isAllowed, reason) => {
    for (const right of await explained({ user, folder: 'MyCompany/' }))
      expect(right.slice(1)).toEqual([isAllowed, reason, undefined, undefined]);
  });

  it('takes the handle of a user, and the root folder by default', async () => {
    const ips = clientOf(await startService(handlers));
    const explanation = await ips.permissions.explain({ user: 'u|1|pu@example.com' });
    expect(explanation).toMatchObject({ user: 'pu@example.com', role: 'ImagePortalUser' });
    expect(explanation.places.map(({ place }) => place)).toEqual(['MyCompany/']);
  });

  it('finds no set anywhere', async () => {
    const service = await startService({
      ...handlers,
      getFolderTree: ({ folderPath = 'MyCompany/' }) => ({ folders: { path: folderPath } }),
    });
    const { rights } = await clientOf(service).permissions.explain({ user: 'pu@example.com' });
    expect(rights[0]).toMatchObject({ isAllowed: false, reason: 'no-set' });
  });

  it('lets everyone read the shared company', async () => {
    const ips = clientOf(await startService(handlers), { companyHandle: 'c|0' });
    const { rights } = await ips.permissions.explain({ user: 'pu@example.com' });
    expect(rights.map(({ isAllowed, reason }) => [isAllowed, reason])).toEqual([
      [true, 'shared'],
      [false, 'no-member'],
      [false, 'no-member'],
    ]);
  });

  it('refuses an unknown asset, and two objects', async () => {
    const { permissions } = clientOf(await startService(handlers));
    expect(await errorOf(permissions.explain({ user: 'pu@example.com', asset: 'a|9' }))).toMatchObject({
      name: 'RangeError',
      message: 'asset: no asset has the handle "a|9"',
    });
    expect(
      await errorOf(permissions.explain({ user: 'pu@example.com', asset: 'a|1', folder: 'MyCompany/' })),
    ).toMatchObject({ name: 'ConfigError' });
  });
});
