import type { JobVerdict } from '../jobs/verdict.js';

/**
 * What became of a file: a new asset, a replaced asset, a duplicate that was skipped, a failure, or `unknown` when the job's log
 * does not mention it.
 */
export type UploadStatus = 'succeeded' | 'updated' | 'duplicate' | 'failed' | 'unknown';

/** What became of one file. */
export interface UploadOutcome {
  readonly status: UploadStatus;
  /** Its destination: folder and name. */
  readonly destPath: string;
  /** Where it came from: a URL or a local path; absent for a stream. */
  readonly source: string | undefined;
  /** The reason, for a file that failed or is unknown. */
  readonly reason: string | undefined;
  /** The log's warnings about it. */
  readonly warnings: readonly string[];
  /** The handle of the asset, where the log gives it. */
  readonly assetHandle: string | undefined;
  /** The name of the job that it was part of; absent for a file that was never sent. */
  readonly job: string | undefined;
}

/** A job that an upload made. */
export interface UploadJob {
  readonly name: string;
  /** The handle that the service answered with. */
  readonly handle: string | undefined;
  /** How many files it has. */
  readonly files: number;
  /** How the run ended according to its log; absent for a job whose end an earlier process has read, or that was lost. */
  readonly verdict: JobVerdict | undefined;
}

/** The result of an upload. */
export interface UploadReport {
  /** One entry for each file, in the order given. */
  readonly files: readonly UploadOutcome[];
  readonly counts: Readonly<Record<UploadStatus | 'total', number>>;
  readonly jobs: readonly UploadJob[];
  /** Whether every file is in the service now: succeeded, updated, or a duplicate of what was there before. */
  readonly ok: boolean;
}

/** The progress of an upload. */
export interface UploadProgress {
  readonly files: {
    readonly total: number;
    readonly sent: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly jobs: { readonly total: number; readonly submitted: number; readonly done: number };
  /** For local files; `total` is absent while the length of a stream is unknown. */
  readonly bytes: { readonly sent: number; readonly total: number | undefined } | undefined;
}

/** What happens while files are uploaded. */
export type UploadEvent =
  /** A job was submitted, or opened for files; by an earlier process where `found` is true. */
  | {
      readonly type: 'job';
      readonly name: string;
      readonly handle: string;
      readonly files: number;
      readonly found: boolean;
    }
  /** The service received a local file; the job's log will say what became of it. */
  | { readonly type: 'sent'; readonly destPath: string; readonly job: string }
  /** The outcome of a file is known. */
  | { readonly type: 'file'; readonly outcome: UploadOutcome }
  /** A job ended. */
  | { readonly type: 'done'; readonly name: string; readonly verdict: JobVerdict | undefined };

/** Combines outcomes into a report. */
export function uploadReport(files: readonly UploadOutcome[], jobs: readonly UploadJob[]): UploadReport {
  const counts = { total: files.length, succeeded: 0, updated: 0, duplicate: 0, failed: 0, unknown: 0 };
  for (const { status } of files) counts[status] += 1;
  return { files, counts, jobs, ok: counts.failed + counts.unknown === 0 };
}
