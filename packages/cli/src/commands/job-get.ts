import { jobDetails } from '@ips-sdk/types/jobs';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { fieldNames } from './api-fields.js';
import { findJob } from './find-job.js';
import { endOf } from './job-rows.js';
import { stoppedJobs } from './stopped-jobs.js';

/** The fields of the output. */
export const fields = [
  ...new Set(['stage', 'kind', 'status', ...['ActiveJob', 'ScheduledJob', 'JobLog'].flatMap(fieldNames)]),
];

/** `ips job get` */
export async function run(context: Context, _: object, reference: string): Promise<undefined> {
  const client = await context.client();
  const found = await findJob(context, reference);
  const filter = typeof found === 'string' ? { jobHandle: found } : { originalName: found.name };
  const call = { signal: context.signal };
  const [active] = await client.jobs.active(filter, call);
  const [scheduled] = await client.jobs.scheduled(filter, call);
  const job = active ?? scheduled;
  if (job !== undefined) {
    const stage = active === undefined ? 'scheduled' : 'active';
    await context.print.object({ stage, kind: jobDetails(job)?.kind, ...job }, fields);
    return undefined;
  }
  const newest = { recordsPerPage: 1, sortBy: 'Date', sortDirection: 'Descending' };
  const { jobLogArray } = await client.getJobLogDetails({ ...filter, ...newest }, call);
  const log = jobLogArray.toSorted(
    (a, b) => Date.parse(b.startDate ?? '') - Date.parse(a.startDate ?? ''),
  )[0];
  if (log === undefined) {
    throw new CliError(
      EXIT.service,
      `job ${JSON.stringify(reference)} is not scheduled or active, and has no log`,
      'ips job list lists the jobs',
    );
  }
  const { detailArray: _rows, ...head } = log;
  const isStopped = (await stoppedJobs(client, [log], context.signal)).size > 0;
  const status = isStopped ? 'stopped' : endOf(log);
  await context.print.object({ stage: 'completed', status, ...head }, fields);
  return undefined;
}
