import type { Fact } from './fact.js';

/** Facts about how much can be asked for at once. */
export const limitFacts: readonly Fact[] = [
  {
    id: 'one-publish-at-a-time',
    fact: 'A company has one publish to image serving at a time; a second one waits, or is refused.',
    evidence: { kind: 'page', source: 'help pages of Dynamic Media Classic on publishing' },
    server: async ({ on }) => {
      const { connection, companyHandle, server, expect } = await on({ jobClock: 'manual' });
      const submit = async (jobName: string) =>
        (
          await connection.call('submitJob', {
            companyHandle,
            jobName,
            imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
          })
        ).jobHandle;
      const [first, second, third] = [await submit('First'), await submit('Second'), await submit('Third')];
      const states = async () =>
        (await connection.call('getActiveJobs', { companyHandle })).jobArray.map((job) => [
          job.originalName,
          job.state,
        ]);
      await connection.call('pauseJob', { companyHandle, jobHandle: first });
      await server.clock.runPending();
      expect(await states()).toEqual(['First', 'Second', 'Third'].map((name) => [name, 'New']));
      // What waits can be stopped, and the others take their turn.
      await connection.call('stopJob', { companyHandle, jobHandle: second });
      await connection.call('resumeJob', { companyHandle, jobHandle: first });
      await server.clock.runPending();
      expect(await states()).toEqual([]);
      for (const jobHandle of [first, third]) {
        const { jobLogArray } = await connection.call('getJobLogDetails', { companyHandle, jobHandle });
        expect(jobLogArray).toMatchObject([{ fatalError: false, endDate: expect.any(String) }]);
      }
    },
    client: async ({ answered, faultDocument, expect }) => {
      const job = (state: string): string =>
        '<jobArray><items><companyHandle>c|6</companyHandle><jobHandle>j|6||Publish_2014-04-03-09:30:00.000|7</jobHandle>' +
        `<name>Publish_2014-04-03-09:30:00.000</name><originalName>Publish</originalName><state>${state}</state></items></jobArray>`;
      const log =
        '<companyHandle>c|6</companyHandle><jobHandle>j|6||Publish_2014-04-03-09:30:00.000|7</jobHandle>' +
        '<jobName>Publish_2014-04-03-09:30:00.000</jobName><originalJobName>Publish</originalJobName>' +
        '<submitUserEmail>ann@example.com</submitUserEmail><logType>BeginImageServingPublish</logType>' +
        '<startDate>2014-04-03T09:30:00.000-05:00</startDate><endDate>2014-04-03T09:31:00.000-05:00</endDate>' +
        '<fileSuccessCount>0</fileSuccessCount><fileErrorCount>0</fileErrorCount><fileWarningCount>0</fileWarningCount>' +
        '<fatalError>false</fatalError>';
      const waiting = await answered({
        getActiveJobs: [job('New'), job('New'), job('Running'), '<jobArray/>'],
        getJobLogDetails: `<jobLogArray><items>${log}</items></jobLogArray>`,
      });
      const run = waiting.ips.jobs.get('j|6||Publish_2014-04-03-09:30:00.000|7');
      expect(await run.wait({ minDelay: 1, maxDelay: 5, lostAfter: 50 })).toMatchObject({
        status: 'succeeded',
      });
      const detail =
        '<ipsApiFault xmlns="http://www.scene7.com/IpsApi/xsd"><code>30000</code><reason>A publish is running</reason></ipsApiFault>';
      const refusing = await answered(
        { submitJob: faultDocument('soapenv:Server', 'ipsApiFault', detail) },
        { retry: { retries: 2, minDelay: 1, maxDelay: 2 } },
      );
      const details = { publishType: 'Full', emailSetting: 'None' };
      const submitted = refusing.ips.jobs.submit('imageServingPublishJob', details, { name: 'Publish' });
      await expect(submitted).rejects.toMatchObject({ code: 30000 });
      expect(refusing.requests).toHaveLength(1);
    },
  },
  {
    id: 'exports-are-limited',
    fact: 'An export has at most 500 assets, and at most 1 GB of files.',
    evidence: {
      kind: 'program',
      source:
        'public exporters, which take 400 assets at once to be safe; help pages of Dynamic Media Classic',
    },
    server: async (world) => {
      const exportOf = (assetHandle: string, count: number, fmt = 'orig') => ({
        exportJob: {
          assetHandleArray: Array.from({ length: count }, () => assetHandle),
          fmt,
          emailSetting: 'None',
        },
      });
      const { companyHandle, asset, expect } = world;
      const known = await asset('Exported often');
      const many = { companyHandle, jobName: 'Many exported', ...exportOf(known, 501) };
      expect(await world.fault('submitJob', many)).toMatchObject({
        code: 30000,
        reason: expect.stringContaining('500'),
      });
      const small = await world.on({ limits: { maxExportBytes: 100 } });
      const one = await small.asset('Too large');
      expect(
        (await small.fault('submitJob', { companyHandle, jobName: 'Large', ...exportOf(one, 3) })).code,
      ).toBe(30000);
      // What is converted shows its size when it is done.
      const log = await small.run({ jobName: 'Large converted', ...exportOf(one, 1, 'convert') });
      expect(log).toMatchObject({ fatalError: true });
      expect(log.detailArray?.find(({ logType }) => logType === 'FatalError')?.logMessage).toContain('100');
    },
    client: async ({ answered, expect }) => {
      const log = (name: string): string =>
        `<items><companyHandle>c|6</companyHandle><jobHandle>j|6||${name}_2014-04-03-09:30:00.000|54091</jobHandle>` +
        `<jobName>${name}_2014-04-03-09:30:00.000</jobName><originalJobName>${name}</originalJobName>` +
        '<logType>BeginGet</logType><startDate>2090-04-03T09:30:00.000-05:00</startDate>' +
        '<endDate>2090-04-03T09:31:00.000-05:00</endDate><fatalError>false</fatalError></items>';
      const { ips, requests } = await answered({
        getAssets: '<assetArray/>',
        getScheduledJobs: '<jobArray/>',
        submitJob: '<jobHandle>j|6|Shoes||</jobHandle>',
        getActiveJobs: '<jobArray/>',
        getJobLogs: '<jobLogArray/>',
        getJobLogDetails: `<jobLogArray>${log('Shoes 1')}${log('Shoes 2')}</jobLogArray>`,
      });
      const handles = Array.from({ length: 501 }, (_, index) => `a|${index + 1}`);
      await ips.exportAssets(handles, { name: 'Shoes', wait: { minDelay: 1, maxDelay: 5, lostAfter: 50 } });
      const sent = requests.filter(({ operation }) => operation === 'submitJob');
      expect(sent.map(({ xml }) => xml.match(/<items>a\|/g)?.length)).toEqual([500, 1]);
    },
  },
];
