import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { JOB_FIELDS, printJob } from './job-submit.js';
import { printVerdict, VERDICT_FIELDS } from './job-verdict.js';
import { type IfRunning, makeWay, refusedHint } from './other-publishes.js';
import { printDryRun } from './print-dry-run.js';

interface Options extends FollowOptions {
  readonly full?: boolean;
  readonly context?: string;
  readonly name?: string;
  readonly wait: boolean;
  readonly ifRunning?: IfRunning;
}

/** The fields of the verdict, or without `--wait` of the handle. */
export function fields({ wait }: Options): readonly string[] {
  return wait ? VERDICT_FIELDS : JOB_FIELDS;
}

/** `ips publish` */
export async function run(context: Context, options: Options): Promise<number> {
  const details = {
    publishType: options.full ? 'Full' : 'Incremental',
    emailSetting: 'None',
    ...(options.context === undefined ? {} : { contextHandle: options.context }),
  };
  const name = options.name ?? `publish ${new Date().toISOString()}`;
  const { ifRunning } = options;
  if (ifRunning !== undefined && !(await makeWay(context, ifRunning, options))) return EXIT.ok;
  if (await printDryRun(context, 'submitJob', { jobName: name, imageServingPublishJob: details }))
    return EXIT.ok;
  const client = await context.client();
  const job = await client
    .publish(details, { name, call: { signal: context.signal } })
    .catch(async (error: Error & { readonly kind?: unknown }) => {
      const hint = error.kind === 'api' ? await refusedHint(context) : undefined;
      throw hint === undefined ? error : new CliError(EXIT.service, error.message, hint, error);
    });
  context.done(`submitted ${name}`);
  if (!options.wait) {
    await printJob(context, job.handle, job.name);
    return EXIT.ok;
  }
  return printVerdict(context, job, await followJob(context, job, options));
}
