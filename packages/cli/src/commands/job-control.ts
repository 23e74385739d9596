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
  stop: { operation: 'stopJob', done: 'stopping', call: (job: Job) => job.stop() },
  pause: { operation: 'pauseJob', done: 'paused', call: (job: Job) => job.pause() },
  resume: { operation: 'resumeJob', done: 'resumed', call: (job: Job) => job.resume() },
  run: { operation: 'executeJob', done: 'started', call: (job: Job) => job.execute() },
  delete: { operation: 'deleteJob', done: 'deleted', call: (job: Job) => job.delete() },
} as const;

/** Implements `ips job stop`, `pause`, `resume`, `run` and `delete`. */
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
      context.done(`${done} ${name ?? handle}`);
    }
    return undefined;
  };
}

/** The lists searched for a job. */
const LISTS: Readonly<Record<Verb, string>> = {
  stop: 'active',
  pause: 'scheduled or active',
  resume: 'scheduled or active',
  run: 'scheduled',
  delete: 'scheduled or active',
};

/** The handle of a job by name: the handle of its run for `stop`, of its schedule for `run`, and of either for other verbs. */
async function handleOf(context: Context, name: string, verb: Verb): Promise<string> {
  const { jobs } = await context.client();
  const call = { signal: context.signal };
  // The service finds jobs by submitted name only. Search all jobs for names with a time suffix.
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
    `no ${LISTS[verb]} job is named ${JSON.stringify(name)}`,
    'ips job list lists the jobs',
  );
}

/**
 * The handle of the only job with a name.
 *
 * @throws CliError if several jobs have the name, such as those of one upload.
 */
function only(
  name: string,
  jobs: readonly { readonly jobHandle: string; readonly originalName: string }[],
): string | undefined {
  const [first, ...others] = jobs;
  // Several runs of one job share its name. The first is the oldest.
  if (others.every(({ originalName }) => originalName === first?.originalName)) return first?.jobHandle;
  const handles = [first, ...others].map((job) => `  ${job?.jobHandle}`);
  throw new CliError(
    EXIT.usage,
    `${handles.length} jobs are named ${JSON.stringify(name)}:\n${handles.join('\n')}`,
    'give their handles',
  );
}

function namedAmong<T extends Parameters<typeof isNamed>[0]>(jobs: readonly T[], name: string): T[] {
  return jobs.filter((job) => isNamed(job, name));
}
