import type { Fact, ServerWorld } from './fact.js';

const SERVER_SIDE = { reason: 'The server publishes; no answer to the client differs.' };

/** Facts about what a publish sends. */
export const publishingFacts: readonly Fact[] = [
  {
    id: 'views-are-published',
    fact: 'A view is published with its own commands, those of `urlPostApplyModifier` win over the request, and it changes with its owner.',
    evidence: { kind: 'page', source: 'r-create-derived-asset.md, r-set-url-modifier.md' },
    server: async (world) => {
      const { connection, companyHandle, server, expect } = world;
      const owner = await world.asset('Viewed owner');
      const { assetHandle } = await connection.call('createDerivedAsset', {
        companyHandle,
        ownerHandle: owner,
        folderHandle: ROOT,
        name: 'ViewOfFact',
        type: 'AdjustedView',
        urlModifier: 'wid=12',
        urlPostApplyModifier: 'hei=9',
      });
      await markAndPublish(world, 'Publish a view', assetHandle);
      const view = async () =>
        fetch(`${server.url}/is/image/SampleCompany/ViewOfFact?req=props&hei=100`).then((answer) =>
          answer.text(),
        );
      expect(await view()).toContain('image.height=9\r\n');
      const drawn = async () =>
        fetch(`${server.url}/is/image/SampleCompany/ViewOfFact?fmt=png`).then((answer) =>
          answer.headers.get('etag'),
        );
      const before = await drawn();
      await connection.call('replaceImage', {
        companyHandle,
        assetHandle: owner,
        urlModifier: 'crop=0,0,5,10&scl=1',
      });
      await markAndPublish(world, 'Publish its owner');
      expect(await drawn()).not.toBe(before);
    },
    client: SERVER_SIDE,
  },
  {
    id: 'templates-are-published',
    fact: 'A template is published with the commands that apply before those of a request, and after them.',
    evidence: { kind: 'page', source: 'r-create-template.md' },
    server: async (world) => {
      const { connection, companyHandle, server, expect } = world;
      const { assetHandle } = await connection.call('createTemplate', {
        companyHandle,
        folderHandle: ROOT,
        name: 'TemplateOfFact',
        type: 'Template',
        urlModifier: 'layer=0&size=10,10',
        urlPostApplyModifier: 'qlt=90',
      });
      await markAndPublish(world, 'Publish a template', assetHandle);
      const published = await fetch(`${server.url}/is/content/SampleCompany/TemplateOfFact`);
      expect(await published.text()).toBe('Modifier=layer=0&size=10,10\nPostModifier=qlt=90\n');
    },
    client: SERVER_SIDE,
  },
  {
    id: 'set-functions-are-resolved',
    fact: 'The substitutions of a set’s definition are resolved at publish, all other text is copied, and the set follows the assets that it names.',
    evidence: { kind: 'page', source: 'r-create-asset-set.md' },
    server: async (world) => {
      const { connection, companyHandle, server, expect } = world;
      const image = await world.asset('Substituted');
      const { assetHandle } = await connection.call('createAssetSet', {
        companyHandle,
        folderHandle: ROOT,
        name: 'SetOfFact',
        subType: 'MediaSet',
        setDefinition: `\${getCatalogId([${image}])};1,\${getFilePath([${image}])};\${getThumbCatalogId([${image}])};plain`,
      });
      await markAndPublish(world, 'Publish a definition', assetHandle);
      const text = async () => (await fetch(`${server.url}/is/content/SampleCompany/SetOfFact`)).text();
      expect(await text()).toBe(
        'SampleCompany/Substituted;1,SampleCompany/Substituted.png;SampleCompany/Substituted;plain',
      );
      await connection.call('renameAsset', {
        companyHandle,
        assetHandle: image,
        newName: 'Substituted again',
        validateName: true,
      });
      await markAndPublish(world, 'Publish a rename');
      expect(await text()).toContain('SampleCompany/Substituted again;1,');
    },
    client: SERVER_SIDE,
  },
  {
    id: 'set-functions-have-handles',
    fact: 'Every substitution names an asset by its handle, and `getMetaData` a metadata field, too; `getMetadata` is the same.',
    evidence: { kind: 'page', source: 'r-create-asset-set.md' },
    server: async ({ fault, companyHandle, expect }) => {
      for (const call of ['getFilePath', 'getCatalogId', 'getThumbCatalogId']) {
        const { code } = await fault('createAssetSet', definitionOf(companyHandle, `${call}([a|99999])`));
        expect(code).toBe(30001);
      }
      const metadata = definitionOf(companyHandle, 'getMetadata([a|99999], [m|6|ASSET|None])');
      expect((await fault('createAssetSet', metadata)).code).toBe(30001);
    },
    client: { reason: 'A definition is a text to the client.' },
  },
  {
    id: 'trash-is-not-published',
    fact: 'What is in the trash is not published, so the list of a set leaves it out.',
    evidence: { kind: 'page', source: 'trash-folder.md of Dynamic Media Classic' },
    server: async (world) => {
      const { connection, companyHandle, server, expect } = world;
      const members = [await world.asset('Kept member'), await world.asset('Trashed member')];
      const { assetHandle } = await connection.call('createImageSet', {
        companyHandle,
        folderHandle: ROOT,
        name: 'ListOfFact',
        type: 'ImageSet',
      });
      await connection.call('setImageSetMembers', {
        companyHandle,
        assetHandle,
        memberArray: members.map((member) => ({ assetHandle: member, pageReset: true })),
      });
      await markAndPublish(world, 'Publish a list', assetHandle);
      const list = async () => (await fetch(`${server.url}/is/content/SampleCompany/ListOfFact`)).text();
      expect(await list()).toBe('SampleCompany/Kept member,SampleCompany/Trashed member');
      await connection.call('deleteAsset', { companyHandle, assetHandle: members[1] ?? '' });
      await markAndPublish(world, 'Publish what is left');
      expect(await list()).toBe('SampleCompany/Kept member');
    },
    client: SERVER_SIDE,
  },
  {
    id: 'views-can-be-converted',
    fact: 'An export can convert a view.',
    evidence: { kind: 'page', source: 'exporting-assets-from-dmc.md of Dynamic Media Classic' },
    server: async ({ connection, companyHandle, asset, run, expect }) => {
      const { assetHandle } = await connection.call('createDerivedAsset', {
        companyHandle,
        ownerHandle: await asset('Exported owner'),
        folderHandle: ROOT,
        name: 'ViewToExport',
        type: 'AdjustedView',
        urlModifier: 'crop=0,0,5,5',
      });
      const log = await run({
        jobName: 'Export of a view',
        exportJob: { assetHandleArray: [assetHandle], fmt: 'convert', emailSetting: 'None' },
      });
      expect(log).toMatchObject({ fileSuccessCount: 1, fileErrorCount: 0 });
    },
    client: SERVER_SIDE,
  },
  {
    id: 'templates-have-no-original',
    fact: 'A template cannot be exported as an original.',
    evidence: { kind: 'page', source: 'exporting-assets-from-dmc.md of Dynamic Media Classic' },
    server: async ({ connection, fault, companyHandle, expect }) => {
      const { assetHandle } = await connection.call('createTemplate', {
        companyHandle,
        folderHandle: ROOT,
        name: 'TemplateToExport',
        type: 'Template',
        urlModifier: 'layer=0',
      });
      const { code } = await fault('submitJob', {
        companyHandle,
        jobName: 'Export of a template',
        exportJob: { assetHandleArray: [assetHandle], fmt: 'orig', emailSetting: 'None' },
      });
      expect(code).toBe(30001);
    },
    client: { reason: 'The client does not know the types of the assets that it names.' },
  },
  {
    id: 'order-of-publish-contexts',
    fact: 'The publish contexts of a company are ImageRendering, ImageServing, ServerDirectory and Video, in this order, and numbered in it.',
    evidence: { kind: 'page', source: 'r-get-publish-contexts.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { publishContextArray } = await connection.call('getPublishContexts', { companyHandle });
      expect(
        publishContextArray.map(({ contextHandle, contextName, contextType }) => [
          contextHandle,
          contextName,
          contextType,
        ]),
      ).toEqual(
        ['ImageRendering', 'ImageServing', 'ServerDirectory', 'Video'].map((type, index) => [
          `pc|${3001 + index}`,
          type,
          type,
        ]),
      );
    },
    client: async ({ answered, expect }) => {
      const context = (handle: string, name: string): string =>
        `<items><contextHandle>${handle}</contextHandle><contextName>${name}</contextName><contextType>${name}</contextType></items>`;
      const { ips } = await answered({
        getPublishContexts: {
          // The sample is in the namespace without a date.
          document:
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
            '<getPublishContextsReturn xmlns="http://www.scene7.com/IpsApi/xsd"><publishContextArray>' +
            `${context('pc|3001', 'ImageRendering')}${context('pc|3002', 'ImageServing')}` +
            '</publishContextArray></getPublishContextsReturn></soapenv:Body></soapenv:Envelope>',
        },
      });
      const { publishContextArray } = await ips.getPublishContexts({});
      expect(publishContextArray.map(({ contextType }) => contextType)).toEqual([
        'ImageRendering',
        'ImageServing',
      ]);
    },
  },
];

const ROOT = 'f|SampleCompany/';

const definitionOf = (companyHandle: string, call: string) => ({
  companyHandle,
  folderHandle: ROOT,
  name: 'RefusedSet',
  subType: 'MediaSet',
  setDefinition: `\${${call}}`,
});

async function markAndPublish(
  { connection, companyHandle, run }: ServerWorld,
  jobName: string,
  assetHandle?: string,
): Promise<void> {
  if (assetHandle !== undefined) {
    await connection.call('setAssetPublishState', {
      companyHandle,
      assetHandle,
      publishState: 'MarkedForPublish',
    });
  }
  await run({ jobName, imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' } });
}
