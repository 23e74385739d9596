import { contract } from '@ips-sdk/types/2019-09-10-beta';
import type { Fact, ServerWorld } from './fact.js';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2017-10-29-beta';

const EVIDENCE = {
  kind: 'program',
  source: 'programs that read and set smart crops, in plain XML, namespace 2017-10-29-beta',
} as const;

const RECT = '<cropRect><leftN>0.25</leftN><topN>0</topN><widthN>0.5</widthN><heightN>1</heightN></cropRect>';

/** What a client of these versions is made with. */
const OPTIONS = { contract, namespace: NAMESPACE };

/** Facts about smart crops. */
export const smartCropFacts: readonly Fact[] = [
  {
    id: 'smart-crops-among-the-parts',
    fact: 'getAssociatedAssets answers smart crops in `subAssetArray`: parts of type `SmartCrop` with a handle, a name and `smartCrop.cropRect`, whose `leftN`, `topN`, `widthN` and `heightN` are fractions of the image.',
    evidence: EVIDENCE,
    server: async (world) => {
      const handle = await imageWithCrop(world, 'crop-parts');
      const answer = await plain(world, 'getAssociatedAssets', `<assetHandle>${handle}</assetHandle>`);
      world
        .expect(answer)
        .toMatch(
          /<subAssetArray><items><subAssetHandle>[^<]+<\/subAssetHandle><type>SmartCrop<\/type><name>Banner<\/name><smartCrop><cropRect><leftN>0(?:\.\d+)?<\/leftN><topN>0<\/topN><widthN>0\.5<\/widthN><heightN>1<\/heightN><\/cropRect><\/smartCrop><\/items><\/subAssetArray>/,
        );
    },
    client: async ({ answered, expect }) => {
      const part = `<items><subAssetHandle>sub|7</subAssetHandle><type>SmartCrop</type><name>Banner</name><smartCrop>${RECT}</smartCrop></items>`;
      const { ips, issues } = await answered(
        { getAssociatedAssets: documentOf('getAssociatedAssets', `<subAssetArray>${part}</subAssetArray>`) },
        OPTIONS,
      );
      expect(await ips.smartCrops.list('a|1')).toEqual([
        { handle: 'sub|7', name: 'Banner', rect: { leftN: 0.25, topN: 0, widthN: 0.5, heightN: 1 } },
      ]);
      expect(issues).toEqual([]);
    },
  },
  {
    id: 'smart-crops-change-in-batches',
    fact: 'updateSmartCrops takes `updateArray` of `ownerHandle`, `subAssetHandle` and `cropRect`, and answers `successCount`, `warningCount` and `errorCount` with the details of batches.',
    evidence: EVIDENCE,
    server: async (world) => {
      const owner = await imageWithCrop(world, 'crop-changes');
      const listed = await plain(world, 'getAssociatedAssets', `<assetHandle>${owner}</assetHandle>`);
      const crop = /<subAssetHandle>([^<]+)</.exec(listed)?.[1];
      const row = (handle: string) =>
        `<items><ownerHandle>${owner}</ownerHandle><subAssetHandle>${handle}</subAssetHandle>${RECT}</items>`;
      const rows = `${row(crop ?? '')}${row('nothing')}`;
      const answer = await plain(world, 'updateSmartCrops', `<updateArray>${rows}</updateArray>`);
      world
        .expect(answer)
        .toContain('<successCount>1</successCount><warningCount>0</warningCount><errorCount>1</errorCount>');
      world.expect(answer).toContain(`<errorDetailArray><items><assetHandle>${owner}</assetHandle><code>`);
    },
    client: async ({ answered, expect }) => {
      const fault = '<items><assetHandle>a|2</assetHandle><code>30001</code><reason>no</reason></items>';
      const { ips, requests } = await answered(
        {
          updateSmartCrops: documentOf(
            'updateSmartCrops',
            `<successCount>1</successCount><warningCount>0</warningCount><errorCount>1</errorCount><errorDetailArray>${fault}</errorDetailArray>`,
          ),
        },
        OPTIONS,
      );
      const rect = { leftN: 0.25, topN: 0, widthN: 0.5, heightN: 1 };
      const changes = ['a|1', 'a|2'].map((owner) => ({ owner, crop: 'sub|7', rect }));
      expect(await ips.smartCrops.update(changes)).toMatchObject({
        asked: 2,
        successCount: 1,
        errors: [{ assetHandle: 'a|2', code: 30001, reason: 'no' }],
        complete: false,
      });
      expect(requests[0]?.xml).toContain(
        `<updateSmartCropsParam xmlns="${NAMESPACE}"><companyHandle>c|6</companyHandle><updateArray><items><ownerHandle>a|1</ownerHandle><subAssetHandle>sub|7</subAssetHandle>${RECT}</items>`,
      );
    },
  },
];

function documentOf(operation: string, content: string): { readonly document: string } {
  return {
    document: `<?xml version="1.0" encoding="UTF-8"?><${operation}Return xmlns="${NAMESPACE}">${content}</${operation}Return>`,
  };
}

/** Calls an operation in the namespace and the form of the programs. */
async function plain(
  { server, companyHandle }: ServerWorld,
  operation: string,
  fields: string,
): Promise<string> {
  const response = await fetch(server.endpoints.plain, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body:
      `<Request xmlns="${NAMESPACE}">${headerOf(server)}<${operation}Param xmlns="${NAMESPACE}">` +
      `<companyHandle>${companyHandle}</companyHandle>${fields}</${operation}Param></Request>`,
  });
  return response.text();
}

/** Uploads `/red.png`, twice as wide as high, with a square smart crop, and answers the handle of the asset. */
async function imageWithCrop(world: ServerWorld, name: string): Promise<string> {
  const { server, files, connection, companyHandle } = world;
  const form = new FormData();
  form.set('auth', headerOf(server));
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${companyHandle}</companyHandle><jobName>${name}</jobName><endJob>true</endJob>` +
      '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask>' +
      '<autoSmartCropOptionsArray><items><name>Banner</name><width>50</width><height>50</height><type>Banner</type></items></autoSmartCropOptionsArray>' +
      '<emailSetting>None</emailSetting></uploadParams></uploadPostParam>',
  );
  form.append('file', await (await fetch(`${files.url}/red.png`)).blob(), `SampleCompany/${name}.png`);
  await fetch(server.endpoints.upload, { method: 'POST', body: form });
  for (;;) {
    const { assetArray = [] } = await connection.call('getAssetsByName', {
      companyHandle,
      nameArray: [name],
    });
    const handle = assetArray[0]?.assetHandle;
    if (handle !== undefined) return handle;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function headerOf({ admin }: ServerWorld['server']): string {
  return `<authHeader xmlns="${NAMESPACE}"><user>${admin.email}</user><password>${admin.password}</password><appName>facts</appName><appVersion>1</appVersion></authHeader>`;
}
