// Calls as programs make them, with what is easily lost on the way: details inside of details, lists of none and one, dates with
// offsets, numbers beyond 32 bits, markup in URLs and names.
import type { Operations, UploadUrlsJob } from '@ips-sdk/types';

export interface Call {
  readonly operation: keyof Operations & string;
  readonly input: object;
  readonly output: object;
}

function call<Name extends keyof Operations & string>(
  operation: Name,
  input: Operations[Name]['input'],
  output: Operations[Name]['output'],
): Call {
  return { operation, input, output };
}

const company = { companyHandle: 'c|6' };
const job = { ...company, jobHandle: 'j|6|Nightly <shoes> & boots|' };

const upload: UploadUrlsJob = {
  urlArray: [
    { sourceUrl: 'https://images.example.com/a.tif?size=full&id=<1>', destPath: 'MyCompany/Shoes/a.tif' },
    { sourceUrl: 'https://images.example.com/größer 😀.psd', destPath: 'MyCompany/Shoes/b.psd' },
  ],
  overwrite: true,
  readyForPublish: false,
  createMask: false,
  manualCropOptions: { left: 1, right: 2, top: 3, bottom: 4 },
  photoshopOptions: {
    process: 'MaintainLayers',
    layerOptions: {
      layerNaming: 'AppendName',
      anchor: 'Center',
      createTemplate: true,
      extractText: false,
      extendLayers: false,
    },
  },
  pdfOptions: {
    process: 'Rasterize',
    resolution: 150,
    colorspace: 'RGB',
    extractSearchWords: true,
    extractLinks: false,
  },
  emailSetting: 'ErrorAndWarning',
  postImageServingPublishJob: {
    publishType: 'Incremental',
    emailSetting: 'None',
    httpCompletionUrl: 'https://hooks.example.com/done?a=1&b=2',
  },
};

const task = {
  taskType: 'com.scene7.upload.UploadAsyncTaskMonitor',
  taskState: 'Processing',
  numProcessed: 1,
  numProcessing: 2,
  numPending: 997,
  progress: 0.1 + 0.2,
  progressMessage: 'Reading <a.tif>',
  lastProgressUpdate: '2014-04-03T22:00:00.125-07:00',
  taskItemProgressArray: [
    {
      itemName: 'a & b.tif',
      progress: 1 / 3,
      progressMessage: '',
      lastProgressUpdate: '2014-04-03T22:00:00Z',
    },
  ],
};

const activeJob = {
  ...job,
  name: 'Nightly <shoes> & boots_2014-04-03-22:00:00.125',
  originalName: 'Nightly <shoes> & boots',
  type: 'UrlUpload',
  state: 'Running',
  submitUserEmail: 'ann@example.com',
  serverName: 'ips-7',
  startDate: '2014-04-03T22:00:00.125-07:00',
  triggerTime: '2014-04-03T22:00:00+05:45',
  totalSize: 2147483647,
  progress: 33,
  progressMessage: '',
  lastProgressUpdate: '2014-04-04T05:00:01.000Z',
};

const logHead = {
  companyHandle: 'c|6',
  jobHandle: 'j|6||Nightly_2014-04-03-22:00:00.125|54091',
  jobName: 'Nightly_2014-04-03-22:00:00.125',
  originalJobName: 'Nightly',
  submitUserEmail: 'ann@example.com',
  startDate: '2014-04-03T22:00:00.125-07:00',
  endDate: '2014-04-03T22:10:00.000-07:00',
  logType: 'BeginUpload',
  jobSubType: '',
  description: 'Shoes & "boots"',
  fileSuccessCount: 998,
  fileErrorCount: 1,
  fileWarningCount: 1,
  fileDuplicateCount: 0,
  fileUpdateCount: 0,
  totalFileCount: 1000,
  transferSuccessCount: 0,
  transferErrorCount: 0,
  transferWarningCount: 0,
  fatalError: false,
};

