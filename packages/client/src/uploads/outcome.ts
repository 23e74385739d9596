import type { JobVerdict } from '../jobs/verdict.js';
import type { LeftOut } from './file-rules.js';

/**
 * The outcome of a file.
 *
 * - `succeeded`: the file became a new asset.
 * - `updated`: the file replaced an existing asset.
 * - `duplicate`: the service skipped the file because it already had it.
 * - `failed`: the file was not uploaded.
 * - `unknown`: the log of the job does not mention the file.
 * - `skipped`: an earlier, interrupted run had already sent the file.
 */
export type UploadStatus = 'succeeded' | 'updated' | 'duplicate' | 'failed' | 'unknown' | 'skipped';

/** The outcome of one file, with details. */
export interface UploadOutcome {
  readonly status: UploadStatus;
  /** Destination folder and file name. */
  readonly destPath: string;
  /** URL or local path of the file; `undefined` for a stream. */
  readonly source: string | undefined;
  /** Reason for the status `failed`, `skipped` or `unknown`. */
  readonly reason: string | undefined;
  /** Warnings about the file in the log. */
  readonly warnings: readonly string[];
  /** Handle of the asset, if the log contains it. */
  readonly assetHandle: string | undefined;
  /** Time when an earlier run sent a skipped file, if the journal contains it. */
  readonly sentOn?: string | undefined;
  /** Name of the job; `undefined` for a file that was never sent. */
  readonly job: string | undefined;
}

/** A job of an upload. */
export interface UploadJob {
  readonly name: string;
  /** Handle of the job. */
  readonly handle: string | undefined;
  /** Number of files in the job. */
  readonly files: number;
  /** Outcome of the job; `undefined` for a job that ended in an earlier run, or that was not found. */
  readonly verdict: JobVerdict | undefined;
}

/** The result of an upload. */
export interface UploadReport {
  /** One entry for each file, in the order given. */
  readonly files: readonly UploadOutcome[];
  readonly counts: Readonly<Record<UploadStatus | 'total', number>>;
  readonly jobs: readonly UploadJob[];
  /**
   * Whether no file has the status `failed` or `unknown`.
   */
  readonly ok: boolean;
  /**
   * Whether all jobs have ended. If not, the wait for a job timed out. Run the upload again with the same journal to get the remaining
   * outcomes.
   */
  readonly ended: boolean;
  /** Skipped local files and folders. */
  readonly leftOut: readonly LeftOut[];
  /** Messages about probable mistakes, such as a destination that repeats a folder. */
  readonly warnings: readonly string[];
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
  /** Bytes of local files. `total` is `undefined` if the length of a stream is unknown. */
  readonly bytes: { readonly sent: number; readonly total: number | undefined } | undefined;
}

/** An event of an upload. */
export type UploadEvent =
  /** There is a probable mistake, such as a destination that repeats a folder. */
  | { readonly type: 'warning'; readonly message: string }
  /** Files were skipped because of a rule. */
  | { readonly type: 'leftOut'; readonly leftOut: readonly LeftOut[] }
  /** The upload resumes an earlier, interrupted run. */
  | {
      readonly type: 'resumed';
      /** Start of the earlier run. */
      readonly since: string | undefined;
      /** Number of files that are already sent. They are not sent again. */
      readonly sent: number;
      /** Number of sent files that the service no longer has. They are sent again. 0 without `verify`. */
      readonly missing: number;
    }
  /** A job was submitted or opened. `found` means that an earlier run did this. */
  | {
      readonly type: 'job';
      readonly name: string;
      readonly handle: string;
      readonly files: number;
      readonly found: boolean;
    }
  /** The service received a local file. Its outcome follows. */
  | { readonly type: 'sent'; readonly destPath: string; readonly job: string }
  /** The outcome of a file is known. */
  | { readonly type: 'file'; readonly outcome: UploadOutcome }
  /** A job ended. */
  | { readonly type: 'done'; readonly name: string; readonly verdict: JobVerdict | undefined };

/** The parts of a report other than outcomes and jobs. */
export type ReportRest = Pick<UploadReport, 'ended' | 'leftOut' | 'warnings'>;

/** Combines outcomes into a report. */
export function uploadReport(
  files: readonly UploadOutcome[],
  jobs: readonly UploadJob[],
  rest: ReportRest,
): UploadReport {
  const counts = {
    total: files.length,
    succeeded: 0,
    updated: 0,
    duplicate: 0,
    failed: 0,
    unknown: 0,
    skipped: 0,
  };
  for (const { status } of files) counts[status] += 1;
  return { files, counts, jobs, ok: counts.failed + counts.unknown === 0, ...rest };
}
