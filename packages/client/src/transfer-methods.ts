import type { UploadUrl } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import { DOWNLOAD, EXPORT, FIND_FILES, UPLOAD_FILES, UPLOAD_URLS } from './check-options.js';
import type { ExportedAssets, ExportOptions, PlannedExport } from './exports/export-options.js';
import { type Download, type DownloadOptions, download } from './http/download.js';
import type { Jobs } from './jobs/jobs.js';
import { checked } from './option-checks.js';
import type { FileRules } from './uploads/file-rules.js';
import type { FileSource, FoundFiles } from './uploads/file-sources.js';
import type { UploadReport } from './uploads/outcome.js';
import type { UploadFilesOptions, UploadUrlsOptions } from './uploads/upload-options.js';

/** Uploads, exports and downloads. Their code is loaded on first use, to keep the first call fast. */
export class TransferMethods {
  readonly #caller: Caller;
  readonly #jobs: Jobs;

  /** @internal */
  constructor(caller: Caller, jobs: Jobs) {
    this.#caller = caller;
    this.#jobs = jobs;
  }

  /**
   * Exports any number of assets as archives and returns links to the files. Each job stays within the limits of the service, 500 assets
   * and 1 GB.
   *
   * @param assetHandles - Handles of assets. Sets cannot be exported.
   * @throws ExportSizeError when an original exceeds the limit of a job. Nothing is exported.
   * @throws JournalError when the journal cannot be used. Nothing is exported.
   * @throws InterruptedError with the exports so far when a job fails to start or cannot be followed after others succeeded. With a
   * journal, the export can be resumed.
   * @example
   * ```ts
   * const [exported] = await ips.exportAssets(['a|1', 'a|2'], { name: 'Shoes for print' });
   * console.log(exported?.links); // [ 'https://example.com/exports/MyCompany.zip' ]
   * ```
   */
  async exportAssets(assetHandles: readonly string[], options?: ExportOptions): Promise<ExportedAssets[]> {
    checked(EXPORT, options);
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
    checked(EXPORT, options);
    const { planExport } = await import('./exports/export-assets.js');
    return planExport(this.#caller, assetHandles, options);
  }

  /**
   * Downloads a file from a link of the service, such as the archive of an export. The file is streamed, through the proxy of the
   * environment if there is one. No credentials are sent.
   *
   * @param link - An http or https URL. Up to five redirects are followed.
   * @throws HttpError when the file does not exist or has expired, or a redirect leads to a host that `otherHosts` excludes.
   * @throws ConnectionError when the connection fails, including while the body is read.
   * @throws TimeoutError when no data arrives within `timeout` milliseconds (default: the client's), including while the body is read.
   * @throws TypeError when the link is not an http or https URL.
   */
  async download(link: string, options: DownloadOptions = {}): Promise<Download> {
    checked(DOWNLOAD, options);
    const { exchanger, timeout } = this.#caller;
    return download(exchanger.transport, link, options.timeout ?? timeout, options);
  }

  /**
   * Uploads any number of files that the service fetches from their URLs, in jobs of up to 1000 files.
   *
   * @param list - The URL and the destination of each file. A destination begins with the company's root, as in `MyCompany/Shoes/red.tif`.
   * @returns The outcome of each file, from the logs of the jobs. A file that failed does not throw.
   * @throws UploadInputError when a URL or a destination is invalid. Nothing is sent.
   * @throws JournalError when the journal cannot be used. Nothing is sent.
   * @throws IpsFault, or another error of a call, when the service fails. With a journal, the upload can be resumed.
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
    checked(UPLOAD_URLS, options);
    const { uploadUrls } = await import('./uploads/upload-urls.js');
    return uploadUrls(this.#caller, this.#jobs, list, options);
  }

  /**
   * Uploads local files, folders with their subfolders, and streams. Hidden files and files of the operating system are skipped unless
   * `hidden` is set.
   *
   * @returns The outcome of each file, from the logs of the jobs. A file that failed or could not be read does not throw.
   * @throws UploadInputError when a path does not exist, or two files have the same destination. Nothing is sent.
   * @throws JournalError when the journal cannot be used. Nothing is sent.
   * @throws IpsFault, or another error of a call, when the service fails. With a journal, the upload can be resumed.
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
    checked(UPLOAD_FILES, options);
    const { uploadFiles } = await import('./uploads/upload-files.js');
    return uploadFiles(this.#caller, sources, options);
  }

  /**
   * Lists the files that {@link TransferMethods.uploadFiles} would upload, with their destinations. Nothing is sent.
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
    checked(FIND_FILES, options);
    const { findUploads } = await import('./uploads/upload-files.js');
    return findUploads(this.#caller, sources, options);
  }
}
