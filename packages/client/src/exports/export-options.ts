import type { ExportJob } from '@ips-sdk/types';
import type { WaitOptions } from '../jobs/job-options.js';
import type { JobVerdict } from '../jobs/verdict.js';
import type { SavedFile } from './export-entries.js';

/** A finished export job. */
export interface ExportedAssets {
  /** Handles of the exported assets. */
  readonly assetHandles: readonly string[];
  /** The outcome of the job. */
  readonly verdict: JobVerdict;
  /** Links to the exported files, from the log of the job. */
  readonly links: readonly string[];
  /** The saved files that `onExported` returned. Before it is called, those of an earlier run. */
  readonly saved: readonly SavedFile[];
  /** Whether an earlier, interrupted run had submitted the job. */
  readonly resumed: boolean;
}

/** Options of `exportAssets`: the settings of the export jobs, and how to run them. */
export interface ExportOptions extends Partial<Omit<ExportJob, 'assetHandleArray'>> {
  /** Maximum number of assets per job, from 1 to 500. Default: 500. */
  readonly chunkSize?: number | undefined;
  /** Maximum size of the original files per job in bytes, from 1 to 1,000,000,000. Default: 1,000,000,000. */
  readonly maxBytes?: number | undefined;
  /** Name of the job. Several jobs get a number as suffix. Default: `export` and the time. */
  readonly name?: string | undefined;
  /**
   * Path of a file that records the progress. After a crash or an error, an export with the same journal resumes where it stopped and
   * exports nothing twice. An export that ended is not resumed.
   */
  readonly journal?: string | undefined;
  /**
   * Called after each job, and awaited before the next job starts. Return the saved files to record them in the journal.
   */
  readonly onExported?:
    | ((exported: ExportedAssets) => Promise<readonly SavedFile[] | undefined> | Promise<void> | void)
    | undefined;
  /** How to wait for each job. `wait.signal` aborts the export. */
  readonly wait?: WaitOptions | undefined;
}

/** A job that an export would submit. */
export interface PlannedExport {
  /** The name of the job. */
  readonly name: string;
  /** The assets of the job, in the order given. */
  readonly assetHandles: readonly string[];
}
