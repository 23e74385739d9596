// Smart crops through the client. Answers are written by hand, as programs that work with 2017-10-29-beta read them.
import { createIpsClient, InterruptedError, type IpsClientOptions } from '@ips-sdk/client';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAll, startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';

const XSD = 'http://www.scene7.com/IpsApi/xsd';
const NS = `${XSD}/2017-10-29-beta`;

const rectXml = ([left, top, width, height]: readonly number[]): string =>
  `<cropRect><leftN>${left}</leftN><topN>${top}</topN><widthN>${width}</widthN><heightN>${height}</heightN></cropRect>`;
const subAsset = (handle: string, name: string, rect: readonly number[]): string =>
  `<items><subAssetHandle>${handle}</subAssetHandle><type>SmartCrop</type><name>${name}</name><smartCrop>${rectXml(rect)}</smartCrop></items>`;
const listXml = (...items: string[]): string =>
  `<getAssociatedAssetsReturn xmlns="${NS}"><subAssetArray>${items.join('')}</subAssetArray></getAssociatedAssetsReturn>`;
const assetsXml = (
  operation: string,
  ...assets: readonly (readonly [handle: string, name: string])[]
): string =>
  `<${operation}Return xmlns="${NS}"><assetArray>${assets
    .map(
      ([handle, name]) =>
        `<items><assetHandle>${handle}</assetHandle><type>Image</type><name>${name}</name></items>`,
    )
    .join('')}</assetArray></${operation}Return>`;
const updateXml = (
  success: number,
  ...faults: readonly (readonly [handle: string, reason: string])[]
): string =>
  `<updateSmartCropsReturn xmlns="${NS}"><successCount>${success}</successCount><warningCount>0</warningCount><errorCount>${faults.length}</errorCount>` +
  (faults.length === 0
    ? ''
    : `<errorDetailArray>${faults.map(([handle, reason]) => `<items><assetHandle>${handle}</assetHandle><code>30001</code><reason>${reason}</reason></items>`).join('')}</errorDetailArray>`) +
  '</updateSmartCropsReturn>';

type Answering = (operation: string, request: string) => string;

/** A service of 2017 in plain XML, and a client of it. */
async function serviceOf(answer: Answering, options: Partial<IpsClientOptions> = {}) {
  const service = await startService({});
  const requests: string[] = [];
  service.onPath('/scene7/api/IpsApiService', async (request, response) => {
    const xml = (await readAll(request)).toString();
    requests.push(xml);
    const operation = /<(\w+)Param /.exec(xml)?.[1] ?? '';
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(`<?xml version="1.0" encoding="UTF-8"?>${answer(operation, xml)}`);
  });
  const ips = createIpsClient({
    contract: of2019,
    endpoint: service.endpoint,
    auth: { user: 'ann@example.com', password: PASSWORD },
    companyHandle: 'c|6',
    dialect: 'plain',
    namespace: NS,
    retry: false,
    ...options,
  } as IpsClientOptions);
  onTestFinished(() => ips.close());
  return { ips, requests };
}

const rect = { leftN: 0.1, topN: 0, widthN: 0.5, heightN: 1 };

