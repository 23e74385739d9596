import type { Permission } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { createCodec, IpsFault } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-code.js';
import { ASSETS, COMPANY, startService } from './support/company-service.js';
import { account, ips, PASSWORD } from './support/ips.js';

const entry = (name: string, permissionType: string, isAllowed = true, isOverride = true): Permission => ({
  groupHandle: name === 'Download' ? 'g|1' : 'g|2',
  groupName: name,
  permissionType,
  isAllowed,
  isOverride,
});

const ROOT = [entry('Download', 'Read'), entry('Upload', 'Read'), entry('Upload', 'Write')];
const BOOTS = [entry('Download', 'Read', false), entry('Upload', 'Read', true, false)];
const SETS: Readonly<Record<string, readonly [handle: string, entries: readonly Permission[]]>> = {
  'MyCompany/': ['pm|1', ROOT],
  'MyCompany/Boots/': ['pm|2', BOOTS],
  'MyCompany/Boots/Old/': ['pm|2', BOOTS],
  'MyCompany/Shoes/': ['pm|3', []],
};
const GROUPS = ['Download', 'Upload'].map((name, i) => ({
  groupHandle: `g|${i + 1}`,
  companyHandle: COMPANY.companyHandle,
  name,
  isSystemDefined: false,
}));

/** A service with permissions, where pat is a user of the portal. */
async function startPortal() {
  const service = await startService();
  const parentOf = (path: string): string => path.replace(/[^/]+\/$/, '');
  const folderAt = (path: string, depth: number): object => {
    const below = Object.keys(SETS).filter((one) => parentOf(one) === path);
    return {
      folderHandle: `f|${path}`,
      path,
      hasSubfolders: below.length > 0,
      permissionSetHandle: SETS[path]?.[0],
      ...(depth === 0 || below.length === 0
        ? {}
        : { subfolderArray: below.map((one) => folderAt(one, depth - 1)) }),
    };
  };
  service.on('getFolderTree', ({ folderPath = 'MyCompany/', depth }) => {
    if (SETS[folderPath] === undefined)
      throw new IpsFault({ kind: 'api', code: 30001, reason: `Invalid folderPath: ${folderPath}` });
    return {
      folders: folderAt(folderPath, depth),
      permissionSetArray: Object.values(SETS).map(([permissionSetHandle, entries]) => ({
        permissionSetHandle,
        permissionArray: [...entries],
      })),
    };
  });
  service.on('getAssets', ({ assetHandleArray }) => ({
    assetArray: ASSETS.filter(({ assetHandle }) => assetHandleArray.includes(assetHandle ?? '')).map(
      (asset) => ({
        ...asset,
        permissions: asset.name === 'red' ? [entry('Upload', 'Read')] : [],
      }),
    ),
  }));
  service.on('getGroups', () => ({ groupArray: GROUPS }));
  service.on('getUserInfo', ({ email = 'ann@example.com' }) => {
    if (email === 'pta@example.com')
      throw new IpsFault({ kind: 'authorization', code: 20001, reason: 'Invalid request user' });
    return {
      userInfo: {
        userHandle: 'u|42|pat@example.com',
        firstName: 'Pat',
        lastName: 'Lee',
        email,
        isValid: true,
        isIpsAdmin: false,
      },
    };
  });
  service.on('getCompanyMembership', () => ({
    membershipArray: [{ company: COMPANY, role: 'ImagePortalUser', isActive: true }],
  }));
  service.on('getGroupMembership', () => ({ groupArray: GROUPS.slice(0, 1) }));
  service.on('getCompanyMembers', () => ({
    memberArray: ['pat@example.com', 'ann@example.com'].map((email, i) => ({
      user: { userHandle: `u|${i}`, firstName: 'P', lastName: 'L', email, isValid: true, isIpsAdmin: false },
      role: 'ImagePortalUser',
      isActive: true,
    })),
  }));
  for (const operation of [
    'setFolderPermissions',
    'updateFolderPermissions',
    'removeFolderPermissions',
    'setAssetPermissions',
    'updateAssetPermissions',
    'removeAssetPermissions',
  ] as const)
    service.on(operation, () => ({}));
  const run = (...args: string[]) => ips(['permission', ...args], { env: account(service.endpoint) });
  return { service, run };
}

