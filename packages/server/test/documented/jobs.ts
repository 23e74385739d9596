import { endedJob } from '../support/jobs.ts';
import { LATER, scheduledJob } from './prepared.ts';
import type { Reproductions } from './sample.js';

/** Fields of a log that the samples do not have. */
const LOG_FIELDS = [
  'endDate',
  'originalJobName',
  'transferErrorCount',
  'transferSuccessCount',
  'transferWarningCount',
];

/** Samples of jobs and their logs. */
export const jobReproductions: Reproductions = {
  submitJob: {
    run: async (world, send) => {
      // The handle in the form of the page; by default it has the form of a recording.
      const { companyHandle, connection, expect } = world;
      const { jobHandle } = await send({
        companyHandle,
        jobName: 'Sample job',
        imageServingPublishJob: { publishType: 'Full', emailSetting: 'Error' },
      });
      expect(jobHandle).toMatch(/^j\|6\|Sample job\|/);
      await endedJob(connection, companyHandle, 'Sample job');
    },
  },
  getScheduledJobs: {
    run: async ({ expect }, send) => {
      const { jobArray } = await send({ companyHandle: '0' });
      expect(jobArray).toMatchObject([
        { jobHandle: expect.stringMatching(/^j\|0\|Cleanup\|/), originalName: '' },
      ]);
      expect(jobArray[0]?.execSchedule).toBe('00 00 00 * * ');
    },
  },
  getActiveJobs: {
    run: async ({ companyHandle, expect }, send) => {
      expect((await send({ companyHandle })).jobArray).toEqual([]);
    },
  },
  pauseJob: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await send({ companyHandle, jobHandle: await scheduledJob(world, 'Sample to pause') });
    },
  },
  resumeJob: {
    run: async (world, send) => {
      const { companyHandle, connection } = world;
      const jobHandle = await scheduledJob(world, 'Sample to resume');
      await connection.call('pauseJob', { companyHandle, jobHandle });
      await send({ companyHandle, jobHandle });
    },
  },
  executeJob: {
    run: async (world, send) => {
      const { companyHandle, connection } = world;
      await send({ companyHandle, jobHandle: await scheduledJob(world, 'Sample to execute') });
      await endedJob(connection, companyHandle, 'Sample to execute');
    },
  },
  stopJob: {
    run: async ({ companyHandle, connection, upload, letGo }, send) => {
      const jobName = 'Sample to stop';
      const { jobHandle } = await connection.call('submitJob', {
        companyHandle,
        jobName,
        ...upload(['/slow.png']),
      });
      await send({ companyHandle, jobHandle });
      letGo();
      await endedJob(connection, companyHandle, jobName);
    },
  },
  deleteJob: {
    run: async (world, send) => {
      const { companyHandle, connection, expect } = world;
      const originalName = 'Sample to delete';
      await send({ companyHandle, jobHandle: await scheduledJob(world, originalName) });
      const { jobArray } = await connection.call('getScheduledJobs', { companyHandle, originalName });
      expect(jobArray).toEqual([]);
    },
  },
  getJobLogs: {
    run: async ({ companyHandle, run, upload }, send) => {
      await run({ jobName: 'Sample with a log', ...upload(['/red.png']) });
      await send({ companyHandle });
    },
    adds: { [LATER]: [...LOG_FIELDS, 'jobSubType'].map((field) => `jobLogArray/items/${field}`) },
  },
  getJobLogDetails: {
    run: async ({ companyHandle, run, upload, expect }, send) => {
      const { jobHandle } = await run({ jobName: 'Sample with details', ...upload(['/red.png']) });
      const { jobLogArray } = await send({ companyHandle, jobHandle });
      const rows = jobLogArray.flatMap(({ detailArray = [] }) => detailArray);
      expect(rows[0]).toMatchObject({ logType: 'BeginUploadUrls', logMessage: 'Upload has begun!' });
      expect(rows.slice(1, 3).map(({ logType }) => logType)).toEqual(['OriginalJobName', 'JobClient']);
    },
    adds: {
      [LATER]: [...LOG_FIELDS, 'detailTotalRows', 'detailArray/items/dateCreated'].map(
        (field) => `jobLogArray/items/${field}`,
      ),
      'the sample ends before the rows about assets': [
        'jobLogArray/items/detailArray/items/assetHandle',
        'jobLogArray/items/detailArray/items/assetName',
        'jobLogArray/items/detailArray/items/assetType',
      ],
    },
  },
  getAssetJobLogs: {
    run: async ({ companyHandle, asset, run, upload, files, expect }, send) => {
      const assetHandle = await asset('sample-uploaded-twice');
      const urlArray = [
        { sourceUrl: `${files.url}/blue.png`, destPath: 'SampleCompany/sample-uploaded-twice.png' },
      ];
      await run({ jobName: 'Second upload of a sample', ...upload([], { urlArray }) });
      const { jobLogArray } = await send({ companyHandle, assetHandle });
      expect(jobLogArray.map(({ logType }) => logType)).toEqual(['UploadSuccess', 'FileUpdated']);
      for (const { logMessage } of jobLogArray) {
        expect(logMessage).toBe('SampleCompany/sample-uploaded-twice.png was processed into IPS.');
      }
    },
  },
};

/** Samples of publish contexts and marks. */
export const publishReproductions: Reproductions = {
  getPublishContexts: {
    run: ({ companyHandle }, send) => send({ companyHandle }),
  },
  batchGetAssetPublishContexts: {
    run: async ({ companyHandle, asset, connection }, send) => {
      const assetHandleArray = [await asset('sample-in-one-context'), await asset('sample-in-two-contexts')];
      const { publishContextArray } = await connection.call('getPublishContexts', { companyHandle });
      const shown = [['ImageServing'], ['Video', 'ImageRendering']];
      await connection.call('setAssetsContextState', {
        companyHandle,
        assetsContextStateUpdateArray: assetHandleArray.map((assetHandle, index) => ({
          assetHandle,
          contextStateUpdateArray: publishContextArray.map(({ contextHandle, contextName }) => ({
            contextHandle,
            publishState: shown[index]?.includes(contextName) ? 'MarkedForPublish' : 'NotMarkedForPublish',
          })),
        })),
      });
      await send({ companyHandle, assetHandleArray });
    },
  },
  setAssetPublishState: {
    run: async ({ companyHandle, asset }, send) => {
      const assetHandle = await asset('sample-unmarked');
      await send({ companyHandle, assetHandle, publishState: 'NotMarkedForPublish' });
    },
  },
  getAssetPublishHistory: {
    run: async ({ companyHandle, asset, expect }, send) => {
      const assetHandle = await asset('sample-unpublished');
      expect((await send({ companyHandle, assetHandle })).pubHistoryArray).toEqual([]);
    },
  },
};
