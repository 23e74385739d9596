import { describe, expect, it } from 'vitest';
import { type FakeService, type Handlers, startService } from '../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { CdnSelectionError } from '../src/index.js';
import { clientOf, errorOf } from './support/clients.js';

const HOST = 'https://images.example.com/is/image/MyCompany';
const PUBLISHED = '2014-04-03T12:00:00-07:00';

/** A company with a template, as the service's own applications keep it. */
function company(template: string | undefined, more: Handlers = {}): Promise<FakeService> {
  return startService({
    getCompanyInfo: () => ({
      companyInfo: { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' },
    }),
    getPropertySetTypes: ({ companyHandle }) => ({
      typeArray:
        companyHandle === undefined
          ? [
              {
                typeHandle: 'pt|1',
                name: 'Adobe.UserProperty',
                propertyType: 'UserProperty',
                allowMultiple: false,
              },
              {
                typeHandle: 'pt|10801',
                name: 'Adobe.SPS.ApplicationSetting',
                propertyType: 'CompanyProperty',
                allowMultiple: false,
              },
            ]
          : [],
    }),
    getPropertySets: ({ typeHandle, primaryOwnerHandle }) => ({
      setArray:
        typeHandle === 'pt|10801' && primaryOwnerHandle === 'c|6'
          ? [
              {
                setHandle: 'ps|941',
                typeHandle,
                propertyArray: [
                  { name: 'application_test_server_context', value: 'https://test.example.com/' },
                  ...(template === undefined
                    ? []
                    : [{ name: 'application_cdn_invalidation_template', value: template }]),
                ],
              },
            ]
          : [],
    }),
    getAssetsByName: ({ nameArray }) => ({
      assetArray: nameArray
        .filter((name) => !name.startsWith('none'))
        .map((name) => ({ assetHandle: `a|${name}`, name: name.toLowerCase() })),
    }),
    getAssets: ({ assetHandleArray }) => ({
      assetArray: assetHandleArray
        .filter((handle) => handle !== 'a|99')
        .map((assetHandle) => ({ assetHandle, name: `asset ${assetHandle.slice(2)}` })),
    }),
    searchAssets: ({ resultsPage = 1 }) => ({
      totalRows: 3,
      assetArray: resultsPage > 1 ? [] : ['red', 'a/b $& ü', 'red'].map((name) => ({ name })),
    }),
    cdnCacheInvalidation: () => ({ invalidationHandle: '6|10482', estimatedSeconds: 5 }),
    ...more,
  });
}

describe('the URLs of assets', () => {
  it('follow the template of the company, line by line', async () => {
    const service = await company(
      `${HOST}/<ID>?$product$\r\n${HOST}/<ID>\n\nhttps://images.example.com/list`,
    );
    const urls = await clientOf(service).cdn.urls({ assets: ['Red', 'a|7', 'red'] });
    expect(urls).toEqual([
      `${HOST}/asset%207?$product$`,
      `${HOST}/asset%207`,
      'https://images.example.com/list',
      `${HOST}/red?$product$`,
      `${HOST}/red`,
    ]);
  });

  it('are made with each preset too, whatever query a template has', async () => {
    const service = await company(`${HOST}/<ID>?$product$\n${HOST}/<id>`);
    const { cdn } = clientOf(service);
    expect(await cdn.urls({ assets: ['red'], presets: ['zoom', '$thumb$', 'product'] })).toEqual([
      `${HOST}/red?$product$`,
      `${HOST}/red`,
      `${HOST}/red?$zoom$`,
      `${HOST}/red?$thumb$`,
    ]);
  });

  it('may follow another template; then the company is not asked', async () => {
    const service = await company(undefined);
    const urls = await clientOf(service).cdn.urls({
      folder: '/MyCompany/Shoes',
      includeSubfolders: false,
      template: [`${HOST}/<ID>`, 'https://other.example.com/<ID>.jpg'],
    });
    expect(urls).toEqual([
      `${HOST}/red`,
      'https://other.example.com/red.jpg',
      `${HOST}/a%2Fb%20%24%26%20%C3%BC`,
      'https://other.example.com/a%2Fb%20%24%26%20%C3%BC.jpg',
    ]);
    expect(service.operations()).not.toContain('getPropertySets');
    expect(service.requests.at(-1)?.input).toMatchObject({
      folder: 'MyCompany/Shoes/',
      includeSubfolders: false,
      trashState: 'NotInTrash',
    });
  });

  it('of what was published come from the logs of publishes', async () => {
    const log = (name: string, logType: string, fields = {}) =>
      jobLog(name, {
        jobHandle: `j|6||${name}`,
        logType,
        startDate: PUBLISHED,
        endDate: PUBLISHED,
        ...fields,
      });
    const row = (logType: string, assetName: string, dateCreated = PUBLISHED) => ({
      logType,
      assetName,
      dateCreated,
      logMessage: '',
    });
    const service = await company(`${HOST}/<ID>`, {
      getJobLogs: () => ({
        jobLogArray: [
          log('Old', 'BeginImageServingPublish', { endDate: '2014-04-02T12:00:00-07:00' }),
          log('Upload', 'BeginUpload'),
          log('Marks', 'BeginMarkForPublish'),
          log('Publish', 'BeginImageServingPublish', { startDate: '2014-04-03T10:00:00-07:00' }),
        ],
      }),
      getJobLogDetails: ({ jobHandle }) => ({
        jobLogArray: [
          {
            ...log('Publish', 'BeginImageServingPublish'),
            detailTotalRows: 4,
            detailArray:
              jobHandle === 'j|6||Publish'
                ? [
                    row('ImageServingPublishSuccess', 'early', '2014-04-03T10:30:00-07:00'),
                    row('ImageServingPublishSuccess', 'red'),
                    row('ImageServingPublishError', 'broken'),
                    row('ImageServingPublishCleanupSuccess', 'gone'),
                  ]
                : [row('UploadSuccess', 'wrong')],
          },
        ],
      }),
    });
    const urls = await clientOf(service).cdn.urls({ publishedSince: '2014-04-03T11:00:00-07:00' });
    expect(urls).toEqual([`${HOST}/red`, `${HOST}/gone`]);
    expect(service.requests.filter(({ operation }) => operation === 'getJobLogDetails')).toHaveLength(1);
  });

  it('are not made of names that no asset has', async () => {
    const service = await company(`${HOST}/<ID>`);
    const error = await errorOf(clientOf(service).cdn.invalidate({ assets: ['red', 'none', 'a|99'] }));
    expect(error).toBeInstanceOf(CdnSelectionError);
    expect(error).toMatchObject({
      missing: ['none', 'a|99'],
      message: 'asset not found: "none", "a|99"',
    });
    expect(service.operations()).not.toContain('cdnCacheInvalidation');
  });

  it.each([
    [undefined, {}, 'the company has no URL template'],
    ['https://images.example.com/', {}, 'the company has no URL template'],
    [undefined, { template: `${HOST}/red` }, 'expected a URL with the placeholder <ID>'],
    ['images.example.com/<ID>', {}, 'expected an absolute URL'],
  ])('need a template: %j, %j', async (template, selection, message) => {
    const service = await company(template);
    const error = await errorOf(clientOf(service).cdn.urls({ assets: ['red'], ...selection }));
    expect(error.message).toContain(message);
  });
});

describe('an invalidation of assets', () => {
  it('sends their URLs, a thousand at a time', async () => {
    const service = await company(`${HOST}/<ID>\n${HOST}/<ID>?$zoom$`);
    const names = Array.from({ length: 1200 }, (_, i) => `n${i}`);
    const done = await clientOf(service).cdn.invalidate({ assets: names }, { rootId: 'MyCompany' });
    expect(done.map(({ urls }) => urls.length)).toEqual([1000, 1000, 400]);
    const sent = service.requests.filter(({ operation }) => operation === 'cdnCacheInvalidation');
    expect(sent[0]?.input).toMatchObject({ companyHandle: 'c|6' });
    // Names are looked up in lists that the service takes.
    expect(service.requests.filter(({ operation }) => operation === 'getAssetsByName')).toHaveLength(3);
  });

  it('of nothing sends nothing', async () => {
    const service = await company(`${HOST}/<ID>\nhttps://images.example.com/list`, {
      searchAssets: () => ({ totalRows: 0, assetArray: [] }),
    });
    expect(await clientOf(service).cdn.invalidate({ folder: 'MyCompany/Empty/' })).toEqual([]);
    expect(service.operations()).not.toContain('cdnCacheInvalidation');
  });
});
