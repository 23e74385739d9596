import type { ActiveJob, JobLogDetail, ScheduledJob } from '@ips-sdk/types';
import { type JobKind, parseJobHandle } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import { checkedCallOptions, SIGNAL, WAIT, WATCH } from '../check-options.js';
import { Deadline } from '../deadline.js';
import { JobNotFoundError } from '../errors.js';
import { checked } from '../option-checks.js';
import type { CallOptions } from '../options.js';
import { paginate } from '../paginate.js';
import { activeJobs } from './active-jobs.js';
import type { JobEvent } from './job-event.js';
import type { WaitOptions, WatchOptions } from './job-options.js';
import type { JobVerdict } from './verdict.js';
import { watchJob } from './watch.js';
import { isOf, type WatchTarget } from './watch-target.js';

/** Milliseconds before a wait can conclude that a job does not exist. */
const MISSING_AFTER = 500;

/** A job of the service, from `jobs.submit` or `jobs.get`. */
export class Job {
  /** The handle from `submitJob`, or the one given to `jobs.get`; empty for a job known by name. */
  readonly handle: string;
  /** The kind, if known. */
  readonly kind: JobKind | undefined;
  readonly #caller: Caller;
  readonly #target: WatchTarget;

  /**
   * Use `jobs.submit` or `jobs.get` instead.
   *
   * @internal
   */
  constructor(
    caller: Caller,
    given: {
      handle: string;
      name?: string | undefined;
      kind?: JobKind | undefined;
      submittedAt?: number | undefined;
      byName?: boolean | undefined;
    },
  ) {
    const parsed = parseJobHandle(given.handle);
    this.#caller = caller;
    this.handle = given.handle;
    this.kind = given.kind;
    this.#target = {
      name: given.name ?? parsed?.name,
      handle: given.handle,
      // The handle of a file upload names a run before it starts, so the name of the job finds it sooner.
      runHandle: parsed?.run === undefined || given.byName ? undefined : given.handle,
      submittedAt: given.submittedAt,
      isNew: given.submittedAt !== undefined || given.byName === true,
      stopRequested: false,
      seen: false,
      missingSince: undefined,
    };
  }

  /** The submitted name; `undefined` for a job known by the handle of a run until a watch finds it. */
  get name(): string | undefined {
    return this.#target.name;
  }

  /** The handle of the run, once a watch has found it. */
  get runHandle(): string | undefined {
    return this.#target.runHandle;
  }

  /**
   * Watches the job until it ends. Yields changes of its state, progress and tasks, log rows, and finally the verdict.
   *
   * An outage of the service does not end the watch unless it lasts longer than `maxOutage`.
   *
   * @throws JobNotFoundError when the job is in none of the service's lists.
   * @throws HttpError, ConnectionError or TimeoutError when an outage lasts longer than `maxOutage`.
   * @example
   * ```ts
   * for await (const event of job.watch()) {
   *   if (event.type === 'progress') console.log(`${event.progress} %`);
   *   if (event.type === 'done') console.log(event.verdict.status);
   * }
   * ```
   */
  watch(options: WatchOptions = {}): AsyncGenerator<JobEvent, void, undefined> {
    return watchJob(this.#caller, this.#target, checked(WATCH, options));
  }

  /**
   * Waits until the job has ended.
   *
   * @returns The verdict from its log. A job that failed does not throw.
   * @throws TimeoutError when the job takes longer than `timeout`. The job continues.
   * @throws JobNotFoundError when the job is in none of the service's lists. A `timeout` of less than half a second is too short to detect
   * this.
   * @throws HttpError, ConnectionError or TimeoutError when an outage lasts longer than `maxOutage`.
   * @example
   * ```ts
   * const verdict = await job.wait({ timeout: 600_000, signal: AbortSignal.timeout(900_000) });
   * if (!verdict.ok) console.log(verdict.status, verdict.failures);
   * ```
   * @example Wait through half an hour of maintenance, and report it.
   * ```ts
   * const verdict = await job.wait({
   *   maxOutage: 1_800_000,
   *   onEvent: (event) => {
   *     if (event.type === 'lost-contact') console.log(`no answer since ${event.since.toISOString()}, retrying`);
   *     if (event.type === 'regained-contact') console.log(`contact again after ${event.duration} ms`);
   *   },
   * });
   * console.log(verdict.status); // succeeded
   * ```
   */
  async wait(options: WaitOptions = {}): Promise<JobVerdict> {
    const { timeout, onEvent, ...watching } = checked(WAIT, options);
    const name = this.name ?? this.handle;
    const deadline = new Deadline(`the job "${name}"`, timeout, options.signal);
    const { signal } = deadline;
    try {
      for await (const event of this.watch({ ...watching, log: onEvent !== undefined, signal })) {
        onEvent?.(event);
        if (event.type === 'done') return event.verdict;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      const { missingSince, isNew } = this.#target;
      // A job that is in none of the lists will never end.
      const isMissing = missingSince !== undefined && performance.now() - missingSince >= MISSING_AFTER;
      if (deadline.hasExpired && isMissing && !isNew) throw new JobNotFoundError(name);
      throw signal.reason;
    } finally {
      deadline.stop();
    }
    throw new JobNotFoundError(name);
  }

  /**
   * Iterates over the rows of the job's log so far.
   *
   * @throws JobNotFoundError when a job known by name has no log.
   * @example
   * ```ts
   * for await (const { logType, logMessage } of job.log()) console.log(logType, logMessage);
   * ```
   */
  async *log(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<JobLogDetail, void, undefined> {
    checked(SIGNAL, options);
    const jobHandle = this.#target.runHandle ?? (await this.#findRun(options.signal)) ?? this.handle;
    yield* paginate(this.#caller, 'getJobLogDetails', { jobHandle }, options, (log) =>
      isOf(this.#target, { jobHandle: log.jobHandle, name: log.originalJobName }),
    );
  }

  /** Finds the run of a job known by name. */
  async #findRun(signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.handle !== '' || this.name === undefined) return undefined;
    const filter = {
      originalName: this.name,
      recordsPerPage: 1,
      sortBy: 'Date',
      sortDirection: 'Descending',
    };
    const { jobLogArray } = await this.#caller.call('getJobLogDetails', filter, { signal });
    const log = jobLogArray.find(({ jobHandle, originalJobName: name }) =>
      isOf(this.#target, { jobHandle, name }),
    );
    if (log === undefined) throw new JobNotFoundError(this.name);
    return log.jobHandle;
  }

  /** Returns the job's trigger with its schedule and next fire time, or `undefined` if the job is not scheduled. */
  async schedule(): Promise<ScheduledJob | undefined> {
    const { jobArray } = await this.#caller.call(
      'getScheduledJobs',
      this.name === undefined ? { jobHandle: this.handle } : { originalName: this.name },
    );
    return jobArray.find((trigger) => this.#owns(trigger));
  }

  /** Stops the run. Its completed work remains and is listed in its log. */
  async stop(call?: CallOptions): Promise<void> {
    await this.#control('stopJob', this.#target.runHandle, call);
    this.#target.stopRequested = true;
  }

  /**
   * Pauses the job: its active run, its schedule, or both if the handle identifies both. A paused run remains active, so a wait for it
   * does not end.
   */
  async pause(call?: CallOptions): Promise<void> {
    await this.#control('pauseJob', undefined, call);
  }

  /** Resumes a paused job. */
  async resume(call?: CallOptions): Promise<void> {
    await this.#control('resumeJob', undefined, call);
  }

  /** Runs a scheduled job now, without changing its schedule. */
  async execute(call?: CallOptions): Promise<void> {
    await this.#control('executeJob', undefined, call);
  }

  /** Deletes the job: its trigger and its active run. */
  async delete(call?: CallOptions): Promise<void> {
    await this.#control('deleteJob', undefined, call);
  }

  async #control(
    operation: 'stopJob' | 'pauseJob' | 'resumeJob' | 'executeJob' | 'deleteJob',
    run: string | undefined,
    call: CallOptions | undefined,
  ): Promise<void> {
    checkedCallOptions(call);
    await this.#caller.call(operation, { jobHandle: run ?? (await this.#knownHandle(call)) }, call);
  }

  /** The handle. For a job known by name, it is looked up: that of the trigger if there is one, otherwise that of a run. */
  async #knownHandle(call: CallOptions | undefined): Promise<string> {
    if (this.handle !== '') return this.handle;
    const originalName = this.name ?? '';
    const scheduled = await this.#caller.call('getScheduledJobs', { originalName }, call);
    const trigger = scheduled.jobArray.find((job) => this.#owns(job));
    if (trigger !== undefined) return trigger.jobHandle;
    const runs = await activeJobs(this.#caller, { originalName }, call);
    const run = runs.find((job) => this.#owns(job));
    if (run === undefined) throw new JobNotFoundError(originalName);
    return run.jobHandle;
  }

  /** Whether a trigger or a run belongs to this job. */
  #owns({ jobHandle, originalName }: ScheduledJob | ActiveJob): boolean {
    const { name, handle } = this;
    return isOf({ name, handle, runHandle: undefined }, { jobHandle, name: originalName });
  }
}
