import type { ExportJob, JobLogDetail } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import { InterruptedError } from './errors.js';
import { Job, type WaitOptions } from './jobs/job.js';
import type { Jobs } from './jobs/jobs.js';
import type { JobVerdict } from './jobs/verdict.js';

/** One export that has ended. */
export interface ExportedAssets {
  readonly assetHandles: readonly string[];
  readonly verdict: JobVerdict;
  /** Links to the files, from the log of the job. */
  readonly links: readonly string[];
}

/** Options of {@link exportAssets}. */
export interface ExportOptions extends Partial<Omit<ExportJob, 'assetHandleArray'>> {
  /** How many assets go into one job; 500 by default. */
  readonly chunkSize?: number | undefined;
  /** The beginning of the jobs' names. */
  readonly name?: string | undefined;
  readonly wait?: WaitOptions | undefined;
}

/**
 * Exports assets as archives, in jobs of a size that the service can handle, one after the other, and returns links to the files.
 *
 * @param assetHandles - Assets; sets cannot be exported.
 * @throws InterruptedError with the exports so far when a job cannot be submitted or followed after others succeeded.
 *
 * @internal
 */
export async function exportAssets(
  caller: Caller,
  jobs: Jobs,
  assetHandles: readonly string[],
  options: ExportOptions = {},
): Promise<ExportedAssets[]> {
  const { chunkSize = 500, name = `export ${new Date().toISOString()}`, wait, ...details } = options;
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new RangeError(`chunkSize is ${chunkSize}; expected a whole number from 1`);
  const exported: ExportedAssets[] = [];
  for (let i = 0; i < assetHandles.length; i += chunkSize) {
    const chunk = assetHandles.slice(i, i + chunkSize);
    const part = assetHandles.length > chunkSize ? `${name} ${i / chunkSize + 1}` : name;
    const asked = { fmt: 'orig', emailSetting: 'None', ...details, assetHandleArray: [...chunk] };
    try {
      exported.push(await exportChunk(caller, jobs, asked, part, wait));
    } catch (error) {
      if (i === 0) throw error;
      throw new InterruptedError(`export, after ${i} of ${assetHandles.length}`, exported, error);
    }
  }
  return exported;
}

async function exportChunk(
  caller: Caller,
  jobs: Jobs,
  details: ExportJob,
  name: string,
  wait: WaitOptions | undefined,
): Promise<ExportedAssets> {
  const signal = wait?.signal;
  const job = await jobs.submit('exportJob', details, { name, call: { signal } });
  const verdict = await job.wait(wait);
  const links: string[] = [];
  for await (const row of new Job(caller, { handle: verdict.log.jobHandle }).log({ signal })) {
    links.push(...linksOf(row));
  }
  return { assetHandles: details.assetHandleArray, verdict, links: [...new Set(links)] };
}

/** The links of a log row: its asset's name, which is the link of a finished export; otherwise those in its message. */
function linksOf({ assetName = '', logMessage }: JobLogDetail): readonly string[] {
  if (/^https?:/i.test(assetName)) return [assetName];
  return logMessage?.match(/https?:\/\/[^\s"'<>]+/g) ?? [];
}
