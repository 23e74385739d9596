import type { ListedJob } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { moment } from '../duration.js';
import { JOB_COLUMNS, JOB_ROW_FIELDS, jobRow } from './job-rows.js';
import { stoppedJobs } from './stopped-jobs.js';

interface Options {
  readonly only?: ListedJob['stage'];
  readonly since: string;
  readonly mine?: boolean;
}

/** The fields of the output. */
export const fields = JOB_ROW_FIELDS;

/** `ips job list` */
export async function run(context: Context, options: Options): Promise<undefined> {
  const since = moment(options.since);
  const client = await context.client();
  const listed = await client.jobs.list({ since, only: options.only, signal: context.signal });
  const { user } = await context.settings();
  const wanted = listed.filter(
    ({ job }) => !options.mine || user === undefined || job.submitUserEmail === user,
  );
  const logs = wanted.flatMap((one) => (one.stage === 'completed' ? [one.job] : []));
  const stopped = await stoppedJobs(client, logs, context.signal);
  const rows = wanted.map((one) => jobRow(one, stopped));
  const printed = await context.print.rows(rows, JOB_COLUMNS, JOB_ROW_FIELDS);
  if (printed === 0) context.note('no jobs');
  return undefined;
}
