import type { JobLogDetail, ScheduledJob } from '@ips-sdk/types';
import { type JobKind, parseJobHandle } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import { JobNotFoundError, TimeoutError } from '../errors.js';
import type { CallOptions } from '../options.js';
import { paginate } from '../paginate.js';
import type { JobEvent } from './job-event.js';
import type { JobVerdict } from './verdict.js';
import { type WatchOptions, watchJob } from './watch.js';
import type { WatchTarget } from './watch-target.js';

/** How to wait for a job. */
export interface WaitOptions extends Omit<WatchOptions, 'log'> {
  /** Milliseconds after which waiting ends with a `TimeoutError`; the job goes on. Without end unless given. */
  readonly timeout?: number | undefined;
  /** Told of everything that happens meanwhile. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

/** A job of the service: one that was just submitted, or one that was there before. */
export class Job {
  /** The handle that `submitJob` answered, or that was asked for. */
  readonly handle: string;
  /** The kind, where it is known. */
  readonly kind: JobKind | undefined;
  readonly #caller: Caller;
  readonly #target: WatchTarget;

  /** Made by `jobs.submit` and `jobs.get`. */
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
      // A handle for files names a run before there is one; its own name is the better trace.
      runHandle: parsed?.run === undefined || given.byName ? undefined : given.handle,
      submittedAt: given.submittedAt,
      stopRequested: false,
    };
  }

  /** The submitted name; `undefined` for a job that was asked for by a run's handle and not yet seen. */
  get name(): string | undefined {
    return this.#target.name;
  }

  /** The handle of the run, once it was seen. */
  get runHandle(): string | undefined {
    return this.#target.runHandle;
  }

  /**
   * Watches the job until it ends: its state, progress, tasks and log rows, and at the end the verdict.
   *
   * @throws JobNotFoundError when it is in none of the service's lists any more.
   * @example
   * ```ts
   * for await (const event of job.watch()) {
   *   if (event.type === 'progress') console.log(`${event.progress} %`);
   *   if (event.type === 'done') console.log(event.verdict.status);
   * }
   * ```
   */
  watch(options: WatchOptions = {}): AsyncGenerator<JobEvent, void, undefined> {
    return watchJob(this.#caller, this.#target, options);
  }

  /**
   * Waits until the job has ended.
   *
   * @returns What its log says. A job that ended badly is a verdict too, not an error.
   * @throws TimeoutError when it takes longer than `timeout`. The job goes on.
   * @throws JobNotFoundError when it is in none of the service's lists any more.
   * @example
   * ```ts
   * const verdict = await job.wait({ timeout: 600_000, signal: AbortSignal.timeout(900_000) });
   * if (!verdict.ok) console.log(verdict.status, verdict.failures);
   * ```
   * @example
   * ```ts
   * const verdict = await job.wait({ timeout: 600_000 });
   * if (!verdict.ok) console.log(verdict.status, verdict.failures);
   * ```
   */
  async wait(options: WaitOptions = {}): Promise<JobVerdict> {
    const { timeout, onEvent, ...watching } = options;
    const deadline = new AbortController();
    const name = this.name ?? this.handle;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => deadline.abort(new TimeoutError(`the job "${name}"`, timeout)), timeout);
    const signal =
      options.signal === undefined ? deadline.signal : AbortSignal.any([options.signal, deadline.signal]);
    try {
      for await (const event of this.watch({ ...watching, log: onEvent !== undefined, signal })) {
        onEvent?.(event);
        if (event.type === 'done') return event.verdict;
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
    throw new JobNotFoundError(name);
  }

  /**
   * The rows of its log, as they are now.
   *
   * @example
   * ```ts
   * for await (const { logType, logMessage } of job.log()) console.log(logType, logMessage);
   * ```
   */
  async *log(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<JobLogDetail, void, undefined> {
    const jobHandle = this.#target.runHandle ?? (await this.#findRun(options.signal)) ?? this.handle;
    yield* paginate(this.#caller, 'getJobLogDetails', { jobHandle }, options);
  }

  /** The run of a job that is known by its name only. */
  async #findRun(signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.handle !== '' || this.name === undefined) return undefined;
    const filter = {
      originalName: this.name,
      recordsPerPage: 1,
      sortBy: 'Date',
      sortDirection: 'Descending',
    };
    const { jobLogArray } = await this.#caller.call('getJobLogDetails', filter, { signal });
    const [log] = jobLogArray;
    if (log === undefined) throw new JobNotFoundError(this.name);
    return log.jobHandle;
  }

  /** The trigger of the job, while it has one: its schedule and next time. */
  async schedule(): Promise<ScheduledJob | undefined> {
    const { jobArray } = await this.#caller.call(
      'getScheduledJobs',
      this.name === undefined ? { jobHandle: this.handle } : { originalName: this.name },
    );
    return jobArray[0];
  }

  /** Stops the run. What it did stays done; its log tells what that is. */
  async stop(call?: CallOptions): Promise<void> {
    await this.#control('stopJob', this.#target.runHandle, call);
    this.#target.stopRequested = true;
  }

  /** Pauses the job's trigger. */
  async pause(call?: CallOptions): Promise<void> {
    await this.#control('pauseJob', undefined, call);
  }

  /** Lets a paused trigger go on. */
  async resume(call?: CallOptions): Promise<void> {
    await this.#control('resumeJob', undefined, call);
  }

  /** Runs a scheduled job now. Its schedule stays. */
  async execute(call?: CallOptions): Promise<void> {
    await this.#control('executeJob', undefined, call);
  }

  /** Deletes the job: its trigger, and a run that is on its way. */
  async delete(call?: CallOptions): Promise<void> {
    await this.#control('deleteJob', undefined, call);
  }

  async #control(
    operation: 'stopJob' | 'pauseJob' | 'resumeJob' | 'executeJob' | 'deleteJob',
    run: string | undefined,
    call: CallOptions | undefined,
  ): Promise<void> {
    await this.#caller.call(operation, { jobHandle: run ?? (await this.#knownHandle(call)) }, call);
  }

  /** The handle; that of a job which was asked for by its name is looked up, the trigger's before that of a run. */
  async #knownHandle(call: CallOptions | undefined): Promise<string> {
    if (this.handle !== '') return this.handle;
    const originalName = this.name ?? '';
    const scheduled = await this.#caller.call('getScheduledJobs', { originalName }, call);
    const [trigger] = scheduled.jobArray;
    if (trigger !== undefined) return trigger.jobHandle;
    const active = await this.#caller.call('getActiveJobs', { originalName, includeWaitingJobs: true }, call);
    const [run] = active.jobArray;
    if (run === undefined) throw new JobNotFoundError(originalName);
    return run.jobHandle;
  }
}
