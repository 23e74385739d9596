import { IpsFault } from '@ips-sdk/wire';
import type { Caller } from '../caller.js';
import { HttpError } from '../errors.js';
import { isUnknownJob } from '../jobs/unknown-job.js';
import { sources as isSources } from '../option-checks.js';
import { isClosedJob } from './closed-job.js';
import { destFolderOf } from './dest-folder.js';
import type { FileRules } from './file-rules.js';
import { type FileSource, type FoundFiles, findFiles, type LocalFile } from './file-sources.js';
import { findJobByName } from './find-job.js';
import { groupFiles } from './group-files.js';
import { isUncertain } from './is-uncertain.js';
import { noJournal, openJournal } from './journal.js';
import type { UploadReport } from './outcome.js';
import { runAll } from './run-all.js';
import { UploadServlet } from './servlet.js';
import { type OpenJob, pieces, UploadTracker } from './tracker.js';
import type { UploadEntry } from './upload-entries.js';
import { FileSourceError } from './upload-error.js';
import type { UploadFilesOptions } from './upload-options.js';
import { JOB_SIZE } from './upload-options.js';

/** Maximum number of attempts to open a job if the service may not have received the request. */
const OPENINGS = 3;

/**
 * Finds the files to upload.
 *
 * @internal
 */
