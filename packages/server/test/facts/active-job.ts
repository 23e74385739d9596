import type { ActiveJob } from '@ips-sdk/types';
import type { Fact, ServerWorld } from './fact.js';

/** Facts about jobs that are active or scheduled. */
export const activeJobFacts: readonly Fact[] = [
  {
    id: 'dates-with-the-zone-of-the-server',
    fact: 'Dates have milliseconds and the offset of the server’s zone, such as `-05:00`.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async ({ text, run, upload, companyHandle, expect }) => {
      await run({ jobName: 'Zone of dates', ...upload(['/red.png']) });
      const answers = [
        await text('getJobLogDetails', { companyHandle, originalName: 'Zone of dates' }),
        await text('searchAssets', { companyHandle, includeSubfolders: true }),
        await text('getFolderTree', { companyHandle, depth: -1 }),
      ];
      for (const answer of answers) {
        const dates = answer.match(/>\d{4}-\d\d-\d\dT[^<]*</g) ?? [];
        expect(dates.length).toBeGreaterThan(0);
        for (const date of dates) expect(date).toMatch(/T\d\d:\d\d:\d\d\.\d{3}-0[45]:00<$/);
      }
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({ getActiveJobs: `<jobArray><items>${RECORDED}</items></jobArray>` });
      const [job] = await ips.jobs.active();
      expect(job?.startDate).toBe('2011-03-22T14:16:13.129-05:00');
    },
  },
  {
    id: 'two-tasks-of-an-upload',
    fact: 'An upload has two tasks from the start, `com.scene7.upload.UploadAsyncTaskMonitor` and `com.scene7.autoset.AutoSetAsyncTaskMonitor`, with empty messages; the files stand in the items.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async (world) => {
      const { expect } = world;
      const job = await hangingUpload(world, 'Two tasks');
      expect(job.taskProgressArray).toMatchObject([
        {
          taskType: 'com.scene7.upload.UploadAsyncTaskMonitor',
          numProcessed: 0,
          numProcessing: 1,
          numPending: 0,
          progressMessage: '',
          taskItemProgressArray: [{ itemName: 'slow.png' }],
        },
        {
          taskType: 'com.scene7.autoset.AutoSetAsyncTaskMonitor',
          numProcessed: 0,
          numProcessing: 0,
          numPending: 0,
          progress: 0,
          progressMessage: '',
          taskItemProgressArray: [],
        },
      ]);
      await endUploads(world, 'Two tasks');
    },
    client: async ({ answered, expect }) => {
      const job = `${RECORDED}<taskProgressArray>${TASKS}</taskProgressArray>`;
      const { ips } = await answered({
        getActiveJobs: [
          `<jobArray><items>${job}</items></jobArray>`,
          `<jobArray><items>${job.replace('first.tif', 'second.tif')}</items></jobArray>`,
          '<jobArray/>',
        ],
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      const events = [];
      for await (const event of ips.jobs.get({ name: 'Shoes' }).watch(FAST)) {
        if (event.type === 'task')
          events.push([event.task.taskType, event.task.taskItemProgressArray[0]?.itemName]);
      }
      expect(events).toEqual([
        ['com.scene7.upload.UploadAsyncTaskMonitor', 'first.tif'],
        ['com.scene7.autoset.AutoSetAsyncTaskMonitor', undefined],
        ['com.scene7.upload.UploadAsyncTaskMonitor', 'second.tif'],
      ]);
    },
  },
  {
    id: 'progress-of-an-upload',
    fact: 'The message of a job is a phase such as `Optimizing files`, its progress 0 to 100, that of a task 0 to 1, and `totalSize` is 0 while files are fetched from URLs.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async (world) => {
      const { expect } = world;
      const job = await hangingUpload(world, 'Phase');
      expect(job).toMatchObject({ progressMessage: 'Optimizing files', totalSize: 0 });
      expect(Number.isInteger(job.progress) && job.progress >= 0 && job.progress <= 100).toBe(true);
      for (const { progress } of job.taskProgressArray) expect(progress >= 0 && progress <= 1).toBe(true);
      await endUploads(world, 'Phase');
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: [`<jobArray><items>${RECORDED}</items></jobArray>`, '<jobArray/>'],
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      const seen = [];
      for await (const event of ips.jobs.get({ name: 'Shoes' }).watch(FAST)) {
        if (event.type === 'progress') seen.push([event.progress, event.message]);
      }
      expect(seen).toEqual([[12, 'Optimizing files']]);
    },
  },
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
  {
    id: 'fields-that-answers-lack',
    fact: 'Answers lack fields that a later contract requires: `triggerTime` of a job, `taskState` of a task.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: { reason: 'our server answers all that the contract requires' },
    client: async ({ answered, expect }) => {
      const job = `${RECORDED}<taskProgressArray>${TASKS}</taskProgressArray>`;
      const { ips, issues } = await answered({ getActiveJobs: `<jobArray><items>${job}</items></jobArray>` });
      const [active] = await ips.jobs.active();
      expect(active?.triggerTime).toBeUndefined();
      expect(active?.taskProgressArray[0]?.taskState).toBeUndefined();
      expect(issues).toEqual(
        expect.arrayContaining([
          { code: 'missing-field', path: expect.stringContaining('triggerTime') },
          { code: 'missing-field', path: expect.stringContaining('taskState') },
        ]),
      );
    },
  },
];

