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
  {
    id: 'mail-about-the-trash',
    fact: 'With `emailTrashCleanupWarning` the administrators of a company get a mail when assets in its trash are removed.',
    evidence: { kind: 'page', source: 'r-set-company-settings.md' },
    server: async ({ on }) => {
      const { connection, companyHandle, server, expect } = await on({ jobClock: 'manual' });
      const { plantAssets } = await import('../support/plant-assets.js');
      const mails = async () => (await server.snapshot()).tables['mails'] ?? [];
      const empty = async (name: string) => {
        const assetHandleArray = await plantAssets(server, [{ name }]);
        await connection.call('deleteAssets', { companyHandle, assetHandleArray });
        await connection.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray });
        await server.clock.advance(86_400_000);
      };
      await empty('First removed');
      expect(await mails()).toEqual([]);
      await connection.call('setCompanySettings', { companyHandle, emailTrashCleanupWarning: true });
      await empty('Second removed');
      expect(await mails()).toMatchObject([
        { recipient: server.admin.email, subject: 'Trash emptied: Sample Company' },
      ]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getCompanySettings:
          '<settings><overwriteMode>OverwriteFullName</overwriteMode><retainPublishState>false</retainPublishState>' +
          '<emailTrashCleanupWarning>true</emailTrashCleanupWarning></settings>',
      });
      expect((await ips.getCompanySettings({})).settings).toMatchObject({ emailTrashCleanupWarning: true });
    },
  },
  {
    id: 'gaps-of-role-lists',
    fact: 'The printed lists of roles have gaps that their twins do not have: the administrator of a portal may do what its contributors may, and operations without a list have that of what they change.',
    evidence: {
      kind: 'page',
      source:
        'the lists of r-get-folder-tree.md, r-get-image-set-members.md, r-set-asset-publish-state.md and their twins',
    },
    server: async ({ server, companyHandle, expect }) => {
      const { connect } = await import('../support/call.js');
      const password = 'Sunny-Day-42';
      const roles = ['ImagePortalAdmin', 'ImagePortalUser', 'IpsCompanyAdmin', 'TrialSiteUser'];
      await server.seed({
        users: roles.map((role) => ({
          email: `${role}.of.facts@example.com`,
          password,
          memberships: [{ company: 'Sample Company', role }],
        })),
      });
      const calls = {
        getFolderTree: { companyHandle, depth: 0 },
        getImageSetMembers: { companyHandle, assetHandle: 'a|1' },
        setAssetPublishState: { companyHandle, assetHandle: 'a|1', publishState: 'MarkedForPublish' },
        getOriginalFilePaths: { companyHandle, assetHandleArray: ['a|1'] },
        getProjects: { companyHandle },
        batchSetFontFields: { companyHandle, updateArray: [] },
        getAssetsByName: { companyHandle, nameArray: ['red'] },
        createTemplate: {
          companyHandle,
          folderHandle: 'f|X/',
          name: 'x',
          type: 'Template',
          urlModifier: 'x',
        },
        updateImageSet: { companyHandle, assetHandle: 'a|1' },
        updateAssetSet: { companyHandle, assetHandle: 'a|1' },
      } as const;
      type Call = keyof typeof calls;
      const refused = async (role: string): Promise<Call[]> => {
        const caller = connect(server, { email: `${role}.of.facts@example.com`, password });
        const found: Call[] = [];
        for (const operation of Object.keys(calls) as Call[]) {
          const failed = await caller
            .call(operation, calls[operation] as never)
            .catch((error: unknown) => error);
          if ((failed as { readonly code?: number }).code === 20003) found.push(operation);
        }
        return found;
      };
      expect(await refused('ImagePortalAdmin')).toEqual([]);
      expect(await refused('IpsCompanyAdmin')).toEqual([]);
      for (const role of ['ImagePortalUser', 'TrialSiteUser'])
        expect(await refused(role)).toEqual(expect.arrayContaining(['updateImageSet', 'updateAssetSet']));
      expect(await refused('ImagePortalUser')).not.toContain('getFolderTree');
    },
    client: { reason: 'The server knows who may do what.' },
  },
];