export async function findUploads(
  caller: Caller,
  sources: FileSource | Iterable<FileSource> | AsyncIterable<FileSource>,
  options: FileRules & {
    readonly destFolder?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<FoundFiles> {
  isSources(sources, 'sources');
  const destFolder = await destFolderOf(caller, options.destFolder);
  const list = typeof sources === 'string' || 'path' in sources || 'content' in sources ? [sources] : sources;
  return findFiles(list, { ...options, destFolder });
}

/**
 * Uploads local files through the UploadFile servlet.
 *
 * @internal
 */
export async function uploadFiles(
  caller: Caller,
  sources: FileSource | Iterable<FileSource> | AsyncIterable<FileSource>,
  options: UploadFilesOptions = {},
): Promise<UploadReport> {
  const { jobSize: size = JOB_SIZE } = options;
  const { files, leftOut, warnings } = await findUploads(caller, sources, options);
  const journal =
    options.journal === undefined
      ? noJournal<UploadEntry>()
      : await openJournal<UploadEntry>(options.journal, {
          kind: 'uploadFiles',
          endpoint: caller.endpoints.upload,
          company: caller.options.company,
        });
  try {
    const tracker = new UploadTracker(caller, journal, files, options);
    const upload = new FileUpload(caller, tracker, options);
    for (const message of warnings) tracker.emit({ type: 'warning', message });
    if (leftOut.length > 0) tracker.emit({ type: 'leftOut', leftOut });
    const open = tracker.restore();
    tracker.bytes = { sent: 0, total: undefined };
    await tracker.resume(open);
    const pending = new Set(open.flatMap((job) => job.files.map(({ key }) => key)));
    const rest = tracker.rest(pending);
    const toSend = [...rest, ...open.flatMap((job) => job.files.filter(({ key }) => !job.sent.has(key)))];
    const sizes = toSend.map((file) => file.size);
    const total = sizes.reduce<number | undefined>(
      (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
      0,
    );
    tracker.bytes = { sent: 0, total };
    await upload.run(open, rest, size);
    return await tracker.report({ leftOut, warnings });
  } finally {
    await journal.close();
  }
}

class FileUpload {
  readonly #caller: Caller;
  readonly #tracker: UploadTracker<LocalFile>;
  readonly #options: UploadFilesOptions;
  readonly #servlet: UploadServlet;
  /** Names of jobs that an earlier run opened. The service may have closed them. */
  readonly #resumed = new Set<string>();
  /** Pending verdicts of completely sent jobs, while the next job is sent. */
  readonly #verdicts: Promise<void>[] = [];

  constructor(caller: Caller, tracker: UploadTracker<LocalFile>, options: UploadFilesOptions) {
    this.#caller = caller;
    this.#tracker = tracker;
    this.#options = options;
    this.#servlet = new UploadServlet(caller);
  }

  /** Fills the jobs one at a time, with concurrent requests. */
  async run(open: readonly OpenJob<LocalFile>[], rest: LocalFile[], size: number): Promise<void> {
    const stop = new AbortController();
    const { signal: given } = this.#options;
    const signal = given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]);
    signal.throwIfAborted();
    this.#tracker.jobsExpected = open.length + Math.ceil(rest.length / size);
    try {
      const left = [...rest];
      for (const job of open) left.push(...(await this.#resume(job, signal)));
      for (const part of pieces(left, size)) await this.#newJob(part, signal);
      await Promise.all(this.#verdicts);
    } catch (error) {
      stop.abort(error);
      await Promise.allSettled(this.#verdicts);
      throw given?.aborted ? given.reason : error;
    }
  }

  /**
   * Resumes a job of an earlier run, if the service still accepts files for it.
   *
   * @returns The files to send in another job.
   */
  async #resume(job: OpenJob<LocalFile>, signal: AbortSignal): Promise<LocalFile[]> {
    const { patience, minDelay } = this.#tracker;
    const look = { patience: job.sent.size > 0 ? patience : Math.min(patience, 5000), minDelay, signal };
    const found = await findJobByName(this.#caller, job.name, look);
    const handle = job.handle ?? found?.handle;
    const unsent = job.files.filter(({ key }) => !job.sent.has(key));
    if (handle === undefined) {
      await this.#tracker.ended(job.name, [], []);
      return unsent;
    }
    if (job.handle === undefined) await this.#tracker.submitted(job.name, handle, job.files, true);
    else this.#tracker.adopted(job);
    const sent = found?.active ? await this.#fillAgain(job.name, handle, unsent, signal) : undefined;
    if (sent !== undefined) {
      await this.#close(
        job.name,
        handle,
        [...job.files.filter(({ key }) => job.sent.has(key)), ...sent],
        signal,
      );
      return [];
    }
    // The service has closed the job. Its log covers the received files. The others are sent in another job.
    this.#awaitVerdict(
      job.name,
      handle,
      job.files.filter(({ key }) => job.sent.has(key)),
      signal,
    );
    return unsent;
  }

  /** @returns The received files, or `undefined` if the service has closed the job in the meantime. */
  async #fillAgain(
    name: string,
    handle: string,
    files: readonly LocalFile[],
    signal: AbortSignal,
  ): Promise<LocalFile[] | undefined> {
    this.#resumed.add(name);
    try {
      return await this.#fill(name, handle, files, signal);
    } catch (error) {
      if (signal.aborted || !isClosedJob(error)) throw error;
      return undefined;
    }
  }

  async #newJob(files: readonly LocalFile[], signal: AbortSignal): Promise<void> {
    const name = await this.#tracker.jobName(signal);
    await this.#tracker.planned(name, files);
    const handle = await this.#open(name, signal);
    await this.#tracker.submitted(name, handle, files, false);
    const sent = await this.#fill(name, handle, files, signal);
    await this.#close(name, handle, sent, signal);
  }

  /** Opens a job once: if the service may have received the request, it looks for the job first. */
  async #open(jobName: string, signal: AbortSignal): Promise<string> {
    const { description, job } = this.#options;
    const uploadParams = {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      ...job,
    };
    for (let tries = 1; ; tries += 1) {
      try {
        const locale = this.#caller.options.locale;
        return await this.#servlet.open({ jobName, uploadParams, description, locale }, this.#post(signal));
      } catch (error) {
        if (signal.aborted || !isUncertain(error)) throw error;
        const { patience, minDelay } = this.#tracker;
        const found = await findJobByName(this.#caller, jobName, { patience, minDelay, signal });
        if (found?.active) return found.handle;
        if (tries >= OPENINGS) throw error;
      }
    }
  }

  /** @returns The received files. */
  async #fill(
    name: string,
    handle: string,
    files: readonly LocalFile[],
    signal: AbortSignal,
  ): Promise<LocalFile[]> {
    const sent: LocalFile[] = [];
    await runAll(
      groupFiles(files, this.#options.filesPerRequest ?? 10).map((group) => async (either: AbortSignal) => {
        sent.push(...(await this.#send(name, handle, group, either)));
      }),
      this.#options.concurrency ?? 4,
      signal,
    );
    return sent;
  }

  async #send(
    name: string,
    handle: string,
    files: readonly LocalFile[],
    signal: AbortSignal,
  ): Promise<readonly LocalFile[]> {
    let moved = 0;
    const onBytes = (bytes: number): void => {
      moved += bytes;
      this.#count(bytes);
    };
    try {
      await this.#servlet.send(handle, files, this.#post(signal), onBytes);
    } catch (error) {
      this.#count(-moved);
      if (signal.aborted || (this.#resumed.has(name) && isClosedJob(error))) throw error;
      const [only] = files;
      if (error instanceof FileSourceError) {
        const culprit = files.filter(({ destPath }) => destPath === error.destPath);
        this.#tracker.failed(culprit, error.message, undefined);
        const others = files.filter((file) => !culprit.includes(file));
        return others.length === 0 ? [] : this.#send(name, handle, others, signal);
      }
      const refused =
        (error instanceof IpsFault && error.kind === 'api') ||
        (error instanceof HttpError && error.status === 413);
      const lost = only !== undefined && !only.repeatable && isUncertain(error);
      if (!refused && !lost) throw error;
      if (files.length === 1) {
        this.#tracker.failed(files, (error as Error).message, name);
        return [];
      }
      // One of the files was rejected. Sending them one by one shows which.
      const taken: LocalFile[] = [];
      for (const file of files) taken.push(...(await this.#send(name, handle, [file], signal)));
      return taken;
    }
    await this.#tracker.took(name, files);
    return files;
  }

  async #close(name: string, handle: string, sent: readonly LocalFile[], signal: AbortSignal): Promise<void> {
    try {
      await this.#servlet.end(handle, this.#post(signal));
    } catch (error) {
      // An earlier attempt or the service has ended the job. Its log contains the outcome.
      if (!isUnknownJob(error) && !isClosedJob(error)) throw error;
    }
    this.#awaitVerdict(name, handle, sent, signal);
  }

  #awaitVerdict(name: string, handle: string, files: readonly LocalFile[], signal: AbortSignal): void {
    const verdict = this.#tracker.finish(name, handle, files, signal);
    verdict.catch(() => undefined);
    this.#verdicts.push(verdict);
  }

  #count(bytes: number): void {
    const { bytes: known } = this.#tracker;
    if (known === undefined || bytes === 0) return;
    known.sent += bytes;
    this.#tracker.progress();
  }

  #post(signal: AbortSignal): { signal: AbortSignal; timeout: number | undefined } {
    return { signal, timeout: this.#options.timeout };
  }
}
