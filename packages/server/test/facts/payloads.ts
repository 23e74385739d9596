import type { Fact } from './fact.js';
import { endUploads, hangingUpload, RECORDED } from './uploads-in-progress.ts';

/** Facts about what jobs show of what was submitted. */
export const payloadFacts: readonly Fact[] = [
  {
    id: 'payload-with-defaults',
    fact: 'The payload of an upload comes back with the defaults of everything that it did not say, and with an empty `urlArray`, while it waits and while it runs.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async (world) => {
      const { connection, companyHandle, upload, expect } = world;
      const job = await hangingUpload(world, 'Defaults');
      expect(job.uploadUrlsJob).toEqual({ ...DEFAULTS, numUrls: 1 });
      await endUploads(world, 'Defaults');
      await connection.call('submitJob', {
        companyHandle,
        jobName: 'Defaults later',
        execTime: '2090-01-01T00:00:00Z',
        ...upload(['/red.png'], { pdfOptions: { process: 'Thumbnail' } }),
      });
      const { jobArray } = await connection.call('getScheduledJobs', {
        companyHandle,
        originalName: 'Defaults later',
      });
      expect(jobArray[0]?.uploadUrlsJob).toEqual({
        ...DEFAULTS,
        numUrls: 1,
        pdfOptions: { ...DEFAULTS.pdfOptions, process: 'Thumbnail' },
      });
      await connection.call('deleteJob', { companyHandle, jobHandle: 'j|6|Defaults later||' });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: `<jobArray><items>${RECORDED}<uploadUrlsJob>${PAYLOAD}</uploadUrlsJob></items></jobArray>`,
      });
      expect((await ips.jobs.active())[0]?.uploadUrlsJob).toEqual(DEFAULTS);
    },
  },
  {
    id: 'pdf-process-render',
    fact: '`render` is a value of the process of PDF files, and its default.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async ({ run, upload, expect }) => {
      const log = await run({
        jobName: 'Render PDFs',
        ...upload(['/red.png'], { pdfOptions: { process: 'render' } }),
      });
      expect(log).toMatchObject({ fatalError: false, fileErrorCount: 0 });
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        { submitJob: '<jobHandle>j|6|Shoes||</jobHandle>' },
        { validation: 'strict' },
      );
      await ips.jobs.submit(
        'uploadUrlsJob',
        {
          urlArray: [{ sourceUrl: 'https://images.example.com/a.pdf', destPath: 'MyCompany/a.pdf' }],
          overwrite: true,
          readyForPublish: true,
          createMask: false,
          emailSetting: 'None',
          pdfOptions: { process: 'render' },
        },
        { name: 'Shoes' },
      );
      expect(requests[0]?.xml).toContain('<process>render</process>');
    },
  },
];

const PAYLOAD =
  '<urlArray/><overwrite>true</overwrite><readyForPublish>true</readyForPublish>' +
  '<preservePublishState>false</preservePublishState><createMask>false</createMask><preserveCrop>true</preserveCrop>' +
  '<photoshopOptions><process>None</process></photoshopOptions>' +
  '<postScriptOptions><process>None</process><resolution>72.0</resolution><colorspace>Auto</colorspace>' +
  '<alpha>false</alpha><extractSearchWords>false</extractSearchWords></postScriptOptions>' +
  '<pdfOptions><process>render</process><resolution>72.0</resolution><colorspace>Auto</colorspace>' +
  '<pdfCatalog>true</pdfCatalog><extractSearchWords>false</extractSearchWords><extractLinks>true</extractLinks></pdfOptions>' +
  '<illustratorOptions><process>None</process><resolution>72.0</resolution><colorspace>Auto</colorspace>' +
  '<alpha>false</alpha></illustratorOptions>' +
  '<colorManagementOptions><colorManagement>Default</colorManagement></colorManagementOptions>' +
  '<autoSetCreationOptions/><emailSetting>None</emailSetting><postJobOnlyIfFiles>false</postJobOnlyIfFiles>' +
  '<mediaOptions/>';

const DEFAULTS = {
  urlArray: [],
  overwrite: true,
  readyForPublish: true,
  preservePublishState: false,
  createMask: false,
  preserveCrop: true,
  photoshopOptions: { process: 'None' },
  postScriptOptions: {
    process: 'None',
    resolution: 72,
    colorspace: 'Auto',
    alpha: false,
    extractSearchWords: false,
  },
  pdfOptions: {
    process: 'render',
    resolution: 72,
    colorspace: 'Auto',
    pdfCatalog: true,
    extractSearchWords: false,
    extractLinks: true,
  },
  illustratorOptions: { process: 'None', resolution: 72, colorspace: 'Auto', alpha: false },
  colorManagementOptions: { colorManagement: 'Default' },
  autoSetCreationOptions: {},
  emailSetting: 'None',
  postJobOnlyIfFiles: false,
  mediaOptions: {},
};
