import type { Caller } from '../caller.js';
import { JobNotFoundError, TimeoutError } from '../errors.js';
import { Job } from '../jobs/job.js';
import type { JobVerdict } from '../jobs/verdict.js';
import { findMissing } from './find-missing.js';
import { newJobName } from './job-name.js';
import type { Journal } from './journal.js';
import type { UploadReport } from './outcome.js';
import {
  type ReportRest,
  type UploadEvent,
  type UploadJob,
  type UploadOutcome,
  uploadReport,
} from './outcome.js';
import { type LoggedOutcome, readOutcomes } from './read-outcomes.js';
import type { UploadEntry } from './upload-entries.js';
import type { UploadOptions } from './upload-options.js';

/** A file of an upload. */
export interface TrackedFile {
  /** Identifies the file in a journal. */
  readonly key: string;
  readonly destPath: string;
  readonly source: string | undefined;
}

/** A job of the journal without a recorded end. */
export interface OpenJob<File extends TrackedFile> {
  readonly name: string;
  readonly handle: string | undefined;
  readonly files: readonly File[];
  /** Keys of the received files. */
  readonly sent: ReadonlySet<string>;
}

/**
 * Tracks the files and jobs of an upload, reports their state, and records it in the journal.
 *
 * @internal
 */
export class UploadTracker<File extends TrackedFile> {
  readonly patience: number;
  readonly minDelay: number;
  readonly #caller: Caller;
  readonly #journal: Journal<UploadEntry>;
  readonly #options: UploadOptions;
  readonly #files: readonly File[];
  readonly #outcomes = new Map<string, UploadOutcome>();
  readonly #jobs = new Map<string, UploadJob>();
  readonly #sent = new Set<string>();
  /** Names of planned jobs that have not ended. */
  readonly #open = new Set<string>();
  #began: string | undefined;
  /** Sent bytes, for uploads of local files. */
  bytes: { sent: number; total: number | undefined } | undefined;

  constructor(caller: Caller, journal: Journal<UploadEntry>, files: readonly File[], options: UploadOptions) {
    this.#caller = caller;
    this.#journal = journal;
    this.#files = files;
    this.#options = options;
    this.patience = options.patience ?? 30_000;
    this.minDelay = options.wait?.minDelay ?? 1000;
  }

