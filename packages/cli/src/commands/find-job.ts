import type { CallOptions, IpsClient } from '@ips-sdk/client';
import type { JobLog } from '@ips-sdk/types';
import type { Context } from '../context.js';
import { jobReference } from './job-rows.js';

/** The time that the service adds to the name of a run: `Nightly_2014-04-03-02:00:00.000`. */
const RUN_TIME = /_\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d(?:\.\d+)?$/;

/** The time that the client adds to the name of an upload to make each job name unique. */
const UPLOAD_TIME = / \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?: [0-9a-z]{4,16})?$/;

/** `IPS_API_FAULT_CODE_INVALID_PARAMETER`: the code that the service may return for an unknown name. */
const INVALID_PARAMETER = 30001;

/** How far back to search for a completed job if the service does not find its name, in milliseconds. */
const RECENT = 7 * 86_400_000;

/** The names of a job or of its log. */
interface Named {
  readonly name?: string | undefined;
  readonly originalName?: string | undefined;
  readonly jobName?: string | undefined;
  readonly originalJobName?: string | undefined;
}

/** Whether a job has a name: the submitted name, the name of its run, or the name of its upload. The last two have a time suffix. */
export function isNamed(job: Named, text: string): boolean {
  return [job.originalName, job.originalJobName, job.name, job.jobName].some(
    (name) => name !== undefined && namesIn(name).includes(text),
  );
}

/** A name with and without its time suffixes. */
function namesIn(name: string): readonly string[] {
  const submitted = name.replace(RUN_TIME, '');
  return [name, submitted, submitted.replace(UPLOAD_TIME, '')];
}

/** A job reference of the client. */
type Reference = string | { readonly name: string };

/**
 * Finds a job by its handle, its submitted name, or the name of one of its runs. If an upload started several jobs, finds the first
 * active one, or else the last one.
 */
export async function findJob(context: Context, text: string): Promise<Reference> {
  const [first] = await findJobs(context, text);
  return first ?? jobReference(text);
}

/**
 * Like {@link findJob}, but finds all active jobs of an upload. Returns an unknown job by its name, because it may be about to start.
 */
export async function findJobs(context: Context, text: string): Promise<readonly Reference[]> {
  const reference = jobReference(text);
  if (typeof reference === 'string') return [reference];
  const client = await context.client();
  const call = { signal: context.signal };
  try {
    if (await isKnown(client, text, call)) return [reference];
    const runs = await findRuns(client, text, call);
    return runs.length > 0 ? runs : [reference];
  } catch (error) {
    // A command that waits for a job also waits for a service that does not respond.
    if (isOutage(error)) return [reference];
    throw error;
  }
}

/** Whether the service finds a job by its submitted name. */
async function isKnown(client: IpsClient, originalName: string, call: CallOptions): Promise<boolean> {
  if ((await unlessUnknown(client.jobs.active({ originalName }, call))).length > 0) return true;
  if ((await unlessUnknown(client.jobs.scheduled({ originalName }, call))).length > 0) return true;
  return (await logsOf(client, originalName, call)).length > 0;
}

/** The handles of active runs with a name, or else of the newest completed one. */
async function findRuns(client: IpsClient, text: string, call: CallOptions): Promise<readonly string[]> {
  const submitted = text.replace(RUN_TIME, '');
  if (submitted !== text) {
    const log = (await logsOf(client, submitted, call)).find(({ jobName }) => jobName === text);
    if (log !== undefined) return [log.jobHandle];
  }
  const since = new Date(Date.now() - RECENT);
  const listed = await unlessUnknown(client.jobs.list({ since, ...call }));
  const found = listed.filter(({ job }) => isNamed(job, text));
  const active = found.filter(({ stage }) => stage === 'active');
  return (active.length > 0 ? active : found.slice(-1)).map(({ handle }) => handle);
}

function logsOf(client: IpsClient, originalName: string, call: CallOptions): Promise<readonly JobLog[]> {
  const look = client.getJobLogDetails({ originalName, recordsPerPage: 1 }, call);
  return unlessUnknown(look.then(({ jobLogArray }) => jobLogArray));
}

/** The jobs of a list; none if the service returns a fault for an unknown name. */
export async function unlessUnknown<T>(look: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await look;
  } catch (error) {
    const { name, code, operation } = error as Error & { code?: unknown; operation?: unknown };
    if (name === 'IpsFault' && code === INVALID_PARAMETER && operation !== 'getCompanyInfo') return [];
    throw error;
  }
}

/** Whether an error means that the service does not respond at the moment. */
function isOutage(error: unknown): boolean {
  return error instanceof Error && ['ConnectionError', 'TimeoutError', 'HttpError'].includes(error.name);
}
