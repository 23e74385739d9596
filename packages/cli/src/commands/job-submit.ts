import type { SubmitOptions } from '@ips-sdk/client';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type FollowOptions, followJob } from '../progress/follow-job.js';
import { type JobInputOptions, jobInput, jobKind, submitInput } from './job-input.js';
import { printVerdict, VERDICT_FIELDS } from './job-verdict.js';
import { printDryRun } from './print-dry-run.js';

interface Options extends JobInputOptions, FollowOptions {
  readonly at?: string;
  readonly watch?: boolean;
  readonly wait?: boolean;
  readonly exitStatus?: boolean;
}

/** The fields of the handle, or of the verdict that the command waits for. */
export function fields({ watch, wait }: Options): readonly string[] {
  return watch || wait ? VERDICT_FIELDS : JOB_FIELDS;
}

/** `ips job submit` */
export async function run(context: Context, options: Options, kindName: string): Promise<number> {
  const kind = jobKind(kindName);
  const { details, submit } = await jobInput(context, kind, options);
  const timed: SubmitOptions = {
    ...submit,
    execTime: options.at,
  };
  if (await printDryRun(context, 'submitJob', submitInput(kind, details, timed))) return EXIT.ok;
  const { jobs } = await context.client();
  // The client validates the details.
  const job = await jobs.submit(kind, details as never, timed);
  context.done(`submitted ${job.name}`);
  if (!options.watch && !options.wait) {
    await printJob(context, job.handle, job.name);
    return EXIT.ok;
  }
  const verdict = await followJob(context, job, { ...options, silent: !options.watch });
  const code = await printVerdict(context, job, verdict);
  return options.exitStatus || options.wait ? code : EXIT.ok;
}

/** The fields of a submitted job. */
export const JOB_FIELDS = ['handle', 'name'];

/** Prints the handle of a submitted job, as text or in the requested format. */
export async function printJob(context: Context, handle: string, name: string | undefined): Promise<void> {
  if (context.print.isShaped) await context.print.object({ handle, name });
  else await context.print.text(`${handle}\n`);
}
