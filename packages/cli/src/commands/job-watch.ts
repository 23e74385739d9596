import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { explainError } from '../explain-error.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { followJobs } from '../progress/follow-jobs.js';
import { findJobs } from './find-job.js';
import { printVerdict, printVerdicts, VERDICT_FIELDS, verdictRow } from './job-verdict.js';
import { expandStdin } from './read-input.js';

/** The fields of the output. */
export const fields = VERDICT_FIELDS;

/** `ips job watch` */
export async function run(
  context: Context,
  options: FollowOptions & { readonly exitStatus?: boolean },
  given: readonly string[],
): Promise<number> {
  const { jobs } = await context.client();
  const references = await expandStdin(context, given);
  const found = await Promise.all(references.map((reference) => findJobs(context, reference)));
  const watched = found.flat().map((reference) => jobs.get(reference));
  const [job, ...others] = watched;
  if (job === undefined) {
    context.note('no jobs');
    return EXIT.ok;
  }
  if (others.length === 0) {
    const code = await printVerdict(context, job, await followJob(context, job, options));
    return options.exitStatus ? code : EXIT.ok;
  }
  const followed = await followJobs(context, watched, options);
  const rows = followed.flatMap((one) => ('verdict' in one ? [verdictRow(one.job, one.verdict)] : []));
  await printVerdicts(context, rows);
  let code: number = options.exitStatus && rows.some(({ ok }) => !ok) ? EXIT.failed : EXIT.ok;
  for (const one of followed) {
    if (!('error' in one)) continue;
    const { message, exitCode } = explainError(one.error);
    context.failed(message);
    code = exitCode;
  }
  return code;
}