  /** Restores the state from the journal, and returns the jobs that have not ended. */
  restore(): OpenJob<File>[] {
    const byKey = new Map(this.#files.map((file) => [file.key, file]));
    const open = new Map<string, { handle: string | undefined; files: File[]; sent: Set<string> }>();
    for (const entry of this.#journal.entries) {
      if (entry.type === 'end') continue;
      if (entry.type === 'job') {
        this.#began ??= entry.at;
        const files = entry.files.flatMap((key) => byKey.get(key) ?? []);
        // Files that are sent again have no outcome yet.
        for (const { key } of files) this.#outcomes.delete(key);
        open.set(entry.name, { handle: undefined, files, sent: new Set() });
      } else if (entry.type === 'done') {
        this.#restoreDone(entry, byKey, open.get(entry.name)?.handle);
        open.delete(entry.name);
      } else {
        const job = open.get(entry.name);
        if (job !== undefined && entry.type === 'submitted') job.handle = entry.handle;
        if (job !== undefined && entry.type === 'sent') for (const key of entry.files) job.sent.add(key);
      }
    }
    for (const name of open.keys()) this.#open.add(name);
    return [...open].map(([name, job]) => ({ name, ...job }));
  }

  #restoreDone(
    { name, outcomes, at }: Extract<UploadEntry, { type: 'done' }>,
    byKey: ReadonlyMap<string, File>,
    handle: string | undefined,
  ): void {
    // A job without files was never submitted.
    if (outcomes.length > 0) {
      this.#jobs.set(name, { name, handle, files: outcomes.length, verdict: undefined });
      this.#doneJobs += 1;
      this.#doneBefore += 1;
    }
    for (const { file: key, status, reason, warnings = [], assetHandle } of outcomes) {
      const file = byKey.get(key);
      if (file === undefined) continue;
      const bad = status === 'failed' || status === 'unknown';
      if (bad && this.#options.retryFailed === true) this.#outcomes.delete(key);
      else if (bad) this.#set(file, { status, reason, warnings, assetHandle }, name);
      else {
        const sent = at === undefined ? 'already sent' : `already sent on ${at}`;
        this.#set(file, { status: 'skipped', reason: sent, warnings, assetHandle }, name, at);
      }
    }
  }

  /**
   * Reports that an interrupted run resumes. With the option `verify`, forgets sent files that the service no longer has.
   *
   * @param open - The jobs that have not ended.
   */
  async resume(open: readonly OpenJob<File>[]): Promise<void> {
    if (this.#journal.entries.length === 0) return;
    const skipped = this.#files.flatMap((file) => {
      const outcome = this.#outcomes.get(file.key);
      return outcome?.status === 'skipped' ? { key: file.key, ...outcome } : [];
    });
    const missing = this.#options.verify
      ? await findMissing(this.#caller, skipped, this.#options.signal)
      : [];
    for (const { key } of missing) this.#outcomes.delete(key);
    // Once the service has the job, it fetches the files of a list itself.
    const inJobs = open.reduce(
      (sum, { handle, files, sent }) =>
        sum + (this.bytes === undefined && handle !== undefined ? files.length : sent.size),
      0,
    );
    const sent = skipped.length + inJobs;
    this.emit({ type: 'resumed', since: this.#began, sent, missing: missing.length });
  }

  /** The files without an outcome, except the given ones. */
  rest(taken: ReadonlySet<string>): File[] {
    return this.#files.filter(({ key }) => !this.#outcomes.has(key) && !taken.has(key));
  }

  /** A name that no other job has. */
  jobName(signal: AbortSignal): Promise<string> {
    const isFirst = !this.#named;
    this.#named = true;
    return newJobName(this.#caller, this.#options.name, isFirst, signal);
  }
  #named = false;

  /** Records that a job is about to be submitted. */
  async planned(name: string, files: readonly File[]): Promise<void> {
    this.#open.add(name);
    await this.#journal.append({ type: 'job', name, files: files.map(({ key }) => key), at: now() });
    this.#jobs.set(name, { name, handle: undefined, files: files.length, verdict: undefined });
  }

  /** Records that the service has a job. */
  async submitted(name: string, handle: string, files: readonly File[], found: boolean): Promise<void> {
    await this.#journal.append({ type: 'submitted', name, handle });
    this.#jobs.set(name, { name, handle, files: files.length, verdict: undefined });
    this.emit({ type: 'job', name, handle, files: files.length, found });
  }

  /** Resumes a job that an earlier run recorded. */
  adopted({ name, handle, files, sent }: OpenJob<File>): void {
    if (handle === undefined) return;
    this.#jobs.set(name, { name, handle, files: files.length, verdict: undefined });
    for (const key of sent) this.#sent.add(key);
    this.emit({ type: 'job', name, handle, files: files.length, found: true });
  }

  /** Records that the service received files. */
  async took(name: string, files: readonly File[]): Promise<void> {
    await this.#journal.append({ type: 'sent', name, files: files.map(({ key }) => key) });
    for (const file of files) {
      this.#sent.add(file.key);
      this.emit({ type: 'sent', destPath: file.destPath, job: name });
    }
  }

  /** Waits for a job and reads the outcomes of its files. */
  async finish(name: string, handle: string, files: readonly File[], signal: AbortSignal): Promise<void> {
    const job = new Job(this.#caller, { handle, name, byName: true });
    let verdict: JobVerdict;
    try {
      verdict = await job.wait({ ...this.#options.wait, signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof JobNotFoundError || error instanceof TimeoutError))
        throw error;
      const lost = files.map(
        () => ({ status: 'unknown', reason: error.message, warnings: [], assetHandle: undefined }) as const,
      );
      // A job that takes too long continues, and a later run may read its outcome.
      if (error instanceof JobNotFoundError) await this.ended(name, files, lost);
      else for (const [i, outcome] of lost.entries()) this.#record(files[i] as File, outcome, name);
      return;
    }
    const rows = [];
    for await (const row of job.log({ signal })) rows.push(row);
    await this.ended(name, files, readOutcomes(files, rows, verdict), verdict);
  }

  /** Records the outcomes of a job's files. */
  async ended(
    name: string,
    files: readonly File[],
    outcomes: readonly LoggedOutcome[],
    verdict?: JobVerdict,
  ): Promise<void> {
    const entries = files.map(({ key: file }, i) => ({ file, ...(outcomes[i] as LoggedOutcome) }));
    await this.#journal.append({ type: 'done', name, outcomes: entries, at: now() });
    this.#open.delete(name);
    if (files.length === 0 && verdict === undefined) return;
    const known = this.#jobs.get(name);
    this.#jobs.set(name, { name, handle: known?.handle, files: known?.files ?? files.length, verdict });
    this.#doneJobs += 1;
    for (const [i, file] of files.entries()) this.#record(file, outcomes[i] as LoggedOutcome, name);
    this.emit({ type: 'done', name, verdict });
  }

  /** Reports files that never reached the service. They are not recorded, so a later run retries them. */
  failed(files: readonly File[], reason: string, name: string | undefined): void {
    for (const file of files) {
      this.#record(file, { status: 'failed', reason, warnings: [], assetHandle: undefined }, name);
    }
  }

  /** Expected number of jobs, without those that ended in an earlier run. */
  jobsExpected = 0;
  #doneJobs = 0;
  #doneBefore = 0;

  emit(event: UploadEvent): void {
    this.#options.onEvent?.(event);
    this.progress();
  }

  progress(): void {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return;
    const outcomes = [...this.#outcomes.values()];
    const jobs = [...this.#jobs.values()];
    onProgress({
      files: {
        total: this.#files.length,
        sent: this.#sent.size,
        done: outcomes.length,
        failed: outcomes.filter(({ status }) => status === 'failed').length,
      },
      jobs: {
        total: Math.max(this.jobsExpected + this.#doneBefore, jobs.length),
        submitted: jobs.filter(({ handle }) => handle !== undefined).length,
        done: this.#doneJobs,
      },
      bytes: this.bytes === undefined ? undefined : { ...this.bytes },
    });
  }

  /** The report of a finished upload. Unless jobs continue, its journal cannot be resumed. */
  async report(rest: Omit<ReportRest, 'ended'>): Promise<UploadReport> {
    const ended = this.#open.size === 0;
    if (ended) await this.#journal.append({ type: 'end', at: now() });
    const files = this.#files.map(
      (file): UploadOutcome =>
        this.#outcomes.get(file.key) ??
        outcomeOf(
          file,
          { status: 'unknown', reason: 'not sent', warnings: [], assetHandle: undefined },
          undefined,
        ),
    );
    return uploadReport(files, [...this.#jobs.values()], { ...rest, ended });
  }

  #record(file: File, logged: LoggedOutcome, job: string | undefined): void {
    const outcome = this.#set(file, logged, job);
    this.emit({ type: 'file', outcome });
  }

  #set(file: File, logged: LoggedOutcome, job: string | undefined, sentOn?: string): UploadOutcome {
    const outcome = outcomeOf(file, logged, job, sentOn);
    this.#outcomes.set(file.key, outcome);
    return outcome;
  }
}

function outcomeOf(
  { destPath, source }: TrackedFile,
  logged: LoggedOutcome,
  job: string | undefined,
  sentOn?: string,
): UploadOutcome {
  const { status, reason, warnings, assetHandle } = logged;
  const sent = sentOn === undefined ? {} : { sentOn };
  return { status, destPath, source, reason, warnings, assetHandle, job, ...sent };
}

function now(): string {
  return new Date().toISOString();
}

/** Splits a list into pieces. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}
