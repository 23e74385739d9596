import type { ListedJob } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { moment } from '../duration.js';
import { JOB_COLUMNS, JOB_ROW_FIELDS, jobRow } from './job-rows.js';

interface Options {
  readonly only?: ListedJob['stage'];
  readonly since: string;
  readonly mine?: boolean;
}

/** `ips job list` */
export async function run(context: Context, options: Options): Promise<undefined> {
  const since = moment(options.since);
  const { jobs } = await context.client();
  const listed = await jobs.list({ since, only: options.only, signal: context.signal });
  const { user } = await context.settings();
  const wanted = listed
    .map(jobRow)
    .filter((row) => !options.mine || user === undefined || row.submitUserEmail === user);
  const printed = await context.print.rows(wanted, JOB_COLUMNS, JOB_ROW_FIELDS);
  if (printed === 0) context.note('no jobs');
  return undefined;
}
