import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { passwordProblem } from '../src/passwords.js';
import { connect } from './support/call.js';

let server: IpsServer;
const password = 'Sunny-Day-42';
const as = (email: string) => connect(server, { email, password });
const admin = () => connect(server);

const ANN = 'u|42|ann@example.com';
const BOB = 'u|43|bob@example.com';
const EVE = 'u|44|eve@example.com';

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual', now: new Date('2026-03-01T12:00:00Z') });
});
afterAll(() => server.stop());

// Ann administers the sample company, Bob works there, Eve administers another one.
beforeEach(async () => {
  await server.reset();
  await server.seed({
    companies: [{ name: 'Other' }],
    users: [
      {
        email: 'ann@example.com',
        password,
        firstName: 'Ann',
        lastName: 'Miller',
        memberships: [{ company: 'Sample Company', role: 'IpsCompanyAdmin' }],
      },
      {
        email: 'bob@example.com',
        password,
        firstName: 'Bob',
        lastName: 'Baker',
        memberships: [
          { company: 'Sample Company', role: 'IpsUser' },
          { company: 'Other', role: 'IpsUser' },
        ],
      },
      {
        email: 'eve@example.com',
        password,
        firstName: 'Eve',
        lastName: 'Adams',
        memberships: [{ company: 'Other', role: 'IpsCompanyAdmin' }],
      },
    ],
  });
});

const newUser = {
  firstName: 'Cy',
  lastName: 'Young',
  email: 'cy@example.com',
  password,
  isValid: true,
  isIpsAdmin: false,
  membershipArray: [{ companyHandle: 'c|6', role: 'IpsUser', isActive: true }],
};

describe('checkLogin', () => {
  const status = async (email: string, given: string, companyHandle?: string) =>
    (
      await admin().call('checkLogin', {
        email,
        password: given,
        ...(companyHandle ? { companyHandle } : {}),
      })
    ).status;

  it('tells a good login from a bad one, without a fault', async () => {
    expect(await status('ANN@example.com', password)).toBe('ValidLogin');
    expect(await status('ann@example.com', 'wrong')).toBe('InvalidLogin');
    expect(await status('nobody@example.com', password)).toBe('InvalidLogin');
  });

  it('is about the company when one is named', async () => {
    expect(await status('ann@example.com', password, 'c|6')).toBe('ValidLogin');
    expect(await status('ann@example.com', password, 'c|7')).toBe('InvalidLogin');
    expect(await status('bob@example.com', password, 'c|7')).toBe('ValidLogin');
    expect(await status('admin@example.com', 'admin-password', 'c|7')).toBe('ValidLogin');
  });

  it('says no to whoever could call nothing: invalid, expired, without an active membership', async () => {
    await admin().call('setUserInfo', {
      userHandle: ANN,
      firstName: 'Ann',
      lastName: 'Miller',
      email: 'ann@example.com',
      isValid: false,
      isIpsAdmin: false,
    });
    await admin().call('setPassword', { userHandle: BOB, password, passwordExpires: '2026-01-01T00:00:00Z' });
    await admin().call('removeCompanyMembership', { userHandle: EVE, companyHandleArray: ['c|7'] });
    for (const email of ['ann@example.com', 'bob@example.com', 'eve@example.com']) {
      expect(await status(email, password)).toBe('InvalidLogin');
    }
  });
});

describe('passwords', () => {
  it('are made up by the rules that setPassword has, another one each time', async () => {
    const made = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      const { password: text } = await as('bob@example.com').call('generatePassword', {});
      expect(passwordProblem(text)).toBeUndefined();
      made.add(text);
    }
    expect(made.size).toBe(5);
  });

  it('are changed by their owner, who needs the new one from then on', async () => {
    await as('bob@example.com').call('setPassword', { password: 'Rainy-Night-7' });
    expect(await as('bob@example.com').fault('getUserInfo', {})).toMatchObject({ code: 10001 });
    const bob = connect(server, { email: 'bob@example.com', password: 'Rainy-Night-7' });
    expect((await bob.call('getUserInfo', {})).userInfo.email).toBe('bob@example.com');
  });

  it('of others are changed only by who administers the system', async () => {
    expect(
      await as('ann@example.com').fault('setPassword', { userHandle: BOB, password: 'Rainy-Night-7' }),
    ).toMatchObject({ kind: 'authorization', code: 20003 });
    await admin().call('setPassword', { userHandle: BOB, password: 'Rainy-Night-7' });
    expect(await as('bob@example.com').fault('getUserInfo', {})).toMatchObject({ code: 10001 });
  });

  it('never expire unless they are set to', async () => {
    await admin().call('setPassword', { userHandle: BOB, password, passwordExpires: '2026-03-02T00:00:00Z' });
    const { userInfo } = await admin().call('getUserInfo', { userHandle: BOB });
    expect(userInfo.passwordExpires).toBe('2026-03-02T00:00:00.000Z');
    await admin().call('setPassword', { userHandle: BOB, password });
    expect((await admin().call('getUserInfo', { userHandle: BOB })).userInfo).not.toHaveProperty(
      'passwordExpires',
    );
  });

  it.each(['Short-1', 'alllowercase', '12345678'])(
    'are refused when they are weak, and not repeated: %s',
    async (weak) => {
      const fault = await as('bob@example.com').fault('setPassword', { password: weak });
      expect(fault).toMatchObject({ kind: 'api', code: 30001 });
      expect(fault.reason).not.toContain(weak);
    },
  );
});

