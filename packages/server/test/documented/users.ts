import { company, emailOf, LATER, PASSWORD, user } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Why the sample's members have other fields. */
const EARLIER_FORM = 'the sample has the flat form from before release 6.0';

/** Samples of users, their passwords and their memberships in companies. */
export const userReproductions: Reproductions = {
  addUser: {
    run: async ({ companyHandle, expect }, send) => {
      const email = emailOf('added');
      const { userHandle } = await send({
        firstName: 'Bob',
        lastName: 'Sample',
        email,
        password: 'pa55word',
        isValid: true,
        isIpsAdmin: false,
        membershipArray: [{ companyHandle, role: 'TrialSiteUser', isActive: true }],
      });
      expect(userHandle).toMatch(new RegExp(`^u\\|\\d+\\|${email}$`));
    },
  },
  checkLogin: {
    run: async (world, send) => {
      await user(world, 'checked');
      const login = { companyHandle: world.companyHandle, email: emailOf('checked') };
      world.expect(await send({ ...login, password: 'hello' })).toEqual({ status: 'InvalidLogin' });
      const right = await world.connection.call('checkLogin', { ...login, password: PASSWORD });
      world.expect(right).toEqual({ status: 'ValidLogin' });
    },
  },
  generatePassword: {
    run: async ({ expect }, send) => {
      const { password } = await send({});
      for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/, /^.{8,}$/]) expect(password).toMatch(kind);
    },
  },
  setPassword: {
    run: async (world, send) => {
      const userHandle = await user(world, 'new-password');
      await send({ userHandle, password: '%2New-Pass"word' });
    },
  },
  getAllUsers: {
    run: async (world, send) => {
      await user(world, 'one-of-all');
      await send({ includeInvalid: false });
    },
    adds: { [LATER]: ['userArray/items/isIpsAdmin'] },
  },
  getUsers: {
    run: async (world, send) => {
      await user(world, 'sorted-b', { role: 'IpsAdmin', isIpsAdmin: true, lastName: 'Sorted B' });
      await user(world, 'sorted-a', { role: 'IpsAdmin', isIpsAdmin: true, lastName: 'Sorted A' });
      const { userArray } = await send({
        includeInvalid: false,
        companyHandleArray: [world.companyHandle],
        userRoleArray: ['IpsAdmin'],
        sortBy: 'LastName',
      });
      const names = userArray.map(({ lastName }) => lastName).filter((name) => name.startsWith('Sorted'));
      world.expect(names).toEqual(['Sorted A', 'Sorted B']);
    },
    adds: { [LATER]: ['userArray/items/isIpsAdmin'] },
  },
  getUserChars: {
    run: async (world, send) => {
      await user(world, 'initial-v', { lastName: 'Vetter' });
      await user(world, 'initial-x', { lastName: 'Xaver' });
      const { userCharsArray } = await send({
        charField: 'LastName',
        includeInvalid: false,
        companyHandleArray: [world.companyHandle],
      });
      world.expect(userCharsArray.filter((chars) => 'vwx'.includes(chars))).toEqual(['v', 'x']);
    },
  },
  getUserInfo: {
    run: async ({ server, expect }, send) => {
      expect((await send({})).userInfo.email).toBe(server.admin.email);
    },
    adds: { [LATER]: ['userInfo/isIpsAdmin'] },
  },
  setUserInfo: {
    run: async ({ server, connection, expect }, send) => {
      const { userInfo } = await connection.call('getUserInfo', {});
      // The caller, because the sample names nobody.
      const changed = { email: server.admin.email, isValid: true, isIpsAdmin: true };
      await send({ firstName: 'sample', lastName: 'sample', ...changed });
      expect((await connection.call('getUserInfo', {})).userInfo.lastName).toBe('sample');
      const { firstName, lastName } = userInfo;
      await connection.call('setUserInfo', { firstName, lastName, ...changed });
    },
  },
  getCompanyMembers: {
    run: async (world, send) => {
      await user(world, 'member', { role: 'IpsAdmin', isIpsAdmin: true });
      await send({ companyHandle: world.companyHandle, includeInvalid: false, includeInactive: false });
    },
    adds: {
      [EARLIER_FORM]: [
        'memberArray/items/isActive',
        'memberArray/items/user/email',
        'memberArray/items/user/firstName',
        'memberArray/items/user/isIpsAdmin',
        'memberArray/items/user/isValid',
        'memberArray/items/user/lastName',
        'memberArray/items/user/passwordExpires',
        'memberArray/items/user/userHandle',
      ],
    },
  },
  getCompanyMembership: {
    run: async (world, send) => {
      await send({ userHandle: await user(world, 'with-memberships') });
    },
    adds: {
      [EARLIER_FORM]: [
        'membershipArray/items/company/companyHandle',
        'membershipArray/items/company/expires',
        'membershipArray/items/company/name',
        'membershipArray/items/company/rootPath',
        'membershipArray/items/isActive',
        'membershipArray/items/role',
      ],
    },
  },
  addCompanyMembership: {
    run: async (world, send) => {
      const userHandle = await user(world, 'joins');
      const companyHandle = await company(world, 'Company that is joined');
      await send({ userHandle, membershipArray: [{ companyHandle, role: 'IpsUser', isActive: true }] });
    },
  },
  setCompanyMembership: {
    run: async (world, send) => {
      const userHandle = await user(world, 'changes');
      const companyHandle = await company(world, 'Company to change to');
      await send({ userHandle, membershipArray: [{ companyHandle, role: 'IpsUser', isActive: true }] });
    },
  },
  removeCompanyMembership: {
    run: async (world, send) => {
      const userHandle = await user(world, 'leaves');
      await send({ userHandle, companyHandleArray: [world.companyHandle] });
      const { membershipArray } = await world.connection.call('getCompanyMembership', { userHandle });
      world.expect(membershipArray).toEqual([]);
    },
  },
};