describe('smart crops', () => {
  it('are listed, without other parts of the asset', async () => {
    const { ips, requests } = await serviceOf(() =>
      listXml(
        subAsset('sub|1', 'Banner', [0.1, 0, 0.5, 1]),
        '<items><subAssetHandle>sub|2</subAssetHandle><type>Swatch</type><name>Red</name></items>',
      ),
    );
    expect(await ips.smartCrops.list('a|123')).toEqual([{ handle: 'sub|1', name: 'Banner', rect }]);
    expect(requests[0]).toContain(
      `<getAssociatedAssetsParam xmlns="${NS}"><companyHandle>c|6</companyHandle><assetHandle>a|123</assetHandle></getAssociatedAssetsParam>`,
    );
  });

  it('of an image without any are none', async () => {
    const { ips } = await serviceOf(() => `<getAssociatedAssetsReturn xmlns="${NS}"/>`);
    expect(await ips.smartCrops.list('a|123')).toEqual([]);
  });

  it('are changed in chunks, in the order of the fields', async () => {
    const { ips, requests } = await serviceOf((_, xml) => updateXml(xml.match(/<items>/g)?.length ?? 0));
    const changes = Array.from({ length: 3 }, (_, n) => ({ owner: 'a|1', crop: `sub|${n}`, rect }));
    const result = await ips.smartCrops.update(changes, { chunkSize: 2 });
    expect(result).toMatchObject({ asked: 3, successCount: 3, complete: true });
    expect(requests).toHaveLength(2);
    expect(requests[1]).toContain(
      `<companyHandle>c|6</companyHandle><updateArray><items><ownerHandle>a|1</ownerHandle><subAssetHandle>sub|2</subAssetHandle>${rectXml([0.1, 0, 0.5, 1])}</items></updateArray>`,
    );
  });

  it('report what failed', async () => {
    const { ips } = await serviceOf(() => updateXml(1, ['a|1', 'no such crop']));
    const changes = ['x', 'y'].map((crop) => ({ owner: 'a|1', crop, rect }));
    expect(await ips.smartCrops.update(changes)).toMatchObject({
      complete: false,
      errors: [{ assetHandle: 'a|1', code: 30001, reason: 'no such crop' }],
    });
  });

  it.each([
    ['2014-04-03', {}],
    ['2016-01-14-beta', { contract: of2016 }],
  ])('are not there by the contract of %s, and nothing is sent', async (version, options) => {
    const service = await startService({});
    const ips = clientOf(service, options);
    const { ips: other, requests } = await serviceOf(() => '');
    const wanted = {
      name: 'WireError',
      code: 'unknown-name',
      message: expect.stringContaining(`but ${version} has no operation "updateSmartCrops"`),
    };
    expect(await errorOf(ips.smartCrops.list('a|1'))).toMatchObject(wanted);
    expect(await errorOf(ips.smartCrops.update([]))).toMatchObject(wanted);
    expect(await errorOf(ips.smartCrops.copy(['a|1'], other))).toMatchObject(wanted);
    expect(await errorOf(other.smartCrops.copy(['a|1'], ips))).toMatchObject(wanted);
    expect([...service.requests, ...requests]).toEqual([]);
  });
});