describe('users', () => {
  it('are made with their memberships, and can call at once', async () => {
    const { userHandle } = await as('ann@example.com').call('addUser', newUser);
    expect(userHandle).toBe('u|45|cy@example.com');
    expect((await as('cy@example.com').call('getCompanyMembership', {})).membershipArray).toMatchObject([
      { company: { companyHandle: 'c|6' }, role: 'IpsUser', isActive: true },
    ]);
  });

  it('have an e-mail address that nobody else has', async () => {
    expect(await admin().fault('addUser', { ...newUser, email: 'BOB@example.com' })).toMatchObject({
      code: 30001,
    });
    expect(await admin().fault('addUser', { ...newUser, email: 'no address' })).toMatchObject({
      code: 30001,
    });
  });

  it('are put into companies only by who administers them', async () => {
    const membershipArray = [{ companyHandle: 'c|7', role: 'IpsUser', isActive: true }];
    expect(await as('ann@example.com').fault('addUser', { ...newUser, membershipArray })).toMatchObject({
      code: 20006,
    });
    expect(await as('ann@example.com').fault('addUser', { ...newUser, membershipArray: [] })).toMatchObject({
      code: 30002,
    });
    expect(
      await admin().fault('addUser', {
        ...newUser,
        membershipArray: [{ ...membershipArray[0]!, companyHandle: 'c|9' }],
      }),
    ).toMatchObject({ code: 20000 });
  });

  it('get roles that their maker may give', async () => {
    const withRole = (role: string) => ({
      ...newUser,
      membershipArray: [{ companyHandle: 'c|6', role, isActive: true }],
    });
    expect(await as('ann@example.com').fault('addUser', withRole('IpsAdmin'))).toMatchObject({ code: 20005 });
    expect(await as('ann@example.com').fault('addUser', withRole('Emperor'))).toMatchObject({ code: 30001 });
    expect(await as('ann@example.com').fault('addUser', { ...newUser, isIpsAdmin: true })).toMatchObject({
      code: 20005,
    });
    await admin().call('addUser', {
      ...newUser,
      email: 'trial@example.com',
      membershipArray: [{ companyHandle: 'c|6', role: 'TrialSiteAdmin', isActive: true }],
    });
    const trial = as('trial@example.com');
    expect(await trial.fault('addUser', withRole('IpsUser'))).toMatchObject({ code: 20005 });
    await trial.call('addUser', withRole('TrialSiteUser'));
  });

  it('are read by themselves, and by who administers a company of theirs', async () => {
    expect((await as('bob@example.com').call('getUserInfo', {})).userInfo).toEqual({
      userHandle: BOB,
      firstName: 'Bob',
      lastName: 'Baker',
      email: 'bob@example.com',
      isValid: true,
      isIpsAdmin: false,
    });
    expect(
      (await as('ann@example.com').call('getUserInfo', { email: 'Bob@Example.com' })).userInfo.userHandle,
    ).toBe(BOB);
    expect((await as('eve@example.com').call('getUserInfo', { userHandle: BOB })).userInfo.userHandle).toBe(
      BOB,
    );
    expect(await as('bob@example.com').fault('getUserInfo', { userHandle: ANN })).toMatchObject({
      code: 20003,
    });
    expect(await as('ann@example.com').fault('getUserInfo', { userHandle: EVE })).toMatchObject({
      code: 20007,
    });
    expect(await as('ann@example.com').fault('getUserInfo', { email: 'eve@example.com' })).toMatchObject({
      code: 20007,
    });
  });

  it('that do not exist get the fault for how they were named', async () => {
    expect(await admin().fault('getUserInfo', { userHandle: 'u|99|x@example.com' })).toMatchObject({
      code: 20002,
    });
    expect(await admin().fault('getUserInfo', { email: 'x@example.com' })).toMatchObject({ code: 20001 });
  });

  it('change their names and address, which is in their handle', async () => {
    const change = {
      userHandle: BOB,
      firstName: 'Robert',
      lastName: 'Baker',
      email: 'robert@example.com',
      isValid: true,
      isIpsAdmin: false,
    };
    await as('ann@example.com').call('setUserInfo', change);
    const robert = as('robert@example.com');
    expect((await robert.call('getUserInfo', {})).userInfo).toMatchObject({
      userHandle: 'u|43|robert@example.com',
      firstName: 'Robert',
    });
    expect(await admin().fault('setUserInfo', { ...change, email: 'ann@example.com' })).toMatchObject({
      code: 30001,
    });
  });

  it('who administer the system are out of reach of others', async () => {
    const change = {
      firstName: '',
      lastName: '',
      email: 'admin@example.com',
      isValid: false,
      isIpsAdmin: false,
    };
    const ann = as('ann@example.com');
    expect(await ann.fault('setUserInfo', { ...change, userHandle: 'u|41|admin@example.com' })).toMatchObject(
      {
        code: 20007,
      },
    );
    expect(
      await ann.fault('removeCompanyMembership', {
        userHandle: 'u|41|admin@example.com',
        companyHandleArray: ['c|6'],
      }),
    ).toMatchObject({ code: 20007 });
    expect(
      await ann.fault('setUserInfo', {
        ...change,
        email: 'ann@example.com',
        isValid: true,
        isIpsAdmin: true,
      }),
    ).toMatchObject({ code: 20005 });
  });
});

