/**
 * Besides the types for the beginning and the end, those of rows that are about the run itself: without the name of an asset or a file,
 * they are the same whatever the job is about.
 */
export const RUN_LOG_TYPES: readonly string[] = [
  'OriginalJobName',
  'JobClient',
  'JobType',
  'InitiatingJobName',
  'TotalFileCount',
  'FileCancel',
];

/** The log types that a kind of job writes, from the service's constants. */
export interface KindLogTypes {
  readonly begin: string;
  /** The message of the first row. Default: that the job started. */
  readonly beginMessage?: string;
  readonly end: string;
  readonly success: string;
  readonly error: string;
  readonly warning: string;
}
