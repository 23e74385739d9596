import type { Fact } from './fact.js';

/** Facts about logs of jobs. */
export const jobLogFacts: readonly Fact[] = [
  {
    id: 'link-of-an-export',
    fact: 'The link of a finished export is in `assetName` of a row of its log.',
    evidence: { kind: 'program', source: 'public exporters in Java and Python, namespace 2017-10-29' },
    server: async ({ asset, run, server, expect }) => {
      const assetHandle = await asset('LinkOfExport');
      const log = await run({
        jobName: 'Link of an export',
        exportJob: { assetHandleArray: [assetHandle], fmt: 'orig', emailSetting: 'None' },
      });
      const row = log.detailArray?.find(({ assetName }) => assetName?.startsWith('http'));
      expect(row?.assetName).toMatch(new RegExp(`^${server.url}/scene7/export/`));
      expect(row?.logMessage).toBe(row?.assetName);
      expect((await fetch(row?.assetName ?? '')).status).toBe(200);
    },
    client: async ({ answered, expect }) => {
      const link = 'https://www.example.com/exports/Shoes.zip?a=1&b=2';
      const row = (assetName: string, message: string): string =>
        `<items><logMessage>${message}</logMessage><logType>FileProgress</logType><assetName>${assetName}</assetName></items>`;
      const { ips } = await answered({
        getAssets: '<assetArray/>',
        getScheduledJobs: '<jobArray/>',
        submitJob: '<jobHandle>j|6|Shoes||</jobHandle>',
        getActiveJobs: '<jobArray/>',
        getJobLogs: '<jobLogArray/>',
        getJobLogDetails: logOf(
          row(link.replace('&', '&amp;'), 'The export is at https://www.example.com/help') +
            row('red', 'See https://www.example.com/old.zip'),
        ),
      });
      const [exported] = await ips.exportAssets(['a|1'], { name: 'Shoes', wait: FAST });
      // A message counts where the name is no link.
      expect(exported?.links).toEqual([link, 'https://www.example.com/old.zip']);
    },
  },
  {
    id: 'first-row-is-a-sentence',
    fact: 'The message of the first row of an upload is a sentence, which does not name the job.',
    evidence: { kind: 'page', source: 'r-get-job-log-details.md' },
    server: async ({ run, upload, expect }) => {
      const log = await run({ jobName: 'First row', ...upload(['/red.png']) });
      const [first] = log.detailArray ?? [];
      expect(first).toMatchObject({ logType: 'BeginUploadUrls' });
      expect(first?.logMessage).toBe('Upload has begun!');
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: '<jobArray/>',
        getJobLogDetails: logOf(
          '<items><logMessage>Upload has begun!</logMessage><logType>BeginUpload</logType></items>',
        ),
      });
      expect(await ips.jobs.get({ name: 'Shoes' }).wait(FAST)).toMatchObject({ status: 'succeeded' });
    },
  },
  {
    id: 'original-job-name-row',
    fact: 'The row `OriginalJobName` holds the name of the run, while `originalJobName` of the log is the submitted name.',
    evidence: { kind: 'page', source: 'r-get-job-log-details.md' },
    server: async ({ run, upload, expect }) => {
      const log = await run({ jobName: 'Original name', ...upload(['/red.png']) });
      const row = log.detailArray?.find(({ logType }) => logType === 'OriginalJobName');
      expect(row?.logMessage).toBe(log.jobName);
      expect(log.originalJobName).toBe('Original name');
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: '<jobArray/>',
        getJobLogDetails: logOf(
          '<items><logMessage>Shoes_2014-04-03-09:30:00.000</logMessage><logType>OriginalJobName</logType></items>',
        ),
      });
      const job = ips.jobs.get('j|6||Shoes_2014-04-03-09:30:00.000|54091');
      await job.wait(FAST);
      expect(job.name).toBe('Shoes');
    },
  },
  {
    id: 'success-row-is-a-sentence',
    fact: 'The message of a success is a sentence that begins with the path of the file, whether the file is new or replaced another.',
    evidence: { kind: 'page', source: 'r-get-asset-job-logs.md' },
    server: async ({ asset, connection, companyHandle, expect }) => {
      const assetHandle = await asset('SuccessRow');
      const { jobLogArray } = await connection.call('getAssetJobLogs', { companyHandle, assetHandle });
      const success = jobLogArray.find(({ logType }) => logType === 'UploadSuccess');
      expect(success?.logMessage).toMatch(/^SampleCompany\/SuccessRow\.png was /);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        submitJob: '<jobHandle>j|6|Shoes||</jobHandle>',
        getScheduledJobs: '<jobArray/>',
        getActiveJobs: '<jobArray/>',
        getJobLogs: '<jobLogArray/>',
        // Before the upload, no job has its name.
        getJobLogDetails: [
          '<jobLogArray/>',
          logOf(
            '<items><logMessage>MyCompany/Shoes/red.tif was processed into IPS</logMessage><logType>UploadSuccess</logType></items>' +
              '<items><logMessage>Could not read MyCompany/Shoes/dark-red.tif: no image.</logMessage><logType>UploadError</logType></items>',
          ),
        ],
      });
      const report = await ips.uploadUrls(
        ['dark-red', 'red'].map((name) => ({
          sourceUrl: `https://images.example.com/${name}.tif`,
          destPath: `MyCompany/Shoes/${name}.tif`,
        })),
        { name: 'Shoes', wait: FAST },
      );
      expect(report.files.map(({ destPath, status }) => [destPath, status])).toEqual([
        ['MyCompany/Shoes/dark-red.tif', 'failed'],
        ['MyCompany/Shoes/red.tif', 'succeeded'],
      ]);
    },
  },
  {
    id: 'success-rows-of-other-jobs',
    fact: 'So it is in the logs of jobs that generate sets, write a sitemap or publish metadata.',
    evidence: { kind: 'page', source: 'r-get-job-log-details.md' },
    server: async (world) => {
      const { connection, companyHandle, asset, run, server, expect } = world;
      const assetHandle = await asset('Sentence_1');
      const { typeHandle } = await connection.call('createPropertySetType', {
        companyHandle,
        name: 'Script of sentences',
        propertyType: 'CompanyProperty',
        allowMultiple: true,
      });
      const { setHandle } = await connection.call('createPropertySet', {
        typeHandle,
        primaryOwnerHandle: companyHandle,
        propertyArray: [{ name: 'namingRule', value: '{set}_{order}' }],
      });
      const messages = async (logType: string, job: Parameters<typeof run>[0]) =>
        ((await run(job)).detailArray ?? [])
          .filter((row) => row.logType === logType)
          .map((row) => row.logMessage);
      const automatedSetGenerationJob = {
        assetHandleArray: [assetHandle],
        readyForPublish: false,
        autoSetCreationOptions: { autoSetsArray: [setHandle] },
        emailSetting: 'None',
      };
      expect(
        await messages('ReturnSuccess', { jobName: 'Sentence of sets', automatedSetGenerationJob }),
      ).toEqual(['The set SampleCompany/Sentence was created.']);
      const createVideoSitemapJob = { forceUpdate: true };
      expect(
        await messages('VideoPublishSuccess', { jobName: 'Sentence of a sitemap', createVideoSitemapJob }),
      ).toEqual([`The sitemap was written to ${server.url}/is/sitemap/SampleCompany/video-sitemap.xml.`]);
      const metadataPublishJob = { forcePublish: true };
      expect(
        await messages('MetadataSuccess', { jobName: 'Sentence of metadata', metadataPublishJob }),
      ).toContain('The metadata of SampleCompany/Sentence_1 was published.');
    },
    client: {
      reason: 'The client reads the rows of uploads and exports alone, which have facts of their own.',
    },
  },
  {
    id: 'name-taken-without-overwrite',
    fact: 'A file that comes in under another name, because overwriting was not asked for, counts as a success and as a warning.',
    evidence: { kind: 'page', source: 'r-job-log.md, by its counters' },
    server: async ({ asset, run, upload, files, expect }) => {
      await asset('WithoutOverwrite');
      const urlArray = [
        { sourceUrl: `${files.url}/blue.png`, destPath: 'SampleCompany/WithoutOverwrite.png' },
      ];
      const log = await run({
        jobName: 'Without overwrite',
        ...upload([], { overwrite: false, urlArray }),
      });
      expect(log).toMatchObject({ totalFileCount: 1, fileSuccessCount: 1, fileWarningCount: 1 });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: '<jobArray/>',
        getJobLogDetails: logOf('').replace('<fileWarningCount>0<', '<fileWarningCount>1<'),
      });
      expect(await ips.jobs.get({ name: 'Shoes' }).wait(FAST)).toMatchObject({
        status: 'succeeded',
        counts: { total: 1, succeeded: 1, warnings: 1 },
      });
    },
  },
  {
    id: 'logs-of-a-company',
    fact: 'getJobLogDetails without a handle and a name answers the newest logs of the company.',
    evidence: { kind: 'page', source: 'r-get-job-log-details.md' },
    server: async ({ connection, companyHandle, run, upload, expect }) => {
      await run({ jobName: 'Of the company', ...upload(['/red.png']) });
      const { jobLogArray } = await connection.call('getJobLogDetails', { companyHandle, recordsPerPage: 2 });
      const log = jobLogArray.find(({ originalJobName }) => originalJobName === 'Of the company');
      expect(log?.detailArray).toHaveLength(2);
      expect(log?.detailTotalRows).toBeGreaterThan(2);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getJobLogDetails: logOf('') });
      expect((await ips.getJobLogDetails({})).jobLogArray).toHaveLength(1);
      expect(requests[0]?.xml).not.toMatch(/<jobHandle>|<originalName>/);
    },
  },
  {
    id: 'logs-between-two-dates',
    fact: 'In getJobLogs startDate bounds the start of a run, and endDate its end.',
    evidence: { kind: 'page', source: 'r-get-job-logs.md' },
    server: async ({ connection, companyHandle, server, run, upload, expect }) => {
      await run({ jobName: 'Long run', ...upload(['/red.png']) });
      const snapshot = await server.snapshot();
      const runs = (snapshot.tables['runs'] ?? []).map((row) =>
        row['original_name'] === 'Long run'
          ? { ...row, start_date: '2020-03-01T10:00:00.000Z', end_date: '2020-03-01T12:00:00.000Z' }
          : row,
      );
      await server.restore({ ...snapshot, tables: { ...snapshot.tables, runs } });
      const between = async (startDate: string, endDate: string) =>
        (
          await connection.call('getJobLogs', {
            companyHandle,
            startDate: `2020-03-01T${startDate}:00Z`,
            endDate: `2020-03-01T${endDate}:00Z`,
          })
        ).jobLogArray.length;
      expect(await between('10:00', '12:00')).toBe(1);
      // It had begun by then, and was not over.
      expect(await between('10:00', '11:59')).toBe(0);
      expect(await between('10:01', '13:00')).toBe(0);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getJobLogs: '<jobLogArray/>' });
      await ips.getJobLogs({ startDate: '2020-03-01T10:00:00Z', endDate: new Date('2020-03-01T12:00:00Z') });
      expect(requests[0]?.xml).toMatch(
        /<startDate>2020-03-01T10:00:00Z<\/startDate><endDate>2020-03-01T12:00:00(?:\.000)?Z<\/endDate>/,
      );
    },
  },
  {
    id: 'more-rows-than-a-page-holds',
    fact: 'A `recordsPerPage` above the maximum counts as the maximum.',
    evidence: { kind: 'page', source: 'r-get-job-log-details.md, r-search-assets.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const details = { companyHandle, recordsPerPage: 5000 };
      expect((await connection.call('getJobLogDetails', details)).jobLogArray).toBeDefined();
      const search = { companyHandle, includeSubfolders: true, recordsPerPage: 50_000 };
      expect((await connection.call('searchAssets', search)).totalRows).toBeGreaterThanOrEqual(0);
      const byMetadata = { companyHandle, recordsPerPage: 50_000 };
      const found = await connection.call('searchAssetsByMetadata', byMetadata);
      expect(found.totalRows).toBeGreaterThanOrEqual(0);
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ getJobLogDetails: logOf('') }, { validation: 'strict' });
      await ips.getJobLogDetails({ recordsPerPage: 5000 });
      expect(requests[0]?.xml).toContain('<recordsPerPage>5000</recordsPerPage>');
      const search = await answered(
        {
          searchAssets: '<totalRows>0</totalRows><assetArray/>',
          searchAssetsByMetadata: '<totalRows>0</totalRows><assetSummaryArray/>',
        },
        { validation: 'strict' },
      );
      await search.ips.searchAssets({ includeSubfolders: true, recordsPerPage: 50_000 });
      await search.ips.searchAssetsByMetadata({ recordsPerPage: 50_000 });
      for (const { xml } of search.requests) expect(xml).toContain('<recordsPerPage>50000</recordsPerPage>');
    },
  },
];

const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };

/** A log with rows, as the documented sample has it, of a run that has ended. */
function logOf(rows: string): string {
  return (
    '<jobLogArray><items><companyHandle>c|6</companyHandle>' +
    '<jobHandle>j|6||Shoes_2014-04-03-09:30:00.000|54091</jobHandle>' +
    '<jobName>Shoes_2014-04-03-09:30:00.000</jobName><originalJobName>Shoes</originalJobName>' +
    '<submitUserEmail>ann@example.com</submitUserEmail><logType>BeginUpload</logType><jobSubType></jobSubType>' +
    '<startDate>2090-04-03T09:30:00.000-05:00</startDate><endDate>2090-04-03T09:31:00.000-05:00</endDate>' +
    '<description></description><fileSuccessCount>1</fileSuccessCount><fileErrorCount>0</fileErrorCount>' +
    '<fileWarningCount>0</fileWarningCount><fatalError>false</fatalError><fileDuplicateCount>0</fileDuplicateCount>' +
    '<fileUpdateCount>0</fileUpdateCount><totalFileCount>1</totalFileCount><detailTotalRows>2</detailTotalRows>' +
    `<detailArray>${rows}</detailArray></items></jobLogArray>`
  );
}
