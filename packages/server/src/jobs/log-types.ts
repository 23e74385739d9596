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
