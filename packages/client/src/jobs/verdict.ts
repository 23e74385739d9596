import type { JobLog, JobLogDetail } from '@ips-sdk/types';

/** How a run ended according to its log: without errors, with errors in some files, with a fatal error, or stopped. */
export type JobStatus = 'succeeded' | 'completedWithErrors' | 'failed' | 'stopped';

/** A file or another item that failed in a run. */
export interface FailedItem {
  /** Name of the asset or file, if the row contains it. */
  readonly name: string | undefined;
  readonly assetHandle: string | undefined;
  /** Type of the row, such as `UploadError`. */
  readonly logType: string;
  readonly message: string;
}

/** The outcome of a run according to its log. The log is the only record of a finished job. */
export interface JobVerdict {
  readonly status: JobStatus;
  /** Whether the status is `succeeded`. */
  readonly ok: boolean;
  readonly counts: {
    readonly total: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly warnings: number;
    readonly duplicates: number;
    readonly updated: number;
    readonly transferred: number;
    readonly transferFailed: number;
  };
  /** Error rows, up to `maxFailures`. */
  readonly failures: readonly FailedItem[];
  /** Warning rows, up to `maxFailures`. */
  readonly warnings: readonly FailedItem[];
  /** The log without its rows. */
  readonly log: JobLog;
}

/** Whether a row reports a failure: `ImageServingPublishError`, `DeleteFailure`, `FatalError`. */
export function isFailureRow({ logType }: Pick<JobLogDetail, 'logType'>): boolean {
  return /(?:Error|Failure)$/.test(logType);
}

export function isWarningRow({ logType }: Pick<JobLogDetail, 'logType'>): boolean {
  return /Warning$/.test(logType);
}

function failedItem(row: JobLogDetail): FailedItem {
  return { name: row.assetName, assetHandle: row.assetHandle, logType: row.logType, message: row.logMessage };
}

/** The verdict on a finished run. */
export function verdictOf(log: JobLog, rows: readonly JobLogDetail[], stopped: boolean): JobVerdict {
  const errors = (log.fileErrorCount ?? 0) + (log.transferErrorCount ?? 0);
  const cancelled = stopped || rows.some((row) => row.logType === 'FileCancel');
  const status: JobStatus = log.fatalError
    ? 'failed'
    : cancelled
      ? 'stopped'
      : errors > 0
        ? 'completedWithErrors'
        : 'succeeded';
  return {
    status,
    ok: status === 'succeeded',
    counts: {
      total: log.totalFileCount ?? 0,
      succeeded: log.fileSuccessCount ?? 0,
      failed: log.fileErrorCount ?? 0,
      warnings: log.fileWarningCount ?? 0,
      duplicates: log.fileDuplicateCount ?? 0,
      updated: log.fileUpdateCount ?? 0,
      transferred: log.transferSuccessCount ?? 0,
      transferFailed: log.transferErrorCount ?? 0,
    },
    failures: rows.filter(isFailureRow).map(failedItem),
    warnings: rows.filter(isWarningRow).map(failedItem),
    log,
  };
}
