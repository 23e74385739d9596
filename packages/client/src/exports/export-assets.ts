import type { ExportJob, JobLogDetail } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { InterruptedError, JobNotFoundError } from '../errors.js';
import { Job } from '../jobs/job.js';
import type { WaitOptions } from '../jobs/job-options.js';
import type { Jobs } from '../jobs/jobs.js';
import { findJobByName } from '../uploads/find-job.js';
import { isUncertain } from '../uploads/is-uncertain.js';
import { type Journal, noJournal, openJournal } from '../uploads/journal.js';
import { assetSizes } from './asset-sizes.js';
import {
  type ExportLimits,
  ExportSizeError,
  exportChunks,
  MOST_ASSETS,
  MOST_BYTES,
  tooLarge,
} from './export-chunks.js';
import { type EarlierExport, type ExportEntry, earlierExports } from './export-entries.js';
import type { ExportedAssets, ExportOptions, PlannedExport } from './export-options.js';

/** Time to look for a job whose submission was interrupted, in milliseconds. */
const PATIENCE = 5000;
/** Maximum number of submissions of a job if the service may not have received the request. */
const SUBMISSIONS = 3;

/** A job to submit, or one of an earlier run. */
type Part = Pick<EarlierExport, 'name' | 'assets'> & { readonly earlier?: EarlierExport };

/**
 * Exports assets as archives and returns links to the files. The jobs run one at a time, within the limits of the service.
 *
 * @param given - Handles of assets. Sets cannot be exported.
 * @throws ExportSizeError when an original exceeds the limit of a job.
 * @throws InterruptedError with the exports so far when a job fails to start or cannot be followed after others succeeded.
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
        // The service no longer has the job, so the assets are exported again.
      }
    }
    return { ...(await this.#follow(part, await this.#submit(part))), saved: [], resumed: false };
  }

  /** The job of an earlier run, which may have been interrupted before it received the handle. */
  async #earlierJob({ name, handle, before, submittedAt }: EarlierExport): Promise<Job | undefined> {
    const known = handle ?? (await this.#find(name, before, PATIENCE));
    if (known === undefined) return undefined;
    if (handle === undefined) await this.#journal.append({ type: 'submitted', name, handle: known });
    return new Job(this.#caller, { handle: known, name, submittedAt });
  }

  async #submit({ name, assets }: Part): Promise<Job> {
    const signal = this.#wait?.signal;
    // The name may be in use, and an earlier job must not be mistaken for this one.
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

/** The links in a log row. The asset name of a finished export is its link. Otherwise, links are in the message. */
function linksOf({ assetName = '', logMessage }: JobLogDetail): readonly string[] {
  if (/^https?:/i.test(assetName)) return [assetName];
  return logMessage?.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
}
