import type { WaitOptions } from '../jobs/job.js';
import type { UploadEvent, UploadProgress } from './outcome.js';

/** Options of all uploads. */
export interface UploadOptions {
  /**
   * The name of the job. Where a job of this name exists already, and for the second and further jobs of an upload, something unique is
   * added to it.
   */
  readonly name?: string | undefined;
  /** How many files go into one job, at most 1000; 1000 by default. */
  readonly jobSize?: number | undefined;
  /**
   * The path of a file that records the progress. When the upload is started again with it, after a crash or an error, it
   * continues where it stopped, and submits nothing twice. A run that ended, even with failures, is not continued: the next one with
   * the same journal sends everything.
   */
  readonly journal?: string | undefined;
  /** Whether to retry files that failed in the interrupted run that is continued. */
  readonly retryFailed?: boolean | undefined;
  /**
   * Whether to look up, in the service, the files that were sent according to the journal, and to send those again that it no longer
   * has.
   */
  readonly verify?: boolean | undefined;
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

/** The validated size of jobs. */
export function jobSizeOf({ jobSize = 1000 }: UploadOptions): number {
  if (!Number.isInteger(jobSize) || jobSize < 1 || jobSize > 1000)
    throw new RangeError(`jobSize is ${jobSize}; expected a whole number from 1 to 1000`);
  return jobSize;
}