describe('ips permission show', () => {
  it('lists the folders with permissions of their own', async () => {
    const { run } = await startPortal();
    const { code, stdout, stderr } = await run('show');
    expect(`${code} ${stderr}`).toBe('0 ');
    expect(stdout.split('\n')).toEqual([
      'MyCompany/\tDownload\tallow\t\t\tMyCompany/',
      'MyCompany/\tUpload\tallow\tallow\t\tMyCompany/',
      'MyCompany/Boots/\tDownload\tdeny\t\t\tMyCompany/Boots/',
      'MyCompany/Boots/\tUpload\tallow by default\t\t\tMyCompany/Boots/',
      'MyCompany/Shoes/\t(nobody)\t\t\t\tMyCompany/Shoes/',
      '',
    ]);
  });

  it('lists folders that follow with --all, and the first folder always', async () => {
    const { run } = await startPortal();
    const all = await run('show', '--all', '--json', 'path,from,isOwn,group');
    expect(JSON.parse(all.stdout)).toContainEqual({
      path: 'MyCompany/Boots/Old/',
      from: 'MyCompany/Boots/',
      isOwn: false,
      group: 'Download',
    });
    const first = await run('show', 'MyCompany/Boots/Old/', '--csv', 'path,from,group,read');
    expect(first.stdout).toContain('MyCompany/Boots/Old/,MyCompany/Boots/,Download,deny');
    expect((await run('show', '--depth', '0')).stdout).not.toContain('Boots');
  });

  it('shows the permissions of an asset', async () => {
    const { run } = await startPortal();
    const { stdout } = await run('show', 'red', '--json', 'path,from,group,read,write');
    expect(JSON.parse(stdout)).toEqual([
      { path: 'MyCompany/Shoes/red', from: 'asset', group: 'Upload', read: 'allow', write: null },
    ]);
    const unknown = await run('show', 'a|77');
    expect(unknown).toMatchObject({ code: EXIT.service });
    expect(unknown.stderr).toContain('no asset has the handle "a|77"');
  });

  it('notes that nobody has access without permissions', async () => {
    const { service, run } = await startPortal();
    service.on('getFolderTree', () => ({ folders: { folderHandle: 'f|MyCompany/', path: 'MyCompany/' } }));
    const { code, stdout, stderr } = await run('show');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(
      'the company root has no permissions: users of an image portal see nothing in it',
    );
  });
});

const READ = { groupHandle: 'g|1', permissionType: 'Read', isAllowed: true, isOverride: true };

