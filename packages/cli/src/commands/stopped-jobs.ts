import type { IpsClient } from '@ips-sdk/client';
import type { JobLog } from '@ips-sdk/types';

/** How many logs are read at the same time. */
const AT_ONCE = 4;

/** The type of the log row that records a stop. */
const STOP_ROW = 'FileCancel';

/**
 * Finds stopped runs among completed ones. The head of a log does not show a stop; only a row of the log does. To save requests, reads
 * the logs of publishes and of runs whose counts do not cover all files.
 *
 * @returns The handles of the stopped runs. A log that the user may not read counts as not stopped.
 */
export async function stoppedJobs(
  client: IpsClient,
  logs: readonly JobLog[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const stopped = new Set<string>();
  const queue = logs.filter(mayBeStopped).values();
  const work = async (): Promise<void> => {
    for (const { jobHandle } of queue)
      if (await hasStopRow(client, jobHandle, signal)) stopped.add(jobHandle);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return stopped;
}

function mayBeStopped(log: JobLog): boolean {
  if (log.fatalError) return false;
  // A publish can be stopped after its last file, while it cleans up.
  if (/Publish/.test(log.logType)) return true;
  const { totalFileCount = 0, fileSuccessCount = 0, fileErrorCount = 0 } = log;
  return totalFileCount === 0 || fileSuccessCount + fileErrorCount < totalFileCount;
}

async function hasStopRow(client: IpsClient, jobHandle: string, signal: AbortSignal): Promise<boolean> {
  const input = { jobHandle, logTypeArray: [STOP_ROW], recordsPerPage: 1 };
  try {
    const { jobLogArray } = await client.getJobLogDetails(input, { signal });
    return jobLogArray.some(({ detailArray }) => detailArray?.some(({ logType }) => logType === STOP_ROW));
  } catch (error) {
    // Some roles may list logs, but not read their rows.
    if ((error as Error).name === 'IpsFault') return false;
    throw error;
  }
}
