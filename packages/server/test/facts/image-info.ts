import type { Fact } from './fact.js';

/** Facts about the details of images. */
export const imageInfoFacts: readonly Fact[] = [
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
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssets:
          '<assetArray><items><assetHandle>a|885289</assetHandle><created>2009-11-19T07:21:24.252-08:00</created>' +
          '<createUser>ann@example.com</createUser><lastModified>2009-11-19T07:21:25.487-08:00</lastModified>' +
          '<lastModifyUser>bob@example.com</lastModifyUser></items></assetArray>',
      });
      const { assetArray } = await ips.getAssets({ assetHandleArray: ['a|885289'] });
      expect(assetArray?.[0]).toMatchObject({
        createUser: 'ann@example.com',
        lastModifyUser: 'bob@example.com',
        lastModified: '2009-11-19T07:21:25.487-08:00',
      });
    },
  },
];
