// Permissions in the console: of folders and assets, as the administrator, as other roles, and from a service that refuses.

import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { IpsFault } from '@ips-sdk/wire';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fault, type Handlers, openService, raw } from '../../../../scripts/testing/fake-service.js';
import type { AssetsPage, PermissionsAnswer } from '../../src/console/api.js';
import { startConsole } from '../../src/console/start-console.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';
import { plain, RED } from '../support/pictures.js';

const EVIL = '<img src=x onerror=alert(1)>';
const PAT = { email: 'pat@example.com', password: 'pat-password' };
const ANN = { email: 'ann@example.com', password: 'ann-password' };

let server: IpsServer;
let ips: IpsClient;
let page: ConsoleBrowser;
let asset: string;

const browserOf = async (user: string, password: string): Promise<ConsoleBrowser> => {
  const browser = new ConsoleBrowser(server.url);
  await browser.login({ user, password, company: 'MyCompany' });
  return browser;
};
const read = (query: Record<string, string> = {}, of = page): Promise<PermissionsAnswer> =>
  of.get<PermissionsAnswer>('permissions', query);
/** Each group with its rights, as `Read +override`. */
const brief = ({ groups }: PermissionsAnswer): Record<string, string> =>
  Object.fromEntries(
    groups.map(({ name, rights }) => [
      name,
      rights
        .map((one) => `${one.right} ${one.isAllowed ? '+' : '-'}${one.reason}${one.from ?? ''}`)
        .join(', '),
    ]),
  );

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST, company: 'MyCompany' });
  await server.seed({
    companies: [
      {
        name: 'MyCompany',
        folders: ['Shoes', 'Shoes/Men', 'Closed', 'Bare'],
        groups: [{ name: 'Download' }, { name: EVIL }, { name: 'One=Two' }],
        permissions: [
          { folder: 'Shoes', group: 'Download', allow: ['Read', 'Write'] },
          { folder: 'Shoes', group: EVIL, deny: ['Read'], allow: ['Delete'] },
          { folder: 'Shoes/Men', group: 'Download', deny: ['Read', 'Delete'], override: false },
          { folder: 'Shoes/Men', group: 'One=Two', allow: ['Read'] },
        ],
      },
    ],
    users: [
      { ...PAT, memberships: [{ company: 'MyCompany', role: 'ImagePortalUser' }] },
      { ...ANN, memberships: [{ company: 'MyCompany', role: 'IpsUser' }] },
    ],
  });
  const { email: user, password } = server.admin;
  ips = createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, companyHandle: 'c|6' });
  await ips.setFolderPermissions({
    folderHandle: 'f|MyCompany/Closed/',
    setChildren: false,
    permissionArray: [],
  });
  const content = await plain(10, 10, RED).png().toBuffer();
  const { files } = await ips.uploadFiles([{ content, destPath: 'red.png' }], {
    destFolder: 'MyCompany/Shoes/Men/',
  });
  asset = files[0]?.assetHandle ?? '';
  page = await browserOf(user, password);
});
afterAll(async () => {
  page.close();
  await ips.close();
  await server.stop();
});

