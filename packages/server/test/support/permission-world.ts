// A company with folders, assets, groups and one user of each kind, for tests of permissions.
import type { PermissionUpdate } from '@ips-sdk/types';
import type { IpsServer } from '../../src/create-server.js';
import { type Connection, connect } from './call.js';
import { plantAssets } from './plant-assets.js';

export const companyHandle = 'c|6';
const PASSWORD = 'Sunny-Day-42';

/** Users by the names that the tests give them. */
export const ROLES = {
  pu: 'ImagePortalUser',
  pcu: 'ImagePortalContribUser',
  pc: 'ImagePortalContrib',
  no: 'ImagePortalUser',
  u: 'IpsUser',
  c: 'IpsCompanyAdmin',
  pa: 'ImagePortalAdmin',
} as const;
export type UserName = keyof typeof ROLES;

/** The folders below the root, each with an asset that has the first letter of the last name in lower case; `r` is in the root. */
const FOLDERS = ['Shoes', 'Shoes/Men', 'Logos'] as const;

export interface PermissionWorld {
  /** A connection of each user, and of the system administrator. */
  readonly as: Readonly<Record<UserName | 'admin', Connection>>;
  readonly userHandles: Readonly<Record<UserName, string>>;
  readonly groups: Readonly<Record<'D' | 'W', string>>;
  readonly assets: Readonly<Record<'r' | 's' | 'm' | 'l', string>>;
  /** The handle of a folder, by its path below the root. */
  folder(path: string): string;
  /** Entries as `D Read +`, `W Write -override`: allowed or denied, with or without override. */
  entries(...texts: readonly string[]): PermissionUpdate[];
  /** The names of the assets that a search returns, in order. */
  found(
    connection: Connection,
    more?: { accessUserHandle?: string; accessGroupHandle?: string },
  ): Promise<string>;
}

/** Fills a server: D has Read on the root, W has Read and Write there. */
export async function permissionWorld(server: IpsServer): Promise<PermissionWorld> {
  const names = Object.keys(ROLES) as UserName[];
  await server.seed({
    companies: [{ name: 'Sample Company', folders: [...FOLDERS] }],
    users: names.map((name) => ({
      email: `${name}@example.com`,
      password: PASSWORD,
      memberships: [{ company: 'Sample Company', role: ROLES[name] }],
    })),
  });
  const admin = connect(server);
  const [r = '', s = '', m = '', l = ''] = await plantAssets(server, [
    { name: 'r' },
    { name: 's', folder: 'SampleCompany/Shoes/' },
    { name: 'm', folder: 'SampleCompany/Shoes/Men/' },
    { name: 'l', folder: 'SampleCompany/Logos/' },
  ]);
  const { userArray = [] } = await admin.call('getAllUsers', { includeInvalid: false });
  const handleOf = (name: string): string =>
    userArray.find(({ email }) => email === `${name}@example.com`)?.userHandle ?? '';
  const group = async (name: string, members: readonly UserName[]): Promise<string> => {
    const save = { companyHandle, name, isSystemDefined: false };
    const { groupHandle } = await admin.call('saveGroup', save);
    const userHandleArray = members.map(handleOf);
    await admin.call('setGroupMembers', { companyHandle, groupHandle, userHandleArray });
    return groupHandle;
  };
  const groups = { D: await group('Download', ['pu', 'pcu']), W: await group('Upload', ['pcu', 'pc']) };
  const each = <Value>(make: (name: UserName) => Value) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as Record<UserName, Value>;
  const world: PermissionWorld = {
    as: {
      ...each((name) => connect(server, { email: `${name}@example.com`, password: PASSWORD })),
      admin,
    },
    userHandles: each(handleOf),
    groups,
    assets: { r, s, m, l },
    folder: (path) => `f|SampleCompany/${path}`,
    entries: (...texts) =>
      texts.map((text) => {
        const [name, permissionType, mark] = text.split(' ');
        if ((name !== 'D' && name !== 'W') || permissionType === undefined || mark === undefined)
          throw new Error(`not an entry: ${text}`);
        return {
          groupHandle: groups[name],
          permissionType,
          isAllowed: mark.startsWith('+'),
          isOverride: mark.endsWith('override'),
        };
      }),
    found: async (connection, more = {}) => {
      const { assetArray = [], totalRows } = await connection.call('searchAssets', {
        companyHandle,
        includeSubfolders: true,
        sortBy: 'Name',
        ...more,
      });
      const found = assetArray.map(({ name }) => name);
      if (totalRows !== found.length) throw new Error(`${totalRows} rows, but ${found.length} assets`);
      return found.join('');
    },
  };
  await admin.call('setFolderPermissions', {
    companyHandle,
    folderHandle: world.folder(''),
    setChildren: false,
    permissionArray: world.entries('D Read +override', 'W Read +override', 'W Write +override'),
  });
  return world;
}
