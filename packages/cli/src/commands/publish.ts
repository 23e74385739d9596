import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { printJob } from './job-submit.js';
import { printVerdict } from './job-verdict.js';
import { printDryRun } from './print-dry-run.js';

interface Options extends FollowOptions {
  readonly full?: boolean;
  readonly context?: string;
  readonly name?: string;
  readonly wait: boolean;
}

/** `ips publish` */
export async function run(context: Context, options: Options): Promise<number> {
  const details = {
    publishType: options.full ? 'Full' : 'Incremental',
    emailSetting: 'None',
    ...(options.context === undefined ? {} : { contextHandle: options.context }),
  };
  const name = options.name ?? `publish ${new Date().toISOString()}`;
  if (await printDryRun(context, 'submitJob', { jobName: name, imageServingPublishJob: details }))
    return EXIT.ok;
  const client = await context.client();
  const job = await client.publish(details, { name, call: { signal: context.signal } });
  context.done(`submitted ${name}`);
  if (!options.wait) {
    await printJob(context, job.handle, job.name);
    return EXIT.ok;
  }
  return printVerdict(context, job, await followJob(context, job, options));
}
