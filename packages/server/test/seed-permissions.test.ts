// Groups and permissions in a seed: portal users of a test server can do something from the start.
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import type { Seed } from '../src/seed/seed-types.js';
import { connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

const companyHandle = 'c|6';
const password = 'Sunny-Day-42';

type SeedCompany = NonNullable<Seed['companies']>[number];

const COMPANY: SeedCompany = {
  name: 'Sample Company',
  folders: ['Shoes/Drafts', 'Logos'],
  groups: [{ name: 'Upload', members: ['pc@example.com'] }, { name: 'Empty' }],
  permissions: [
    { folder: '/', group: 'Upload', allow: ['Read', 'Write'] },
    { folder: 'Logos/', group: 'upload', allow: ['Read'], deny: ['Write'] },
    { folder: 'Shoes/Drafts', group: 'Upload', allow: ['Read', 'Write'], override: false },
    { folder: 'Logos', group: 'Empty', allow: ['Delete'] },
  ],
};
const USERS: NonNullable<Seed['users']> = [
  {
    email: 'pc@example.com',
    password,
    memberships: [{ company: 'Sample Company', role: 'ImagePortalContrib' }],
  },
];

let server: IpsServer;

serverForEachTest('manual', (shared) => {
  server = shared;
});

const create = (path: string) => ({ companyHandle, folderPath: `SampleCompany/${path}/New` });
const pc = () => connect(server, { email: 'pc@example.com', password });

describe('a seed', () => {
  it('adds groups with members and their permissions', async () => {
    await server.seed({ companies: [COMPANY], users: USERS });
    await pc().call('createFolder', create('Shoes'));
    await pc().call('createFolder', create('Shoes/Drafts'));
    expect(await pc().fault('createFolder', create('Logos'))).toMatchObject({ code: 20009 });
    const admin = connect(server);
    const { groupArray } = await admin.call('getGroups', { companyHandle });
    expect(groupArray.map(({ name }) => name).sort()).toEqual(['Empty', 'Upload']);
  });

  it('changes no permissions that a folder has', async () => {
    await server.seed({ companies: [COMPANY], users: USERS });
    await connect(server).call('setFolderPermissions', {
      companyHandle,
      folderHandle: 'f|SampleCompany/',
      setChildren: true,
      permissionArray: [],
    });
    const { permissions: _, ...without } = COMPANY;
    await server.seed({ companies: [without], users: USERS });
    const root = { folder: '/', group: 'Upload', allow: ['Read', 'Write'] } as const;
    await server.seed({ companies: [{ ...without, permissions: [root] }] });
    expect(await pc().fault('createFolder', create('Shoes'))).toMatchObject({ code: 20009 });
  });

  it.each<[Partial<SeedCompany> | object, string]>([
    [
      { groups: [{ name: '' }] },
      'companies[0].groups[0].name: found an empty string, expected at least one character',
    ],
    [{ groups: [{ name: 'A', users: [] }] }, 'companies[0].groups[0]: unknown field "users"'],
    [
      { groups: [{ name: 'A', members: ['no@example.com'] }] },
      'companies[0].groups[0].members[0]: "no@example.com" is not a member of "Sample Company"',
    ],
    [
      { permissions: [{ folder: 'Nowhere', group: 'Upload' }] },
      'companies[0].permissions[0].folder: the folder "Nowhere" does not exist in "Sample Company"',
    ],
    [
      { permissions: [{ folder: '/', group: 'Nobody' }] },
      'companies[0].permissions[0].group: "Sample Company" has no group "Nobody"',
    ],
    [
      { permissions: [{ folder: '/', group: 'Upload', allow: ['Look'] }] },
      'companies[0].permissions[0].allow[0]: found "Look", expected one of Read, Write, Delete',
    ],
    [
      { permissions: [{ folder: '/', group: 'Upload', allow: ['Read'], deny: ['Read'] }] },
      'companies[0].permissions[0].deny: Read is also in allow',
    ],
    [
      { permissions: [{ folder: '/', group: 'Upload', override: 'yes' }] },
      'companies[0].permissions[0].override: found "yes", expected true or false',
    ],
  ])('with %j is refused as a whole', async (change, message) => {
    const before = await server.snapshot();
    const seed = { companies: [{ ...COMPANY, ...change }], users: USERS } as unknown as Seed;
    await expect(server.seed(seed)).rejects.toThrow(message);
    const after = await server.snapshot();
    for (const table of ['folders', 'groups', 'users', 'permission_sets'])
      expect(after.tables[table]).toEqual(before.tables[table]);
  });
});
