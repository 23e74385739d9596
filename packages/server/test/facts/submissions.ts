import type { SubmitJobParam } from '@ips-sdk/types';
import type { Fact, ServerWorld } from './fact.js';

/** Facts about what is refused, or accepted, when a job is submitted. */
export const submissionFacts: readonly Fact[] = [
  {
    id: 'reprocess-of-an-unknown-asset',
    fact: 'A reprocessAssetsJob for an asset that the company does not have is refused when it is submitted.',
    evidence: { kind: 'page', source: 'r-reprocess-assets-job.md' },
    server: async (world) => {
      const known = await world.asset('Reprocessed');
      await refused(world, 'Reprocess the unknown', {
        reprocessAssetsJob: {
          assetHandleArray: [known, 'a|99999'],
          createMask: false,
          emailSetting: 'None',
        },
      });
      // One that goes to the trash before the job runs is an error in its log.
      const { connection, companyHandle, server, expect } = await world.on({ jobClock: 'manual' });
      const { plantAssets } = await import('../support/plant-assets.js');
      const assetHandleArray = await plantAssets(server, [{ name: 'Gone before its turn' }]);
      const jobName = 'Reprocess the gone';
      await connection.call('submitJob', {
        companyHandle,
        jobName,
        reprocessAssetsJob: { assetHandleArray, createMask: false, emailSetting: 'None' },
      });
      await connection.call('deleteAssets', { companyHandle, assetHandleArray });
      await server.clock.runPending();
      const { jobLogArray } = await connection.call('getJobLogDetails', {
        companyHandle,
        originalName: jobName,
      });
      expect(jobLogArray).toMatchObject([{ fileErrorCount: 1, fileSuccessCount: 0, fatalError: false }]);
    },
    client: async ({ answered, faultDocument, expect }) => {
      const detail =
        '<ipsApiFault xmlns="http://www.scene7.com/IpsApi/xsd"><code>30001</code><reason>Invalid asset handle</reason></ipsApiFault>';
      const { ips, requests } = await answered({
        submitJob: faultDocument('soapenv:Client', 'com.scene7.ips.api.IpsApiException', detail),
      });
      const details = { assetHandleArray: ['a|99999'], createMask: false, emailSetting: 'None' };
      const submitted = ips.jobs.submit('reprocessAssetsJob', details, { name: 'Again' });
      await expect(submitted).rejects.toMatchObject({ code: 30001, reason: 'Invalid asset handle' });
      // Nothing is submitted again, and no job is looked for.
      expect(requests).toHaveLength(1);
    },
  },
  {
    id: 'rip-of-an-image',
    fact: 'A ripPdfsJob for an asset that is not a PDF file is refused when it is submitted.',
    evidence: { kind: 'page', source: 'r-rip-pdfs-job.md' },
    server: async (world) => {
      const image = await world.asset('Not a PDF');
      for (const pdfHandleArray of [[image], ['a|99999']])
        await refused(world, 'Rip an image', {
          ripPdfsJob: { pdfHandleArray, createMask: false, emailSetting: 'None' },
        });
    },
    client: { reason: 'The client does not know the types of the assets that it names.' },
  },
  {
    id: 'destination-outside-the-root',
    fact: 'A path at which a file is to arrive begins with the root of the company; a job with another one is refused when it is submitted.',
    evidence: { kind: 'page', source: 'r-upload-url.md, r-upload-directory-job.md, c-http-post.md' },
    server: async (world) => {
      const { server, companyHandle, connection, upload, run, files, expect } = world;
      const outside = [
        'Elsewhere/red.png',
        '../red.png',
        'SampleCompany/../../red.png',
        'SampleCompanyX\\red.png',
      ];
      for (const destPath of outside) {
        const urlArray = [{ sourceUrl: `${files.url}/red.png`, destPath }];
        await refused(world, 'Upload of URLs elsewhere', upload([], { urlArray }));
        await refused(world, 'Upload of a directory elsewhere', {
          uploadDirectoryJob: {
            serverDir: 'in',
            destFolder: destPath.replace(/red\.png$/, ''),
            includeSubfolders: false,
            overwrite: true,
            readyForPublish: true,
            createMask: false,
            processMetadataFiles: false,
            emailSetting: 'None',
          },
        });
        const form = new FormData();
        const { email, password } = server.admin;
        form.set(
          'auth',
          `<authHeader xmlns="http://www.scene7.com/IpsApi/xsd"><user>${email}</user><password>${password}</password><appName>facts</appName><appVersion>1</appVersion></authHeader>`,
        );
        form.set(
          'uploadParams',
          `<uploadPostParam xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><companyHandle>${companyHandle}</companyHandle>` +
            `<jobName>Post elsewhere</jobName><fileName>${destPath}</fileName><uploadParams><overwrite>true</overwrite>` +
            '<readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting>' +
            '</uploadParams></uploadPostParam>',
        );
        form.set('file1', new Blob(['x']), 'red.png');
        const answer = await fetch(`${server.url}/scene7/UploadFile`, { method: 'POST', body: form });
        expect(await answer.text()).toContain('<code>30001</code>');
      }
      expect(
        (await connection.call('getActiveJobs', { companyHandle, originalName: 'Post elsewhere' })).jobArray,
      ).toEqual([]);
      // The case of the root does not count, and a name alone is one in the root.
      for (const [index, destPath] of ['/samplecompany/Placed1.png', 'Placed2.png'].entries()) {
        const urlArray = [{ sourceUrl: `${files.url}/red.png`, destPath }];
        const log = await run({ jobName: `Placed ${index}`, ...upload([], { urlArray }) });
        expect(log).toMatchObject({ fileSuccessCount: 1 });
      }
    },
    client: { reason: 'The client does not know the root of the company for which it uploads.' },
  },
  {
    id: 'days-of-a-calendar',
    fact: 'Schedules may have `5C` for the day of the month and `1C` for the day of the week, the first day that a calendar includes.',
    evidence: { kind: 'page', source: 'help pages of Dynamic Media Classic on schedules' },
    server: async ({ connection, companyHandle, upload, expect }) => {
      for (const [jobName, execSchedule, day] of [
        ['Fifth', '0 0 3 5C 1 ? 2090', '2090-01-05T03:00:00.000-05:00'],
        ['Sunday', '0 0 3 ? 1 1C 2090', '2090-01-01T03:00:00.000-05:00'],
      ] as const) {
        const { jobHandle } = await connection.call('submitJob', {
          companyHandle,
          jobName: `${jobName} of a calendar`,
          execSchedule,
          ...upload(['/red.png']),
        });
        const { jobArray } = await connection.call('getScheduledJobs', { companyHandle, jobHandle });
        expect(jobArray).toMatchObject([{ execSchedule, nextFireTime: day }]);
        await connection.call('deleteJob', { companyHandle, jobHandle });
      }
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ submitJob: '<jobHandle>j|6|Nightly||</jobHandle>' });
      const details = { publishType: 'Full', emailSetting: 'None' };
      await ips.jobs.submit('imageServingPublishJob', details, {
        name: 'Nightly',
        execSchedule: '0 0 3 ? * 1C',
      });
      expect(requests[0]?.xml).toContain('<execSchedule>0 0 3 ? * 1C</execSchedule>');
    },
  },
];

/** Expects that a job is refused for its input, and that nothing is left of it. */
async function refused(
  { fault, connection, companyHandle, expect }: ServerWorld,
  jobName: string,
  job: Omit<SubmitJobParam, 'companyHandle' | 'jobName'>,
): Promise<void> {
  for (const when of [{}, { execTime: '2090-01-01T00:00:00Z' }]) {
    expect((await fault('submitJob', { companyHandle, jobName, ...job, ...when })).code).toBe(30001);
    const listed = { companyHandle, originalName: jobName };
    expect((await connection.call('getScheduledJobs', listed)).jobArray).toEqual([]);
    expect((await connection.call('getActiveJobs', listed)).jobArray).toEqual([]);
    expect((await connection.call('getJobLogDetails', listed)).jobLogArray).toEqual([]);
  }
}
