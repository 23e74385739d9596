import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { serverForEachTest } from './support/shared-server.js';

let server: IpsServer;
const password = 'Sunny-Day-42';
const ANN = 'u|42|ann@example.com';
const BOB = 'u|43|bob@example.com';
const companyHandle = 'c|6';
const admin = () => connect(server);
const ann = () => connect(server, { email: 'ann@example.com', password });

serverForEachTest('manual', async (shared) => {
  server = shared;
  await server.seed({
    companies: [{ name: 'Other' }],
    users: [
      {
        email: 'ann@example.com',
        password,
        memberships: [{ company: 'Sample Company', role: 'IpsCompanyAdmin' }],
      },
      { email: 'bob@example.com', password, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] },
      { email: 'eve@example.com', password, memberships: [{ company: 'Other', role: 'IpsUser' }] },
    ],
  });
});

const save = async (name: string, company = companyHandle, isSystemDefined = false) =>
  (await admin().call('saveGroup', { companyHandle: company, name, isSystemDefined })).groupHandle;
const members = async (groupHandle: string) =>
  (await admin().call('getGroupMembers', { companyHandle, groupHandle })).userHandleArray;

describe('groups', () => {
  it('are saved, renamed and deleted', async () => {
    const groupHandle = await save('Photographers');
    expect(groupHandle).toBe('g|1');
    await ann().call('saveGroup', { companyHandle, groupHandle, name: 'Retouchers', isSystemDefined: false });
    expect(await ann().call('getGroups', { companyHandle })).toEqual({
      groupArray: [{ groupHandle, companyHandle, name: 'Retouchers', isSystemDefined: false }],
    });
    await ann().call('deleteGroup', { companyHandle, groupHandle });
    expect(await ann().call('getGroups', { companyHandle })).toEqual({ groupArray: [] });
    expect(await ann().fault('deleteGroup', { companyHandle, groupHandle })).toMatchObject({ code: 30001 });
  });

  it('have unique names in a company', async () => {
    await save('Photographers');
    const groupHandle = await save('Writers');
    expect(
      await ann().fault('saveGroup', {
        companyHandle,
        groupHandle,
        name: 'photographers',
        isSystemDefined: false,
      }),
    ).toMatchObject({ code: 30001 });
    expect(
      await ann().fault('saveGroup', { companyHandle, name: ' ', isSystemDefined: false }),
    ).toMatchObject({
      code: 30001,
    });
    expect(await save('Photographers', 'c|7')).toBe('g|3');
  });

  it('that exist under a name are saved, unless the system defines them', async () => {
    const groupHandle = await save('Photographers');
    expect(
      await ann().call('saveGroup', { companyHandle, name: 'photographers', isSystemDefined: false }),
    ).toEqual({ groupHandle });
    expect((await ann().call('getGroups', { companyHandle })).groupArray).toEqual([
      { groupHandle, companyHandle, name: 'photographers', isSystemDefined: false },
    ]);
    await save('Everyone', companyHandle, true);
    expect(
      await ann().fault('saveGroup', { companyHandle, name: 'Everyone', isSystemDefined: false }),
    ).toMatchObject({ code: 30000 });
  });

  it('of the system are created and changed only by its administrators', async () => {
    const groupHandle = await save('Everyone', companyHandle, true);
    expect(
      await ann().fault('saveGroup', { companyHandle, name: 'Mine', isSystemDefined: true }),
    ).toMatchObject({
      code: 20005,
    });
    expect(await ann().fault('deleteGroup', { companyHandle, groupHandle })).toMatchObject({ code: 30000 });
  });

  it('of another company do not exist for callers', async () => {
    const groupHandle = await save('Photographers', 'c|7');
    expect(await ann().fault('getGroupMembers', { companyHandle, groupHandle })).toMatchObject({
      code: 30001,
    });
    expect(
      await ann().fault('addGroupMembership', { userHandle: BOB, groupHandleArray: [groupHandle] }),
    ).toMatchObject({
      code: 20006,
    });
  });
});

describe('members of a group', () => {
  it('are set, added and removed', async () => {
    const groupHandle = await save('Photographers');
    await ann().call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [ANN] });
    await ann().call('addGroupMembers', { companyHandle, groupHandle, userHandleArray: [BOB, ANN] });
    expect(await members(groupHandle)).toEqual([ANN, BOB]);
    await ann().call('removeGroupMembers', { companyHandle, groupHandle, userHandleArray: [ANN] });
    expect(await members(groupHandle)).toEqual([BOB]);
    await ann().call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [] });
    expect(await members(groupHandle)).toEqual([]);
  });

  it('belong to the company; if one does not, nothing changes', async () => {
    const groupHandle = await save('Photographers');
    await ann().call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [ANN] });
    expect(
      await ann().fault('setGroupMembers', {
        companyHandle,
        groupHandle,
        userHandleArray: [BOB, 'u|44|eve@example.com'],
      }),
    ).toMatchObject({ kind: 'authorization', code: 20007 });
    expect(
      await ann().fault('addGroupMembers', {
        companyHandle,
        groupHandle,
        userHandleArray: ['u|99|no@example.com'],
      }),
    ).toMatchObject({ code: 20002 });
    expect(await members(groupHandle)).toEqual([ANN]);
  });

  it('leave with the company', async () => {
    const groupHandle = await save('Photographers');
    await ann().call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [BOB] });
    await ann().call('removeCompanyMembership', { userHandle: BOB, companyHandleArray: [companyHandle] });
    expect(await members(groupHandle)).toEqual([]);
  });

  it('filter lists of users', async () => {
    const groupHandle = await save('Photographers');
    await ann().call('setGroupMembers', { companyHandle, groupHandle, userHandleArray: [BOB] });
    const { userArray } = await ann().call('getUsers', { groupHandleArray: [groupHandle] });
    expect(userArray.map(({ userHandle }) => userHandle)).toEqual([BOB]);
  });
});

describe('groups of a user', () => {
  const groupsOf = async (userHandle: string) =>
    (await admin().call('getGroupMembership', { userHandle })).groupArray.map(({ name }) => name);

  it('are set, added and removed', async () => {
    const [a, b, c] = [await save('A'), await save('B'), await save('C')];
    await ann().call('setGroupMembership', { userHandle: BOB, companyHandle, groupHandleArray: [a, b] });
    expect(await groupsOf(BOB)).toEqual(['A', 'B']);
    await ann().call('addGroupMembership', { userHandle: BOB, groupHandleArray: [c] });
    await ann().call('removeGroupMembership', { userHandle: BOB, groupHandleArray: [a] });
    expect(await groupsOf(BOB)).toEqual(['B', 'C']);
    const bob = connect(server, { email: 'bob@example.com', password });
    expect((await bob.call('getGroupMembership', {})).groupArray.map(({ name }) => name)).toEqual(['B', 'C']);
    await ann().call('setGroupMembership', { userHandle: BOB, groupHandleArray: [] });
    expect(await groupsOf(BOB)).toEqual([]);
  });
});
