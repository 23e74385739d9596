import type { Fact } from './fact.js';

/** Facts about users. */
export const userFacts: readonly Fact[] = [
  {
    id: 'password-that-never-expires',
    fact: 'Every user has `passwordExpires`; a password that never expires has a date a hundred years ahead.',
    evidence: { kind: 'page', source: 'r-get-user-info.md, r-get-users.md, r-get-all-users.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { userInfo } = await connection.call('getUserInfo', {});
      const { userArray } = await connection.call('getUsers', { companyHandleArray: [companyHandle] });
      const all = await connection.call('getAllUsers', { includeInvalid: true });
      for (const user of [userInfo, ...userArray, ...all.userArray])
        expect(Date.parse(user.passwordExpires ?? '') - Date.now()).toBeGreaterThan(99 * 365 * 86_400_000);
    },
    client: async ({ answered, expect }) => {
      const user = (expires: string): string =>
        '<userHandle>70|ann@example.com</userHandle><firstName>Ann</firstName><lastName>Archer</lastName>' +
        `<email>ann@example.com</email><role>IpsAdmin</role><isValid>true</isValid><passwordExpires>${expires}</passwordExpires>`;
      const { ips, issues } = await answered({
        getUserInfo: `<userInfo>${user('2107-04-22T18:35:41.995Z')}</userInfo>`,
        getUsers: `<userArray><items>${user('2107-07-27T15:18:15.816-07:00')}</items></userArray>`,
      });
      const { userInfo } = await ips.getUserInfo({});
      expect(userInfo).toMatchObject({ passwordExpires: '2107-04-22T18:35:41.995Z', firstName: 'Ann' });
      const { userArray } = await ips.getUsers({ includeInvalid: false });
      expect(userArray[0]?.passwordExpires).toBe('2107-07-27T15:18:15.816-07:00');
      // The role that users had before memberships is reported and does no harm.
      expect(issues.map(({ path }) => path)).toContain('getUserInfoReturn.userInfo');
    },
  },
  {
    id: 'administrators-of-a-company',
    fact: 'getUsers for a company with the role IpsAdmin answers the administrators of the service.',
    evidence: { kind: 'page', source: 'r-get-users.md' },
    server: async ({ connection, companyHandle, server, expect }) => {
      const { userArray } = await connection.call('getUsers', {
        includeInvalid: false,
        companyHandleArray: [companyHandle],
        userRoleArray: ['IpsAdmin'],
        sortBy: 'LastName',
      });
      expect(userArray.map(({ email }) => email)).toEqual([server.admin.email]);
      expect(userArray[0]?.isIpsAdmin).toBe(true);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getUsers: '<userArray/>' }, { validation: 'strict' });
      await ips.getUsers({ companyHandleArray: ['47'], userRoleArray: ['IpsAdmin'], sortBy: 'LastName' });
      expect(requests[0]?.xml).toContain('<userRoleArray><items>IpsAdmin</items></userRoleArray>');
    },
  },
  {
    id: 'initial-tag-of-a-text-field',
    fact: 'createMetadataField takes an initial tag for a field of type String, beside its default.',
    evidence: { kind: 'page', source: 'r-create-metadata-field.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { fieldHandle } = await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Image',
        name: 'TextWithTag',
        fieldType: 'String',
        initialTagValue: 'Fall',
        defaultValue: 'Default',
      });
      expect(fieldHandle).toBe('m|6|IMAGE|TextWithTag');
      const { fieldArray } = await connection.call('getMetadataFields', {
        companyHandle,
        assetType: 'Image',
      });
      expect(fieldArray.find((field) => field.fieldHandle === fieldHandle)).toMatchObject({
        initialTagValue: 'Fall',
        defaultValue: 'Default',
      });
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        { createMetadataField: '<fieldHandle>m|21|IMAGE|createMetadataField</fieldHandle>' },
        { validation: 'strict' },
      );
      const { fieldHandle } = await ips.createMetadataField({
        assetType: 'Image',
        name: 'createMetadataField',
        fieldType: 'String',
        initialTagValue: 'Fall',
        defaultValue: 'Default',
      });
      expect(fieldHandle).toBe('m|21|IMAGE|createMetadataField');
      expect(requests[0]?.xml).toContain('<initialTagValue>Fall</initialTagValue>');
    },
  },
];
