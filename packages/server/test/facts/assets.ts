import type { Fact } from './fact.js';

const ROOT = 'f|SampleCompany/';

/** Facts about assets, their folders and what they belong to. */
export const assetFacts: readonly Fact[] = [
  {
    id: 'first-image-is-the-thumbnail',
    fact: 'A set without a thumbnail gets the first image of its members as one.',
    evidence: { kind: 'page', source: 'r-create-image-set.md, r-create-asset-set.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const first = await asset('First of the set');
      const { assetHandle } = await connection.call('createImageSet', {
        companyHandle,
        folderHandle: ROOT,
        name: 'SetWithThumb',
        type: 'ImageSet',
      });
      await connection.call('setImageSetMembers', {
        companyHandle,
        assetHandle,
        memberArray: [{ assetHandle: first, pageReset: true }],
      });
      const { thumbAsset } = await connection.call('getAssociatedAssets', { companyHandle, assetHandle });
      expect(thumbAsset?.assetHandle).toBe(first);
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'image-info-is-filled',
    fact: 'The details of an image are filled from the start: the anchor is its centre, sku and description are its name, and masks and modifiers are there, if empty.',
    evidence: { kind: 'page', source: 'r-image-info.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Filled');
      const read = async () =>
        (await connection.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] }))
          .assetArray?.[0]?.imageInfo;
      expect(await read()).toMatchObject({
        width: 20,
        height: 10,
        anchorX: 10,
        anchorY: 5,
        sku: 'Filled',
        description: 'Filled',
        urlModifier: '',
        urlPostApplyModifier: '',
        masks: [],
        zoomTargets: [],
        imageMaps: [],
      });
      await connection.call('batchSetImageFields', {
        companyHandle,
        updateArray: [{ assetHandle, anchorX: 0, anchorY: 1 }],
      });
      expect(await read()).toMatchObject({ anchorX: 0, anchorY: 1 });
      // What an answer shows, a search finds.
      const { assetSummaryArray } = await connection.call('searchAssetsByMetadata', {
        companyHandle,
        metadataConditionArray: ['sku', 'description'].map((fieldHandle) => ({
          fieldHandle,
          op: 'Equals',
          value: 'Filled',
        })),
      });
      expect(assetSummaryArray?.map((found) => found.assetHandle)).toEqual([assetHandle]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssets:
          '<assetArray><items><assetHandle>a|210</assetHandle><type>Image</type><name>B010</name><imageInfo>' +
          '<width>400</width><height>300</height><sku>B010</sku><description>B010</description>' +
          '<anchorX>200</anchorX><anchorY>150</anchorY><urlModifier></urlModifier>' +
          '<urlPostApplyModifier></urlPostApplyModifier><zoomTargets/><masks/><imageMaps/></imageInfo></items></assetArray>',
      });
      const { assetArray } = await ips.getAssets({ assetHandleArray: ['a|210'] });
      expect(assetArray?.[0]?.imageInfo).toEqual({
        width: 400,
        height: 300,
        sku: 'B010',
        description: 'B010',
        anchorX: 200,
        anchorY: 150,
        urlModifier: '',
        urlPostApplyModifier: '',
        zoomTargets: [],
        masks: [],
        imageMaps: [],
      });
    },
  },
  {
    id: 'image-url-is-relative',
    fact: '`ipsImageUrl` is a relative URL, the path of the optimized file; the system property IpsImageServerUrl comes before it.',
    evidence: { kind: 'page', source: 'r-asset.md, r-get-property.md' },
    server: async (world) => {
      const { connection, companyHandle, expect } = world;
      const assetHandle = await world.asset('Relative url');
      const { folderHandle } = await connection.call('createFolder', {
        companyHandle,
        folderPath: 'Folder of the URL',
      });
      await connection.call('moveAsset', { companyHandle, assetHandle, folderHandle });
      const { assetArray } = await connection.call('getAssets', {
        companyHandle,
        assetHandleArray: [assetHandle],
      });
      const { ipsImageUrl, imageInfo } = assetArray?.[0] ?? {};
      expect(ipsImageUrl).toBe('SampleCompany/Folder%20of%20the%20URL/Relative%20url.tif');
      expect(decodeURIComponent(ipsImageUrl ?? '')).toBe(
        `${imageInfo?.optimizedPath}${imageInfo?.optimizedFile}`,
      );
      await world.run({
        jobName: 'Publish the relative',
        imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
      });
      const { value } = await connection.call('getProperty', { name: 'IpsImageServerUrl' });
      const image = await fetch(`${value}${ipsImageUrl}?wid=5`);
      expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssets:
          '<assetArray><items><assetHandle>a|210</assetHandle><ipsImageUrl>MyCompany/Shoes/B010.tif</ipsImageUrl></items></assetArray>',
      });
      const { assetArray } = await ips.getAssets({ assetHandleArray: ['a|210'] });
      expect(assetArray?.[0]?.ipsImageUrl).toBe('MyCompany/Shoes/B010.tif');
    },
  },
  {
    id: 'optimizing-is-a-change',
    fact: 'Optimizing an image is a change of it, by the user who submitted the job.',
    evidence: { kind: 'page', source: 'r-asset.md' },
    server: async ({ connection, companyHandle, server, asset, run, expect }) => {
      const assetHandle = await asset('Optimized');
      const id = Number(assetHandle.slice(2));
      const snapshot = await server.snapshot();
      const assets = (snapshot.tables['assets'] ?? []).map((row) =>
        row['id'] === id ? { ...row, last_modify_user_id: null, optimized_file: null } : row,
      );
      await server.restore({ ...snapshot, tables: { ...snapshot.tables, assets } });
      const read = async () =>
        (await connection.call('getAssets', { companyHandle, assetHandleArray: [assetHandle] }))
          .assetArray?.[0];
      expect(await read()).not.toHaveProperty('lastModifyUser');
      await run({ jobName: 'Optimize', optimizeImagesJob: { emailSetting: 'None' } });
      expect(await read()).toMatchObject({ lastModifyUser: server.admin.email });
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'templates-contain-assets',
    fact: 'Templates count among the containers of an asset, and have members, as sets do.',
    evidence: { kind: 'page', source: 'r-get-associated-assets.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const image = await asset('InTemplate');
      const { assetHandle } = await connection.call('createTemplate', {
        companyHandle,
        folderHandle: ROOT,
        name: 'Containing',
        type: 'Template',
        urlModifier: 'layer=0&src=SampleCompany/InTemplate',
      });
      const of = (handle: string) =>
        connection.call('getAssociatedAssets', { companyHandle, assetHandle: handle });
      expect((await of(image)).containerArray?.map((each) => each.assetHandle)).toEqual([assetHandle]);
      expect((await of(assetHandle)).memberArray?.map((each) => each.assetHandle)).toEqual([image]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssociatedAssets:
          '<containerArray><items><assetHandle>a|207</assetHandle></items></containerArray>',
      });
      const { containerArray } = await ips.getAssociatedAssets({ assetHandle: 'a|197' });
      expect(containerArray).toMatchObject([{ assetHandle: 'a|207' }]);
    },
  },
  {
    id: 'restoring-makes-folders-again',
    fact: 'An asset is restored to the folder that it was deleted from, which is made again when it is gone.',
    evidence: { kind: 'page', source: 'trash-folder.md of Dynamic Media Classic' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Restored');
      const { folderHandle } = await connection.call('createFolder', {
        companyHandle,
        folderPath: 'Gone/Deep',
      });
      await connection.call('moveAsset', { companyHandle, assetHandle, folderHandle });
      await connection.call('deleteFolder', { companyHandle, folderHandle: 'f|SampleCompany/Gone/' });
      await connection.call('restoreAssetsFromTrash', { companyHandle, assetHandleArray: [assetHandle] });
      const { assetArray } = await connection.call('getAssets', {
        companyHandle,
        assetHandleArray: [assetHandle],
      });
      expect(assetArray?.[0]).toMatchObject({ folder: 'SampleCompany/Gone/Deep/', trashState: 'NotInTrash' });
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'folders-change-with-their-assets',
    fact: '`childLastModified` is the time of the last change to a subfolder or to an asset in the folder.',
    evidence: { kind: 'page', source: 'r-folder.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Changing');
      const { folderHandle } = await connection.call('createFolder', {
        companyHandle,
        folderPath: 'Changed',
      });
      await connection.call('moveAsset', { companyHandle, assetHandle, folderHandle });
      await connection.call('renameAsset', {
        companyHandle,
        assetHandle,
        newName: 'Changed',
        validateName: true,
      });
      const { assetArray } = await connection.call('getAssets', {
        companyHandle,
        assetHandleArray: [assetHandle],
      });
      const { folders } = await connection.call('getFolderTree', {
        companyHandle,
        folderPath: 'Changed',
        depth: 0,
      });
      expect(folders?.childLastModified).toBe(assetArray?.[0]?.lastModified);
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'a-membership-ends-for-a-user',
    fact: 'removeCompanyMembership without a user would remove all users from the companies; here it is refused on both sides.',
    evidence: { kind: 'page', source: 'r-remove-company-membership.md' },
    server: async ({ fault, companyHandle, expect }) => {
      const { code } = await fault('removeCompanyMembership', { companyHandleArray: [companyHandle] });
      expect(code).toBe(30002);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ removeCompanyMembership: '' });
      await expect(ips.removeCompanyMembership({ companyHandleArray: ['c|6'] })).rejects.toThrow(
        'userHandle',
      );
      expect(requests).toEqual([]);
    },
  },
  {
    id: 'role-of-administrators-overrides',
    fact: 'The role IpsAdmin overrides the roles that a user has in other companies.',
    evidence: { kind: 'page', source: 'r-add-user.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { userHandle } = await connection.call('addUser', {
        firstName: 'Olga',
        lastName: 'Over',
        email: 'override@example.com',
        password: 'Sunny-Day-42',
        isValid: true,
        isIpsAdmin: false,
        membershipArray: [{ companyHandle, role: 'IpsAdmin', isActive: true }],
      });
      const { userInfo } = await connection.call('getUserInfo', { userHandle });
      expect(userInfo?.isIpsAdmin).toBe(true);
      await connection.call('removeCompanyMembership', { userHandle, companyHandleArray: [companyHandle] });
    },
    client: { reason: 'The server knows who may do what.' },
  },
  {
    id: 'thumbnails-are-of-five-types',
    fact: 'The thumbnail of an asset has one of five types, which have an image.',
    evidence: { kind: 'page', source: 'r-batch-set-thumb-asset.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Thumbless');
      const set = await connection.call('createImageSet', {
        companyHandle,
        folderHandle: ROOT,
        name: 'NoThumb',
        type: 'ImageSet',
      });
      const { errorCount } = await connection.call('batchSetThumbAsset', {
        companyHandle,
        updateArray: [{ assetHandle, thumbAssetHandle: set.assetHandle }],
      });
      expect(errorCount).toBe(1);
    },
    client: { reason: 'The client does not know the types of the assets that it names.' },
  },
  {
    id: 'types-of-contexts-are-constants',
    fact: 'Publish contexts have one of four types.',
    evidence: { kind: 'page', source: 'r-publish-context.md' },
    server: async ({ fault, companyHandle, expect }) => {
      const { code } = await fault('getPublishContexts', { companyHandle, contextType: 'Nowhere' });
      expect(code).toBe(30001);
    },
    client: { reason: 'A list of constants may grow, so the client sends what it is given.' },
  },
];