describe('ips permission set', () => {
  it.each<[readonly string[], string, object]>([
    [
      ['MyCompany/Boots/', '--allow', 'download=read', '--deny', 'Upload=Write,Delete'],
      'setFolderPermissions',
      {
        folderHandle: 'f|MyCompany/Boots/',
        setChildren: false,
        permissionArray: [
          READ,
          { groupHandle: 'g|2', permissionType: 'Write', isAllowed: false, isOverride: true },
          { groupHandle: 'g|2', permissionType: 'Delete', isAllowed: false, isOverride: true },
        ],
      },
    ],
    [
      ['f|MyCompany/', '--merge', '--cascade', '--yes', '--allow', 'g|1=Read', '--no-override'],
      'updateFolderPermissions',
      { folderHandle: 'f|MyCompany/', updateChildren: true, updateArray: [{ ...READ, isOverride: false }] },
    ],
    [
      ['red', '--allow', 'Download=all'],
      'setAssetPermissions',
      {
        assetHandle: 'a|1',
        permissionArray: ['Read', 'Write', 'Delete'].map((permissionType) => ({ ...READ, permissionType })),
      },
    ],
    [['a|1', '--none'], 'setAssetPermissions', { assetHandle: 'a|1', permissionArray: [] }],
    [
      ['red', '--merge', '--allow', 'Download=Read'],
      'updateAssetPermissions',
      { assetHandle: 'a|1', updateArray: [READ] },
    ],
  ])('sends %j', async (args, operation, input) => {
    const { service, run } = await startPortal();
    const { code, stderr } = await run('set', ...args);
    expect(stderr).toContain('✓');
    expect(code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ operation, input: { companyHandle: 'c|6', ...input } });
  });

  it('prints the request with --dry-run', async () => {
    const { service, run } = await startPortal();
    const { code, stdout } = await run('set', 'MyCompany/Boots/', '--allow', 'Download=Read', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).not.toContain(PASSWORD);
    expect(createCodec(contract).decodeRequest(stdout, { strict: true })).toMatchObject({
      operation: 'setFolderPermissions',
      input: { permissionArray: [READ] },
    });
    expect(service.operations()).not.toContain('setFolderPermissions');
  });

  it('prompts before it changes everything below', async () => {
    const { service, run } = await startPortal();
    const { code, stderr } = await run('set', 'MyCompany/', '--allow', 'Download=Read', '--cascade');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('would replace the permissions of MyCompany/ and everything below it');
    expect(service.operations()).not.toContain('setFolderPermissions');
  });

  it.each<[readonly string[], number, string]>([
    [['MyCompany/'], EXIT.usage, 'missing --allow or --deny'],
    [
      ['MyCompany/', '--none', '--allow', 'Download=Read'],
      EXIT.usage,
      '--none cannot be combined with --allow',
    ],
    [['MyCompany/', '--none', '--merge'], EXIT.usage, '--none cannot be combined with --merge'],
    [['red', '--none', '--cascade'], EXIT.usage, '--cascade is for folders, and "red" is an asset'],
    [
      ['MyCompany/', '--allow', 'Download=Read', '--deny', 'Download=Read'],
      EXIT.usage,
      '--allow and --deny both name Read of "Download"',
    ],
    [['MyCompany/', '--allow', 'Download=Reed'], EXIT.usage, '--allow: expected a group and its rights'],
    [['MyCompany/', '--allow', 'Download=Reed'], EXIT.usage, 'did you mean Read?'],
    [['MyCompany/', '--allow', 'Download'], EXIT.usage, 'found "Download"'],
    [['MyCompany/', '--allow', '=Read'], EXIT.usage, 'found "=Read"'],
    [['MyCompany/', '--allow', 'Download='], EXIT.usage, 'found "Download="'],
    [['MyCompany/', '--allow', 'Downlod=Read'], EXIT.service, 'no group "Downlod"; did you mean Download?'],
    [['MyCompany/Nothing/', '--none'], EXIT.service, 'no such folder: "MyCompany/Nothing/"'],
    [['nothing', '--none'], EXIT.service, 'no asset is named "nothing"'],
    [['nothing', '--none'], EXIT.service, 'for a folder, end the path with a slash: nothing/'],
  ])('refuses %j', async (args, code, text) => {
    const { service, run } = await startPortal();
    const result = await run('set', ...args);
    expect(result.stderr).toContain(text);
    expect(result.code).toBe(code);
    expect(service.operations().filter((name) => /Permissions$/.test(name))).toEqual([]);
  });

  it('takes a group whose accents are written in the other way', async () => {
    const { service, run } = await startPortal();
    service.on('getGroups', () => ({ groupArray: [{ ...GROUPS[0]!, name: 'Caf\u00e9' }] }));
    expect((await run('set', 'red', '--allow', 'Cafe\u0301=Read')).code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ input: { permissionArray: [READ] } });
  });

  it('prefers the group with exactly this name', async () => {
    const { service, run } = await startPortal();
    const [group] = GROUPS;
    service.on('getGroups', () => ({
      groupArray: [
        { ...group!, name: 'Caf\u00e9', groupHandle: 'g|77' },
        { ...group!, name: 'Cafe\u0301' },
      ],
    }));
    expect((await run('set', 'red', '--allow', 'Cafe\u0301=Read')).code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ input: { permissionArray: [READ] } });
  });

  it('lists some of many groups', async () => {
    const { service, run } = await startPortal();
    service.on('getGroups', () => ({
      groupArray: Array.from({ length: 300 }, (_, index) => ({ ...GROUPS[0]!, name: `Group${index}` })),
    }));
    const { stderr } = await run('set', 'red', '--allow', 'Nothing=Read');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('Group18, Group19 and 280 more');
  });

  it('takes a group whose name has an equals sign', async () => {
    const { service, run } = await startPortal();
    service.on('getGroups', () => ({ groupArray: [{ ...GROUPS[0]!, name: 'A=B' }] }));
    expect((await run('set', 'red', '--allow', 'A=B=Read')).code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ input: { permissionArray: [READ] } });
  });
});

