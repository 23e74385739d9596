import { randomBytes } from 'node:crypto';
import type { Caller } from '../caller.js';
import { JobNotFoundError, TimeoutError } from '../errors.js';
import { Job, type WaitOptions } from '../jobs/job.js';
import type { JobVerdict } from '../jobs/verdict.js';
import type { Journal } from './journal.js';
import type { UploadReport, UploadStatus } from './outcome.js';
import {
  type UploadEvent,
  type UploadJob,
  type UploadOutcome,
  type UploadProgress,
  uploadReport,
} from './outcome.js';
import { type LoggedOutcome, readOutcomes } from './read-outcomes.js';

/** Options of all uploads. */
export interface UploadOptions {
  /** The beginning of the jobs' names, to which something unique is added. */
  readonly name?: string | undefined;
  /** How many files go into one job, at most 1000; 1000 by default. */
  readonly jobSize?: number | undefined;
  /**
   * The path of a file that records the progress. When the upload is started again with it, after a crash or an error, it
   * continues where it stopped, and submits nothing twice.
   */
  readonly journal?: string | undefined;
  /** Whether to retry files that failed according to the journal of an earlier run. */
  readonly retryFailed?: boolean | undefined;
  /** How to wait for the end of each job. */
  readonly wait?: Omit<WaitOptions, 'signal' | 'onEvent'> | undefined;
  /**
   * Milliseconds after which a job whose submission was interrupted, and that appears nowhere, counts as not submitted; 30,000
   * by default.
   */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives each step. */
  readonly onEvent?: ((event: UploadEvent) => void) | undefined;
  /** Receives the progress with each step. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** A line of an upload's journal. It names files by their keys. */
export type UploadEntry =
  /** A job is about to be submitted, with these files. */
  | { readonly type: 'job'; readonly name: string; readonly files: readonly string[] }
  /** The service accepted the job. */
  | { readonly type: 'submitted'; readonly name: string; readonly handle: string }
  /** The service received these files. */
  | { readonly type: 'sent'; readonly name: string; readonly files: readonly string[] }
  /** The job ended with these outcomes. */
  | { readonly type: 'done'; readonly name: string; readonly outcomes: readonly FileEntry[] };

interface FileEntry {
  readonly file: string;
  readonly status: UploadStatus;
  readonly reason?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly assetHandle?: string | undefined;
}

/** A file, as every kind of upload sees it. */
export interface TrackedFile {
  /** What identifies the file in a journal. */
  readonly key: string;
  readonly destPath: string;
  readonly source: string | undefined;
}

/** A job of the journal whose end is not known. */
export interface OpenJob<File extends TrackedFile> {
  readonly name: string;
  readonly handle: string | undefined;
  readonly files: readonly File[];
  /** Keys of the files that the service received. */
  readonly sent: ReadonlySet<string>;
}

/**
 * Knows the state of an upload's files and jobs, reports it, and records it in the journal.
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
  /** Bytes that were sent, for uploads that count them. */
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
      if (entry.type === 'job') {
        const files = entry.files.flatMap((key) => byKey.get(key) ?? []);
        open.set(entry.name, { handle: undefined, files, sent: new Set() });
      } else if (entry.type === 'done') {
        const job = open.get(entry.name);
        const { name, outcomes } = entry;
        // A job without files was planned, but never submitted.
        if (outcomes.length > 0) {
          this.#jobs.set(name, { name, handle: job?.handle, files: outcomes.length, verdict: undefined });
          this.#doneJobs += 1;
          this.#doneBefore += 1;
        }
        for (const { file: key, status, reason, warnings = [], assetHandle } of outcomes) {
          const file = byKey.get(key);
          const again = this.#options.retryFailed === true && (status === 'failed' || status === 'unknown');
          if (file !== undefined && !again)
            this.#set(file, { status, reason, warnings, assetHandle }, entry.name);
          if (again) this.#outcomes.delete(key);
        }
        open.delete(entry.name);
      } else {
        const job = open.get(entry.name);
        if (job !== undefined && entry.type === 'submitted') job.handle = entry.handle;
        if (job !== undefined && entry.type === 'sent') for (const key of entry.files) job.sent.add(key);
      }
    }
    return [...open].map(([name, job]) => ({ name, ...job }));
  }

  /** The files without an outcome, except the given ones. */
  rest(taken: ReadonlySet<string>): File[] {
    return this.#files.filter(({ key }) => !this.#outcomes.has(key) && !taken.has(key));
  }

  /** A name that no other job has. */
  uniqueName(): string {
    return `${this.#options.name ?? 'upload'} ${new Date().toISOString()} ${randomBytes(4).toString('hex')}`;
  }

  /** Records that a job is about to be submitted. */
  async planned(name: string, files: readonly File[]): Promise<void> {
    await this.#journal.append({ type: 'job', name, files: files.map(({ key }) => key) });
    this.#jobs.set(name, { name, handle: undefined, files: files.length, verdict: undefined });
  }

  /** Records that the service has a job. */
  async submitted(name: string, handle: string, files: readonly File[], found: boolean): Promise<void> {
    await this.#journal.append({ type: 'submitted', name, handle });
    this.#jobs.set(name, { name, handle, files: files.length, verdict: undefined });
    this.emit({ type: 'job', name, handle, files: files.length, found });
  }

  /** Continues with a job that an earlier process recorded. */
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

  /** Waits for a job's end, and reads what became of its files. */
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
      // A job that takes too long continues, and a later run may read its end.
      if (error instanceof JobNotFoundError) await this.ended(name, files, lost);
      else for (const [i, outcome] of lost.entries()) this.#record(files[i] as File, outcome, name);
      return;
    }
    const rows = [];
    for await (const row of job.log({ signal })) rows.push(row);
    await this.ended(name, files, readOutcomes(files, rows, verdict), verdict);
  }

  /** Records what became of a job's files. */
  async ended(
    name: string,
    files: readonly File[],
    outcomes: readonly LoggedOutcome[],
    verdict?: JobVerdict,
  ): Promise<void> {
    const entries = files.map(({ key: file }, i) => ({ file, ...(outcomes[i] as LoggedOutcome) }));
    await this.#journal.append({ type: 'done', name, outcomes: entries });
    if (files.length === 0 && verdict === undefined) return;
    const known = this.#jobs.get(name);
    this.#jobs.set(name, { name, handle: known?.handle, files: known?.files ?? files.length, verdict });
    this.#doneJobs += 1;
    for (const [i, file] of files.entries()) this.#record(file, outcomes[i] as LoggedOutcome, name);
    this.emit({ type: 'done', name, verdict });
  }

  /** Reports files that never reached the service. They are not recorded, so that a later run tries them again. */
  failed(files: readonly File[], reason: string, name: string | undefined): void {
    for (const file of files) {
      this.#record(file, { status: 'failed', reason, warnings: [], assetHandle: undefined }, name);
    }
  }

  /** How many jobs there will be, apart from those that ended before. */
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

  report(): UploadReport {
    const files = this.#files.map(
      (file): UploadOutcome =>
        this.#outcomes.get(file.key) ??
        outcomeOf(
          file,
          { status: 'unknown', reason: 'it was not reached', warnings: [], assetHandle: undefined },
          undefined,
        ),
    );
    return uploadReport(files, [...this.#jobs.values()]);
  }

  #record(file: File, logged: LoggedOutcome, job: string | undefined): void {
    const outcome = this.#set(file, logged, job);
    this.emit({ type: 'file', outcome });
  }

  #set(file: File, logged: LoggedOutcome, job: string | undefined): UploadOutcome {
    const outcome = outcomeOf(file, logged, job);
    this.#outcomes.set(file.key, outcome);
    return outcome;
  }
}

function outcomeOf(
  { destPath, source }: TrackedFile,
  logged: LoggedOutcome,
  job: string | undefined,
): UploadOutcome {
  const { status, reason, warnings, assetHandle } = logged;
  return { status, destPath, source, reason, warnings, assetHandle, job };
}

/** Cuts a list into pieces. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The validated size of jobs. */
export function jobSizeOf({ jobSize = 1000 }: UploadOptions): number {
  if (!Number.isInteger(jobSize) || jobSize < 1 || jobSize > 1000)
    throw new RangeError(`jobSize is ${jobSize}; expected a whole number from 1 to 1000`);
  return jobSize;
}
