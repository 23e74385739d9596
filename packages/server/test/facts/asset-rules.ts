import type { Fact, ServerWorld } from './fact.js';

const ROOT = 'f|SampleCompany/';
const SENT_AS_GIVEN = { reason: 'A list of constants may grow, so the client sends what it is given.' };

/** Facts about what can be set on assets. */
export const assetRuleFacts: readonly Fact[] = [
  {
    id: 'styles-of-fonts-are-constants',
    fact: 'Style and type of a font are constants; another word is an error of its item.',
    evidence: { kind: 'page', source: 'r-font-field-update.md, r-font-styles.md, r-font-types.md' },
    server: async (world) => {
      const { connection, companyHandle, expect } = world;
      const assetHandle = await planted(world, 'FontOfFact', 'Font');
      const answer = await connection.call('batchSetFontFields', {
        companyHandle,
        updateArray: [{ style: 'Bold', type: 'TTF' }, { style: 'Fat' }, { type: 'ttf' }].map((fields) => ({
          assetHandle,
          ...fields,
        })),
      });
      expect(answer).toMatchObject({ successCount: 1, errorCount: 2 });
      expect(answer.errorDetailArray?.map(({ code }) => code)).toEqual([30001, 30001]);
    },
    client: SENT_AS_GIVEN,
  },
  {
    id: 'classes-of-profiles-are-constants',
    fact: 'Class, color space and connection space of an ICC profile are constants; another word is an error of its item.',
    evidence: { kind: 'page', source: 'r-icc-profile-field-update.md' },
    server: async (world) => {
      const { connection, companyHandle, expect } = world;
      const assetHandle = await planted(world, 'ProfileOfFact', 'IccProfile');
      const answer = await connection.call('batchSetIccProfileFields', {
        companyHandle,
        updateArray: [
          { class: 'Output', colorSpace: 'CMYK', pcsType: 'Lab' },
          { class: 'Printer' },
          { colorSpace: 'Grey' },
          { pcsType: 'lab' },
        ].map((fields) => ({ assetHandle, ...fields })),
      });
      expect(answer).toMatchObject({ successCount: 1, errorCount: 3 });
    },
    client: SENT_AS_GIVEN,
  },
  {
    id: 'thumbnails-are-live-and-others',
    fact: 'The thumbnail of an asset is another asset, and not one in the trash.',
    evidence: { kind: 'page', source: 'r-batch-set-thumb-asset.md, r-create-image-set.md' },
    server: async (world) => {
      const { connection, companyHandle, asset, expect } = world;
      const assetHandle = await planted(world, 'FontWithThumb', 'Font');
      const [thumbAssetHandle, gone] = [await asset('ThumbOfFact'), await asset('GoneThumb')];
      await connection.call('deleteAsset', { companyHandle, assetHandle: gone });
      const answer = await connection.call('batchSetThumbAsset', {
        companyHandle,
        updateArray: [
          { assetHandle, thumbAssetHandle },
          { assetHandle, thumbAssetHandle: gone },
          { assetHandle: thumbAssetHandle, thumbAssetHandle },
        ],
      });
      expect(answer).toMatchObject({ successCount: 1, errorCount: 2 });
      expect(answer.errorDetailArray?.map(({ code }) => code)).toEqual([30000, 30001]);
    },
    client: { reason: 'The client does not know the assets that it names.' },
  },
  {
    id: 'members-begin-pages',
    fact: 'ImageSets may have RenderSets as members; every member of an ImageSet and a SpinSet begins a page, as the writing side says.',
    evidence: {
      kind: 'page',
      source: 'r-set-image-set-members.md, r-image-set-member-update.md, r-4-0-new.md',
    },
    server: async (world) => {
      const { connection, companyHandle, fault, asset, expect } = world;
      const image = await asset('MemberOfFact');
      const make = async (name: string, type: string) =>
        (await connection.call('createImageSet', { companyHandle, folderHandle: ROOT, name, type }))
          .assetHandle;
      const [render, set] = [await make('RenderOfFact', 'RenderSet'), await make('PagesOfFact', 'ImageSet')];
      const memberArray = [render, image].map((assetHandle) => ({ assetHandle, pageReset: false }));
      await connection.call('setImageSetMembers', { companyHandle, assetHandle: set, memberArray });
      const members = await connection.call('getImageSetMembers', { companyHandle, assetHandle: set });
      expect(members.memberArray.map((each) => [each.asset?.assetHandle, each.pageReset])).toEqual([
        [render, true],
        [image, true],
      ]);
      // Sets that contain each other have no end for readers.
      const inside = {
        companyHandle,
        assetHandle: render,
        memberArray: [{ assetHandle: set, pageReset: true }],
      };
      expect((await fault('setImageSetMembers', inside)).code).toBe(30001);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getImageSetMembers:
          '<memberArray><items><asset><assetHandle>a|739|1|537</assetHandle><type>Image</type><name>red</name></asset>' +
          '<pageReset>true</pageReset></items></memberArray>',
      });
      const { memberArray } = await ips.getImageSetMembers({ assetHandle: 'a|750|22|31' });
      expect(memberArray).toMatchObject([{ asset: { assetHandle: 'a|739|1|537' }, pageReset: true }]);
    },
  },
  {
    id: 'rendering-assets-have-one-modifier',
    fact: 'The two modifiers of a rendering asset are published as one, one behind the other.',
    evidence: { kind: 'page', source: 'r-set-url-modifier.md' },
    server: async (world) => {
      const { connection, companyHandle, server, run, expect } = world;
      const assetHandle = await world.asset('SofaOfFact');
      await become(world, assetHandle, { type: 'Vignette' });
      await connection.call('setUrlModifier', {
        companyHandle,
        assetHandle,
        urlModifier: 'obj=group/seat',
        urlPostApplyModifier: 'sharp=1',
      });
      await run({ jobName: 'Publish a vignette', imageRenderingPublishJob: { emailSetting: 'None' } });
      const { tables } = await server.snapshot();
      expect(tables['publications']).toContainEqual(
        expect.objectContaining({
          catalog_id: 'SofaOfFact',
          url_modifier: 'obj=group/seat&sharp=1',
          url_post_apply_modifier: null,
        }),
      );
    },
    client: { reason: 'The server publishes; no answer to the client differs.' },
  },
  {
    id: 'links-of-documents',
    fact: '`extractLinks` makes image maps of the links of a document; our server does not, and its log says so.',
    evidence: { kind: 'page', source: 'r-pdf-options.md' },
    server: async ({ run, upload, files, expect }) => {
      const urlArray = [{ sourceUrl: `${files.url}/page.pdf`, destPath: 'SampleCompany/WithLinks.pdf' }];
      const log = await run({
        jobName: 'Links of a document',
        ...upload([], { urlArray, pdfOptions: { process: 'Rasterize', extractLinks: true } }),
      });
      expect(log).toMatchObject({ fileWarningCount: 1, fileErrorCount: 0 });
      expect(log.detailArray?.find(({ logType }) => logType === 'UploadWarning')?.logMessage).toContain(
        'does not read the links of documents',
      );
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getAssets:
          '<assetArray><items><assetHandle>a|12</assetHandle><type>Image</type><imageInfo><imageMaps><items>' +
          '<imageMapHandle>a|12|8|554</imageMapHandle><name>Link 1</name><region>0,0,5,5</region><action>href="https://www.example.com/"</action>' +
          '<shapeType>Rectangle</shapeType><position>1</position><enabled>true</enabled></items></imageMaps></imageInfo></items></assetArray>',
      });
      const { assetArray } = await ips.getAssets({ assetHandleArray: ['a|12'] });
      expect(assetArray?.[0]?.imageInfo?.imageMaps).toMatchObject([
        { imageMapHandle: 'a|12|8|554', action: 'href="https://www.example.com/"' },
      ]);
    },
  },
];

/** An asset without a file, of a type that no file of the tests is. */
async function planted({ server }: ServerWorld, name: string, type: string): Promise<string> {
  const { plantAssets } = await import('../support/plant-assets.js');
  const [handle = ''] = await plantAssets(server, [{ name, type }]);
  return handle;
}

/** Changes columns of an asset. */
async function become({ server }: ServerWorld, assetHandle: string, columns: object): Promise<void> {
  const id = Number(assetHandle.slice(2));
  const snapshot = await server.snapshot();
  const assets = (snapshot.tables['assets'] ?? []).map((row) =>
    row['id'] === id ? { ...row, ...columns } : row,
  );
  await server.restore({ ...snapshot, tables: { ...snapshot.tables, assets } });
}
