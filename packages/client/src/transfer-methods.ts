import type { UploadUrl } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { ExportedAssets, ExportOptions, PlannedExport } from './exports/export-assets.js';
import { type Download, download } from './http/download.js';
import type { Jobs } from './jobs/jobs.js';
import type { CallOptions } from './options.js';
import type { FileRules } from './uploads/file-rules.js';
import type { FileSource, FoundFiles } from './uploads/file-sources.js';
import type { UploadReport } from './uploads/outcome.js';
import type { UploadFilesOptions } from './uploads/upload-files.js';
import type { UploadUrlsOptions } from './uploads/upload-urls.js';

/** What a client does with files. Most of it, and what it needs of Node, is loaded on first use, so that a first call does not wait. */
export class TransferMethods {
  readonly #caller: Caller;
  readonly #jobs: Jobs;

  /** @internal */
  constructor(caller: Caller, jobs: Jobs) {
    this.#caller = caller;
    this.#jobs = jobs;
  }

  /**
   * Exports assets as archives, in jobs that keep to the limits of the service (500 assets and 1 GB), and returns links to the files.
   *
   * @param assetHandles - Assets; sets cannot be exported.
   * @throws ExportSizeError when an original is larger than a job may be; nothing is exported then.
   * @throws JournalError when the journal cannot be continued; nothing is exported then.
   * @throws InterruptedError with the exports so far when a job cannot be submitted or followed after others succeeded; with a journal,
   * the export can be resumed later.
   * @example
   * ```ts
   * const [exported] = await ips.exportAssets(['a|1', 'a|2'], { name: 'Shoes for print' });
   * console.log(exported?.links); // [ 'https://example.com/exports/MyCompany.zip' ]
   * ```
   */
  async exportAssets(assetHandles: readonly string[], options?: ExportOptions): Promise<ExportedAssets[]> {
    const { exportAssets } = await import('./exports/export-assets.js');
    return exportAssets(this.#caller, this.#jobs, assetHandles, options);
  }

  /**
   * Returns the jobs that {@link TransferMethods.exportAssets} would submit for the same assets and options, without a journal. Reads
   * the sizes of the assets; submits nothing.
   *
   * @param assetHandles - Assets; sets cannot be exported.
   * @throws ExportSizeError if an original exceeds the limit of a job.
   * @example
   * ```ts
   * const jobs = await ips.planExport(['a|1', 'a|2'], { name: 'Shoes for print', chunkSize: 1 });
   * console.log(jobs.map(({ name }) => name)); // [ 'Shoes for print 1', 'Shoes for print 2' ]
   * ```
   */
  async planExport(assetHandles: readonly string[], options?: ExportOptions): Promise<PlannedExport[]> {
    const { planExport } = await import('./exports/export-assets.js');
    return planExport(this.#caller, assetHandles, options);
  }

  /**
   * Opens a file that the service made, such as the archive of an export, by its link. The file is streamed, whatever its size,
   * through the proxy of the environment. No credentials are sent.
   *
   * @param link - An http or https URL; redirects are followed.
   * @throws HttpError when the file does not exist, or no longer exists.
   * @throws ConnectionError when the connection breaks, also while the body is read.
   * @throws TimeoutError when nothing arrives for as long as a call may take, also while the body is read.
   */
  download(link: string, options: Pick<CallOptions, 'signal' | 'timeout'> = {}): Promise<Download> {
    const { exchanger, timeout } = this.#caller;
    return download(exchanger.transport, link, options.timeout ?? timeout, options.signal);
  }

  /**
   * Uploads any number of files that the service fetches by their URLs, in jobs of up to 1000, and reports what became of each.
   *
   * @param list - Where each file is, and where it goes, beginning with the company's root: `MyCompany/Shoes/red.tif`.
   * @returns What the jobs' logs say about each file. A file that failed does not throw.
   * @throws UploadInputError when a URL or a destination is not valid; nothing is sent then.
   * @throws JournalError when the journal cannot be continued; nothing is sent then.
   * @throws IpsFault, or another error of a call, when the service fails; with a journal, the upload can be resumed later.
   * @example
   * ```ts
   * import { tmpdir } from 'node:os';
   *
   * const report = await ips.uploadUrls(
   *   [
   *     { sourceUrl: 'https://www.example.com/red.tif', destPath: 'MyCompany/Shoes/red.tif' },
   *     { sourceUrl: 'https://www.example.com/blue.tif', destPath: 'MyCompany/Shoes/blue.tif' },
   *   ],
   *   { name: 'Spring', jobSize: 500, journal: `${tmpdir()}/spring-${process.pid}.jsonl` },
   * );
   * console.log(report.counts.succeeded); // 2
   * for (const { destPath, status, reason } of report.files) if (status === 'failed') console.log(destPath, reason);
   * ```
   */
  async uploadUrls(
    list: Iterable<UploadUrl> | AsyncIterable<UploadUrl>,
    options?: UploadUrlsOptions,
  ): Promise<UploadReport> {
    const { uploadUrls } = await import('./uploads/upload-urls.js');
    return uploadUrls(this.#caller, this.#jobs, list, options);
  }

  /**
   * Uploads local files, folders with everything in them, and streams, and reports what became of each. Files that operating systems
   * leave in folders, and hidden ones, are left out unless `hidden` is set.
   *
   * @returns What the jobs' logs say about each file. A file that failed or could not be read does not throw.
   * @throws UploadInputError when a path does not exist, or two files have the same destination; nothing is sent then.
   * @throws JournalError when the journal cannot be continued; nothing is sent then.
   * @throws IpsFault, or another error of a call, when the service fails; with a journal, the upload can be resumed later.
   * @example
   * ```ts
   * const report = await ips.uploadFiles(
   *   [{ content: Buffer.from('...'), destPath: 'red.tif' }],
   *   { destFolder: 'MyCompany/Shoes/', onProgress: ({ bytes }) => console.log(bytes?.sent) },
   * );
   * console.log(report.ok);
   * ```
   */
  async uploadFiles(
    sources: FileSource | Iterable<FileSource> | AsyncIterable<FileSource>,
    options?: UploadFilesOptions,
  ): Promise<UploadReport> {
    const { uploadFiles } = await import('./uploads/upload-files.js');
    return uploadFiles(this.#caller, sources, options);
  }

  /**
   * Finds the files that {@link TransferMethods.uploadFiles} would send, with their destinations, and sends none.
   *
   * @throws UploadInputError when a path does not exist, or two files have the same destination.
   * @example
   * ```ts
   * const { files } = await ips.findFiles([{ content: Buffer.from('...'), destPath: 'red.tif' }]);
   * console.log(files[0]?.destPath); // MyCompany/red.tif
   * ```
   */
  async findFiles(
    sources: FileSource | Iterable<FileSource> | AsyncIterable<FileSource>,
    options: FileRules & Pick<UploadFilesOptions, 'destFolder' | 'signal'> = {},
  ): Promise<FoundFiles> {
    const { findUploads } = await import('./uploads/upload-files.js');
    return findUploads(this.#caller, sources, options);
  }
}
