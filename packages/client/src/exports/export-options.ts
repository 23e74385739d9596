import type { ExportJob } from '@ips-sdk/types';
import type { WaitOptions } from '../jobs/job-options.js';
import type { JobVerdict } from '../jobs/verdict.js';
import type { SavedFile } from './export-entries.js';

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
