import { pdfOf } from '../support/documents.ts';
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
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssociatedAssets:
          '<thumbAsset><assetHandle>a|197|1|180</assetHandle><type>Image</type><name>red</name></thumbAsset>',
      });
      const { thumbAsset } = await ips.getAssociatedAssets({ assetHandle: 'a|207' });
      expect(thumbAsset).toMatchObject({ assetHandle: 'a|197|1|180', name: 'red' });
    },
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
    id: 'pages-are-in-their-document',
    fact: 'A PDF is among the containers of the images of its pages.',
    evidence: { kind: 'page', source: 'r-get-associated-assets.md' },
    server: async ({ connection, companyHandle, files, run, upload, expect }) => {
      files.set('/contained.pdf', pdfOf([1, 0, 0]));
      await run({
        jobName: 'Contained pages',
        ...upload(['/contained.pdf'], { pdfOptions: { process: 'Rasterize', pdfCatalog: false } }),
      });
      const { assetArray = [] } = await connection.call('getAssetsByName', {
        companyHandle,
        nameArray: ['contained', 'contained-1'],
      });
      const handleOf = (type: string) => assetArray.find((each) => each.type === type)?.assetHandle ?? '';
      const { containerArray } = await connection.call('getAssociatedAssets', {
        companyHandle,
        assetHandle: handleOf('Image'),
      });
      expect(containerArray?.map(({ assetHandle }) => assetHandle)).toEqual([handleOf('Pdf')]);
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'renaming-keeps-the-physical-path',
    fact: 'renameAsset changes the name of the file, keeping its extension, and leaves the physical path.',
    evidence: { kind: 'page', source: 'r-rename-asset.md' },
    server: async ({ asset, connection, companyHandle, expect }) => {
      const assetHandle = await asset('PhysicalBefore');
      await connection.call('renameAsset', {
        companyHandle,
        assetHandle,
        newName: 'PhysicalAfter',
        validateName: true,
      });
      const asked = { companyHandle, assetHandleArray: [assetHandle] };
      const { assetArray } = await connection.call('getAssets', asked);
      expect(assetArray?.[0]?.fileName).toBe('PhysicalAfter.png');
      const { originalFileArray } = await connection.call('getOriginalFilePaths', asked);
      expect(originalFileArray).toEqual(['SampleCompany/PhysicalBefore.png']);
    },
    client: { reason: 'The client gives what it is given.' },
  },
  {
    id: 'one-way-to-find-a-margin',
    fact: 'getAutoCropRect takes one of autoColorCropOptions and autoTransparentCropOptions.',
    evidence: { kind: 'page', source: 'r-get-auto-crop-rect.md' },
    server: async ({ asset, fault, companyHandle, expect }) => {
      const { code } = await fault('getAutoCropRect', {
        companyHandle,
        assetHandle: await asset('TwoMargins'),
        autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.5 },
        autoTransparentCropOptions: { tolerance: 0.5 },
      });
      expect(code).toBe(30001);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getAutoCropRect: '' });
      await expect(
        ips.getAutoCropRect({
          assetHandle: 'a|739',
          autoColorCropOptions: { corner: 'UpperLeft', tolerance: 0.5 },
          autoTransparentCropOptions: { tolerance: 0.5 },
        }),
      ).rejects.toThrow('autoTransparentCropOptions');
      expect(requests).toEqual([]);
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
    client: async ({ answered, expect }) => {
      const folder = (path: string, date: string, inside: string): string =>
        `<folderHandle>f|${path}</folderHandle><path>${path}</path><lastModified>2009-11-19T07:21:24.252-08:00</lastModified>` +
        `<childLastModified>${date}</childLastModified><subfolderArray>${inside}</subfolderArray>`;
      const inside = folder('MyCompany/Shoes/', '2009-11-20T08:00:00.000-08:00', '');
      const { ips } = await answered({
        getFolderTree: `<folders>${folder('MyCompany/', '2009-11-20T08:00:00.000-08:00', `<items>${inside}</items>`)}</folders>`,
      });
      const { folders } = await ips.getFolderTree({ depth: 1 });
      expect(folders?.subfolderArray?.[0]?.childLastModified).toBe('2009-11-20T08:00:00.000-08:00');
    },
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