describe('lists of users', () => {
  const emails = (users: readonly { email: string }[]) => users.map(({ email }) => email.split('@')[0]);
  const listed = async (who: string, input: Parameters<typeof query>[1]) => emails(await query(who, input));
  async function query(who: string, input: object) {
    const caller = who === 'admin' ? admin() : as(`${who}@example.com`);
    return (await caller.call('getUsers', input as never)).userArray;
  }

  it('have everybody for who administers the system, and the users of their companies for others', async () => {
    const all = async (who: string) =>
      emails(
        (
          await (who === 'admin' ? admin() : as(`${who}@example.com`)).call('getAllUsers', {
            includeInvalid: false,
          })
        ).userArray,
      );
    expect(await all('admin')).toEqual(['admin', 'ann', 'bob', 'eve']);
    expect(await all('ann')).toEqual(['admin', 'ann', 'bob']);
    expect(await all('eve')).toEqual(['bob', 'eve']);
    expect(await as('bob@example.com').fault('getAllUsers', { includeInvalid: true })).toMatchObject({
      code: 20003,
    });
  });

  it('are filtered by company, role and the beginning of a field', async () => {
    expect(await listed('admin', { companyHandleArray: ['c|7'] })).toEqual(['bob', 'eve']);
    expect(await listed('admin', { userRoleArray: ['IpsCompanyAdmin'] })).toEqual(['admin', 'ann', 'eve']);
    expect(await listed('admin', { userRoleArray: ['IpsAdmin'] })).toEqual(['admin']);
    expect(await listed('admin', { companyHandleArray: ['c|7'], userRoleArray: ['IpsUser'] })).toEqual([
      'bob',
    ]);
    expect(await listed('admin', { charFilterField: 'LastName', charFilter: 'ba' })).toEqual(['bob']);
    expect(await listed('admin', { charFilterField: 'None', charFilter: 'ba' })).toHaveLength(4);
    // Letters that mean something in patterns mean nothing here.
    expect(await listed('admin', { charFilterField: 'Email', charFilter: '%' })).toEqual([]);
  });

  it('are sorted and paged', async () => {
    expect(await listed('admin', { sortBy: 'LastName' })).toEqual(['eve', 'admin', 'bob', 'ann']);
    expect(await listed('admin', { sortBy: 'LastName', recordsPerPage: 3 })).toEqual(['eve', 'admin', 'bob']);
    expect(await listed('admin', { sortBy: 'LastName', recordsPerPage: 3, resultsPage: 2 })).toEqual(['ann']);
    expect(await listed('admin', { recordsPerPage: 3, resultsPage: 9 })).toEqual([]);
    for (const sortBy of ['None', 'FirstName', 'Email', 'Role', 'Valid', 'PasswordExpiration']) {
      expect(await listed('admin', { sortBy })).toHaveLength(4);
    }
  });

  it('have the invalid and the inactive only when they are asked for', async () => {
    await admin().call('setCompanyMembership', {
      userHandle: EVE,
      membershipArray: [{ companyHandle: 'c|7', role: 'IpsCompanyAdmin', isActive: false }],
    });
    expect(await listed('admin', { companyHandleArray: ['c|7'] })).toEqual(['bob']);
    expect(await listed('admin', { companyHandleArray: ['c|7'], includeInactive: true })).toEqual([
      'bob',
      'eve',
    ]);
    await admin().call('setUserInfo', {
      userHandle: BOB,
      firstName: 'Bob',
      lastName: 'Baker',
      email: 'bob@example.com',
      isValid: false,
      isIpsAdmin: false,
    });
    expect(await listed('admin', { companyHandleArray: ['c|7'] })).toEqual([]);
    expect(await listed('admin', { companyHandleArray: ['c|7'], includeInvalid: true })).toEqual(['bob']);
  });

  it.each([
    { sortBy: 'ShoeSize' },
    { charFilterField: 'StartsWith', charFilter: 'a' },
    { recordsPerPage: 0 },
    { resultsPage: 0 },
  ])('refuse %j', async (input) => {
    const fault = await admin().fault('getUsers', input);
    expect(fault.code).toBe(30001);
    expect(fault.reason).toContain(Object.keys(input)[0]);
  });

  it('refuse companies of others', async () => {
    expect(await as('ann@example.com').fault('getUsers', { companyHandleArray: ['c|7'] })).toMatchObject({
      code: 20006,
    });
  });

  it('have an index of beginnings', async () => {
    const chars = async (input: object) =>
      (await admin().call('getUserChars', { charField: 'LastName', ...input })).userCharsArray;
    expect(await chars({})).toEqual(['a', 'b', 'm']);
    expect(await chars({ numChars: 2, companyHandleArray: ['c|7'] })).toEqual(['ad', 'ba']);
    expect(await admin().fault('getUserChars', { charField: 'None' })).toMatchObject({ code: 30001 });
  });
});