describe('ips permission remove', () => {
  it.each<[readonly string[], string, object]>([
    [['MyCompany/Boots/'], 'removeFolderPermissions', { updateChildren: false }],
    [['MyCompany/Boots/', '--cascade', '--yes'], 'removeFolderPermissions', { updateChildren: true }],
    [['red'], 'removeAssetPermissions', { assetHandle: 'a|1' }],
  ])('sends %j', async (args, operation, input) => {
    const { service, run } = await startPortal();
    const { code, stderr } = await run('remove', ...args);
    expect(stderr).toContain(`removed the permissions of ${args[0]}`);
    expect(code).toBe(0);
    expect(service.requests.at(-1)).toMatchObject({ operation, input });
  });

  it('prompts before it changes folders below', async () => {
    const { run } = await startPortal();
    const { code, stderr } = await run('rm', 'MyCompany/', '--cascade');
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('would remove the permissions of MyCompany/ and all folders below it');
  });
});

describe('ips permission explain', () => {
  it('names the group and the folder that decide', async () => {
    const { run } = await startPortal();
    const { code, stdout, stderr } = await run('explain', 'pat@example.com', 'MyCompany/Boots/');
    expect(code).toBe(0);
    expect(stderr).toContain('pat@example.com has the role ImagePortalUser, in the group Download');
    expect(stdout.split('\n')).toEqual([
      'Read\tno\tDownload\tdenied in MyCompany/Boots/',
      'Write\tno\tDownload\tthe permissions of MyCompany/Boots/ do not mention it',
      'Delete\tno\tDownload\tthe permissions of MyCompany/Boots/ do not mention it',
      '',
    ]);
  });

  it('prints what each group has, as JSON', async () => {
    const { run } = await startPortal();
    const { stdout } = await run('explain', 'pat@example.com', '--json');
    expect(JSON.parse(stdout)[0]).toEqual({
      right: 'Read',
      allowed: true,
      reason: 'allowed',
      group: 'Download',
      groupHandle: 'g|1',
      place: 'MyCompany/',
      why: 'allowed in MyCompany/',
      groups: [{ group: 'Download', groupHandle: 'g|1', result: 'allowed', place: 'MyCompany/' }],
    });
  });

  it('explains roles, assets and users without groups', async () => {
    const { service, run } = await startPortal();
    const asset = await run('explain', 'pat@example.com', 'red', '--csv', 'right,reason,place');
    expect(asset.stdout).toContain('Read,no-entry,a|1');
    service.on('getGroupMembership', () => ({ groupArray: [] }));
    expect((await run('explain', 'pat@example.com')).stdout).toContain(
      'pat@example.com is in no group of the company',
    );
    service.on('getCompanyMembership', () => ({
      membershipArray: [{ company: COMPANY, role: 'IpsUser', isActive: true }],
    }));
    expect((await run('explain', 'pat@example.com')).stdout).toContain(
      'Delete\tyes\t\tIpsUser is not restricted by permissions',
    );
    service.on('getCompanyMembership', () => ({ membershipArray: [] }));
    expect((await run('explain', 'pat@example.com')).stdout).toContain(
      'Read\tno\t\tpat@example.com has no active membership in the company',
    );
  });

  it('suggests a user whose address is similar, and refuses unknown assets', async () => {
    const { run } = await startPortal();
    const user = await run('explain', 'pta@example.com');
    expect(user.code).toBe(EXIT.service);
    expect(user.stderr).toContain('no such user: "pta@example.com"; did you mean pat@example.com?');
    const asset = await run('explain', 'pat@example.com', 'a|77');
    expect(asset.code).toBe(EXIT.service);
    expect(asset.stderr).toContain('no asset has the handle "a|77"');
  });
});