/** A job as the service was seen to answer it, in values of our own. */
const RECORDED =
  '<companyHandle>111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|5</jobHandle>' +
  '<name>Shoes_2011-03-22-14:16:13.129</name><originalName>Shoes</originalName><type>UrlUpload</type>' +
  '<state>Running</state><submitUserEmail>ann@example.com</submitUserEmail><locale>en-US</locale>' +
  '<description>Upload</description><serverName>ips1</serverName>' +
  '<startDate>2011-03-22T14:16:13.129-05:00</startDate><totalSize>0</totalSize><progress>12</progress>' +
  '<progressMessage>Optimizing files</progressMessage>' +
  '<lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate>';

const TASK =
  '<numProcessed>0</numProcessed><numProcessing>1</numProcessing><numPending>0</numPending><progress>0.12</progress>' +
  '<progressMessage></progressMessage><lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate>';
const TASKS =
  `<items><taskType>com.scene7.upload.UploadAsyncTaskMonitor</taskType>${TASK}<taskItemProgressArray><items>` +
  '<itemName>first.tif</itemName><progress>0.5</progress><progressMessage></progressMessage>' +
  '<lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate></items></taskItemProgressArray></items>' +
  `<items><taskType>com.scene7.autoset.AutoSetAsyncTaskMonitor</taskType>${TASK}<taskItemProgressArray/></items>`;

const LOG =
  '<companyHandle>c|111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|5</jobHandle>' +
  '<jobName>Shoes_2011-03-22-14:16:13.129</jobName><originalJobName>Shoes</originalJobName>' +
  '<submitUserEmail>ann@example.com</submitUserEmail><logType>BeginUploadUrls</logType>' +
  '<startDate>2011-03-22T14:16:13.129-05:00</startDate><endDate>2011-03-22T14:17:13.129-05:00</endDate>' +
  '<fileSuccessCount>2</fileSuccessCount><fileErrorCount>0</fileErrorCount><fileWarningCount>0</fileWarningCount>' +
  '<fatalError>false</fatalError>';

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

const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };

/** An upload whose one file hangs, once its item shows. */
async function hangingUpload(
  { connection, companyHandle, upload }: ServerWorld,
  jobName: string,
): Promise<ActiveJob> {
  await connection.call('submitJob', { companyHandle, jobName, ...upload(['/slow.png']) });
  for (;;) {
    const { jobArray } = await connection.call('getActiveJobs', { companyHandle, originalName: jobName });
    const job = jobArray.find(({ taskProgressArray }) =>
      taskProgressArray.some(({ taskItemProgressArray }) => taskItemProgressArray.length > 0),
    );
    if (job !== undefined) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lets a hanging upload end. */
async function endUploads({ connection, companyHandle, letGo }: ServerWorld, jobName: string): Promise<void> {
  for (;;) {
    // Its item shows before the download has begun.
    letGo();
    const { jobArray } = await connection.call('getActiveJobs', { companyHandle, originalName: jobName });
    if (jobArray.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