describe('memberships', () => {
  const of = async (userHandle: string) =>
    (await admin().call('getCompanyMembership', { userHandle })).membershipArray.map(({ company, role }) => [
      company.name,
      role,
    ]);
  const inSample = { companyHandle: 'c|6', role: 'IpsUser', isActive: true };
  const inOther = { companyHandle: 'c|7', role: 'IpsUser', isActive: true };

  it('are replaced, added and ended', async () => {
    await admin().call('setCompanyMembership', { userHandle: EVE, membershipArray: [inSample] });
    expect(await of(EVE)).toEqual([['Sample Company', 'IpsUser']]);
    await admin().call('addCompanyMembership', { userHandle: EVE, membershipArray: [inOther] });
    expect(await of(EVE)).toEqual([
      ['Sample Company', 'IpsUser'],
      ['Other', 'IpsUser'],
    ]);
    await admin().call('removeCompanyMembership', { userHandle: EVE, companyHandleArray: ['c|6'] });
    expect(await of(EVE)).toEqual([['Other', 'IpsUser']]);
  });

  it('are added once', async () => {
    expect(
      await admin().fault('addCompanyMembership', { userHandle: BOB, membershipArray: [inOther] }),
    ).toMatchObject({ code: 30001 });
    expect(
      await admin().fault('setCompanyMembership', { userHandle: BOB, membershipArray: [inOther, inOther] }),
    ).toMatchObject({ code: 30001 });
    expect(await of(BOB)).toHaveLength(2);
  });

  it('in companies of others are neither seen nor ended by a company’s administrator', async () => {
    const ann = as('ann@example.com');
    const seen = (await ann.call('getCompanyMembership', { userHandle: BOB })).membershipArray;
    expect(seen.map(({ company }) => company.name)).toEqual(['Sample Company']);
    await ann.call('setCompanyMembership', {
      userHandle: BOB,
      membershipArray: [{ ...inSample, role: 'ImagePortalUser' }],
    });
    expect(await of(BOB)).toEqual([
      ['Sample Company', 'ImagePortalUser'],
      ['Other', 'IpsUser'],
    ]);
    await ann.call('setCompanyMembership', { userHandle: BOB, membershipArray: [] });
    expect(await of(BOB)).toEqual([['Other', 'IpsUser']]);
    expect(
      await ann.fault('removeCompanyMembership', { userHandle: EVE, companyHandleArray: ['c|6'] }),
    ).toMatchObject({ code: 20007 });
  });

  it('that are not active give no access', async () => {
    await admin().call('setCompanyMembership', {
      userHandle: ANN,
      membershipArray: [{ ...inSample, isActive: false }],
    });
    expect(await as('ann@example.com').fault('getUserInfo', {})).toMatchObject({
      kind: 'authorization',
      code: 20006,
    });
  });
});
