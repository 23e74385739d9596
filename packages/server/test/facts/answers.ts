import type { Fact } from './fact.js';

/** Facts about answers of other operations. */
export const answerFacts: readonly Fact[] = [
  {
    id: 'nightly-cleanup-job',
    fact: 'The nightly Cleanup of the system company is among the scheduled jobs of an administrator, with an empty original name and without details.',
    evidence: { kind: 'page', source: 'r-get-scheduled-jobs.md' },
    server: async ({ connection, expect }) => {
      const { jobArray } = await connection.call('getScheduledJobs', {});
      expect(jobArray.find(({ name }) => name === 'Cleanup')).toMatchObject({
        companyHandle: 'c|0',
        originalName: '',
        nextFireTime: expect.stringMatching(/T00:00:00\.000-0[45]:00$/),
      });
      const own = await connection.call('getScheduledJobs', { companyHandle: 'c|6' });
      expect(own.jobArray.filter(({ name }) => name === 'Cleanup')).toEqual([]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getScheduledJobs:
          '<jobArray><items><companyHandle>0</companyHandle><jobHandle>0|Cleanup|</jobHandle><name>Cleanup</name>' +
          '<originalName></originalName><type>Cleanup</type><submitUserEmail>default@example.com</submitUserEmail>' +
          '<execSchedule>00 00 00 * * </execSchedule><nextFireTime>2007-09-15T00:00:00-07:00</nextFireTime>' +
          '<timeZone>PST</timeZone><triggerState>Paused</triggerState></items></jobArray>',
      });
      expect(await ips.jobs.list({ only: 'scheduled' })).toMatchObject([
        { stage: 'scheduled', name: '', handle: '0|Cleanup|', kind: undefined },
      ]);
    },
  },
  {
    id: 'start-folder-in-get-folders',
    fact: 'The folder at which getFolders starts is in its answer.',
    evidence: { kind: 'page', source: 'r-get-folders.md' },
    server: async ({ connection, companyHandle, expect }) => {
      await connection.call('createFolder', { companyHandle, folderPath: '/StartFolder/Inside' });
      const paths = async (folderPath?: string) =>
        (await connection.call('getFolders', { companyHandle, folderPath })).folderArray?.map(
          ({ path }) => path,
        );
      expect((await paths())?.[0]).toBe('SampleCompany/');
      expect(await paths('/StartFolder')).toEqual([
        'SampleCompany/StartFolder/',
        'SampleCompany/StartFolder/Inside/',
      ]);
    },
    client: async ({ answered, expect }) => {
      const folder = (path: string): string =>
        `<items><folderHandle>f|${path}</folderHandle><path>${path}</path></items>`;
      const { ips } = await answered({
        getFolders: `<folderArray>${folder('MyCompany/')}${folder('MyCompany/Shoes/')}</folderArray>`,
      });
      const { folderArray } = await ips.getFolders({});
      expect(folderArray?.map(({ path }) => path)).toEqual(['MyCompany/', 'MyCompany/Shoes/']);
    },
  },
  {
    id: 'system-properties',
    fact: 'Among the system properties are SwfRootUrl, a path, and SvgRenderRootUrl, and IpsVersion has three parts.',
    evidence: { kind: 'page', source: 'r-get-property.md, r-get-system-properties.md' },
    server: async ({ connection, expect }) => {
      for (const [name, form] of [
        ['SwfRootUrl', /^\/.*\/$/],
        ['swfRootUrl', /^\/.*\/$/],
        ['SvgRenderRootUrl', /^http/],
        ['IpsVersion', /^\d+\.\d+\.\d+$/],
      ] as const)
        expect((await connection.call('getProperty', { name })).value).toMatch(form);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({ getProperty: '<value>4.0.0</value>' });
      expect(await ips.getProperty({ name: 'IpsVersion' })).toEqual({ value: '4.0.0' });
    },
  },
  {
    id: 'user-chars-in-lower-case',
    fact: 'getUserChars answers in lower case.',
    evidence: { kind: 'page', source: 'r-get-user-chars.md' },
    server: async ({ connection, expect }) => {
      const { userCharsArray } = await connection.call('getUserChars', {
        charField: 'LastName',
        numChars: 2,
      });
      for (const chars of userCharsArray ?? []) expect(chars).toBe(chars.toLowerCase());
      expect(userCharsArray?.length).toBeGreaterThan(0);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getUserChars: '<userCharsArray><items>a</items><items>b</items></userCharsArray>',
      });
      expect((await ips.getUserChars({ charField: 'LastName' })).userCharsArray).toEqual(['a', 'b']);
    },
  },
  {
    id: 'constants-of-jobs-are-checked',
    fact: 'An unknown emailSetting, locale, sortBy or sortDirection is bad input, in every operation alike.',
    evidence: { kind: 'page', source: 'c-string-constants.md, the pages of the constants' },
    server: async ({ fault, companyHandle, upload, expect }) => {
      const job = { companyHandle, jobName: 'Never' };
      const calls = [
        await fault('submitJob', { ...job, ...upload(['/red.png'], { emailSetting: 'Sometimes' }) }),
        await fault('submitJob', { ...job, ...upload(['/red.png']), locale: 'english!' }),
        await fault('getJobLogs', { companyHandle, sortBy: 'Color' }),
        await fault('getJobLogs', { companyHandle, sortDirection: 'Sideways' }),
        await fault('getJobLogDetails', { companyHandle, sortBy: 'Color' }),
        await fault('getJobLogDetails', { companyHandle, sortDirection: 'Sideways' }),
        await fault('searchAssets', { companyHandle, includeSubfolders: true, sortBy: 'Color' }),
        await fault('searchAssets', { companyHandle, includeSubfolders: true, sortDirection: 'Sideways' }),
      ];
      expect(calls.map(({ code }) => code)).toEqual(calls.map(() => 30001));
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getJobLogs: '<jobLogArray/>' });
      // The service may know a value that the client does not.
      await ips.getJobLogs({ sortBy: 'Color' });
      expect(requests[0]?.xml).toContain('<sortBy>Color</sortBy>');
    },
  },
  {
    id: 'values-of-own-fields-in-a-search',
    fact: 'Fields that users defined come back from searchAssetsByMetadata without their value, as the text `null`.',
    evidence: { kind: 'page', source: 'r-search-assets-by-metadata.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      await asset('OwnFields');
      await connection.call('createMetadataField', {
        companyHandle,
        assetType: 'Image',
        fieldType: 'String',
        name: 'OwnFieldOfSearch',
        defaultValue: 'there',
      });
      const { assetSummaryArray } = await connection.call('searchAssetsByMetadata', {
        companyHandle,
        metadataConditionArray: [{ fieldHandle: 'name', op: 'Equals', value: 'OwnFields' }],
        responseMetadataArray: ['custom_attributes.OwnFieldOfSearch'],
      });
      expect(assetSummaryArray?.[0]?.metadataArray).toEqual([
        { name: 'custom_attributes.OwnFieldOfSearch', value: 'null' },
      ]);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        searchAssetsByMetadata:
          '<totalRows>1</totalRows><assetSummaryArray><items><assetHandle>a|1</assetHandle><type>Image</type>' +
          '<name>red</name><metadataArray><items><name>custom_attributes.Season</name><value>null</value></items>' +
          '</metadataArray></items></assetSummaryArray>',
      });
      const { assetSummaryArray } = await ips.searchAssetsByMetadata({});
      expect(assetSummaryArray?.[0]?.metadataArray).toEqual([
        { name: 'custom_attributes.Season', value: 'null' },
      ]);
    },
  },
];
