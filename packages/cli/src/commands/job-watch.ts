import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { jobReference } from './job-rows.js';
import { printVerdict } from './job-verdict.js';

/** `ips job watch` */
export async function run(
  context: Context,
  options: FollowOptions & { readonly exitStatus?: boolean },
  reference: string,
): Promise<number> {
  const job = (await context.client()).jobs.get(jobReference(reference));
  const verdict = await followJob(context, job, options);
  const code = await printVerdict(context, job, verdict);
  return options.exitStatus ? code : EXIT.ok;
}