/** Every operation on jobs, with the kinds of details that matter. */
export const jobCalls: readonly Call[] = [
  call(
    'submitJob',
    { ...company, jobName: 'Nightly <shoes> & boots', uploadUrlsJob: upload },
    { jobHandle: job.jobHandle },
  ),
  call(
    'submitJob',
    {
      ...company,
      jobName: 'Publish',
      execTime: '2014-04-03T22:00:00.000-07:00',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'JobCompletion' },
    },
    { jobHandle: 'j|6|Publish|' },
  ),
  call(
    'submitJob',
    {
      ...company,
      jobName: 'Every night',
      execSchedule: '00 00 00 * * ',
      uploadDirectoryJob: {
        serverDir: 'Inbox/',
        destFolder: 'MyCompany/In/',
        overwrite: true,
        readyForPublish: true,
        includeSubfolders: true,
        createMask: false,
        processMetadataFiles: true,
        emailSetting: 'All',
      },
    },
    { jobHandle: 'j|6|Every night|' },
  ),
  call(
    'submitJob',
    {
      ...company,
      jobName: 'Export',
      exportJob: {
        assetHandleArray: ['a|1', 'a|2'],
        fmt: 'convert',
        is_modifier: 'wid=500&fmt=jpg',
        emailSetting: 'None',
      },
    },
    { jobHandle: 'j|6|Export|' },
  ),
  call(
    'submitJob',
    {
      ...company,
      jobName: 'Reprocess',
      reprocessAssetsJob: { assetHandleArray: ['a|1'], createMask: false, emailSetting: 'None' },
    },
    { jobHandle: 'j|6|Reprocess|' },
  ),
  call('stopJob', job, {}),
  call('pauseJob', job, {}),
  call('resumeJob', job, {}),
  call('executeJob', job, {}),
  call('deleteJob', job, {}),
  call(
    'getActiveJobs',
    { ...company, includeWaitingJobs: true },
    {
      jobArray: [
        {
          ...activeJob,
          taskProgressArray: [task, { ...task, taskState: 'New', taskItemProgressArray: [] }],
          uploadUrlsJob: { ...upload, urlArray: [] },
        },
        { ...activeJob, taskProgressArray: [] },
      ],
    },
  ),
  call('getActiveJobs', {}, { jobArray: [] }),
  call(
    'getScheduledJobs',
    { ...company, originalName: 'Every night' },
    {
      jobArray: [
        {
          ...company,
          jobHandle: 'j|6|Every night|',
          name: 'Every night',
          originalName: 'Every night',
          type: 'ImageServingPublish',
          submitUserEmail: 'ann@example.com',
          execSchedule: '00 00 00 * * ',
          nextFireTime: '2014-04-04T00:00:00.000-07:00',
          timeZone: 'PST',
          triggerState: 'Normal',
          imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
        },
      ],
    },
  ),
  call(
    'getJobLogs',
    {
      ...company,
      startDate: '2014-04-03T00:00:00.000-07:00',
      endDate: '2014-04-04T00:00:00.000+13:45',
      numRows: 100,
    },
    { jobLogArray: [logHead] },
  ),
  call(
    'getJobLogDetails',
    {
      ...company,
      jobHandle: logHead.jobHandle,
      logTypeArray: ['UploadError'],
      recordsPerPage: 1000,
      resultsPage: 1,
    },
    {
      jobLogArray: [
        {
          ...logHead,
          detailTotalRows: 2,
          detailArray: [
            {
              dateCreated: '2014-04-03T22:00:00.125-07:00',
              logMessage: 'Cannot read <a&b>.tif\nLine 2',
              logType: 'UploadError',
              auxArray: [{ logMessage: 'Unknown format', logType: 'Warning' }],
            },
            { dateCreated: '2014-04-04T05:00:00.000Z', logMessage: '', logType: 'EndUpload', auxArray: [] },
          ],
        },
      ],
    },
  ),
  call('getDiskUsage', company, {
    diskUsageArray: [
      {
        ...company,
        companyName: 'My Company',
        imageCount: 2147483647,
        diskSpaceUsage: 9007199254740991,
        lastModified: '2014-04-03T22:00:00.000-07:00',
      },
    ],
  }),
];
