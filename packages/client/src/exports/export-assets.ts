import type { ExportJob, JobLogDetail } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { InterruptedError, JobNotFoundError } from '../errors.js';
import { Job, type WaitOptions } from '../jobs/job.js';
import type { Jobs } from '../jobs/jobs.js';
import type { JobVerdict } from '../jobs/verdict.js';
import { findJobByName } from '../uploads/find-job.js';
import { isUncertain } from '../uploads/is-uncertain.js';
import { type Journal, noJournal, openJournal } from '../uploads/journal.js';
import { assetSizes } from './asset-sizes.js';
import {
  checkLimits,
  type ExportLimits,
  ExportSizeError,
  exportChunks,
  MOST_ASSETS,
  MOST_BYTES,
  tooLarge,
} from './export-chunks.js';
import { type EarlierExport, type ExportEntry, earlierExports, type SavedFile } from './export-entries.js';

/** One export that has ended. */
export interface ExportedAssets {
  readonly assetHandles: readonly string[];
  readonly verdict: JobVerdict;
  /** Links to the files, from the log of the job. */
  readonly links: readonly string[];
  /** What `onExported` returned: the files that were saved from the links; of an earlier run until it is called again. */
  readonly saved: readonly SavedFile[];
  /** Whether an earlier run, which was interrupted, had submitted it. */
  readonly resumed: boolean;
}

/** Options of {@link exportAssets}. */
export interface ExportOptions extends Partial<Omit<ExportJob, 'assetHandleArray'>> {
  /** The most assets in one job, up to 500, which is also the default. */
  readonly chunkSize?: number | undefined;
  /** The most bytes of original files in one job, up to 1,000,000,000, which is also the default. */
  readonly maxBytes?: number | undefined;
  /** The name of the job. When there are several, a number is added to each. */
  readonly name?: string | undefined;
  /**
   * The path of a file that records the progress. When the export is started again with it, after a crash or an error, it continues
   * where it stopped, and exports nothing twice. A run that ended is not continued.
   */
  readonly journal?: string | undefined;
  /**
   * Receives each export as soon as it has ended, and is awaited before the next one begins. The files that it saved and returns are
   * recorded in the journal.
   */
  readonly onExported?:
    | ((exported: ExportedAssets) => Promise<readonly SavedFile[] | undefined> | Promise<void> | void)
    | undefined;
  readonly wait?: WaitOptions | undefined;
}

/** How long to look for a job whose submission was interrupted, in milliseconds. */
const PATIENCE = 5000;
/** How often to try to submit a job when it is uncertain whether the service received the request. */
const SUBMISSIONS = 3;

/** A job to submit, or one of an earlier run. */
type Part = Pick<EarlierExport, 'name' | 'assets'> & { readonly earlier?: EarlierExport };

/**
 * Exports assets as archives, in jobs that keep to the limits of the service, one after the other, and returns links to the files.
 *
 * @param given - Assets; sets cannot be exported.
 * @throws ExportSizeError when an original is larger than a job may be.
 * @throws InterruptedError with the exports so far when a job cannot be submitted or followed after others succeeded.
 *
 * @internal
 */
export async function exportAssets(
  caller: Caller,
  jobs: Jobs,
  given: readonly string[],
  options: ExportOptions = {},
): Promise<ExportedAssets[]> {
  const {
    chunkSize = MOST_ASSETS,
    maxBytes = MOST_BYTES,
    name = `export ${new Date().toISOString()}`,
    journal: file,
    onExported,
    wait,
    ...details
  } = options;
  checkLimits({ chunkSize, maxBytes });
  const journal =
    file === undefined
      ? noJournal<ExportEntry>()
      : await openJournal<ExportEntry>(file, {
          kind: 'exportAssets',
          endpoint: caller.endpoints.soap,
          company: caller.options.company,
        });
  try {
    const earlier = earlierExports(journal.entries);
    const assetHandles = [...new Set(given)];
    const known = new Set(earlier.flatMap(({ assets }) => assets));
    const rest = assetHandles.filter((handle) => !known.has(handle));
    const chunks = await cutIntoJobs(caller, rest, { chunkSize, maxBytes, fmt: details.fmt }, wait?.signal);
    const parts: Part[] = [
      ...earlier.map((job) => ({ name: job.name, assets: job.assets, earlier: job })),
      ...named(chunks, name, earlier.length),
    ];
    const asked = { fmt: 'orig', emailSetting: 'None', ...details };
    const work = new ExportWork(caller, jobs, journal, asked, wait);
    const exported = await work.run(parts, onExported);
    await journal.append({ type: 'end', at: new Date().toISOString() });
    return exported;
  } finally {
    await journal.close();
  }
}

/** A job that an export would submit. */
export interface PlannedExport {
  /** The name of the job. */
  readonly name: string;
  /** The assets of the job, in the order given. */
  readonly assetHandles: readonly string[];
}

/**
 * Cuts an export into jobs as {@link exportAssets} does without a journal, and submits none.
 *
 * @throws ExportSizeError if an original exceeds the limit of a job.
 *
 * @internal
 */
export async function planExport(
  caller: Caller,
  given: readonly string[],
  options: ExportOptions = {},
): Promise<PlannedExport[]> {
  const { chunkSize = MOST_ASSETS, maxBytes = MOST_BYTES, fmt, wait } = options;
  const { name = `export ${new Date().toISOString()}` } = options;
  checkLimits({ chunkSize, maxBytes });
  const limits = { chunkSize, maxBytes, fmt };
  const chunks = await cutIntoJobs(caller, [...new Set(given)], limits, wait?.signal);
  return named(chunks, name, 0).map(({ name: job, assets }) => ({ name: job, assetHandles: assets }));
}

