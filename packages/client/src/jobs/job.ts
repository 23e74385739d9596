import type { JobLogDetail, ScheduledJob } from '@ips-sdk/types';
import type { JobKind } from '@ips-sdk/types/jobs';
import type { Caller } from '../caller.js';
import { JobNotFoundError, TimeoutError } from '../errors.js';
import { parseJobHandle } from './job-handle.js';
import type { JobVerdict } from './verdict.js';
import { type JobEvent, type WatchOptions, type WatchTarget, watchJob } from './watch.js';

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
    },
  ) {
    const parsed = parseJobHandle(given.handle);
    this.#caller = caller;
    this.handle = given.handle;
    this.kind = given.kind;
    this.#target = {
      name: given.name ?? parsed?.name,
      handle: given.handle,
      runHandle: parsed?.run === undefined ? undefined : given.handle,
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
   * ```ts no-run
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

  /** The rows of its log, as they are now. */
  async *log(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<JobLogDetail, void, undefined> {
    const size = 1000;
    const jobHandle = this.#target.runHandle ?? this.handle;
    for (let page = 1; ; page += 1) {
      const input = { jobHandle, recordsPerPage: size, resultsPage: page };
      const { jobLogArray } = await this.#caller.call('getJobLogDetails', input, { signal: options.signal });
      let rows = 0;
      for (const { detailArray = [] } of jobLogArray) {
        rows = Math.max(rows, detailArray.length);
        yield* detailArray;
      }
      if (rows < size) return;
    }
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
  async stop(): Promise<void> {
    await this.#control('stopJob', this.#target.runHandle ?? this.handle);
    this.#target.stopRequested = true;
  }

  /** Pauses the job's trigger. */
  async pause(): Promise<void> {
    await this.#control('pauseJob', this.handle);
  }

  /** Lets a paused trigger go on. */
  async resume(): Promise<void> {
    await this.#control('resumeJob', this.handle);
  }

  /** Runs a scheduled job now. Its schedule stays. */
  async execute(): Promise<void> {
    await this.#control('executeJob', this.handle);
  }

  /** Deletes the job: its trigger, and a run that is on its way. */
  async delete(): Promise<void> {
    await this.#control('deleteJob', this.handle);
  }

  async #control(
    operation: 'stopJob' | 'pauseJob' | 'resumeJob' | 'executeJob' | 'deleteJob',
    jobHandle: string,
  ): Promise<void> {
    await this.#caller.call(operation, { jobHandle });
  }
}
