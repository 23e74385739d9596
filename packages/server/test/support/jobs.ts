// Jobs in tests: submitted, followed to their end, and their logs.
import type { JobLog, SubmitJobParam } from '@ips-sdk/types';
import type { Connection } from './call.js';

/** Submits a job and waits until it has ended. */
export async function runJob(
  connection: Connection,
  companyHandle: string,
  job: Omit<SubmitJobParam, 'companyHandle'>,
): Promise<JobLog> {
  await connection.call('submitJob', { companyHandle, ...job });
  return endedJob(connection, companyHandle, job.jobName);
}

/** Submits an upload of one picture under several names, `<jobName>0.png` and so on, in the root of the company. Returns its handle. */
export async function submitUploads(
  connection: Connection,
  companyHandle: string,
  {
    jobName,
    sourceUrl,
    count,
  }: { readonly jobName: string; readonly sourceUrl: string; readonly count: number },
): Promise<string> {
  const { jobHandle } = await connection.call('submitJob', {
    companyHandle,
    jobName,
    uploadUrlsJob: {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      urlArray: Array.from({ length: count }, (_, index) => ({
        sourceUrl,
        destPath: `SampleCompany/${jobName}${index}.png`,
      })),
    },
  });
  return jobHandle;
}

/** The log of a job that has ended, or ends soon. */
export async function endedJob(
  connection: Connection,
  companyHandle: string,
  jobName: string,
): Promise<JobLog> {
  for (;;) {
    const { jobLogArray } = await connection.call('getJobLogDetails', {
      companyHandle,
      originalName: jobName,
    });
    const log = jobLogArray?.find(({ endDate }) => endDate !== undefined);
    if (log !== undefined) return log;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The messages of the rows of some log types. */
export function messagesOf(log: JobLog, ...logTypes: string[]): string[] {
  return (log.detailArray ?? [])
    .filter(({ logType }) => logTypes.includes(logType ?? ''))
    .map(({ logMessage }) => logMessage ?? '');
}