/** Cuts assets into jobs by their number and size. */
async function cutIntoJobs(
  caller: Caller,
  assetHandles: readonly string[],
  { fmt = 'orig', ...limits }: ExportLimits & { readonly fmt: string | undefined },
  signal: AbortSignal | undefined,
): Promise<string[][]> {
  const sizes = await assetSizes(caller, assetHandles, signal);
  const large = tooLarge(assetHandles, sizes, limits.maxBytes);
  // A converted image may be smaller than its original.
  if (large.length > 0 && fmt === 'orig') throw new ExportSizeError(large, limits.maxBytes);
  return exportChunks(assetHandles, sizes, limits);
}

/** Names jobs: with numbers if there are several, counting `earlier` ones. */
function named(chunks: readonly string[][], name: string, earlier: number): Part[] {
  const isNumbered = earlier + chunks.length > 1;
  return chunks.map((assets, i) => ({ name: isNumbered ? `${name} ${earlier + i + 1}` : name, assets }));
}

class ExportWork {
  readonly #caller: Caller;
  readonly #jobs: Jobs;
  readonly #journal: Journal<ExportEntry>;
  readonly #details: Omit<ExportJob, 'assetHandleArray'>;
  readonly #wait: WaitOptions | undefined;

  constructor(
    caller: Caller,
    jobs: Jobs,
    journal: Journal<ExportEntry>,
    details: Omit<ExportJob, 'assetHandleArray'>,
    wait: WaitOptions | undefined,
  ) {
    this.#caller = caller;
    this.#jobs = jobs;
    this.#journal = journal;
    this.#details = details;
    this.#wait = wait;
  }

  async run(parts: readonly Part[], onExported: ExportOptions['onExported']): Promise<ExportedAssets[]> {
    const done: ExportedAssets[] = [];
    for (const part of parts) {
      try {
        const exported = await this.#export(part);
        const saved = await onExported?.(exported);
        if (saved) await this.#journal.append({ type: 'saved', name: part.name, files: saved });
        done.push(saved ? { ...exported, saved } : exported);
      } catch (error) {
        if (done.length === 0) throw error;
        const assets = done.reduce((sum, { assetHandles }) => sum + assetHandles.length, 0);
        const all = parts.reduce((sum, { assets: handles }) => sum + handles.length, 0);
        throw new InterruptedError(`export, after ${assets} of ${all}`, done, error);
      }
    }
    return done;
  }

  async #export(part: Part): Promise<ExportedAssets> {
    const { earlier } = part;
    const found = earlier === undefined ? undefined : await this.#earlierJob(earlier);
    if (earlier !== undefined && found !== undefined) {
      try {
        return { ...(await this.#follow(part, found)), saved: earlier.saved, resumed: true };
      } catch (error) {
        if (!(error instanceof JobNotFoundError)) throw error;
        // The service has forgotten it, so it is exported again.
      }
    }
    return { ...(await this.#follow(part, await this.#submit(part))), saved: [], resumed: false };
  }

  /** The job of an earlier run, which may have ended before it learned the handle. */
  async #earlierJob({ name, handle, before, submittedAt }: EarlierExport): Promise<Job | undefined> {
    const known = handle ?? (await this.#find(name, before, PATIENCE));
    if (known === undefined) return undefined;
    if (handle === undefined) await this.#journal.append({ type: 'submitted', name, handle: known });
    return new Job(this.#caller, { handle: known, name, submittedAt });
  }

  async #submit({ name, assets }: Part): Promise<Job> {
    const signal = this.#wait?.signal;
    // The name need not be new, so an earlier job must not be taken for this one.
    const before = await this.#find(name, undefined, 0);
    const submittedAt = Date.now() + this.#caller.exchanger.clockOffset;
    await this.#journal.append({
      type: 'job',
      name,
      assets,
      submittedAt,
      ...(before === undefined ? {} : { before }),
    });
    const details = { ...this.#details, assetHandleArray: [...assets] };
    for (let tries = 1; ; tries += 1) {
      try {
        const job = await this.#jobs.submit('exportJob', details, { name, call: { signal } });
        await this.#journal.append({ type: 'submitted', name, handle: job.handle });
        return job;
      } catch (error) {
        if (signal?.aborted) throw error;
        if (!isUncertain(error)) {
          await this.#journal.append({ type: 'refused', name });
          throw error;
        }
        const handle = await this.#find(name, before, PATIENCE);
        if (handle !== undefined) {
          await this.#journal.append({ type: 'submitted', name, handle });
          return new Job(this.#caller, { handle, name, submittedAt });
        }
        if (tries >= SUBMISSIONS) throw error;
      }
    }
  }

  async #find(name: string, except: string | undefined, patience: number): Promise<string | undefined> {
    const look = { patience, minDelay: this.#wait?.minDelay ?? 1000, signal: this.#wait?.signal };
    const found = await findJobByName(this.#caller, name, look);
    return found?.handle === except ? undefined : found?.handle;
  }

  async #follow(
    { assets }: Part,
    job: Job,
  ): Promise<Pick<ExportedAssets, 'assetHandles' | 'verdict' | 'links'>> {
    const signal = this.#wait?.signal;
    const verdict = await job.wait(this.#wait);
    const links: string[] = [];
    for await (const row of new Job(this.#caller, { handle: verdict.log.jobHandle }).log({ signal })) {
      links.push(...linksOf(row));
    }
    return { assetHandles: assets, verdict, links: [...new Set(links)] };
  }
}

/** The links of a log row: its asset's name, which is the link of a finished export; otherwise those in its message. */
function linksOf({ assetName = '', logMessage }: JobLogDetail): readonly string[] {
  if (/^https?:/i.test(assetName)) return [assetName];
  return logMessage?.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
}
