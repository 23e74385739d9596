import type { IpsClient } from '@ips-sdk/client';
import type { JobLog } from '@ips-sdk/types';

/** Logs in a request. */
const ROWS = 2000;

/**
 * The heads of the logs of runs that started at a time or later, oldest first. Each request continues at the start of the last one,
 * because the service has no pages for this list. Periods would miss runs that start in one and end in the next.
 *
 * @param most - About how many to read at most.
 */
export async function* readLogs(
  client: IpsClient,
  from: number,
  most: number,
): AsyncGenerator<JobLog, void, undefined> {
  const seen = new Set<string>();
  let cursor = from;
  for (let numRows = ROWS; ; ) {
    const { jobLogArray } = await client.getJobLogs({
      startDate: new Date(cursor),
      numRows,
      sortBy: 'StartDate',
      sortDirection: 'Ascending',
    });
    let last = cursor;
    for (const log of jobLogArray) {
      const start = log.startDate === undefined ? cursor : Date.parse(log.startDate);
      if (Number.isFinite(start)) last = Math.max(last, start);
      if (seen.has(log.jobHandle)) continue;
      seen.add(log.jobHandle);
      yield log;
    }
    if (jobLogArray.length < numRows || seen.size >= most) return;
    // More runs started at one moment than fit.
    if (last === cursor) numRows *= 4;
    else cursor = last;
  }
}