describe('a copy', () => {
  const source: Answering = (operation, xml) => {
    if (operation === 'getAssets')
      return assetsXml(operation, ['a|3|1|30', 'both'], ['a|1', 'same'], ['a|2', 'alone'], ['a|4', 'twice']);
    const number = /<assetHandle>a\|(\d+)/.exec(xml)?.[1];
    return number === '3'
      ? listXml(subAsset('s|31', 'Wide', [0, 0, 1, 0.5]), subAsset('s|32', 'Tall', [0.5, 0, 0.5, 1]))
      : listXml(subAsset('s|11', 'Banner', [0.1, 0, 0.5, 1]));
  };
  const handles = ['a|1', 'a|2', 'a|3', 'a|4', 'a|9'];

  it('matches images and smart crops by their names', async () => {
    const { ips: from, requests: read } = await serviceOf(source);
    const { ips: to, requests: written } = await serviceOf(
      (operation, xml) => {
        if (operation === 'getAssetsByName')
          return assetsXml(
            operation,
            ['a|501', 'same'],
            ['a|503', 'both'],
            ['a|504', 'twice'],
            ['a|505', 'twice'],
          );
        if (operation === 'updateSmartCrops') return updateXml(2);
        return xml.includes('a|501')
          ? listXml(subAsset('t|1', 'Banner', [0, 0, 1, 1]), subAsset('t|2', 'More', [0, 0, 1, 1]))
          : listXml(subAsset('t|3', 'Tall', [0, 0, 1, 1]));
      },
      { companyHandle: 'c|7' },
    );
    expect(await from.smartCrops.copy(handles, to)).toEqual([
      {
        asset: 'a|1',
        name: 'same',
        target: 'a|501',
        status: 'copied',
        copied: ['Banner'],
        missing: [],
        errors: [],
      },
      {
        asset: 'a|2',
        name: 'alone',
        target: undefined,
        status: 'missing-asset',
        copied: [],
        missing: [],
        errors: [],
      },
      {
        asset: 'a|3',
        name: 'both',
        target: 'a|503',
        status: 'missing-crop',
        copied: ['Tall'],
        missing: ['Wide'],
        errors: [],
      },
      {
        asset: 'a|4',
        name: 'twice',
        target: undefined,
        status: 'ambiguous',
        copied: [],
        missing: [],
        errors: [],
      },
      {
        asset: 'a|9',
        name: undefined,
        target: undefined,
        status: 'missing-asset',
        copied: [],
        missing: [],
        errors: [],
      },
    ]);
    expect(read.some((xml) => xml.includes('updateSmartCropsParam'))).toBe(false);
    expect(written.filter((xml) => xml.includes('updateSmartCropsParam'))).toEqual([
      expect.stringContaining(
        '<companyHandle>c|7</companyHandle><updateArray>' +
          `<items><ownerHandle>a|501</ownerHandle><subAssetHandle>t|1</subAssetHandle>${rectXml([0.1, 0, 0.5, 1])}</items>` +
          `<items><ownerHandle>a|503</ownerHandle><subAssetHandle>t|3</subAssetHandle>${rectXml([0.5, 0, 0.5, 1])}</items></updateArray>`,
      ),
    ]);
  });

  it('says of each smart crop whether it was refused, though a fault names the image alone', async () => {
    const { ips: from } = await serviceOf(source);
    const { ips: to } = await serviceOf((operation, xml) => {
      if (operation === 'getAssetsByName') return assetsXml(operation, ['a|501', 'same'], ['a|503', 'both']);
      if (operation === 'updateSmartCrops') {
        const rows = xml.match(/<items>/g)?.length ?? 0;
        return xml.includes('<subAssetHandle>t|4<')
          ? updateXml(rows - 1, ['a|503', 'locked'])
          : updateXml(rows);
      }
      return xml.includes('a|501')
        ? listXml(subAsset('t|1', 'Banner', [0, 0, 1, 1]))
        : listXml(subAsset('t|3', 'Tall', [0, 0, 1, 1]), subAsset('t|4', 'Wide', [0, 0, 1, 1]));
    });
    const [same, both] = await from.smartCrops.copy(['a|1', 'a|3'], to);
    expect(same).toMatchObject({ status: 'copied', copied: ['Banner'], errors: [] });
    expect(both).toMatchObject({
      status: 'failed',
      copied: ['Tall'],
      missing: [],
      errors: [{ assetHandle: 'a|503', code: 30001, reason: 'locked' }],
    });
  });

  it('of many that breaks off says what was done', async () => {
    let reads = 0;
    const { ips } = await serviceOf((operation) => {
      if (operation !== 'getAssets') return assetsXml(operation);
      reads += 1;
      if (reads === 2) return '<html>busy</html>';
      return assetsXml(operation);
    });
    const many = Array.from({ length: 101 }, (_, n) => `a|${n + 1}`);
    const error = await errorOf(ips.smartCrops.copy(many, ips));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error.message).toContain('after 100 of 101 images');
    expect(error['done']).toHaveLength(100);
  });
});

describe('the response of an identity provider', () => {
  const saml = 'PHNhbWxwOlJlc3BvbnNlPg==';

  it('goes into the header, in both forms of it', async () => {
    for (const headerForm of ['versioned', 'unversioned'] as const) {
      const { ips, requests } = await serviceOf(() => `<stopJobReturn xmlns="${XSD}/2016-01-14-beta"/>`, {
        contract: of2016,
        namespace: undefined,
        auth: { samlResponse: saml },
        app: { name: 'Importer', version: '1.0' },
        gzip: false,
        headerForm,
      });
      await ips.stopJob({ jobHandle: 'j|6|x|' });
      const namespace = headerForm === 'versioned' ? `${XSD}/2016-01-14-beta` : XSD;
      expect(requests[0]).toContain(
        `<authHeader xmlns="${namespace}"><samlResponse>${saml}</samlResponse><appName>Importer</appName><appVersion>1.0</appVersion></authHeader>`,
      );
    }
  });

  it.each([
    ['2014-04-03', {}],
    ['2019-09-10-beta', { contract: of2019 }],
  ])(
    'is refused by the contract of %s before anything is sent, without its text',
    async (version, options) => {
      const service = await startService({ stopJob: () => ({}) });
      const ips = clientOf(service, { ...options, auth: () => ({ samlResponse: saml }) });
      const error = await errorOf(ips.stopJob({ jobHandle: 'j|6|x|' }));
      expect(error.message).toBe(
        `authHeader.samlResponse: authHeader has no such field in contract ${version}`,
      );
      expect(service.requests).toEqual([]);
      const upload = await errorOf(ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }]));
      expect(upload.message).not.toContain(saml);
    },
  );
});
