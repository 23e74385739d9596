import type { Job } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { isNamed, unlessUnknown } from './find-job.js';
import { jobReference } from './job-rows.js';
import { printDryRun } from './print-dry-run.js';
import { expandStdin } from './read-input.js';

type Verb = 'stop' | 'pause' | 'resume' | 'run' | 'delete';

const VERBS = {
  stop: { operation: 'stopJob', done: 'is stopping', call: (job: Job) => job.stop() },
  pause: { operation: 'pauseJob', done: 'paused', call: (job: Job) => job.pause() },
  resume: { operation: 'resumeJob', done: 'has been resumed', call: (job: Job) => job.resume() },
  run: { operation: 'executeJob', done: 'was started', call: (job: Job) => job.execute() },
  delete: { operation: 'deleteJob', done: 'deleted', call: (job: Job) => job.delete() },
} as const;

/** What `ips job stop`, `pause`, `resume`, `run` and `delete` do. */
export function controlJobs(verb: Verb) {
  const { operation, done, call } = VERBS[verb];
  return async (context: Context, _: object, given: readonly string[]): Promise<undefined> => {
    const client = await context.client();
    const references = await expandStdin(context, given);
    const found: { handle: string; name: string | undefined; job: Job }[] = [];
    for (const reference of references) {
      const handle = reference.includes('|') ? reference : await handleOf(context, reference, verb);
      found.push({
        handle,
        name: handle === reference ? undefined : reference,
        job: client.jobs.get(verb === 'stop' ? handle : jobReference(handle)),
      });
    }
    for (const { handle } of found) {
      if (await printDryRun(context, operation, { jobHandle: handle })) continue;
    }
    if (context.options.dryRun) return undefined;
    if (verb === 'stop' || verb === 'delete') {
      const what = found.length === 1 ? 'a job' : `${found.length} jobs`;
      await context.confirm(verb, what, found);
    }
    for (const { job, handle, name } of found) {
      await call(job);
      context.done(`${name ?? handle} ${done}`);
    }
    return undefined;
  };
}

/** The lists in which a job is looked for. */
const LISTS: Readonly<Record<Verb, string>> = {
  stop: 'active',
  pause: 'scheduled and active',
  resume: 'scheduled and active',
  run: 'scheduled',
  delete: 'scheduled and active',
};

/** The handle of the job with a name: that of its run in order to stop it, of its schedule in order to run it, else of either. */
async function handleOf(context: Context, name: string, verb: Verb): Promise<string> {
  const { jobs } = await context.client();
  const call = { signal: context.signal };
  // The service finds a job by its submitted name. Names with a time behind them are found among all jobs.
  const active = async (): Promise<string | undefined> => {
    const found = await unlessUnknown(jobs.active({ originalName: name }, call));
    return only(name, found.length > 0 ? found : namedAmong(await jobs.active({}, call), name));
  };
  const scheduled = async (): Promise<string | undefined> => {
    const found = await unlessUnknown(jobs.scheduled({ originalName: name }, call));
    return only(name, found.length > 0 ? found : namedAmong(await jobs.scheduled({}, call), name));
  };
  const handle =
    verb === 'stop' ? await active() : ((await scheduled()) ?? (verb === 'run' ? undefined : await active()));
  if (handle !== undefined) return handle;
  throw new CliError(
    EXIT.service,
    `there is no job named ${JSON.stringify(name)} among the ${LISTS[verb]} jobs`,
    'ips job list lists the jobs',
  );
}

/**
 * The handle of the job that has a name.
 *
 * @throws CliError when several jobs have it, such as those of one upload.
 */
function only(
  name: string,
  jobs: readonly { readonly jobHandle: string; readonly originalName: string }[],
): string | undefined {
  const [first, ...others] = jobs;
  // Runs of one job have its name, and the first is the oldest.
  if (others.every(({ originalName }) => originalName === first?.originalName)) return first?.jobHandle;
  const handles = [first, ...others].map((job) => `  ${job?.jobHandle}`);
  throw new CliError(
    EXIT.usage,
    `${handles.length} jobs are named ${JSON.stringify(name)}:\n${handles.join('\n')}`,
    'give the handles of those that you mean',
  );
}

function namedAmong<T extends Parameters<typeof isNamed>[0]>(jobs: readonly T[], name: string): T[] {
  return jobs.filter((job) => isNamed(job, name));
}
