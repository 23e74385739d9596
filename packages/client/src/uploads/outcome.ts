import type { JobVerdict } from '../jobs/verdict.js';
import type { LeftOut } from './file-rules.js';

/**
 * What became of a file: a new asset, a replaced asset, a duplicate that the service skipped, a failure, or `unknown` when the job's log
 * does not mention it. `skipped` is a file that was not sent because an earlier, interrupted run of the same upload had sent it.
 */
export type UploadStatus = 'succeeded' | 'updated' | 'duplicate' | 'failed' | 'unknown' | 'skipped';

/** What became of one file. */
export interface UploadOutcome {
  readonly status: UploadStatus;
  /** Its destination: folder and name. */
  readonly destPath: string;
  /** Where it came from: a URL or a local path; absent for a stream. */
  readonly source: string | undefined;
  /** The reason, for a file that failed, was skipped or is unknown. */
  readonly reason: string | undefined;
  /** The log's warnings about it. */
  readonly warnings: readonly string[];
  /** The handle of the asset, where the log gives it. */
  readonly assetHandle: string | undefined;
  /** When an earlier run had sent it, for a file that was skipped; absent where the journal does not have the time. */
  readonly sentOn?: string | undefined;
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
  /**
   * Whether no file failed and none is unknown: each succeeded, was updated, is a duplicate of what was there before, or was skipped
   * because an earlier run had sent it.
   */
  readonly ok: boolean;
  /**
   * Whether all jobs have ended. Otherwise the wait for one of them took too long, and the same upload with the same journal reads its
   * end.
   */
  readonly ended: boolean;
  /** Local files and folders that were not sent because of a rule, such as those of the operating system. */
  readonly leftOut: readonly LeftOut[];
  /** What is probably not meant, in words, such as a destination that names a folder twice. */
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
  /** For local files; `total` is absent while the length of a stream is unknown. */
  readonly bytes: { readonly sent: number; readonly total: number | undefined } | undefined;
}

/** What happens while files are uploaded. */
export type UploadEvent =
  /** Something is probably not meant, such as a destination that names a folder twice. */
  | { readonly type: 'warning'; readonly message: string }
  /** Rules left files out. */
  | { readonly type: 'leftOut'; readonly leftOut: readonly LeftOut[] }
  /** The journal is of an earlier run that was interrupted, which continues. */
  | {
      readonly type: 'resumed';
      /** When the earlier run began. */
      readonly since: string | undefined;
      /** How many files it had sent. They are not sent again. */
      readonly sent: number;
      /** How many of them the service no longer has, so that they are sent again. Only with `verify`. */
      readonly missing: number;
    }
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

/** What a report contains besides outcomes and jobs. */
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
