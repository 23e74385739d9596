import type { UploadUrlsJob } from '@ips-sdk/types';
import type { UploadPostJob } from '@ips-sdk/types/2019-09-10-beta';
import type { WaitOptions } from '../jobs/job-options.js';
import type { FileRules } from './file-rules.js';
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

/** The number of files in a job unless an upload gives it. */
export const JOB_SIZE = 1000;

/** Options of {@link IpsClient.uploadUrls}. */
export interface UploadUrlsOptions extends UploadOptions {
  /** How to process the files. By default they replace others, are marked for publish, and get no masks; no mails are sent. */
  readonly job?: Partial<Omit<UploadUrlsJob, 'urlArray' | 'numUrls'>> | undefined;
  readonly description?: string | undefined;
  /** How many jobs may run at once; 2 by default. */
  readonly concurrency?: number | undefined;
}

/** Options of {@link IpsClient.uploadFiles}. */
export interface UploadFilesOptions extends UploadOptions, FileRules {
  /**
   * The folder where files go, beginning with the company's root: `MyCompany/Shoes/`. By default it is the root, which is looked up.
   */
  readonly destFolder?: string | undefined;
  /**
   * How to process the files. By default they replace others, are marked for publish, and get no masks; no mails are sent. Smart crops
   * (`autoSmartCropOptionsArray`) need a client whose contract has them, that of `@ips-sdk/types/2019-09-10-beta`; others refuse them
   * before anything is sent.
   */
  readonly job?: Partial<UploadPostJob> | undefined;
  readonly description?: string | undefined;
  /** How many requests may run at once; 4 by default. All come from this machine, as the service requires. */
  readonly concurrency?: number | undefined;
  /** How many small files may share a request; 10 by default. */
  readonly filesPerRequest?: number | undefined;
  /** Milliseconds without a byte that moves, or without an answer, after which a request counts as lost; by default as for calls. */
  readonly timeout?: number | undefined;
}
