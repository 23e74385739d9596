import type { Context } from '../context.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { findJob } from './find-job.js';
import { printVerdict, VERDICT_FIELDS } from './job-verdict.js';

/** The fields of the output. */
export const fields = VERDICT_FIELDS;

/** `ips job wait` */
export async function run(context: Context, options: FollowOptions, reference: string): Promise<number> {
  const job = (await context.client()).jobs.get(await findJob(context, reference));
  const verdict = await followJob(context, job, { ...options, silent: !context.options.verbose });
  return printVerdict(context, job, verdict);
}
