import type { UploadUrlsJob } from '@ips-sdk/types';
import type { UploadPostJob } from '@ips-sdk/types/2019-09-10-beta';
import type { WaitOptions } from '../jobs/job-options.js';
import type { FileRules } from './file-rules.js';
import type { UploadEvent, UploadProgress } from './outcome.js';

/** Options of `uploadUrls` and `uploadFiles`. */
export interface UploadOptions {
  /**
   * Name of the job. If a job with this name exists, and from the second job of an upload, a unique suffix is added. Default: `upload`
   * with a unique suffix.
   */
  readonly name?: string | undefined;
  /** Number of files per job, from 1 to 1000. Default: 1000. */
  readonly jobSize?: number | undefined;
  /**
   * Path of a file that records the progress. After a crash or an error, an upload with the same journal resumes where it stopped and sends
   * nothing twice. An upload that ended, even with failures, is not resumed: the next one with the same journal sends all files.
   */
  readonly journal?: string | undefined;
  /** Whether to retry the files that failed in the interrupted run. Default: `false`. */
  readonly retryFailed?: boolean | undefined;
  /**
   * Whether to look up the files that were already sent according to the journal, and to send those again that the service no longer has.
   * Default: `false`.
   */
  readonly verify?: boolean | undefined;
  /** How to wait for each job. */
  readonly wait?: Omit<WaitOptions, 'signal' | 'onEvent'> | undefined;
  /**
   * Milliseconds after which a job with an interrupted submission counts as not submitted if it is in none of the service's lists. Default:
   * 30,000.
   */
  readonly patience?: number | undefined;
  /** Aborts the upload. */
  readonly signal?: AbortSignal | undefined;
  /** Receives every event of the upload. */
  readonly onEvent?: ((event: UploadEvent) => void) | undefined;
  /** Receives the progress whenever it changes. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** The default number of files per job. */
export const JOB_SIZE = 1000;

/** Options of `uploadUrls`. */
export interface UploadUrlsOptions extends UploadOptions {
  /** Settings of the upload jobs. By default, files replace existing ones and are marked for publish, without masks and e-mails. */
  readonly job?: Partial<Omit<UploadUrlsJob, 'urlArray' | 'numUrls'>> | undefined;
  readonly description?: string | undefined;
  /** Maximum number of concurrent jobs, from 1. Default: 2. */
  readonly concurrency?: number | undefined;
}

/** Options of `uploadFiles`. */
export interface UploadFilesOptions extends UploadOptions, FileRules {
  /**
   * Destination folder, beginning with the company's root, such as `MyCompany/Shoes/`. Default: the company's root.
   */
  readonly destFolder?: string | undefined;
  /**
   * Settings of the upload jobs. By default, files replace existing ones and are marked for publish, without masks and e-mails. Smart crops
   * (`autoSmartCropOptionsArray`) require a contract with this field, such as `@ips-sdk/types/2019-09-10-beta`.
   */
  readonly job?: Partial<UploadPostJob> | undefined;
  readonly description?: string | undefined;
  /** Maximum number of concurrent requests, from 1. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Maximum number of small files per request, from 1. Default: 10. */
  readonly filesPerRequest?: number | undefined;
  /** Time limit in milliseconds, above 0, for a request that transfers no data or gets no response. Default: the client's. */
  readonly timeout?: number | undefined;
}
