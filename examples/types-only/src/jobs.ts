import type { ActiveJob, Operations, TaskProgress } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { jobDetails } from '@ips-sdk/types/jobs';

declare const console: { log(...values: unknown[]): void };

/** How far a job's tasks are, in one line. */
export function progressLine(job: ActiveJob): string {
  const tasks = job.taskProgressArray.map(
    (task: TaskProgress) => `${task.taskType} ${Math.round(task.progress * 100)} %`,
  );
  return `${job.originalName} (${jobDetails(job)?.kind ?? job.type}): ${job.progress} %${tasks.length > 0 ? `, ${tasks.join(', ')}` : ''}`;
}

const request: Operations['getActiveJobs']['input'] = { companyHandle: 'c|6', includeWaitingJobs: true };
const job: ActiveJob = {
  companyHandle: 'c|6',
  jobHandle: 'j|6||Spring shoes_2014-04-03-22:00:00.000|54091',
  name: 'Spring shoes_2014-04-03-22:00:00.000',
  originalName: 'Spring shoes',
  type: 'UrlUpload',
  state: 'Running',
  submitUserEmail: 'ann@example.com',
  serverName: 'worker-1',
  startDate: '2014-04-03T22:00:00.000-07:00',
  triggerTime: '2014-04-03T22:00:00.000-07:00',
  totalSize: 2,
  progress: 50,
  progressMessage: 'red.tif',
  lastProgressUpdate: '2014-04-03T22:00:07.000-07:00',
  taskProgressArray: [
    {
      taskType: 'Upload',
      taskState: 'Processing',
      numProcessed: 1,
      numProcessing: 1,
      numPending: 0,
      progress: 0.5,
      progressMessage: 'red.tif',
      lastProgressUpdate: '2014-04-03T22:00:07.000-07:00',
      taskItemProgressArray: [],
    },
  ],
  uploadUrlsJob: {
    numUrls: 2,
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  },
};

const line = progressLine(job);
console.log(Object.keys(contract.operations).length, request.companyHandle, line);
if (line !== 'Spring shoes (uploadUrlsJob): 50 %, Upload 50 %') throw new Error(line);
