import type { JobVerdict } from '../jobs/verdict.js';

/**
 * What became of a file: a new asset, an asset that was replaced, left out as a duplicate, failed, or `unknown` when the job's log
 * says nothing of it.
 */
export type UploadStatus = 'succeeded' | 'updated' | 'duplicate' | 'failed' | 'unknown';

/** What became of one file. */
export interface UploadOutcome {
  readonly status: UploadStatus;
  /** Where it was to go: folder and name. */
  readonly destPath: string;
  /** Where it came from: a URL, or a path on this machine; absent for a stream. */
  readonly source: string | undefined;
  /** Why, for a file that failed or is unknown. */
  readonly reason: string | undefined;
  /** What the log warns of. */
  readonly warnings: readonly string[];
  /** The asset, where the log says it. */
  readonly assetHandle: string | undefined;
  /** The name of the job that it went with; absent for a file that was never sent. */
  readonly job: string | undefined;
}

/** A job that an upload made. */
export interface UploadJob {
  readonly name: string;
  /** The handle that the service answered. */
  readonly handle: string | undefined;
  /** How many files went with it. */
  readonly files: number;
  /** How the run ended, as its log has it. Absent for a job whose end was read by an earlier process, or that was lost. */
  readonly verdict: JobVerdict | undefined;
}

/** What an upload came to. */
export interface UploadReport {
  /** One entry for each file, in the order in which they were given. */
  readonly files: readonly UploadOutcome[];
  readonly counts: Readonly<Record<UploadStatus | 'total', number>>;
  readonly jobs: readonly UploadJob[];
  /** Whether every file is there now: succeeded, updated, or a duplicate of what was there before. */
  readonly ok: boolean;
}

/** How far an upload is. */
export interface UploadProgress {
  readonly files: {
    readonly total: number;
    readonly sent: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly jobs: { readonly total: number; readonly submitted: number; readonly done: number };
  /** Of files from this machine; `total` is absent while the length of a stream is unknown. */
  readonly bytes: { readonly sent: number; readonly total: number | undefined } | undefined;
}

/** What happens while files are uploaded. */
export type UploadEvent =
  /** A job was submitted, or opened for files. `found`: an earlier process had done so already. */
  | {
      readonly type: 'job';
      readonly name: string;
      readonly handle: string;
      readonly files: number;
      readonly found: boolean;
    }
  /** A file of this machine was taken by the service; what becomes of it the job's log tells. */
  | { readonly type: 'sent'; readonly destPath: string; readonly job: string }
  /** It is known what became of a file. */
  | { readonly type: 'file'; readonly outcome: UploadOutcome }
  /** A job ended. */
  | { readonly type: 'done'; readonly name: string; readonly verdict: JobVerdict | undefined };

/** Puts outcomes together. */
export function uploadReport(files: readonly UploadOutcome[], jobs: readonly UploadJob[]): UploadReport {
  const counts = { total: files.length, succeeded: 0, updated: 0, duplicate: 0, failed: 0, unknown: 0 };
  for (const { status } of files) counts[status] += 1;
  return { files, counts, jobs, ok: counts.failed + counts.unknown === 0 };
}
