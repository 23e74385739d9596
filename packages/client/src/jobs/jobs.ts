import type { ActiveJob, JobLog, ScheduledJob, SubmitJobParam } from '@ips-sdk/types';
import { type JobKind, jobDetails } from '@ips-sdk/types/jobs';
import { nearest } from '@ips-sdk/types/nearest';
import { parseSchedule } from '@ips-sdk/wire/schedule';
import type { Caller } from '../caller.js';
import { ACTIVE, checkedCallOptions, HISTORY, LIST, SCHEDULED, SUBMIT } from '../check-options.js';
import { ConfigError } from '../config-error.js';
import { checked } from '../option-checks.js';
import type { CallOptions } from '../options.js';
import { activeJobs } from './active-jobs.js';
import { Job } from './job.js';
import type {
  ActiveJobFilter,
  HistoryOptions,
  ListedJob,
  ListOptions,
  SubmitOptions,
} from './job-options.js';

/** Kinds of jobs that can be submitted, named after the field with their details. */
export type SubmittableJobKind = Exclude<JobKind, 'uploadPostJob'>;

/** Submits, finds and lists jobs. */
export class Jobs {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Submits a job.
   *
   * @param kind - Kind of the job, which is also the name of the field for its details.
   * @throws ValidationError when the details violate the rules of the API. Nothing is sent.
   * @throws ScheduleError when the schedule is invalid. Nothing is sent.
   * @example
   * ```ts
   * const job = await ips.jobs.submit('uploadUrlsJob', {
   *   urlArray: [{ sourceUrl: 'https://www.example.com/red.tif', destPath: 'MyCompany/Shoes/red.tif' }],
   *   overwrite: true,
   *   readyForPublish: true,
   *   createMask: false,
   *   emailSetting: 'None',
   * }, { name: 'Spring shoes' });
   * const verdict = await job.wait({ timeout: 600_000 });
   * console.log(verdict.counts.succeeded, verdict.failures);
   * ```
   */
  async submit<Kind extends SubmittableJobKind>(
    kind: Kind,
    details: NonNullable<SubmitJobParam[Kind]>,
    options: SubmitOptions = {},
  ): Promise<Job> {
    this.#checkKind(kind);
    const { name = defaultName(kind), call, ...rest } = checked(SUBMIT, options);
    if (rest.execSchedule !== undefined) parseSchedule(rest.execSchedule);
    const input = Object.fromEntries(
      Object.entries({ ...rest, jobName: name, [kind]: details }).filter(([, value]) => value !== undefined),
    );
    const submittedAt = Date.now() + this.#caller.exchanger.clockOffset;
    const { jobHandle } = await this.#caller.call('submitJob', input, call);
    // The response may correct the offset of the clock. The earlier of both times includes every run.
    const corrected = Math.min(submittedAt, Date.now() + this.#caller.exchanger.clockOffset);
    return new Job(this.#caller, { handle: jobHandle, name, kind, submittedAt: corrected });
  }

  /**
   * Returns a job by the handle of its trigger or one of its runs, or by its submitted name. Nothing is sent.
   *
   * @throws TypeError when the handle or the name is empty.
   * @example
   * ```ts
   * const job = ips.jobs.get({ name: 'Nightly' });
   * console.log(job.name); // Nightly
   * ```
   */
  get(job: string | { readonly name: string }): Job {
    const given: unknown = typeof job === 'object' && job !== null ? job.name : job;
    // With an empty name, the service would return all jobs.
    if (typeof given !== 'string' || given.trim() === '')
      throw new TypeError(
        `job: expected a handle or { name }, found ${JSON.stringify(given) ?? String(given)}`,
      );
    if (typeof job === 'string') return new Job(this.#caller, { handle: job });
    return new Job(this.#caller, { handle: '', name: job.name });
  }

  /** @throws ConfigError for a kind of job that the contract lacks, whatever the validation of the input is. */
  #checkKind(kind: unknown): void {
    const fields = this.#caller.exchanger.codec.contract.messages['SubmitJobParam']?.fields ?? [];
    const kinds = fields.map(([field]) => field).filter((field) => field.endsWith('Job'));
    if (typeof kind === 'string' && kinds.includes(kind)) return;
    const meant = nearest(String(kind), kinds);
    throw new ConfigError(
      'kind',
      `unknown kind of job; ${meant === undefined ? `expected one of ${kinds.join(', ')}` : `did you mean ${meant}?`}`,
    );
  }

  /** Lists the active runs. */
  async active(filter: ActiveJobFilter = {}, call?: CallOptions): Promise<ActiveJob[]> {
    return activeJobs(this.#caller, checked(ACTIVE, filter), checkedCallOptions(call));
  }

  /** Lists the scheduled jobs. */
  async scheduled(
    filter: Omit<ActiveJobFilter, 'includeWaitingJobs'> = {},
    call?: CallOptions,
  ): Promise<ScheduledJob[]> {
    checkedCallOptions(call);
    return (await this.#caller.call('getScheduledJobs', checked(SCHEDULED, filter), call)).jobArray;
  }

  /**
   * Iterates over the logs of a period without their rows, oldest first: of runs that started and ended in it. The service silently
   * truncates long lists, so after a full list the next one begins at the start of its last run.
   *
   * @throws ConfigError when `to` is before `from`.
   * @example
   * ```ts
   * const day = 86_400_000;
   * for await (const log of ips.jobs.history({ from: new Date(Date.now() - 7 * day) })) {
   *   console.log(log.originalJobName, log.fileErrorCount);
   * }
   * ```
   */
  async *history(options: HistoryOptions): AsyncGenerator<JobLog, void, undefined> {
    checked(HISTORY, options);
    const from = timeOf(options.from);
    const to =
      options.to === undefined
        ? Date.now() + this.#caller.exchanger.clockOffset + 60_000
        : timeOf(options.to);
    if (to < from) throw new ConfigError('to', 'expected a time after `from`');
    const seen = new Set<string>();
    let cursor = from;
    for (let rows = options.pageSize ?? 1000; ; ) {
      const input = {
        startDate: new Date(cursor),
        // It limits the end of runs, so a list of shorter periods would lack the runs that start in one and end in the next.
        endDate: new Date(to),
        numRows: rows,
        sortBy: 'StartDate',
        sortDirection: 'Ascending',
        ...(options.userHandle === undefined ? {} : { userHandle: options.userHandle }),
      };
      const { jobLogArray } = await this.#caller.call('getJobLogs', input, { signal: options.signal });
      let last = cursor;
      for (const log of jobLogArray) {
        const start = Date.parse(log.startDate ?? '');
        if (start > last) last = start;
        // A list begins with the runs that started when the last run of the one before did.
        if (seen.has(log.jobHandle)) continue;
        seen.add(log.jobHandle);
        yield log;
      }
      if (jobLogArray.length < rows) return;
      // More runs started at one moment than fit into a list.
      if (last === cursor) rows *= 4;
      else cursor = last;
    }
  }

  /**
   * Lists all jobs: scheduled, active, and completed since a given time or within the last day.
   *
   * @example
   * ```ts
   * for (const { stage, name, handle } of await ips.jobs.list()) console.log(stage, name, handle);
   * ```
   */
  async list(options: ListOptions = {}): Promise<ListedJob[]> {
    const { only, signal } = checked(LIST, options);
    const since = options.since ?? new Date(Date.now() + this.#caller.exchanger.clockOffset - 86_400_000);
    const asks = (stage: ListedJob['stage']): boolean => only === undefined || only === stage;
    const [scheduled, active, logs] = await Promise.all([
      asks('scheduled') ? this.scheduled({}, { signal }) : [],
      asks('active') ? this.active({}, { signal }) : [],
      asks('completed') ? collect(this.history({ from: since, signal })) : [],
    ]);
    const running = new Set(active.map((job) => job.jobHandle));
    const ended = logs.filter(
      (log) => !running.has(log.jobHandle) && (log.endDate !== undefined || log.fatalError),
    );
    return [
      ...scheduled.map((job) => ({ stage: 'scheduled', ...namesOf(job), job }) as const),
      ...active.map((job) => ({ stage: 'active', ...namesOf(job), job }) as const),
      ...ended.map((job) => {
        const { originalJobName: name, jobHandle: handle } = job;
        return { stage: 'completed', name, handle, kind: undefined, job } as const;
      }),
    ];
  }
}

function namesOf(job: ScheduledJob | ActiveJob): { name: string; handle: string; kind: JobKind | undefined } {
  return { name: job.originalName, handle: job.jobHandle, kind: jobDetails(job)?.kind };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function defaultName(kind: string): string {
  const random = Math.random().toString(36).slice(2, 8);
  return `${kind} ${new Date().toISOString()} ${random}`;
}

function timeOf(value: Date | string): number {
  return typeof value === 'string' ? Date.parse(value) : value.getTime();
}
