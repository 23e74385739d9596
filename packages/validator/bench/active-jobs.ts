import type { ActiveJob, GetActiveJobsReturn } from '@ips-sdk/types';

/** An answer of getActiveJobs with tasks and URLs: about 2 KB a job. */
export function activeJobs(count: number): GetActiveJobsReturn {
  return { jobArray: Array.from({ length: count }, (_, i) => activeJob(i)) };
}

function activeJob(i: number): ActiveJob {
  const at = `2014-04-03T09:${String(i % 60).padStart(2, '0')}:30.125-07:00`;
  const tasks = ['com.example.upload.UploadTask', 'com.example.optimize.OptimizeTask'];
  return {
    companyHandle: 'c|6',
    jobHandle: `j|6||Shoes ${i}_2014-04-03-09:00:00.000|${i}`,
    name: `Shoes ${i}_2014-04-03-09:00:00.000`,
    originalName: `Shoes ${i}`,
    type: 'UrlUpload',
    state: 'Running',
    submitUserEmail: 'ann@example.com',
    locale: 'en-US',
    description: 'Red shoes & <blue> boots',
    serverName: `worker-${i % 8}`,
    startDate: at,
    triggerTime: at,
    totalSize: 1024 * i,
    progress: i % 101,
    progressMessage: 'Optimizing images',
    lastProgressUpdate: at,
    taskProgressArray: tasks.map((taskType, t) => ({
      taskType,
      taskState: 'Processing',
      numProcessed: i % 50,
      numProcessing: 1,
      numPending: 50,
      progress: (i % 50) / 50,
      progressMessage: 'Working',
      lastProgressUpdate: at,
      taskItemProgressArray: [
        { itemName: `red-${t}.tif`, progress: 0.5, progressMessage: 'Half', lastProgressUpdate: at },
        { itemName: `blue-${t}.tif`, progress: 0.25, progressMessage: '', lastProgressUpdate: at },
      ],
    })),
    uploadUrlsJob: {
      urlArray: Array.from({ length: 5 }, (_, u) => ({
        sourceUrl: `https://images.example.com/shoes/${i}/${u}.tif?size=full&id=${u}`,
        destPath: `MyCompany/Shoes/${i}/${u}.tif`,
      })),
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  };
}
