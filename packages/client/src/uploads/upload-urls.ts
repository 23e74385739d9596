import { createHash } from 'node:crypto';
import type { UploadUrl } from '@ips-sdk/types';
import { IpsFault } from '@ips-sdk/wire';
import type { Caller } from '../caller.js';
import type { Jobs } from '../jobs/jobs.js';
import { redactXml } from '../redact.js';
import { repeatedFolderWarnings } from './dest-path.js';
import { findJobByName } from './find-job.js';
import { isUncertain } from './is-uncertain.js';
import { noJournal, openJournal } from './journal.js';
import type { UploadReport } from './outcome.js';
import { runAll } from './run-all.js';
import { type OpenJob, pieces, type TrackedFile, UploadTracker } from './tracker.js';
import type { UploadEntry } from './upload-entries.js';
import { UploadInputError, type UploadProblem } from './upload-error.js';
import type { UploadUrlsOptions } from './upload-options.js';
import { JOB_SIZE } from './upload-options.js';

interface UrlFile extends TrackedFile {
  readonly url: UploadUrl;
}

/** Maximum number of submissions of a job if the service may not have received the request. */
const SUBMISSIONS = 3;

/**
 * Uploads any number of files that the service fetches from their URLs.
 *
 * @internal
 */
export async function uploadUrls(
  caller: Caller,
  jobs: Jobs,
  list: Iterable<UploadUrl> | AsyncIterable<UploadUrl>,
  options: UploadUrlsOptions = {},
): Promise<UploadReport> {
  const { jobSize: size = JOB_SIZE } = options;
  const files: UrlFile[] = [];
  for await (const url of list) files.push(urlFile(url));
  checkUrls(files);
  const journal =
    options.journal === undefined
      ? noJournal<UploadEntry>()
      : await openJournal<UploadEntry>(options.journal, {
          kind: 'uploadUrls',
          endpoint: caller.endpoints.soap,
          company: caller.options.company,
        });
  try {
    const tracker = new UploadTracker(caller, journal, files, options);
    const upload = new UrlUpload(caller, jobs, tracker, options);
    const warnings = repeatedFolderWarnings(files.map(({ destPath }) => destPath));
    for (const message of warnings) tracker.emit({ type: 'warning', message });
    const open = tracker.restore();
    await tracker.resume(open);
    const taken = new Set(open.flatMap((job) => job.files.map(({ key }) => key)));
    const fresh = pieces(tracker.rest(taken), size);
    tracker.jobsExpected = open.length + fresh.length;
    await runAll(
      [
        ...open.map((job) => (signal: AbortSignal) => upload.resume(job, signal)),
        ...fresh.map((part) => (signal: AbortSignal) => upload.begin(part, signal)),
      ],
      options.concurrency ?? 2,
      options.signal,
    );
    return await tracker.report({ leftOut: [], warnings });
  } finally {
    await journal.close();
  }
}

class UrlUpload {
  readonly #caller: Caller;
  readonly #jobs: Jobs;
  readonly #tracker: UploadTracker<UrlFile>;
  readonly #options: UploadUrlsOptions;

  constructor(caller: Caller, jobs: Jobs, tracker: UploadTracker<UrlFile>, options: UploadUrlsOptions) {
    this.#caller = caller;
    this.#jobs = jobs;
    this.#tracker = tracker;
    this.#options = options;
  }

  /** Resumes a job of an earlier run. */
  async resume(job: OpenJob<UrlFile>, signal: AbortSignal): Promise<void> {
    if (job.handle !== undefined) {
      this.#tracker.adopted(job);
      return this.#tracker.finish(job.name, job.handle, job.files, signal);
    }
    // The earlier run recorded the plan to submit the job, but not the submission.
    const found = await this.#find(job.name, signal);
    if (found === undefined) return this.#submit(job.name, job.files, signal);
    await this.#tracker.submitted(job.name, found, job.files, true);
    return this.#tracker.finish(job.name, found, job.files, signal);
  }

  async begin(files: readonly UrlFile[], signal: AbortSignal): Promise<void> {
    const name = await this.#tracker.jobName(signal);
    await this.#tracker.planned(name, files);
    await this.#submit(name, files, signal);
  }

  async #submit(name: string, files: readonly UrlFile[], signal: AbortSignal): Promise<void> {
    let handle: string;
    try {
      handle = await this.#submitOnce(name, files, signal);
    } catch (error) {
      // The service rejected the content of this job, so other jobs may succeed.
      if (!(error instanceof IpsFault) || error.kind !== 'api') throw error;
      const refused = {
        status: 'failed',
        reason: error.message,
        warnings: [],
        assetHandle: undefined,
      } as const;
      await this.#tracker.ended(
        name,
        files,
        files.map(() => refused),
      );
      return;
    }
    await this.#tracker.submitted(name, handle, files, false);
    await this.#tracker.finish(name, handle, files, signal);
  }

  /** Submits a job once: if the service may have received the request, it looks for the job first. */
  async #submitOnce(name: string, files: readonly UrlFile[], signal: AbortSignal): Promise<string> {
    const details = {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      ...this.#options.job,
      urlArray: files.map(({ url }) => url),
    };
    for (let tries = 1; ; tries += 1) {
      try {
        const { description } = this.#options;
        const job = await this.#jobs.submit('uploadUrlsJob', details, {
          name,
          description,
          call: { signal },
        });
        return job.handle;
      } catch (error) {
        if (signal.aborted || !isUncertain(error)) throw error;
        const found = await this.#find(name, signal);
        if (found !== undefined) return found;
        if (tries >= SUBMISSIONS) throw error;
      }
    }
  }

  async #find(name: string, signal: AbortSignal): Promise<string | undefined> {
    const { patience, minDelay } = this.#tracker;
    return (await findJobByName(this.#caller, name, { patience, minDelay, signal }))?.handle;
  }
}

function urlFile(url: UploadUrl): UrlFile {
  const { sourceUrl, destPath } = url;
  // A hash, since URLs may contain signatures that grant access.
  const key = createHash('sha256').update(`${sourceUrl}\n${destPath}`).digest('base64url').slice(0, 22);
  return { key, url: { sourceUrl, destPath }, source: sourceUrl, destPath };
}

function checkUrls(files: readonly UrlFile[]): void {
  const problems: UploadProblem[] = [];
  const first = new Map<string, number>();
  for (const [index, { url, destPath }] of files.entries()) {
    const bad = (value: unknown, problem: string): void =>
      void problems.push({ index, value: redactXml(String(value)), problem });
    const { sourceUrl } = url;
    if (typeof sourceUrl !== 'string' || !URL.canParse(sourceUrl)) bad(sourceUrl, 'expected an absolute URL');
    else if (!/^(?:https?|ftps?|sftp):$/.test(new URL(sourceUrl).protocol))
      bad(sourceUrl, 'expected an http, https, ftp, ftps or sftp URL');
    if (typeof destPath !== 'string' || destPath === '' || destPath.endsWith('/'))
      bad(destPath, 'expected a folder and a file name');
    const twin = first.get(destPath);
    if (twin === undefined) first.set(destPath, index);
    else bad(destPath, `expected a unique destination, but [${twin}] has the same`);
  }
  if (problems.length > 0) throw new UploadInputError(problems);
}
