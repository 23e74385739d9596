import { company } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Fields that every asset has. */
const PROFILE_FIELDS = [
  'assetHandle',
  'created',
  'fileName',
  'folder',
  'folderHandle',
  'ipsImageUrl',
  'lastModified',
  'name',
  'readyForPublish',
  'trashState',
  'type',
];

/** Samples of companies and their settings, and of what the system says of itself. */
export const companyReproductions: Reproductions = {
  addCompany: {
    run: async ({ expect }, send) => {
      const { companyInfo } = await send({ companyName: 'Company of a sample' });
      expect(companyInfo.rootPath).toBe('Companyofasample/');
      expect(companyInfo.expires).toMatch(/^2101-/);
    },
  },
  getAllCompanies: {
    run: async (world, send) => {
      await company(world, 'Company in a list');
      await company(world, 'Another company in a list');
      await send({ includeExpired: false });
    },
  },
  getCompanyInfo: {
    run: async (world, send) => {
      await company(world, 'Company found by name');
      await send({ companyName: 'Company found by name' });
    },
  },
  getCompanySettings: {
    run: async (world, send) => {
      const companyHandle = await company(world, 'Company with settings');
      await world.connection.call('setCompanySettings', {
        companyHandle,
        diskSpaceWarningMin: 200_000,
        emailTrashCleanupWarning: true,
      });
      await send({ companyHandle });
    },
    lacks: {
      'the numbers that stand for the class of a profile are not documented': [
        'settings/defaultDisplayProfile/metadataArray/items/longVal',
        'settings/defaultDisplayProfile/metadataArray/items/name',
        'settings/defaultDisplayProfile/metadataArray/items/value',
      ],
    },
    adds: {
      'the sample is cut to a few fields of one profile': [
        'settings/overwriteMode',
        'settings/retainPublishState',
        ...PROFILE_FIELDS.map((field) => `settings/defaultDisplayProfile/${field}`),
        ...PROFILE_FIELDS.map((field) => `settings/defaultSourceProfile/${field}`),
        'settings/defaultSourceProfile/iccProfileInfo/fileSize',
        'settings/defaultSourceProfile/iccProfileInfo/originalFile',
        'settings/defaultSourceProfile/iccProfileInfo/originalPath',
      ],
    },
  },
  setCompanySettings: {
    run: async (world, send) => {
      const companyHandle = await company(world, 'Company that is set');
      const settings = {
        overwriteMode: 'OverwriteFullName',
        retainPublishState: true,
        diskSpaceWarningMin: 200_000,
        emailTrashCleanupWarning: true,
      };
      await send({ companyHandle, ...settings });
      const answer = await world.connection.call('getCompanySettings', { companyHandle });
      world.expect(answer.settings).toMatchObject(settings);
    },
  },
  getDiskUsage: {
    run: async ({ companyHandle, asset, expect }, send) => {
      await asset('sample-on-disk');
      const { diskUsageArray } = await send({ companyHandle });
      expect(diskUsageArray).toHaveLength(1);
    },
  },
  getAssetCounts: {
    run: async ({ companyHandle, asset }, send) => {
      await asset('sample-counted');
      await send({ companyHandle });
    },
  },
  getProperty: {
    run: async ({ expect }, send) => {
      expect((await send({ name: 'IpsVersion' })).value).toMatch(/^\d+\.\d+\.\d+$/);
    },
  },
  getSystemProperties: {
    run: async ({ expect }, send) => {
      const { propertyArray } = await send({});
      const properties = new Map(propertyArray.map(({ name, value }) => [name, value]));
      expect(properties.get('SvgRenderEnabled')).toMatch(/^(?:true|false)$/);
      expect(properties.get('SwfRootUrl')).toMatch(/^\/\w+\/$/);
    },
  },
  cdnCacheInvalidation: {
    run: async ({ companyHandle }, send) => {
      const image = 'https://images.example.com/is/image/SampleCompany';
      await send({
        companyHandle,
        urlArray: [
          `${image}/40511?$small$`,
          `${image}/40511?$medium$`,
          `${image}/40511?$big$`,
          `${image}/ViewerDefaults?req=userdata`,
        ],
      });
    },
    adds: {
      'the sample has the counts of older contracts, which this server answers in 2013-02-15': [
        'estimatedSeconds',
        'invalidationHandle',
      ],
    },
  },
};