describe('permissions of a folder', () => {
  it('are its own, with what overrides, what gives way, and to which folder', async () => {
    const shoes = await read({ folder: 'MyCompany/Shoes/' });
    expect(shoes).toMatchObject({ isRefused: false, source: 'own', hasGroups: true });
    expect(shoes).not.toHaveProperty('from');
    expect(brief(shoes)).toEqual({
      Download: 'Read +override, Write +override, Delete -missing',
      [EVIL]: 'Read -override, Write -missing, Delete +override',
    });
    expect(brief(await read({ folder: 'MyCompany/Shoes/Men/' }))).toEqual({
      Download: 'Read +aboveMyCompany/Shoes/, Write -missing, Delete -default',
      'One=Two': 'Read +override, Write -missing, Delete -missing',
    });
  });

  it('are those of the folder above, none up to the root, or an empty set', async () => {
    await ips.createFolder({ folderPath: 'MyCompany/Shoes/Women/New/' });
    expect(await read({ folder: 'MyCompany/Shoes/Women/New/' })).toMatchObject({
      source: 'folder',
      from: 'MyCompany/Shoes/',
    });
    for (const query of [{}, { folder: 'MyCompany/Bare/' }])
      expect(await read(query)).toMatchObject({ source: 'none', groups: [], hasGroups: true });
    expect(await read({ folder: 'MyCompany/Closed/' })).toMatchObject({ source: 'own', groups: [] });
  });

  it('come with commands that set them as they are', async () => {
    const handles = Object.fromEntries(
      (await ips.getGroups({})).groupArray.map(({ name, groupHandle }) => [name, groupHandle]),
    );
    const shell = async (folder: string): Promise<readonly string[]> =>
      (await read({ folder: `MyCompany/${folder}` })).shell;
    expect(await shell('Shoes/')).toEqual([
      'ips permission show MyCompany/Shoes/',
      `ips permission set MyCompany/Shoes/ --allow Download=Read,Write --allow '${handles[EVIL]}=Delete' --deny '${handles[EVIL]}=Read'`,
    ]);
    expect(await shell('Shoes/Men/')).toEqual([
      'ips permission show MyCompany/Shoes/Men/',
      `ips permission set MyCompany/Shoes/Men/ --allow '${handles['One=Two']}=Read'`,
      'ips permission set MyCompany/Shoes/Men/ --merge --no-override --deny Download=Read,Delete',
    ]);
    expect(await shell('Closed/')).toEqual([
      'ips permission show MyCompany/Closed/',
      'ips permission set MyCompany/Closed/ --none',
    ]);
    expect((await shell('Bare/'))[1]).toMatch(/^ips permission set MyCompany\/Bare\/ --allow .*=Read'?$/);
  });

  it('are an error for a folder that does not exist, and for two objects', async () => {
    expect(await problemIn(read({ folder: 'MyCompany/Nowhere/' }))).toMatchObject({
      code: 'fault',
      status: 409,
    });
    expect(await problemIn(read({ folder: 'MyCompany/', asset }))).toMatchObject({
      code: 'input',
      status: 400,
    });
  });
});

describe('permissions of an asset', () => {
  it('are those of its folder, then its own', async () => {
    expect(await read({ asset })).toMatchObject({ source: 'folder', from: 'MyCompany/Shoes/Men/' });
    const groupHandle = (await read({ asset })).groups[0]?.groupHandle ?? '';
    await ips.setAssetPermissions({
      assetHandle: asset,
      permissionArray: [{ groupHandle, permissionType: 'Write', isAllowed: true, isOverride: true }],
    });
    const own = await read({ asset });
    expect(own.source).toBe('own');
    expect(brief(own)).toEqual({ Download: 'Read -missing, Write +override, Delete -missing' });
    expect(own.shell[0]).toBe(`ips permission show '${asset}'`);
    const { assets } = await page.get<AssetsPage>('assets', { folder: 'MyCompany/Shoes/Men/' });
    expect(assets.map(({ assetHandle }) => assetHandle)).toEqual([asset]);
  });

  it('are an error for one that does not exist', async () => {
    expect(await problemIn(read({ asset: 'a|99999' }))).toMatchObject({ code: 'notFound', status: 404 });
  });
});

it('shows no permissions to roles that may not read groups', async () => {
  for (const { email, password } of [PAT, ANN]) {
    const browser = await browserOf(email, password);
    expect(await read({ folder: 'MyCompany/Shoes/' }, browser)).toEqual({
      isRefused: true,
      source: 'none',
      groups: [],
      hasGroups: false,
      shell: [],
    });
    browser.close();
  }
});

describe('permissions from another service', () => {
  const COMPANY = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };
  const group = (index: number) => ({
    groupHandle: `g|${index}`,
    groupName: `Store ${index % 2 === 0 ? index : 'One'}`,
  });

  async function start(handlers: Handlers): Promise<ConsoleBrowser> {
    const service = await openService({
      getUserInfo: () => ({
        userInfo: {
          userHandle: 'u|1|ann@example.com',
          firstName: 'Ann',
          lastName: '',
          email: ANN.email,
          isValid: true,
          isIpsAdmin: false,
        },
      }),
      getCompanyMembership: () => ({
        membershipArray: [{ company: COMPANY, role: 'IpsCompanyAdmin', isActive: true }],
      }),
      getActiveJobs: () => ({ jobArray: [] }),
      getScheduledJobs: () => ({ jobArray: [] }),
      getJobLogs: () => ({ jobLogArray: [] }),
      ...handlers,
    });
    const running = await startConsole({
      places: [{ name: 'live', endpoint: service.endpoint, user: ANN.email, company: 'MyCompany' }],
      port: 0,
      host: '127.0.0.1',
      readOnly: false,
      version: '1.2.3',
      log: pino({ level: 'silent' }),
      intervals: { busy: 20, calm: 40, outage: 60 },
    });
    const browser = new ConsoleBrowser(running.url);
    onTestFinished(async () => {
      browser.close();
      await running.stop();
      await service.stop();
    });
    await browser.login({ user: ANN.email, password: ANN.password });
    return browser;
  }

  it('are refused where the service refuses them, and an error where it fails', async () => {
    const refused = await start({
      getFolderTree: () => {
        throw new IpsFault({ kind: 'authorization', code: 20003, reason: 'Not allowed' });
      },
    });
    expect(await read({}, refused)).toMatchObject({ isRefused: true });
    const broken = await start({
      getFolderTree: () => fault({ kind: 'api', code: 30001, reason: 'Broken' }),
    });
    expect(await problemIn(read({}, broken))).toMatchObject({ code: 'fault', message: 'Broken' });
    const down = await start({ getFolderTree: () => raw('down', 404) });
    expect(await problemIn(read({}, down))).toMatchObject({ code: 'outage' });
  });

  it('name one group in the command where there are many, by its handle where names repeat', async () => {
    const many = await start({
      getFolderTree: () => ({
        folders: { folderHandle: 'f|MyCompany/', path: 'MyCompany/', permissionSetHandle: 'pm|1' },
        permissionSetArray: [
          {
            permissionSetHandle: 'pm|1',
            permissionArray: Array.from({ length: 13 }, (_, index) => ({
              ...group(index + 1),
              permissionType: 'Read',
              isAllowed: true,
              isOverride: true,
            })),
          },
        ],
      }),
    });
    const answer = await read({}, many);
    expect(answer.groups).toHaveLength(13);
    expect(answer.shell[1]).toBe("ips permission set MyCompany/ --merge --allow 'g|1=Read'");
  });

  it('begin without a group where the service refuses those, or has none', async () => {
    const bare = await start({
      getFolderTree: () => ({ folders: { folderHandle: 'f|MyCompany/', path: 'MyCompany/' } }),
      getGroups: () => fault({ kind: 'api', code: 30001, reason: 'Broken' }),
    });
    expect(await read({}, bare)).toEqual({
      isRefused: false,
      source: 'none',
      groups: [],
      hasGroups: true,
      shell: ['ips permission show MyCompany/'],
    });
    const lonely = await start({
      getFolderTree: () => ({ folders: { folderHandle: 'f|MyCompany/', path: 'MyCompany/' } }),
      getGroups: () => ({ groupArray: [] }),
    });
    expect(await read({}, lonely)).toMatchObject({ source: 'none', hasGroups: false });
  });
});
