import type { Fact } from './fact.js';
import { endUploads, FAST, hangingUpload, LOG, RECORDED, untilActive } from './uploads-in-progress.ts';

/** Facts about jobs that are active or scheduled. */
export const activeJobFacts: readonly Fact[] = [
  {
    id: 'dates-with-the-zone-of-the-server',
    fact: 'Dates have milliseconds and the offset of the server’s zone, such as `-05:00`.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async ({ on, text, run, upload, companyHandle, expect }) => {
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
      // Only a server whose zone is UTC writes dates with a Z.
      const there = await on({ timeZone: 'UTC', submittedJobHandles: 'documented' });
      expect(await there.text('getFolderTree', { companyHandle, depth: -1 })).toMatch(
        /T\d\d:\d\d:\d\d\.\d{3}Z</,
      );
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({ getActiveJobs: `<jobArray><items>${RECORDED}</items></jobArray>` });
      const [job] = await ips.jobs.active();
      expect(job?.startDate).toBe('2011-03-22T14:16:13.129-05:00');
    },
  },
  {
    id: 'two-tasks-of-an-upload',
    fact: 'An upload has two tasks from the start, `com.scene7.upload.UploadAsyncTaskMonitor` and `com.scene7.autoset.AutoSetAsyncTaskMonitor`, with empty messages; the files are in the items.',
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
    id: 'active-jobs-are-paused',
    fact: 'pauseJob pauses an active job, and resumeJob restarts it; its state stays one of the seven of active jobs.',
    evidence: { kind: 'page', source: 'r-pause-job.md, r-resume-job.md, r-active-job-states.md' },
    server: async (world) => {
      const { connection, companyHandle, letGo, expect } = world;
      const { jobHandle, progress } = await hangingUpload(world, 'Paused run');
      await connection.call('pauseJob', { companyHandle, jobHandle: '6|Paused run|' });
      const paused = await untilActive(world, 'Paused run', ({ state }) => {
        letGo();
        return state === 'WaitingCoordinator';
      });
      expect(paused.jobHandle).toBe(jobHandle);
      expect(paused.progress).toBeGreaterThanOrEqual(progress);
      await connection.call('resumeJob', { companyHandle, jobHandle });
      await endUploads(world, 'Paused run');
      // What has ended is neither paused nor resumed.
      for (const operation of ['pauseJob', 'resumeJob'] as const)
        expect((await world.fault(operation, { companyHandle, jobHandle })).code).toBe(30000);
    },
    client: async ({ answered, expect }) => {
      const job = `${RECORDED}<taskProgressArray/>`;
      const waiting = job.replace('>Running<', '>WaitingCoordinator<');
      const { ips, requests } = await answered({
        pauseJob: '',
        resumeJob: '',
        getActiveJobs: [
          ...Array.from({ length: 3 }, () => `<jobArray><items>${waiting}</items></jobArray>`),
          `<jobArray><items>${job}</items></jobArray>`,
          '<jobArray/>',
        ],
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      const run = ips.jobs.get('j|111||Shoes_2011-03-22-14:16:13.129|5');
      await run.pause();
      // A run that waits has not ended, however long it does.
      const outcome = run.wait(FAST);
      await run.resume();
      expect(await outcome).toMatchObject({ status: 'succeeded' });
      const control = requests.filter(({ operation }) => /^(?:pause|resume)Job$/.test(operation));
      expect(control.map(({ xml }) => /<jobHandle>(.*?)<\/jobHandle>/.exec(xml)?.[1])).toEqual([
        'j|111||Shoes_2011-03-22-14:16:13.129|5',
        'j|111||Shoes_2011-03-22-14:16:13.129|5',
      ]);
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

const TASK =
  '<numProcessed>0</numProcessed><numProcessing>1</numProcessing><numPending>0</numPending><progress>0.12</progress>' +
  '<progressMessage></progressMessage><lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate>';
const TASKS =
  `<items><taskType>com.scene7.upload.UploadAsyncTaskMonitor</taskType>${TASK}<taskItemProgressArray><items>` +
  '<itemName>first.tif</itemName><progress>0.5</progress><progressMessage></progressMessage>' +
  '<lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate></items></taskItemProgressArray></items>' +
  `<items><taskType>com.scene7.autoset.AutoSetAsyncTaskMonitor</taskType>${TASK}<taskItemProgressArray/></items>`;
