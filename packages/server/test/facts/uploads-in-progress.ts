// What facts about active jobs share: the answer that was recorded, and uploads that hang as long as a fact looks at them.
import type { ActiveJob } from '@ips-sdk/types';
import type { ServerWorld } from './fact.js';

/** A job as the service was seen to answer it, in values of our own. */
export const RECORDED =
  '<companyHandle>111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|5</jobHandle>' +
  '<name>Shoes_2011-03-22-14:16:13.129</name><originalName>Shoes</originalName><type>UrlUpload</type>' +
  '<state>Running</state><submitUserEmail>ann@example.com</submitUserEmail><locale>en-US</locale>' +
  '<description>Upload</description><serverName>ips1</serverName>' +
  '<startDate>2011-03-22T14:16:13.129-05:00</startDate><totalSize>0</totalSize><progress>12</progress>' +
  '<progressMessage>Optimizing files</progressMessage>' +
  '<lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate>';

export const LOG =
  '<companyHandle>c|111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|5</jobHandle>' +
  '<jobName>Shoes_2011-03-22-14:16:13.129</jobName><originalJobName>Shoes</originalJobName>' +
  '<submitUserEmail>ann@example.com</submitUserEmail><logType>BeginUploadUrls</logType>' +
  '<startDate>2011-03-22T14:16:13.129-05:00</startDate><endDate>2011-03-22T14:17:13.129-05:00</endDate>' +
  '<fileSuccessCount>2</fileSuccessCount><fileErrorCount>0</fileErrorCount><fileWarningCount>0</fileWarningCount>' +
  '<fatalError>false</fatalError>';

export const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };

/** An upload whose one file hangs, once its item shows. */
export async function hangingUpload(world: ServerWorld, jobName: string): Promise<ActiveJob> {
  const { connection, companyHandle, upload } = world;
  await connection.call('submitJob', { companyHandle, jobName, ...upload(['/slow.png']) });
  return untilActive(world, jobName, ({ taskProgressArray }) =>
    taskProgressArray.some(({ taskItemProgressArray }) => taskItemProgressArray.length > 0),
  );
}

/** Waits until the active job of a name is as it should be. */
export async function untilActive(
  { connection, companyHandle }: ServerWorld,
  jobName: string,
  isSo: (job: ActiveJob) => boolean,
): Promise<ActiveJob> {
  for (;;) {
    const { jobArray } = await connection.call('getActiveJobs', { companyHandle, originalName: jobName });
    const job = jobArray.find(isSo);
    if (job !== undefined) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Lets a hanging upload end. */
export async function endUploads(
  { connection, companyHandle, letGo }: ServerWorld,
  jobName: string,
): Promise<void> {
  for (;;) {
    // Its item shows before the download has begun.
    letGo();
    const { jobArray } = await connection.call('getActiveJobs', { companyHandle, originalName: jobName });
    if (jobArray.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
